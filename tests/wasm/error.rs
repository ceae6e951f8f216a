//! Errors as JavaScript gets to see them.

use edgeward::{
    error::{Error, Problem, ServerError},
    wasm::{ClientCore, GatePolicy},
};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn property(error: &JsValue, name: &str) -> Option<String> {
    Reflect::get(error, &name.into()).expect("an object").as_string()
}

/// What `throw` throws, as the glue makes it.
fn thrown(error: Error) -> js_sys::Error {
    JsValue::from(error).dyn_into().expect("an instance of Error")
}

#[wasm_bindgen_test]
fn what_is_thrown_is_an_error_with_a_code_and_a_message() {
    let invalid_policy = GatePolicy::new("{}").err().expect("no policy");
    let invalid_config = ClientCore::new("{}", false).err().expect("no configuration");
    let rows = [
        (invalid_policy, "policy_invalid", None),
        (invalid_config, "config_invalid", None),
        (Error::StateMismatch, "state_mismatch", Some("state")),
        (Error::ClaimMissing { claim: "exp" }, "claim_missing", Some("exp")),
        (Error::RandomnessInvalid, "randomness_invalid", None),
    ];
    for (error, code, subject) in rows {
        let message = error.to_string();
        let error = thrown(error);
        assert_eq!(property(&error, "code").as_deref(), Some(code));
        assert_eq!(property(&error, "subject").as_deref(), subject, "{code}");
        assert_eq!(String::from(error.message()), message);
        assert_eq!(String::from(error.name()), "EdgewardError");
        assert!(property(&error, "stack").is_some_and(|stack| !stack.is_empty()), "{code} has a stack");
    }
}

/// RFC 6749 sections 4.1.2.1 and 5.2: the page can tell `access_denied` from `login_required`.
#[wasm_bindgen_test]
fn the_authorization_servers_own_error_comes_along() {
    let answer = |description: Option<&str>| ServerError {
        error: "access_denied".into(),
        error_description: description.map(Into::into),
    };
    let boxed = |description| Box::new(answer(description));
    for error in [Error::AuthorizationRefused(boxed(Some("no"))), Error::TokenRequestRefused(boxed(Some("no")))] {
        let error = thrown(error);
        assert_eq!(property(&error, "error").as_deref(), Some("access_denied"));
        assert_eq!(property(&error, "error_description").as_deref(), Some("no"));
    }
    let error = thrown(Error::AuthorizationRefused(boxed(None)));
    assert_eq!(property(&error, "error_description"), None);
}

#[wasm_bindgen_test]
fn every_problem_of_a_configuration_is_in_the_message() {
    let problem = |path: &str| Problem { path: path.into(), problem: "is wrong".into() };
    let error = thrown(Error::ConfigInvalid { problems: vec![problem("issuer"), problem("api_origins[1]")] });
    let message = String::from(error.message());
    assert!(message.contains("issuer: is wrong") && message.contains("api_origins[1]: is wrong"), "{message}");
}

#[wasm_bindgen_test]
fn every_problem_of_a_document_comes_along_by_itself() {
    let problem = |path: &str| Problem { path: path.into(), problem: "is \"wrong\"".into() };
    let problems = vec![problem("issuer"), problem("api_origins[1]")];
    for error in [Error::ConfigInvalid { problems: problems.clone() }, Error::PolicyInvalid { problems }] {
        assert_eq!(
            property(&thrown(error), "problems").as_deref(),
            Some(concat!(
                r#"[{"path":"issuer","problem":"is \"wrong\""},"#,
                r#"{"path":"api_origins[1]","problem":"is \"wrong\""}]"#
            ))
        );
    }
    assert_eq!(property(&thrown(Error::StateMismatch), "problems"), None);
}
