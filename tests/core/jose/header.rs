//! The JOSE header (RFC 7515 section 4).

use edgeward::{Error, jose::Header, limits};

fn parse(text: &str) -> Result<Header, Error> {
    Header::parse(text.as_bytes())
}

#[test]
fn the_parameters_that_count_are_read_and_others_ignored() {
    let header =
        parse(r#"{"alg":"ES256","kid":"k","typ":"at+jwt","jku":"https://evil.example","x5c":["AA"]}"#).unwrap();
    assert_eq!((header.algorithm().name(), header.kid(), header.typ()), ("ES256", Some("k"), Some("at+jwt")));
}

/// Attack classes 1 to 3: no spelling of "none", no HMAC, nothing that is not in the table, compared exactly.
#[test]
fn an_algorithm_outside_the_table_is_refused() {
    let names = [
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        " none",
        "",
        "HS256",
        "HS384",
        "HS512",
        "rs256",
        "Rs256",
        "RS256 ",
        "RS256\u{0}",
        "ES256K",
        "RS1",
        "RSA1_5",
        "A128KW",
        "dir",
        "ＲＳ256",
    ];
    for name in names {
        let header = serde_json::json!({ "alg": name }).to_string();
        assert_eq!(parse(&header).unwrap_err(), Error::AlgorithmNotAllowed, "{name:?}");
    }
}

#[test]
fn alg_must_be_there_and_a_string() {
    for header in ["{}", r#"{"alg":null}"#, r#"{"alg":1}"#, r#"{"alg":["RS256"]}"#, r#"{"Alg":"RS256"}"#] {
        assert_eq!(parse(header).unwrap_err(), Error::HeaderInvalid { parameter: "alg" }, "{header}");
    }
}

/// Attack class 9, RFC 7515 section 4.1.11: no extension is understood, so `crit` in any shape is refused, before `alg`.
#[test]
fn any_crit_is_refused() {
    let shapes = [
        r#"["exp"]"#,
        r#"["b64"]"#,
        r#"["alg"]"#,
        r#"["crit"]"#,
        r#"["kid","typ"]"#,
        r#"["http://example.invalid/UNDEFINED"]"#,
        r#"["exp","exp"]"#,
        r#"[""]"#,
        "[]",
        "[1]",
        "[null]",
        r#"[["exp"]]"#,
        r#""exp""#,
        "null",
        "{}",
        "1",
        "true",
    ];
    assert_eq!(shapes.len(), 17);
    for crit in shapes {
        for rest in ["", r#","exp":1"#, r#","b64":false"#] {
            for alg in ["ES256", "none"] {
                let header = format!(r#"{{"crit":{crit},"alg":"{alg}"{rest}}}"#);
                assert_eq!(parse(&header).unwrap_err(), Error::CriticalHeaderUnsupported, "{header}");
            }
        }
    }
}

/// Attack classes 10, 24 and 34: encrypted, compressed, unencoded and nested forms are refused by their names.
#[test]
fn parameters_that_change_the_meaning_are_refused() {
    for (parameter, value) in [
        ("enc", r#""A128GCM""#),
        ("enc", "null"),
        ("zip", r#""DEF""#),
        ("zip", r#""def""#),
        ("zip", "null"),
        ("zip", "1"),
        ("b64", "false"),
        ("b64", "true"),
        ("b64", "null"),
        ("cty", r#""JWT""#),
        ("cty", r#""jwt""#),
        // RFC 7515 section 4.1.10: what "JWT" is short for.
        ("cty", r#""application/jwt""#),
        ("cty", r#""Application/JWT""#),
    ] {
        for alg in ["RS256", "none"] {
            let header = format!(r#"{{"alg":"{alg}","{parameter}":{value}}}"#);
            let expected = if parameter == "cty" && alg == "none" {
                Error::AlgorithmNotAllowed
            } else {
                Error::HeaderInvalid { parameter }
            };
            assert_eq!(parse(&header).unwrap_err(), expected, "{header}");
        }
    }
}

/// RFC 7515 section 4.1.10: content of another type is the application's matter, and is no JWT.
#[test]
fn another_content_type_is_none_of_ours() {
    for cty in ["", "json", "application/json", "text/jwt", "jwtx", "example;part=\"1/2\""] {
        let header = serde_json::json!({ "alg": "RS256", "cty": cty }).to_string();
        assert!(parse(&header).is_ok(), "{header}");
    }
}

/// Attack class 34 (CVE-2023-50658, CVE-2024-28180): parameters of encryption mean nothing on a JWS, whatever work they ask for.
#[test]
fn parameters_of_other_algorithms_cost_nothing() {
    let header = parse(
        r#"{"alg":"ES256","p2c":4294967295,"p2s":"AAAA","epk":{"kty":"EC"},"apu":1,"apv":2,"iv":"","tag":"","skid":"s"}"#,
    );
    assert_eq!(header.unwrap().algorithm().name(), "ES256");
    for alg in ["PBES2-HS256+A128KW", "PBES2-HS512+A256KW", "ECDH-ES", "RSA-OAEP", "A256GCMKW"] {
        let header = format!(r#"{{"alg":"{alg}","p2c":2147483647,"p2s":"AAAA"}}"#);
        assert_eq!(parse(&header).unwrap_err(), Error::AlgorithmNotAllowed, "{header}");
    }
}

/// Attack class 11, in the header: the second `alg` or `kid` is nobody's to choose.
#[test]
fn a_parameter_named_twice_is_refused() {
    for header in [
        r#"{"alg":"ES256","alg":"none"}"#,
        r#"{"alg":"none","alg":"ES256"}"#,
        r#"{"alg":"ES256","\u0061lg":"ES256"}"#,
        r#"{"alg":"ES256","kid":"a","kid":"a"}"#,
        r#"{"alg":"ES256","jwk":{"kty":"EC","kty":"EC"}}"#,
        r#"{"alg":"ES256","x":[{"a":1,"a":1}]}"#,
    ] {
        assert!(matches!(parse(header), Err(Error::TokenMalformed { .. })), "{header}");
    }
}

/// Attack class 7.
#[test]
fn kid_typ_and_cty_are_strings_and_kid_is_bounded() {
    for parameter in ["kid", "typ", "cty"] {
        for value in ["1", "null", "[]", "{}", "true"] {
            let header = format!(r#"{{"alg":"RS256","{parameter}":{value}}}"#);
            assert_eq!(parse(&header).unwrap_err(), Error::HeaderInvalid { parameter }, "{header}");
        }
    }
    let with_kid = |length| serde_json::json!({"alg": "RS256", "kid": "k".repeat(length)}).to_string();
    assert!(parse(&with_kid(limits::MAX_KID_BYTES)).is_ok());
    let too_long = parse(&with_kid(limits::MAX_KID_BYTES + 1));
    assert_eq!(too_long.unwrap_err(), Error::HeaderInvalid { parameter: "kid" });
}

#[test]
fn a_header_over_the_bound_is_refused_before_it_is_read() {
    let of = |length: usize| format!(r#"{{"alg":"RS256"{}}}"#, " ".repeat(length - 15));
    assert_eq!(of(15), r#"{"alg":"RS256"}"#);
    assert!(parse(&of(limits::MAX_HEADER_BYTES)).is_ok());
    assert_eq!(parse(&of(limits::MAX_HEADER_BYTES + 1)).unwrap_err(), Error::TokenTooLarge);
    assert_eq!(parse(&"[".repeat(limits::MAX_HEADER_BYTES + 1)).unwrap_err(), Error::TokenTooLarge);
}
