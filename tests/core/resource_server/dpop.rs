//! The claims of a DPoP proof (RFC 9449 sections 4.2 and 4.3), each by itself, on both sides of its edge.

use edgeward::{
    UnixTime,
    crypto::FastEngine,
    jose::algorithm::{ES256, RS256},
    limits,
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    outside::{NOW, merged},
    proofs::{ATH, TOKEN, URL, check, check_text, claims, code, header, public_jwk, request},
    signing::{Key, encode},
};

fn with(changes: Value) -> Value {
    merged(claims(), changes)
}

/// A claim set to a JSON text as it stands, null included.
fn with_text(claim: &str, value: &str) -> String {
    with(json!({ claim: null })).to_string().replacen('{', &format!("{{\"{claim}\":{value},"), 1)
}

fn check_payload(payload: &str) -> &'static str {
    code(check_text(&Key::Ec.sign_texts(header(Key::Ec).to_string().as_bytes(), payload.as_bytes()), &request()))
}

/// RFC 7638 section 3 over the key of RFC 7515 appendix A.3.
fn thumbprint_of_ec() -> String {
    let jwk = public_jwk(Key::Ec);
    let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
    encode(&Sha256::digest(text))
}

#[test]
fn a_good_proof_tells_what_has_to_be_remembered() {
    for key in Key::BOTH {
        let proof = check_text(&key.sign_with(&header(key), &claims()), &request()).unwrap();
        assert_eq!(proof.jti(), "jti-1");
        assert_eq!(proof.good_until(), UnixTime::from_seconds(NOW + 300));
        assert_eq!(proof.thumbprint() == thumbprint_of_ec(), key == Key::Ec);
    }
}

/// RFC 9449 section 4.3 check 3: every required claim is there, and is a string or a date.
#[test]
fn required_claims_are_there_and_of_their_type() {
    for claim in ["jti", "htm", "htu", "iat", "ath"] {
        assert_eq!(code(check(&with(json!({ claim: null })))), "claim_missing", "{claim}");
        for value in ["null", "true", "[]", "{}", r#"["jti-1"]"#, r#"{"a":"jti-1"}"#] {
            assert_eq!(check_payload(&with_text(claim, value)), "claim_invalid", "{claim}: {value}");
        }
        if claim != "iat" {
            assert_eq!(check_payload(&with_text(claim, "1")), "claim_invalid", "{claim}: 1");
        }
    }
    // One that is there counts where it isn't needed as well.
    for value in ["null", "1", "[]", "{}", "false"] {
        assert_eq!(check_payload(&with_text("nonce", value)), "claim_invalid", "nonce: {value}");
        let proof = Key::Ec.sign_texts(header(Key::Ec).to_string().as_bytes(), with_text("ath", value).as_bytes());
        let without_token = DpopRequest { access_token: None, ..request() };
        assert_eq!(code(check_text(&proof, &without_token)), "claim_invalid", "ath: {value}");
    }
}

/// An identifier is kept until the proof is too old, so it is bounded, in bytes.
#[test]
fn jti_is_neither_empty_nor_long() {
    for jti in [String::new(), "j".repeat(limits::MAX_JTI_BYTES + 1), "é".repeat(limits::MAX_JTI_BYTES / 2 + 1)] {
        assert_eq!(code(check(&with(json!({ "jti": jti })))), "claim_invalid", "{} bytes", jti.len());
    }
    for jti in ["j".into(), " ".into(), "j".repeat(limits::MAX_JTI_BYTES), "é".repeat(limits::MAX_JTI_BYTES / 2)] {
        assert_eq!(check(&with(json!({ "jti": jti }))).unwrap().jti(), jti);
    }
}

/// RFC 9449 section 4.3 check 8, RFC 9110 section 9.1: methods are case-sensitive.
#[test]
fn htm_is_the_method_exactly() {
    for htm in ["get", "Get", "GET ", " GET", "", "POST", "HEAD", "GET,POST", "*", "GET\u{0}", "ＧET", "GETT", "GE"] {
        let error = check(&with(json!({ "htm": htm }))).unwrap_err();
        assert_eq!((error.code(), error.subject()), ("proof_request_mismatch", Some("htm")), "{htm:?}");
    }
    for method in ["POST", "DELETE", "PATCH", "QUERY", "get"] {
        let proof = Key::Ec.sign_with(&header(Key::Ec), &with(json!({ "htm": method })));
        assert!(check_text(&proof, &DpopRequest { method, ..request() }).is_ok(), "{method}");
        assert_eq!(code(check_text(&proof, &request())), "proof_request_mismatch", "{method}");
    }
}

/// RFC 9449 section 4.3 check 11: not older than the age, not further ahead than the tolerance, to the fraction.
#[test]
fn iat_lies_within_the_window() {
    let [now, oldest, latest] = [NOW, NOW - 300, NOW + 30];
    for (iat, expected) in [
        (format!("{now}"), None),
        (format!("{now}.5"), None),
        (format!("{oldest}"), None),
        (format!("{oldest}.25"), None),
        (format!("{}", oldest - 1), Some("proof_too_old")),
        (format!("{}.75", oldest - 1), Some("proof_too_old")),
        ("0".into(), Some("proof_too_old")),
        (format!("{latest}"), None),
        (format!("{latest}.0"), None),
        (format!("{}.75", latest - 1), None),
        (format!("{latest}.25"), Some("token_issued_in_future")),
        (format!("{}", latest + 1), Some("token_issued_in_future")),
        (format!("{now}000"), Some("claim_invalid")),
        (format!("\"{now}\""), Some("claim_invalid")),
        ("-1".into(), Some("claim_invalid")),
        ("1e300".into(), Some("claim_invalid")),
        ("1e400".into(), Some("token_malformed")),
    ] {
        let payload = with_text("iat", &iat);
        let proof = Key::Ec.sign_texts(header(Key::Ec).to_string().as_bytes(), payload.as_bytes());
        let verdict = check_text(&proof, &request());
        assert_eq!(verdict.err().map(|error| error.code()), expected, "{iat}");
    }
}

/// RFC 9449 section 11.1: what is remembered until `good_until` can't be used after it, whatever the client's clock.
#[test]
fn a_proof_is_good_up_to_its_last_moment_and_no_longer() {
    for iat in [json!(NOW), json!(NOW + 30), json!(NOW - 300), json!(1_700_000_000.5)] {
        let text = Key::Ec.sign_with(&header(Key::Ec), &with(json!({ "iat": iat })));
        let until = check_text(&text, &request()).unwrap().good_until();
        let at = |now| DpopProof::check(&text, &request(), &DpopRules::default(), &FastEngine, now);
        assert!(at(until).is_ok(), "{iat}");
        assert_eq!(code(at(until.plus(1))), "proof_too_old", "{iat}");
    }
}

/// The ends of time: nothing wraps around.
#[test]
fn moments_at_the_ends_do_not_wrap_around() {
    let check = |iat: u64, now: u64, max_age_seconds: u64, clock_tolerance_seconds: u64| {
        let text = Key::Ec.sign_with(&header(Key::Ec), &with(json!({ "iat": iat })));
        let rules = DpopRules { max_age_seconds, clock_tolerance_seconds, ..DpopRules::default() };
        let verdict = DpopProof::check(&text, &request(), &rules, &FastEngine, UnixTime::from_seconds(now));
        verdict.map(|proof| proof.good_until().as_seconds()).map_err(|error| error.code())
    };
    assert_eq!(check(0, 0, 300, 30), Ok(300));
    assert_eq!(check(31, 0, 300, 30), Err("token_issued_in_future"));
    assert_eq!(check(NOW, u64::MAX, 300, 30), Err("proof_too_old"));
    assert_eq!(check(NOW, u64::MAX, u64::MAX, u64::MAX), Ok(u64::MAX));
    assert_eq!(check(NOW, NOW, 0, 0), Ok(NOW));
    assert_eq!(check(NOW, NOW + 1, 0, 0), Err("proof_too_old"));
    assert_eq!(check(NOW + 1, NOW, 0, 0), Err("token_issued_in_future"));
}

/// They are none of a proof's claims; a client that sets them means them, as in every JWT.
#[test]
fn exp_and_nbf_count_where_they_are() {
    for (changes, expected) in [
        (json!({ "exp": NOW + 1 }), None),
        (json!({ "exp": NOW - 29 }), None),
        (json!({ "exp": NOW - 30 }), Some("token_expired")),
        (json!({ "exp": "9999999999" }), Some("claim_invalid")),
        (json!({ "exp": -1 }), Some("claim_invalid")),
        (json!({ "nbf": NOW + 30 }), None),
        (json!({ "nbf": NOW + 31 }), Some("token_not_yet_valid")),
        (json!({ "nbf": [] }), Some("claim_invalid")),
        (json!({ "iss": 1, "aud": {}, "sub": null, "unknown": [1] }), None),
    ] {
        assert_eq!(check(&with(changes.clone())).err().map(|error| error.code()), expected, "{changes}");
    }
}

/// RFC 9449 section 4.3 check 10, sections 8 and 9; section 11.3: one that is demanded can't be left out.
#[test]
fn nonce_is_the_one_given_out() {
    let demanding = DpopRequest { nonces: &["eyJ7S_zG.eyJH0-Z.HX4w-7v"], ..request() };
    for nonce in
        [json!(null), json!(""), json!("eyJ7S_zG.eyJH0-Z.HX4w-7"), json!("EYJ7S_zG.eyJH0-Z.HX4w-7v"), json!("other")]
    {
        let proof = Key::Ec.sign_with(&header(Key::Ec), &with(json!({ "nonce": nonce })));
        assert_eq!(code(check_text(&proof, &demanding)), "proof_nonce_mismatch", "{nonce}");
        assert!(check_text(&proof, &request()).is_ok(), "{nonce}, where none is demanded");
    }
    let proof = Key::Ec.sign_with(&header(Key::Ec), &with(json!({ "nonce": "eyJ7S_zG.eyJH0-Z.HX4w-7v" })));
    assert!(check_text(&proof, &demanding).is_ok());
}

/// RFC 9449 section 4.3 check 12: `ath` is the one text that base64url gives the token's SHA-256.
#[test]
fn ath_is_the_hash_of_this_access_token() {
    let hash = Sha256::digest(TOKEN);
    let hex = format!("{hash:x}");
    for ath in [
        String::new(),
        format!("{ATH}="),
        format!("{ATH} "),
        ATH.to_lowercase(),
        ATH[..42].into(),
        format!("{}p", &ATH[..42]),
        encode(&hash[..16]),
        encode(&Sha256::digest(format!("{TOKEN}."))),
        encode(&Sha256::digest("")),
        encode(ATH.as_bytes()),
        encode(hex.as_bytes()),
        hex.clone(),
        TOKEN.into(),
    ] {
        assert_eq!(code(check(&with(json!({ "ath": ath })))), "proof_token_mismatch", "{ath}");
    }
    let proof = Key::Ec.sign_with(&header(Key::Ec), &claims());
    for token in ["", "other", &TOKEN[1..], &format!("{TOKEN}=")] {
        let of_another = DpopRequest { access_token: Some(token), ..request() };
        assert_eq!(code(check_text(&proof, &of_another)), "proof_token_mismatch", "{token}");
    }
    let without_token = DpopRequest { access_token: None, ..request() };
    assert!(check_text(&proof, &without_token).is_ok(), "at the token endpoint it says nothing");
}

/// RFC 9449 sections 4.3 and 6.1: the proof's key is the one the access token is bound to.
#[test]
fn jkt_is_the_thumbprint_of_the_proofs_key() {
    fn bound(jkt: &str) -> DpopRequest<'_> {
        DpopRequest { jkt: Some(jkt), ..request() }
    }
    let jkt = thumbprint_of_ec();
    let by_ec = Key::Ec.sign_with(&header(Key::Ec), &claims());
    let by_rsa = Key::Rsa.sign_with(&header(Key::Rsa), &claims());
    assert!(check_text(&by_ec, &bound(&jkt)).is_ok());
    assert_eq!(code(check_text(&by_rsa, &bound(&jkt))), "proof_key_mismatch");
    for wrong in
        ["", &jkt[..42], &format!("{jkt}="), &jkt.to_lowercase(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"]
    {
        assert_eq!(code(check_text(&by_ec, &bound(wrong))), "proof_key_mismatch", "{wrong}");
    }
    // What else the JWK says is no part of its thumbprint.
    let mut named = header(Key::Ec);
    named["jwk"] = Key::Ec.jwk();
    assert!(check_text(&Key::Ec.sign_with(&named, &claims()), &bound(&jkt)).is_ok());
}

/// Attack 11, RFC 7519 section 4.
#[test]
fn the_payload_is_one_strict_object() {
    let good = claims().to_string();
    let twice = |extra: &str| format!("{},{extra}}}", good.strip_suffix('}').unwrap());
    for payload in [
        String::new(),
        "null".into(),
        "[]".into(),
        format!("[{good}]"),
        format!("\"{URL}\""),
        format!("{good}{good}"),
        format!("\u{feff}{good}"),
        twice(r#""htm":"GET""#),
        twice(&format!(r#""htu":"{URL}""#)),
        twice(r#""ht\u006d":"POST""#),
        twice(r#""jti":"2""#),
        twice(r#""x":{"a":1,"a":1}"#),
        twice(&format!(r#""x":{}{}"#, "[".repeat(50), "]".repeat(50))),
    ] {
        assert_eq!(check_payload(&payload), "token_malformed", "{payload}");
    }
}

/// RFC 9449 section 11.1: the memory of used proofs has the last word.
#[test]
fn a_used_proof_is_refused() {
    assert_eq!(code(check(&claims()).unwrap().unless_used(true)), "proof_replayed");
    assert_eq!(check(&claims()).unwrap().unless_used(false).unwrap().jti(), "jti-1");
}

/// RFC 9449 section 4.3 check 5: what the server's own list does not have is refused, with an empty list everything.
#[test]
fn only_the_algorithms_of_the_rules_are_taken() {
    let check = |key: Key, algorithms: Vec<_>| {
        let rules = DpopRules { algorithms, ..DpopRules::default() };
        let text = key.sign_with(&header(key), &claims());
        DpopProof::check(&text, &request(), &rules, &FastEngine, UnixTime::from_seconds(NOW))
    };
    assert!(check(Key::Ec, vec![&ES256]).is_ok());
    assert!(check(Key::Rsa, vec![&ES256, &RS256]).is_ok());
    assert_eq!(code(check(Key::Rsa, vec![&ES256])), "algorithm_not_allowed");
    assert_eq!(code(check(Key::Ec, vec![])), "algorithm_not_allowed");
}
