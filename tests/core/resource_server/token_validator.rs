//! Tokens judged without a gate: the same stages, the same verdicts, and the same memory.

use std::sync::Arc;

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jwt::ValidatedToken,
    limits::{KEY_SET_TTL_SECONDS, STALE_IF_ERROR_SECONDS},
    resource_server::{Need, TokenPolicy, TokenValidator, Validation},
};
use serde_json::{Value, json};

use crate::{
    outside::{NOW, claims, claims_with},
    signing::{Key, key_set},
};

fn document() -> Value {
    let issuer = claims()["iss"].clone();
    json!({ "issuers": [{ "issuer": issuer, "audience": claims()["aud"], "jwks_uri": "https://as.example/jwks" }] })
}

fn validator_of(document: &Value) -> TokenValidator {
    let policy = TokenPolicy::parse(&document.to_string()).unwrap();
    TokenValidator::new(policy, Box::new(FastEngine)).unwrap()
}

fn with_keys() -> TokenValidator {
    let mut validator = validator_of(&document());
    validator.provide_key_set(claims()["iss"].as_str().unwrap(), &key_set(), now(0)).unwrap();
    validator
}

fn now(later: u64) -> UnixTime {
    UnixTime::from_seconds(NOW + later)
}

fn held(validation: Result<Validation, Error>) -> (Arc<ValidatedToken>, Option<u64>) {
    match validation {
        Ok(Validation::Valid { token, serial }) => (token, serial),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_waits_for_the_keys_and_then_holds() {
    for key in Key::BOTH {
        let mut validator = validator_of(&document());
        let token = key.sign(&claims());
        let Ok(Validation::Need(need, pending)) = validator.validate(&token, now(0)) else { panic!("it needs keys") };
        assert!(matches!(&need, Need::KeySet { url } if url == "https://as.example/jwks"), "{need:?}");
        assert!(!format!("{pending:?}").contains(&token), "attack 35");
        let (held, _) = held(validator.resume(pending, Some(&key_set()), now(0)));
        assert_eq!(held.subject(), claims()["sub"].as_str());
    }
}

#[test]
fn keys_that_can_not_be_had_are_no_fault_of_the_tokens() {
    for answer in [None, Some("<html>"), Some("{\"keys\":[]}")] {
        let mut validator = validator_of(&document());
        let Ok(Validation::Need(_, pending)) = validator.validate(&Key::Ec.sign(&claims()), now(0)) else {
            panic!("it needs keys")
        };
        assert_eq!(validator.resume(pending, answer, now(0)).unwrap_err().code(), "key_set_unavailable");
    }
}

#[test]
fn what_is_wrong_with_a_token_is_told() {
    let rows = [
        ("a.b".to_owned(), "token_malformed"),
        (Key::Ec.sign(&claims_with(json!({ "iss": "https://other.example" }))), "issuer_unknown"),
        (Key::Ec.sign(&claims_with(json!({ "aud": "https://other.example" }))), "audience_mismatch"),
        (Key::Ec.sign(&claims_with(json!({ "exp": 1 }))), "token_expired"),
        (Key::Ec.sign(&claims()).replace(".ey", ".e="), "token_malformed"),
    ];
    for (token, code) in rows {
        assert_eq!(with_keys().validate(&token, now(0)).unwrap_err().code(), code);
        assert_eq!(with_keys().validate_at_once(&token, now(0)).unwrap_err().code(), code, "at once");
    }
}

/// What a caller keeps under the number is kept for this token alone, and ends with its entry.
#[test]
fn a_token_that_is_remembered_has_a_number_and_no_other_has_it() {
    let mut validator = with_keys();
    let tokens = [Key::Ec.sign(&claims()), Key::Rsa.sign(&claims()), Key::Ec.sign(&claims_with(json!({ "jti": "2" })))];
    let numbers: Vec<_> = tokens.iter().map(|token| held(validator.validate(token, now(0))).1.unwrap()).collect();
    assert!(numbers[0] != numbers[1] && numbers[1] != numbers[2] && numbers[0] != numbers[2], "{numbers:?}");
    for (token, number) in tokens.iter().zip(&numbers) {
        assert_eq!(held(validator.validate(token, now(1))).1, Some(*number), "from memory");
    }
    let other: Value = serde_json::from_str(&key_set()).unwrap();
    let reversed: Vec<&Value> = other["keys"].as_array().unwrap().iter().rev().collect();
    let issuer = claims()["iss"].as_str().unwrap().to_owned();
    validator.provide_key_set(&issuer, &json!({ "keys": reversed }).to_string(), now(1)).unwrap();
    assert!(
        !numbers.contains(&held(validator.validate(&tokens[0], now(1))).1.unwrap()),
        "another entry, another number"
    );

    let mut forgetful = document();
    forgetful["token_cache"] = false.into();
    let mut validator = validator_of(&forgetful);
    validator.provide_key_set(&issuer, &key_set(), now(0)).unwrap();
    assert_eq!(held(validator.validate(&tokens[0], now(0))).1, None);
}

/// A caller that can't wait is served with keys that are due, and never with those too old.
#[test]
fn keys_that_are_due_serve_at_once_until_they_are_too_old() {
    let mut validator = with_keys();
    let late = KEY_SET_TTL_SECONDS + STALE_IF_ERROR_SECONDS - 1;
    let token = Key::Ec.sign(&claims_with(json!({ "exp": NOW + 2 * STALE_IF_ERROR_SECONDS })));
    for later in [0, KEY_SET_TTL_SECONDS, late] {
        held(validator.validate_at_once(&token, now(later)));
    }
    assert!(
        matches!(validator.validate(&token, now(late)), Ok(Validation::Need(..))),
        "whoever can wait has them fetched"
    );
    let too_late = validator.validate_at_once(&token, now(late + 1));
    assert_eq!(too_late.unwrap_err().code(), "key_set_unavailable");
    let without = validator_of(&document()).validate_at_once(&token, now(0));
    assert_eq!(without.unwrap_err().code(), "key_set_unavailable");
}

#[test]
fn a_key_set_is_provided_for_an_issuer_of_the_policy() {
    let mut validator = validator_of(&document());
    let refused = |result: Result<(), Error>| result.unwrap_err().code();
    assert_eq!(refused(validator.provide_key_set("https://other.example", &key_set(), now(0))), "issuer_unknown");
    let issuer = claims()["iss"].as_str().unwrap().to_owned();
    assert_eq!(refused(validator.provide_key_set(&issuer, "[]", now(0))), "key_set_malformed");
    assert_eq!(refused(validator.provide_key_set(&issuer, "{\"keys\":[]}", now(0))), "key_set_malformed");
}

#[test]
fn every_problem_of_a_token_policy_is_named_with_its_place() {
    let problems = |document: &Value| match TokenPolicy::parse(&document.to_string()) {
        Err(Error::PolicyInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problems(&json!({})), ["issuers"]);
    assert_eq!(problems(&json!({ "issuers": [] })), ["issuers"]);
    let mut document = document();
    document["routes"] = json!([]);
    document["token_cache"] = json!({ "max_entries": 0 });
    document["issuers"][0]["audience"] = json!([]);
    let mut places = problems(&document);
    places.sort();
    assert_eq!(places, ["issuers[0].audience", "routes", "token_cache.max_entries"]);
}
