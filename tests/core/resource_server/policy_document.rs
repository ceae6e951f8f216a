//! The policy as it is written: strict JSON, where a member that is misspelled is never taken for absent.

use edgeward::limits;
use serde_json::json;

use crate::{
    outside::{introspecting_policy, policy},
    policy::{paths, problems_of, with},
};

/// Unknown members are refused at every level and named; what they hold is not shown, for it could be a secret.
#[test]
fn unknown_and_missing_members_are_refused_by_name() {
    let rows = [
        ("/allow_failed", "allow_failed"),
        ("/issuers/0/verify_signature", "verify_signature"),
        ("/issuers/0/introspection/client_secret", "client_secret"),
        ("/routes/1/scopes", "scopes"),
        ("/upstream/url", "url"),
    ];
    for (pointer, member) in rows {
        let problems = problems_of(&with(pointer, json!("hunter2")).to_string());
        assert_eq!(problems.len(), 1, "{pointer}");
        assert!(problems[0].problem.contains(&format!("`{member}`")), "{pointer}: {problems:?}");
        assert!(!problems[0].problem.contains("hunter2"), "{pointer}: {problems:?}");
    }
    for (object, member) in [("", "issuers"), ("", "routes"), ("", "upstream"), ("/issuers/0", "audience")] {
        let mut policy = introspecting_policy();
        policy.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(member);
        let problems = problems_of(&policy.to_string());
        assert_eq!(problems.len(), 1, "{member}");
        assert!(problems[0].problem.contains(&format!("`{member}`")), "{member}: {problems:?}");
    }
}

/// A document that is not one strict policy is refused whole; attack 11 for members named twice.
#[test]
fn a_document_that_is_no_policy_is_refused_whole() {
    let good = policy().to_string();
    let twice = good.replacen('{', r#"{"realm":"other","#, 1);
    let huge = format!("{good}{}", " ".repeat(limits::MAX_POLICY_BYTES));
    for text in ["", "null", "[]", "{}", "{", &format!("{good}x"), &good.replace('}', ",}"), &twice, &huge] {
        let problems = problems_of(text);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "(document)");
    }
    for (pointer, value) in [
        ("/issuers/0/token_profile", json!("JWT")),
        ("/issuers/0/clock_tolerance_seconds", json!(-1)),
        ("/issuers/0/audience", json!([1])),
        ("/routes/1/public", json!("false")),
        ("/routes/1/methods", json!("GET")),
        ("/explain", json!(1)),
    ] {
        assert_eq!(paths(&with(pointer, value.clone())), ["(document)"], "{pointer} = {value}");
    }
}
