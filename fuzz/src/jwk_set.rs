//! A JWK set (RFC 7517 section 5). The input is the document.

use edgeward::{
    crypto::FastEngine,
    jose::{Algorithm, Header, Jwk, JwkSet, Point, PublicKey, base64url},
    limits,
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::{Verdict, silence, text};

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    let verdict = text::twice(|| JwkSet::parse(input, &FastEngine).map(|set| thumbprints(&set)));
    if let Err(error) = verdict {
        silence::of_error(&error, &[input]);
        return Err(error.code());
    }
    let set = JwkSet::parse(input, &FastEngine).expect("parsed above");
    assert!(input.len() <= limits::MAX_KEY_SET_BYTES);
    assert!(set.keys().len() + set.unusable() <= limits::MAX_KEY_SET_KEYS);
    assert_eq!(set.is_empty(), set.keys().is_empty());
    check_neighbours(input, &set);
    for key in set.keys() {
        check_key(key, input);
    }
    check_selection(&set);
    if set.is_empty() { Err("no_usable_key") } else { Ok(()) }
}

fn thumbprints(set: &JwkSet) -> Vec<String> {
    set.keys().iter().map(|key| key.key().thumbprint()).collect()
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// Attack 28: a key is judged by itself, wherever it stands and whatever stands beside it. Attack 40: private ones are left out.
fn check_neighbours(input: &[u8], set: &JwkSet) {
    let Document { keys } = serde_json::from_slice(input).expect("a set that was taken is JSON with an array \"keys\"");
    assert_eq!(keys.len(), set.keys().len() + set.unusable(), "every key is counted");
    let is_private = |key: &&&RawValue| {
        serde_json::from_str::<Value>(key.get())
            .is_ok_and(|key| PRIVATE_MEMBERS.iter().any(|member| key.get(member).is_some()))
    };
    assert!(keys.iter().filter(is_private).count() <= set.unusable(), "a key that shows private members is used");

    let junk = r#"{"kty":"oct","k":"AA"}"#;
    let reversed: Vec<&str> = keys.iter().rev().map(|key| key.get()).chain([junk]).collect();
    let document = format!(r#"{{"keys":[{}]}}"#, reversed.join(","));
    if reversed.len() <= limits::MAX_KEY_SET_KEYS && document.len() <= limits::MAX_KEY_SET_BYTES {
        let other = JwkSet::parse(document.as_bytes(), &FastEngine).expect("the same keys in another order");
        let mut backwards = thumbprints(&other);
        backwards.reverse();
        assert_eq!(backwards, thumbprints(set));
        assert_eq!(other.unusable(), set.unusable() + 1);
    }
}

/// A usable key is within the bounds, and is the same key after a way through JSON.
fn check_key(key: &Jwk, input: &[u8]) {
    let shown = [key.kid(), key.issuer()].map(Option::unwrap_or_default);
    silence::of_debug(key, &[input], &shown);
    assert!(key.kid().is_none_or(|kid| kid.len() <= limits::MAX_KID_BYTES));
    if let PublicKey::Rsa { n, e } = key.key() {
        let bits = n.len() * 8 - n[0].leading_zeros() as usize;
        assert!((limits::MIN_RSA_MODULUS_BITS..=limits::MAX_RSA_MODULUS_BITS).contains(&bits));
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        assert!(is_odd(n) && is_odd(e) && *e != [1] && n[0] != 0 && e[0] != 0);
    }
    let members = json_of(key.key());
    let again = Jwk::parse(members.to_string().as_bytes(), &FastEngine).expect("a usable key, written again");
    assert!(again.key() == key.key(), "another key after a way through JSON");
    assert_eq!(again.key().thumbprint(), key.key().thumbprint());
    assert_eq!(base64url::decode(&key.key().thumbprint()).map(|hash| hash.len()), Some(32));
    let mut private = members;
    private["d"] = json!("AQ");
    assert!(Jwk::parse(private.to_string().as_bytes(), &FastEngine).is_err(), "attack 40");
}

fn json_of(key: &PublicKey) -> Value {
    fn ec<const SIZE: usize>(curve: &str, point: &Point<SIZE>) -> Value {
        json!({"kty": "EC", "crv": curve, "x": base64url::encode(&point.x), "y": base64url::encode(&point.y)})
    }
    match key {
        PublicKey::EcP256(point) => ec("P-256", point),
        PublicKey::EcP384(point) => ec("P-384", point),
        PublicKey::EcP521(point) => ec("P-521", point),
        PublicKey::Ed25519(x) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64url::encode(x)}),
        PublicKey::Rsa { n, e } => json!({"kty": "RSA", "n": base64url::encode(n), "e": base64url::encode(e)}),
    }
}

/// Attack 8: a key is chosen only where it is the one that fits.
fn check_selection(set: &JwkSet) {
    let kids = set.keys().iter().take(4).map(|key| key.kid());
    for kid in kids.chain([None, Some("")]) {
        for algorithm in Algorithm::available() {
            let mut header = json!({"alg": algorithm.name()});
            if let Some(kid) = kid {
                header["kid"] = kid.into();
            }
            let header = Header::parse(header.to_string().as_bytes()).expect("a header of these tests");
            let fits =
                |key: &&std::sync::Arc<Jwk>| key.fits_algorithm(algorithm) && (kid.is_none() || key.kid() == kid);
            let fitting: Vec<_> = set.keys().iter().filter(fits).collect();
            let chosen = set.select(&header).map(|key| key.key().thumbprint()).map_err(|error| error.code());
            let expected = match fitting.as_slice() {
                [] => Err("key_unknown"),
                [key] => Ok(key.key().thumbprint()),
                _ => Err("key_ambiguous"),
            };
            assert_eq!(chosen, expected);
        }
    }
}
