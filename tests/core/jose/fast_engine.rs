//! What `FastEngine` keeps with a key makes it faster and changes no verdict: not the tables that a key gets after some signatures, not
//! those of a copy, and not what several threads make at once.

use std::{sync::Arc, thread};

use edgeward::{
    UnixTime, Verifier,
    crypto::FastEngine,
    jose::{
        JwkSet,
        algorithm::{ES256, RS256},
    },
    jwt::Rules,
};
use serde_json::json;

use crate::signing::{Key, key_set};

/// More than any key is checked without.
const SIGNATURES: usize = 30;

fn verifier() -> Verifier {
    let rules = Rules::any_type().any_issuer().any_audience().without_expiry_required().build().unwrap();
    Verifier::new(rules, [&ES256, &RS256])
}

fn keys() -> JwkSet {
    JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap()
}

/// A good token, and the same with one bit of its signature changed.
fn pair(key: Key, number: usize) -> (String, String) {
    let good = key.sign(&json!({ "jti": number.to_string() }));
    let at = good.len() - 20 - number;
    let changed = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
    let bad = format!("{}{changed}{}", &good[..at], &good[at + 1..]);
    (good, bad)
}

fn assert_verdicts(keys: &JwkSet, number: usize) {
    for key in Key::BOTH {
        let (good, bad) = pair(key, number);
        let holds = |token: &str| verifier().verify_with(token, keys, &FastEngine, UnixTime::from_seconds(0)).is_ok();
        assert!(holds(&good), "{key:?}, signature {number}");
        assert!(!holds(&bad), "{key:?}, signature {number}, changed");
    }
}

#[test]
fn the_verdicts_before_and_after_a_key_is_prepared_are_the_same() {
    let keys = keys();
    for number in 0..SIGNATURES {
        assert_verdicts(&keys, number);
    }
    // A prepared key takes nobody else's signatures either.
    let others = keys.clone();
    for (good, _) in [pair(Key::Ec, 0), pair(Key::Rsa, 0)] {
        let (header, rest) = good.split_once('.').unwrap();
        assert!(
            verifier()
                .verify(
                    &format!("{header}.e30.{}", rest.rsplit('.').next().unwrap()),
                    &others,
                    UnixTime::from_seconds(0)
                )
                .is_err()
        );
    }
}

#[test]
fn threads_that_prepare_one_key_at_once_agree() {
    let keys = Arc::new(keys());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let keys = keys.clone();
            thread::spawn(move || (0..SIGNATURES / 2).for_each(|number| assert_verdicts(&keys, number)))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
