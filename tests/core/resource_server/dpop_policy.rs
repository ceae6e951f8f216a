//! What a policy may say of proofs.

use edgeward::{
    Error,
    crypto::FastEngine,
    resource_server::{Gate, Policy},
};
use serde_json::{Value, json};

use crate::outside::{merged, policy};

/// The places and problems of a policy with this `dpop`.
fn problems(dpop: &Value) -> Vec<(String, String)> {
    let parsed = Policy::parse(&merged(policy(), json!({ "dpop": dpop })).to_string());
    match parsed.and_then(|policy| Gate::new(policy, vec![("X".into(), "x".repeat(32))], Box::new(FastEngine))) {
        Ok(_) => Vec::new(),
        Err(Error::PolicyInvalid { problems }) => {
            problems.into_iter().map(|problem| (problem.path, problem.problem)).collect()
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// RFC 9449 section 11.1: where proofs are remembered is said, and there is no way to say nowhere.
#[test]
fn where_proofs_are_remembered_has_to_be_said() {
    assert_eq!(problems(&json!({ "replay": "memory" })), []);
    assert_eq!(problems(&json!({ "replay_binding": "X" })), []);
    assert_eq!(problems(&json!({ "replay_binding": "" }))[0].0, "dpop.replay_binding");
    assert_eq!(problems(&json!({ "replay": "memory", "replay_binding": "X" }))[0].0, "dpop.replay");
    for dpop in [
        json!({}),
        json!({ "replay": null }),
        json!({ "replay": "none" }),
        json!({ "replay": "" }),
        json!({ "replay": false }),
    ] {
        let found = problems(&dpop);
        assert_eq!(found.len(), 1, "{dpop}");
        assert_eq!(found[0].0, "dpop.replay", "{dpop}");
    }
}

#[test]
fn every_member_has_its_bounds() {
    // One of the table that the engine has not, where there is such a one.
    let not_had = if cfg!(feature = "es384") { "none" } else { "ES384" };
    for (member, good, bad) in [
        (
            "origin",
            json!(["https://a.example", "https://a.example:8443"]),
            json!([
                "",
                "a.example",
                "https://a.example/",
                "https://A.example",
                "https://a.example:443",
                "http://a.example",
                1
            ]),
        ),
        (
            "algorithms",
            json!([["ES256"], ["RS256", "ES256"], null]),
            json!([[], ["none"], ["HS256"], "ES256", [not_had]]),
        ),
        ("max_age_seconds", json!([1, 300, null]), json!([0, 301, -1, 1.5, "60"])),
        ("clock_tolerance_seconds", json!([0, 300, null]), json!([301, -1, "1"])),
        ("nonce_secret_binding", json!(["X"]), json!(["", 1, null])),
        ("unknown", json!([]), json!([1])),
    ] {
        for value in good.as_array().unwrap() {
            assert_eq!(problems(&json!({ "replay": "memory", member: value })), [], "{member} {value}");
        }
        for value in bad.as_array().unwrap() {
            let found = problems(&json!({ "replay": "memory", member: value }));
            assert_eq!(found.len(), 1, "{member} {value}: {found:?}");
            assert_eq!(found[0].0, format!("dpop.{member}"), "{value}");
        }
    }
}
