//! A compact JWS against fixed keys (RFC 7515, RFC 7518, RFC 8037).
//!
//! The input is a token as it stands. Where it starts with "{" it is the token's parts instead, each on a line (header, payload, and
//! the rest is the signature), so that a fuzzer can change what the encoding hides.

use edgeward::{
    Error,
    crypto::{FastEngine, HostVerdict, SignatureEngine},
    jose::{self, Algorithm, SignatureCheck, UntrustedJws, VerifiedJws, base64url},
    limits,
};
use serde_json::Value;

use crate::{
    Verdict,
    engine::EverySignature,
    keys::{ALGORITHMS, KEY_SET},
    silence, text,
};

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    let token = token(input);
    let secrets = secrets(&token);
    let secrets: Vec<&[u8]> = secrets.iter().map(Vec::as_slice).collect();
    let refuse = |error: &Error| {
        silence::of_error(error, &secrets);
        assert_eq!(UntrustedJws::parse(&token).and_then(|jws| verify(&jws, &FastEngine)).err().as_ref(), Some(error));
        Err(error.code())
    };
    let jws = match UntrustedJws::parse(&token) {
        Ok(jws) => jws,
        Err(error) => return refuse(&error),
    };
    silence::of_debug(&jws, &secrets, &[]);
    check_form(&token, &jws);
    let refused = jose::verify(&jws, &KEY_SET, &[], &FastEngine).err();
    assert_eq!(refused, Some(Error::AlgorithmNotAllowed), "no algorithm is allowed, and one was taken");

    let verdict = verify(&jws, &FastEngine);
    check_other_engines(&jws, verdict.as_ref().err());
    match verdict {
        Err(error) => refuse(&error),
        Ok(verified) => {
            check_accepted(&token, &verified, &secrets);
            Ok(())
        }
    }
}

fn token(input: &[u8]) -> String {
    if input.starts_with(b"{") {
        let (header, rest) = text::split_line(input);
        let (payload, signature) = text::split_line(rest);
        text::compact(header, payload, signature)
    } else {
        text::lossy(input)
    }
}

/// What no error may show: the segments after the header, encoded and decoded.
fn secrets(token: &str) -> Vec<Vec<u8>> {
    let after_header = token.split_once('.').map_or(token, |(_, rest)| rest);
    let decoded = after_header.split('.').filter_map(base64url::decode);
    decoded.chain([after_header.into()]).collect()
}

fn verify(jws: &UntrustedJws, engine: &dyn SignatureEngine) -> Result<VerifiedJws, Error> {
    jose::verify(jws, &KEY_SET, &ALGORITHMS, engine)
}

/// The form of whatever was parsed: bounds, canonical segments, no parameter that changes the meaning.
fn check_form(token: &str, jws: &UntrustedJws) {
    assert!(token.len() <= limits::MAX_TOKEN_BYTES);
    let segments: Vec<&str> = token.split('.').collect();
    assert_eq!(segments.len(), 3, "RFC 7515 section 7.1");
    for segment in &segments {
        let decoded = base64url::decode(segment).expect("each segment is base64url");
        assert_eq!(base64url::encode(&decoded), *segment, "another text for the same bytes");
    }
    let header = base64url::decode(segments[0]).expect("decoded above");
    assert!(header.len() <= limits::MAX_HEADER_BYTES);
    let members: Value = serde_json::from_slice(&header).expect("the header is JSON");
    for refused in ["crit", "b64", "zip", "enc"] {
        assert!(members.get(refused).is_none(), "\"{refused}\" was passed over");
    }
    let algorithm = jws.header().algorithm();
    assert_eq!(members.get("alg").and_then(Value::as_str), Some(algorithm.name()));
    assert!(Algorithm::by_name(algorithm.name()).is_some_and(|row| row == algorithm));
    assert_eq!(members.get("kid").and_then(Value::as_str), jws.header().kid());
    assert!(jws.header().kid().is_none_or(|kid| kid.len() <= limits::MAX_KID_BYTES));
    assert_eq!(members.get("typ").and_then(Value::as_str), jws.header().typ());
    assert!(!segments[2].is_empty(), "a blank signature");
}

/// Engines differ in whether the signature holds and in nothing else, and a host's verdict changes nothing for the better.
fn check_other_engines(jws: &UntrustedJws, refused: Option<&Error>) {
    let every = verify(jws, &EverySignature).err();
    if refused == Some(&Error::SignatureInvalid) {
        assert_eq!(every, None, "only the signature was wrong");
    } else {
        assert_eq!(every.as_ref(), refused, "what has nothing to do with the signature");
    }
    let Ok(check) = SignatureCheck::select(jws, &KEY_SET, &ALGORITHMS) else {
        assert!(refused.is_some(), "verified without a key");
        return;
    };
    let conclude = |verdict| check.conclude(verdict, &FastEngine).err();
    assert_eq!(conclude(HostVerdict::Unable).as_ref(), refused);
    assert_eq!(conclude(HostVerdict::Fails), Some(Error::SignatureInvalid));
    assert!(refused.is_some() || conclude(HostVerdict::Holds).is_none(), "the engine and a host that agrees");
}

/// What was accepted is what was signed, and nothing near it is accepted.
fn check_accepted(token: &str, verified: &VerifiedJws, secrets: &[&[u8]]) {
    let segments: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = [0, 1, 2].map(|at| base64url::decode(segments[at]).expect("decoded before"));
    assert_eq!(verified.payload(), payload);
    let header_texts = [verified.header().kid(), verified.header().typ()].map(Option::unwrap_or_default);
    silence::of_debug(verified, secrets, &header_texts);

    let mut other_payload = payload.clone();
    other_payload.push(b' ');
    let mut other_signature = signature.clone();
    if let Some(last) = other_signature.last_mut() {
        *last ^= 1;
    }
    let padded = [signature.as_slice(), &[0]].concat();
    for near in [
        text::compact(&header, &other_payload, &signature),
        text::compact(&header, &payload, &other_signature),
        text::compact(&header, &payload, &padded),
    ] {
        if near.len() <= limits::MAX_TOKEN_BYTES {
            let verdict = UntrustedJws::parse(&near).and_then(|jws| verify(&jws, &FastEngine));
            assert_eq!(verdict.err(), Some(Error::SignatureInvalid), "near an accepted token");
        }
    }
    for spelling in [format!("{token}="), format!("{token}."), format!(" {token}"), format!("{token}\n")] {
        assert!(UntrustedJws::parse(&spelling).is_err(), "a second spelling of an accepted token");
    }
}
