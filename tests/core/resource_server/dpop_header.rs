//! The header of a DPoP proof and its signature (RFC 9449 sections 4.2 and 4.3, attack classes 40 and 41).

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::{JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
    jwt::{Rules, validate},
    resource_server::UntrustedProof,
};
use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, ISSUER, NOW, claims as access_token_claims, merged},
    proofs::{check_text, claims, code, header, public_jwk, request},
    signing::{Key, decode, encode, key_set},
};

/// A proof whose header has these changes; a null takes a member away.
fn proof(key: Key, changes: Value) -> String {
    key.sign_with(&merged(header(key), changes), &claims())
}

fn refused(key: Key, changes: Value) -> &'static str {
    code(check_text(&proof(key, changes), &request()))
}

/// A proof by the EC key whose header has a member set to a JSON text as it stands.
fn with_text(member: &str, value: &str) -> String {
    let header = merged(header(Key::Ec), json!({ member: null })).to_string();
    let header = header.replacen('{', &format!("{{\"{member}\":{value},"), 1);
    Key::Ec.sign_texts(header.as_bytes(), claims().to_string().as_bytes())
}

/// RFC 9449 section 4.3 check 4, RFC 8725 section 3.11; a media type has no case, and "application/" may be left out.
#[test]
fn typ_is_that_of_a_proof() {
    for typ in ["dpop+jwt", "DPoP+JWT", "application/dpop+jwt", "Application/DPOP+jwt"] {
        assert!(check_text(&proof(Key::Ec, json!({ "typ": typ })), &request()).is_ok(), "{typ}");
    }
    for typ in [
        "",
        "JWT",
        "at+jwt",
        "dpop",
        "dpop+jw",
        "dpop+jwt ",
        " dpop+jwt",
        "dpop jwt",
        "dpop%2Bjwt",
        "dpop+jwt;v=1",
        "dpop+jwt\u{0}",
        "text/dpop+jwt",
        "/dpop+jwt",
        "application/application/dpop+jwt",
        "application/",
        "ｄpop+jwt",
        "logout+jwt",
    ] {
        assert_eq!(refused(Key::Ec, json!({ "typ": typ })), "type_mismatch", "{typ:?}");
    }
    assert_eq!(refused(Key::Ec, json!({ "typ": null })), "type_mismatch");
    for value in ["null", "1", r#"["dpop+jwt"]"#, "{}"] {
        assert_eq!(code(check_text(&with_text("typ", value), &request())), "header_invalid", "{value}");
    }
}

/// RFC 9449 section 4.3 check 5, attack 1: registered, asymmetric, and in its one spelling, before anything else is looked at.
#[test]
fn alg_is_asymmetric() {
    for alg in ["none", "None", "NONE", "", "HS256", "HS384", "HS512", "es256", "ES256 ", "ES256K", "RSA-OAEP", "dir"] {
        assert_eq!(refused(Key::Ec, json!({ "alg": alg })), "algorithm_not_allowed", "{alg:?}");
        let unsigned = proof(Key::Ec, json!({ "alg": alg }));
        let (input, _) = unsigned.rsplit_once('.').unwrap();
        assert_eq!(code(check_text(&format!("{input}."), &request())), "algorithm_not_allowed", "{alg:?} unsigned");
    }
    for value in ["null", "1", r#"["ES256"]"#, "{}"] {
        assert_eq!(code(check_text(&with_text("alg", value), &request())), "header_invalid", "{value}");
    }
    assert_eq!(refused(Key::Ec, json!({ "alg": null })), "header_invalid");
    // RFC 7515 section 5.2: a signature there must be.
    let good = proof(Key::Ec, json!({}));
    let (input, _) = good.rsplit_once('.').unwrap();
    assert_eq!(code(check_text(&format!("{input}."), &request())), "token_malformed");
}

/// RFC 7515 section 4.1.11 and attacks 10, 24, 34.
#[test]
fn extensions_are_refused() {
    for crit in [json!([]), json!(["htu"]), json!(["b64"]), json!("typ"), json!({})] {
        assert_eq!(refused(Key::Ec, json!({ "crit": crit })), "critical_header_unsupported", "{crit}");
    }
    for (member, value) in
        [("b64", json!(false)), ("zip", json!("DEF")), ("enc", json!("A256GCM")), ("cty", json!("JWT"))]
    {
        assert_eq!(refused(Key::Ec, json!({ member: value })), "header_invalid", "{member}");
    }
}

/// RFC 9449 section 4.3 check 3: a JWK, in the header, as an object. No other header names the key.
#[test]
fn jwk_is_there_and_an_object() {
    assert_eq!(refused(Key::Ec, json!({ "jwk": null })), "header_invalid");
    let text = public_jwk(Key::Ec).to_string();
    for value in ["null", "[]", "1", "true", "\"\"", &json!(text).to_string(), &format!("[{text}]")] {
        assert_eq!(code(check_text(&with_text("jwk", value), &request())), "header_invalid", "{value}");
    }
    for elsewhere in [json!({ "jwk": null, "JWK": public_jwk(Key::Ec) }), json!({ "jwk": null, "kid": "ec-1" })] {
        assert_eq!(refused(Key::Ec, elsewhere.clone()), "header_invalid", "{elsewhere}");
    }
    for other in ["jku", "x5u"] {
        let changes = json!({ "jwk": null, other: "https://evil.example/key" });
        assert_eq!(refused(Key::Ec, changes), "header_invalid", "{other}");
    }
}

/// RFC 9449 section 4.3 check 7, attack 40 (CVE-2026-54431): who shows a private key has lost it; a symmetric one is none to publish.
#[test]
fn jwk_shows_no_private_key() {
    for key in Key::BOTH {
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            for value in [json!("AQAB"), json!(""), json!([]), json!(1)] {
                let jwk = merged(public_jwk(key), json!({ member: value }));
                assert_eq!(refused(key, json!({ "jwk": jwk })), "key_unusable", "{member}: {value}");
            }
        }
        let null = public_jwk(key).to_string().replacen('{', "{\"d\":null,", 1);
        let header = header(key).to_string().replace(&public_jwk(key).to_string(), &null);
        assert!(header.contains("null"), "{header}");
        let proof = key.sign_texts(header.as_bytes(), claims().to_string().as_bytes());
        assert_eq!(code(check_text(&proof, &request())), "key_unusable", "d: null");
    }
    for jwk in [json!({ "kty": "oct", "k": "AAAA" }), json!({ "kty": "oct" })] {
        assert_eq!(refused(Key::Ec, json!({ "jwk": jwk })), "key_unusable", "{jwk}");
    }
}

/// RFC 7517 section 4, attack 15: whatever the key can't do by its own word or its own numbers.
#[test]
fn jwk_is_usable_for_signatures() {
    let ec = |changes| merged(public_jwk(Key::Ec), changes);
    let (x, y) = (ec(json!({}))["x"].clone(), ec(json!({}))["y"].clone());
    for jwk in [
        json!({}),
        ec(json!({ "kty": null })),
        ec(json!({ "kty": "ec" })),
        ec(json!({ "kty": "RSA" })),
        ec(json!({ "crv": null })),
        ec(json!({ "crv": "secp256k1" })),
        ec(json!({ "crv": "P-384" })),
        ec(json!({ "x": null })),
        ec(json!({ "x": y, "y": x })),
        ec(json!({ "x": encode(&[0; 32]), "y": encode(&[0; 32]) })),
        ec(json!({ "x": format!("{}=", x.as_str().unwrap()) })),
        ec(json!({ "x": encode(&[&[0], decode(x.as_str().unwrap()).as_slice()].concat()) })),
        ec(json!({ "use": "enc" })),
        ec(json!({ "key_ops": ["sign"] })),
        ec(json!({ "alg": "RS256" })),
        ec(json!({ "alg": "none" })),
        ec(json!({ "alg": "ECDH-ES" })),
        merged(public_jwk(Key::Rsa), json!({ "n": "AQAB" })),
        merged(public_jwk(Key::Rsa), json!({ "e": "AQ" })),
    ] {
        assert_eq!(refused(Key::Ec, json!({ "jwk": jwk })), "key_unusable", "{jwk}");
    }
    for jwk in [Key::Ec.jwk(), ec(json!({ "key_ops": ["verify"], "x5c": ["AA"], "iat": 1 }))] {
        assert!(check_text(&proof(Key::Ec, json!({ "jwk": jwk })), &request()).is_ok(), "{jwk}");
    }
}

/// RFC 9449 section 4.3 check 6: the key in the header made the signature, with the algorithm of the header.
#[test]
fn the_signature_is_by_the_key_in_the_header() {
    assert_eq!(refused(Key::Ec, json!({ "alg": "RS256" })), "key_unknown", "an EC key under RS256");
    assert_eq!(refused(Key::Rsa, json!({ "alg": "ES256" })), "key_unknown", "an RSA key under ES256");
    assert_eq!(refused(Key::Ec, header(Key::Rsa)), "signature_invalid", "another's key in the header");
    let good = proof(Key::Ec, json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let other_claims = encode(merged(claims(), json!({ "htm": "POST" })).to_string().as_bytes());
    let [zeros, ones] = [encode(&[0; 64]), encode(&[255; 64])];
    for (payload, signature) in
        [(other_claims.as_str(), parts[2]), (parts[1], zeros.as_str()), (parts[1], ones.as_str()), (parts[1], "AAAA")]
    {
        let changed = format!("{}.{payload}.{signature}", parts[0]);
        assert_eq!(code(check_text(&changed, &request())), "signature_invalid", "{changed}");
    }
}

/// RFC 9449 section 4.3 checks 1 and 2: one proof, one compact JWS. Two header fields reach us joined by a comma.
#[test]
fn two_proofs_and_other_forms_are_refused() {
    let good = proof(Key::Ec, json!({}));
    assert!(check_text(&good, &request()).is_ok());
    for text in [
        String::new(),
        format!("{good},{good}"),
        format!("{good}, {good}"),
        format!("{good} {good}"),
        format!("{good},"),
        format!(", {good}"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{good}="),
        format!("{good}."),
        format!("\"{good}\""),
        format!("DPoP {good}"),
        json!({ "payload": "", "signatures": [] }).to_string(),
    ] {
        assert_eq!(code(check_text(&text, &request())), "token_malformed", "{text}");
    }
    assert_eq!(code(check_text(&format!("{good}{}", "A".repeat(16 * 1024)), &request())), "token_too_large");
}

/// Attack 23: neither stands in for the other, even where one key made both and every claim of both is there.
#[test]
fn an_access_token_is_no_proof_and_a_proof_no_access_token() {
    let every_claim = merged(access_token_claims(), merged(claims(), json!({ "jti": "jti-1" })));
    let as_token = json!({ "alg": "ES256", "kid": "ec-1", "typ": "at+jwt", "jwk": public_jwk(Key::Ec) });
    let as_proof = merged(header(Key::Ec), json!({ "kid": "ec-1" }));
    assert!(check_text(&Key::Ec.sign_with(&as_proof, &every_claim), &request()).is_ok());
    assert_eq!(code(check_text(&Key::Ec.sign_with(&as_token, &every_claim), &request())), "type_mismatch");

    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    for rules in [Rules::access_token(), Rules::legacy_access_token()] {
        let rules = rules.issuer(ISSUER).audience(AUDIENCE).build().unwrap();
        let jws = UntrustedJws::parse(&Key::Ec.sign_with(&as_proof, &every_claim)).unwrap();
        let verified = verify(&jws, &keys, ALGORITHMS, &FastEngine).unwrap();
        let verdict = validate(&verified, &rules, UnixTime::from_seconds(NOW));
        assert_eq!(verdict.unwrap_err(), Error::TypeMismatch, "{rules:?}");
    }
}

/// Attack 35: neither an error nor what is shown of a proof holds a piece of it.
#[test]
fn errors_and_debug_output_show_no_secret() {
    let secret = "c2VjcmV0";
    let jwk = merged(public_jwk(Key::Ec), json!({ "d": secret }));
    let error = check_text(&proof(Key::Ec, json!({ "jwk": jwk })), &request()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(secret));
    let untrusted = UntrustedProof::parse(&proof(Key::Ec, json!({})), &FastEngine).unwrap();
    let shown = format!("{untrusted:?} {:?}", request());
    for hidden in [request().access_token.unwrap(), "jti-1", crate::signing::EC_X] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
