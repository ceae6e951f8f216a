use std::collections::BTreeSet;

use edgeward::client::pkce::code_challenge;
use wasm_bindgen_test::wasm_bindgen_test;

use super::client::{code_verifier_of, with_metadata};

/// RFC 7636 appendix B.
#[wasm_bindgen_test]
fn the_challenge_is_that_of_the_rfc() {
    let challenge = code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/// RFC 7636 sections 4.1 and 7.1: 256 bits of the platform's generator in 43 unreserved characters, each time others.
#[wasm_bindgen_test]
fn every_verifier_has_43_characters_and_is_another() {
    let login = |_| with_metadata().login("{}", 1_700_000_000.0).expect("the platform's randomness");
    let verifiers: BTreeSet<_> = (0..100).map(login).map(|login| code_verifier_of(&login)).collect();
    assert_eq!(verifiers.len(), 100);
    for verifier in &verifiers {
        assert_eq!(verifier.len(), 43);
        assert!(verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{verifier}");
    }
    // Every place takes many values: no part of the buffer was left unwritten.
    for place in 0..43 {
        let values: BTreeSet<_> = verifiers.iter().map(|verifier| verifier.as_bytes()[place]).collect();
        assert!(values.len() > 4, "place {place} took only {} values in 100", values.len());
    }
}
