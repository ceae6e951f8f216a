//! Attack class 32 (CVE-2025-53864, CVE-2026-102265): nesting without end, in header, payload and key set. Nothing overflows, and
//! the size bounds come first.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::{JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
    jwt::{Rules, ValidatedToken, validate},
    limits,
};

use crate::signing::{Key, encode, key_set};

const DEPTHS: [usize; 9] = [17, 50, 127, 128, 129, 1_000, 4_000, 10_000, 100_000];

/// Arrays, objects, and either without an end.
fn nested(depth: usize) -> [String; 4] {
    let (arrays, objects) = ("[".repeat(depth), r#"{"a":"#.repeat(depth));
    [
        format!("{arrays}{}", "]".repeat(depth)),
        format!("{objects}1{}", "}".repeat(depth)),
        format!("{arrays}1"),
        format!("{objects}1"),
    ]
}

fn signed(payload: &str) -> Result<ValidatedToken, Error> {
    let token = Key::Ec.sign_texts(br#"{"alg":"ES256","kid":"ec-1"}"#, payload.as_bytes());
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let verified = verify(&UntrustedJws::parse(&token)?, &keys, ALGORITHMS, &FastEngine)?;
    let rules = Rules::any_type().any_issuer().any_audience().without_expiry_required().build().unwrap();
    validate(&verified, &rules, UnixTime::from_seconds(0))
}

#[test]
fn a_deep_header_is_refused() {
    let parse = |header: String| UntrustedJws::parse(&format!("{}.e30.AAAA", encode(header.as_bytes())));
    for depth in DEPTHS {
        for value in nested(depth) {
            let error = parse(format!(r#"{{"alg":"ES256","x":{value}}}"#)).unwrap_err();
            assert!(matches!(error, Error::TokenMalformed { .. } | Error::TokenTooLarge), "{depth} deep: {error:?}");
        }
    }
    let [arrays, objects, ..] = nested(limits::MAX_JSON_DEPTH - 1);
    for value in [arrays, objects] {
        assert!(parse(format!(r#"{{"alg":"ES256","x":{value},"jwk":{value}}}"#)).is_ok(), "{value}");
    }
}

#[test]
fn a_deep_payload_is_refused_under_a_good_signature() {
    for depth in DEPTHS {
        for value in nested(depth) {
            let error = signed(&format!(r#"{{"x":{value}}}"#)).unwrap_err();
            assert!(matches!(error, Error::TokenMalformed { .. } | Error::TokenTooLarge), "{depth} deep: {error:?}");
        }
    }
    let [arrays, objects, ..] = nested(limits::MAX_JSON_DEPTH - 1);
    for value in [arrays, objects] {
        assert!(signed(&format!(r#"{{"x":{value}}}"#)).is_ok(), "{value}");
    }
}

/// A key that is nested too deeply is unusable and spoils nothing (attack class 28); a member beside the keys spoils the set.
#[test]
fn a_deep_key_is_left_out_and_a_deep_set_refused() {
    let good = Key::Ec.jwk();
    for depth in DEPTHS {
        let [arrays, objects, open_arrays, open_objects] = nested(depth);
        for value in [arrays, objects] {
            for key in [format!(r#"{{"kty":"EC","x":{value}}}"#), value.clone()] {
                let text = format!(r#"{{"keys":[{key},{good}]}}"#);
                match JwkSet::parse(text.as_bytes(), &FastEngine) {
                    Ok(set) => assert_eq!((set.keys().len(), set.unusable()), (1, 1), "{depth} deep"),
                    Err(error) => {
                        assert!(
                            text.len() > limits::MAX_KEY_SET_BYTES,
                            "{depth} deep, {} bytes: {error:?}",
                            text.len()
                        );
                    }
                }
            }
            let beside = format!(r#"{{"x":{value},"keys":[{good}]}}"#);
            assert!(JwkSet::parse(beside.as_bytes(), &FastEngine).is_err(), "{depth} deep beside the keys");
        }
        for value in [open_arrays, open_objects] {
            for text in [format!(r#"{{"keys":[{value}"#), format!(r#"{{"keys":{value}"#), value.clone()] {
                assert!(JwkSet::parse(text.as_bytes(), &FastEngine).is_err(), "{depth} deep without an end");
            }
        }
    }
    let [arrays, objects, ..] = nested(limits::MAX_JSON_DEPTH - 1);
    for value in [arrays, objects] {
        let text = format!(r#"{{"x":{value},"keys":[{good}]}}"#);
        assert_eq!(JwkSet::parse(text.as_bytes(), &FastEngine).unwrap().keys().len(), 1, "{value}");
    }
}

/// Many members side by side are bounded by the size alone, and are read.
#[test]
fn wide_is_not_deep() {
    let members: Vec<String> = (0..700).map(|at| format!(r#""m{at}":[{{}}]"#)).collect();
    assert!(signed(&format!("{{{}}}", members.join(","))).is_ok());
}
