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
    for crit in [
        r#"["exp"]"#,
        r#"["b64"]"#,
        r#"["alg"]"#,
        "[]",
        r#""exp""#,
        "null",
        "{}",
        "1",
        "true",
        r#"["exp","exp"]"#,
        r"[1]",
    ] {
        for rest in ["", r#","exp":1"#, r#","b64":false"#] {
            let header = format!(r#"{{"crit":{crit},"alg":"none"{rest}}}"#);
            assert_eq!(parse(&header).unwrap_err(), Error::CriticalHeaderUnsupported, "{header}");
        }
    }
}

/// Attack classes 10, 24 and 34: encrypted, compressed, unencoded and nested forms are refused by their names.
#[test]
fn parameters_that_change_the_meaning_are_refused() {
    for (parameter, value) in [
        ("enc", r#""A128GCM""#),
        ("zip", r#""DEF""#),
        ("b64", "false"),
        ("b64", "true"),
        ("cty", r#""JWT""#),
        ("cty", r#""jwt""#),
    ] {
        let header = format!(r#"{{"alg":"RS256","{parameter}":{value}}}"#);
        assert_eq!(parse(&header).unwrap_err(), Error::HeaderInvalid { parameter }, "{header}");
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
    let header = format!(r#"{{"alg":"RS256","x":"{}"}}"#, "x".repeat(limits::MAX_HEADER_BYTES));
    assert_eq!(parse(&header).unwrap_err(), Error::TokenTooLarge);
}
