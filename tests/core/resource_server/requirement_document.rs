//! Requirements as a policy writes them: nothing that could mean to demand something is taken for demanding nothing.

use edgeward::{
    limits::{MAX_REQUIREMENT_CONDITIONS, MAX_REQUIREMENT_DEPTH, MAX_REQUIREMENT_WORDS, MAX_ROUTE_REQUIREMENTS},
    resource_server::Policy,
};
use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, ISSUER, merged, policy},
    policy::paths,
};

fn with(requirement: Value) -> Value {
    merged(policy(), json!({ "routes": [merged(json!({ "path": "/x" }), requirement)] }))
}

fn is_taken(requirement: Value) -> bool {
    Policy::parse(&with(requirement).to_string()).is_ok()
}

/// So many requirements inside of each other.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!({ "scope": "a" }), |inner, level| json!({ ["any_of", "all_of"][level % 2]: [inner] }))
}

#[test]
fn a_bad_demand_is_refused_at_its_place() {
    let condition = |condition: Value| json!({ "claims": [condition] });
    let rows = [
        (json!({ "issuer": "https://unknown.example" }), "issuer"),
        (json!({ "issuer": [ISSUER, "https://as.example/"] }), "issuer"),
        (json!({ "issuer": [] }), "issuer"),
        (json!({ "issuer": [""] }), "issuer"),
        (json!({ "issuer": 1 }), "issuer"),
        (json!({ "audience": "https://unknown.example" }), "audience"),
        (json!({ "roles": [] }), "roles"),
        (json!({ "roles": "" }), "roles"),
        (json!({ "groups": ["a", 1] }), "groups"),
        (json!({ "entitlements": vec!["a"; MAX_REQUIREMENT_WORDS + 1] }), "entitlements"),
        (json!({ "acr_values": "" }), "acr_values"),
        (json!({ "acr_values": " " }), "acr_values"),
        (json!({ "acr_values": "a\"b" }), "acr_values"),
        (json!({ "acr_values": "a\r\nb" }), "acr_values"),
        (json!({ "acr_values": ["a"] }), "acr_values"),
        (json!({ "max_age": -1 }), "max_age"),
        (json!({ "max_age": 1.5 }), "max_age"),
        (json!({ "max_age": "60" }), "max_age"),
        (json!({ "claims": [] }), "claims"),
        (json!({ "claims": {} }), "claims"),
        (json!({ "claims": ["roles"] }), "claims[0]"),
        (condition(json!({ "path": "a" })), "claims[0]"),
        (condition(json!({ "path": "a", "present": true, "equals": 1 })), "claims[0]"),
        (condition(json!({ "path": "a", "present": false })), "claims[0].present"),
        (condition(json!({ "path": "a", "equals": null })), "claims[0].equals"),
        (condition(json!({ "path": "a", "any_of": [] })), "claims[0].any_of"),
        (condition(json!({ "path": "a", "all_of": ["", "b"] })), "claims[0].all_of"),
        (condition(json!({ "path": "a", "none_of": ["b"], "present": true })), "claims[0].none_of"),
        (condition(json!({ "path": "a..b", "present": true })), "claims[0].path"),
        (condition(json!({ "path": "", "present": true })), "claims[0].path"),
        (condition(json!({ "path": [], "present": true })), "claims[0].path"),
        (condition(json!({ "path": ["a", ""], "present": true })), "claims[0].path"),
        (condition(json!({ "path": vec!["a"; 17], "present": true })), "claims[0].path"),
        (condition(json!({ "present": true })), "claims[0].path"),
        (json!({ "any_of": [] }), "any_of"),
        (json!({ "all_of": [] }), "all_of"),
        (json!({ "any_of": [{}] }), "any_of[0]"),
        (json!({ "any_of": [{ "scope": "a" }, { "scope": " " }] }), "any_of[1]"),
        (json!({ "any_of": [{ "scope": "a" }, { "any_of": [] }] }), "any_of[1].any_of"),
        (json!({ "any_of": { "scope": "a" } }), "any_of"),
        (json!({ "all_of": [{ "path": "/y", "scope": "a" }] }), "all_of[0].path"),
        (json!({ "all_of": [{ "public": true, "scope": "a" }] }), "all_of[0].public"),
        (json!({ "all_of": [{ "introspection": true, "scope": "a" }] }), "all_of[0].introspection"),
        (json!({ "all_of": [{ "role": "a", "scope": "a" }] }), "all_of[0].role"),
    ];
    for (requirement, place) in rows {
        assert_eq!(paths(&with(requirement.clone())), [format!("routes[0].{place}")], "{requirement}");
    }
}

/// `null` is no way to leave a demand out: who wrote it may have meant anything.
#[test]
fn a_demand_that_is_null_is_refused() {
    for member in [
        "issuer",
        "audience",
        "roles",
        "groups",
        "entitlements",
        "claims",
        "acr_values",
        "max_age",
        "sender_constraint",
        "any_of",
        "all_of",
    ] {
        let mut policy = with(json!({}));
        policy["routes"][0][member] = Value::Null;
        assert_eq!(paths(&policy), [format!("routes[0].{member}")]);
    }
}

/// A public route looks at no token, so it can't demand anything of one.
#[test]
fn a_public_route_demands_nothing() {
    for demand in [
        json!({ "scope": "a" }),
        json!({ "issuer": ISSUER }),
        json!({ "audience": AUDIENCE }),
        json!({ "roles": "a" }),
        json!({ "claims": [{ "path": "a", "present": true }] }),
        json!({ "acr_values": "a" }),
        json!({ "max_age": 0 }),
        json!({ "any_of": [{ "scope": "a" }] }),
        json!({ "all_of": [{ "scope": "a" }] }),
        json!({ "introspection": true }),
    ] {
        let mut policy = with(merged(demand.clone(), json!({ "public": true })));
        policy["issuers"][0]["introspection"] = json!({ "client_id": "a", "client_secret_binding": "B" });
        assert_eq!(paths(&policy), ["routes[0].public"], "{demand}");
    }
}

#[test]
fn requirements_are_bounded_in_depth_and_number() {
    assert!(is_taken(nested(MAX_REQUIREMENT_DEPTH)));
    assert!(!is_taken(nested(MAX_REQUIREMENT_DEPTH + 1)));
    let wide = |count: usize| json!({ "any_of": vec![json!({ "scope": "a" }); count] });
    assert!(is_taken(wide(MAX_ROUTE_REQUIREMENTS)));
    assert!(!is_taken(wide(MAX_ROUTE_REQUIREMENTS + 1)));
    // All of a route count together, and each route by itself.
    let both = |count: usize| json!({ "any_of": wide(count)["any_of"], "all_of": wide(MAX_ROUTE_REQUIREMENTS - count)["any_of"] });
    assert!(is_taken(both(10)));
    let mut policy = with(both(10));
    policy["routes"][0]["all_of"].as_array_mut().unwrap().push(json!({ "scope": "a" }));
    assert_eq!(paths(&policy).len(), 1);
    let mut policy = with(wide(MAX_ROUTE_REQUIREMENTS));
    let another = merged(policy["routes"][0].clone(), json!({ "path": "/y" }));
    policy["routes"].as_array_mut().unwrap().push(another);
    assert!(Policy::parse(&policy.to_string()).is_ok());
    let condition = json!({ "path": "a", "present": true });
    assert!(is_taken(json!({ "claims": vec![condition.clone(); MAX_REQUIREMENT_CONDITIONS] })));
    assert!(!is_taken(json!({ "claims": vec![condition; MAX_REQUIREMENT_CONDITIONS + 1] })));
    assert!(is_taken(json!({ "roles": vec!["a"; MAX_REQUIREMENT_WORDS] })));
}

/// Each problem of a requirement is told, with those of the ones inside of it.
#[test]
fn every_problem_is_listed() {
    let requirement = json!({
        "scope": "\"",
        "roles": [],
        "claims": [{ "path": "a" }, { "path": "", "equals": null }],
        "any_of": [{ "issuer": "x" }, { "all_of": [{ "max_age": -1 }] }],
    });
    let expected = [
        "scope",
        "roles",
        "claims[0]",
        "claims[1].path",
        "claims[1].equals",
        "any_of[0].issuer",
        "any_of[1].all_of[0].max_age",
    ];
    assert_eq!(paths(&with(requirement)), expected.map(|place| format!("routes[0].{place}")));
}
