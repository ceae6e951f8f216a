//! Routes that take bound tokens alone (RFC 9449 section 6): which tokens open them, and what a caller is told where one does not.

use edgeward::resource_server::Decision;
use serde_json::{Value, json};

use crate::{
    dpop_gate::{bound_to, jkt, proof, send, taking_proofs},
    outside::{AUDIENCE, ISSUER, NOW, World, claims, claims_with, code, header, introspecting_policy, merged, policy},
    policy::paths,
    signing::{Key, key_set},
};

/// A gate that takes proofs, with one route, `/me`, that demands this.
fn world(requirement: &Value) -> World {
    let route = merged(json!({ "path": "/me" }), requirement.clone());
    let mut world = World::new(&taking_proofs(merged(introspecting_policy(), json!({ "routes": [route] }))));
    world.key_set = Some(key_set());
    world
}

/// "passes", or the private code; always with status 401 and `invalid_token`.
fn verdict(decision: Decision) -> &'static str {
    let response = match decision {
        Decision::Forward(_) => return "passes",
        Decision::Respond(response) => response,
    };
    let challenge = header(&response.headers, "www-authenticate").unwrap();
    assert_eq!(response.status, 401);
    assert!(challenge.contains("error=\"invalid_token\", error_description=\"The access token is malformed, revoked"));
    assert!(challenge.contains("DPoP realm=\"edgeward test\""), "{challenge}");
    code(&response)
}

/// As a bearer token, and with a good proof; twice, because the second time the token is known.
fn ask(world: &mut World, token: &str) -> [&'static str; 2] {
    let mut both = |jti: &str| {
        let proof = proof(Key::Ec, token, json!({ "jti": jti }));
        [verdict(world.get("/me", token)), verdict(send(world, "/me", &format!("DPoP {token}"), Some(&proof)))]
    };
    let cold = both("cold");
    assert_eq!(both("warm"), cold);
    cold
}

/// Only a bound token opens it, and only with its proof. A good token that is unbound is told what one is told that was sent without
/// its proof: another token, or another way of sending, is needed.
#[test]
fn only_bound_tokens_open_the_route() {
    let unbound = Key::Ec.sign(&claims());
    let bound = bound_to(Key::Ec);
    for constraint in [json!("dpop"), json!(["dpop"]), json!(["dpop", "dpop"])] {
        let mut world = world(&json!({ "sender_constraint": constraint }));
        assert_eq!(ask(&mut world, &unbound), ["token_not_for_route"; 2]);
        assert_eq!(ask(&mut world, &bound), ["proof_of_possession_missing", "passes"]);
        assert_eq!(ask(&mut world, &bound_to(Key::Rsa)), ["proof_of_possession_missing", "proof_key_mismatch"]);
    }
    // Without the demand, an unbound token is a bearer token as ever.
    assert_eq!(ask(&mut world(&json!({})), &unbound), ["passes", "token_unbound"]);
}

/// It stands in alternatives as other demands do: who has no bound token needs the rights.
#[test]
fn it_is_one_of_alternatives() {
    let requirement = json!({ "any_of": [{ "sender_constraint": "dpop" }, { "roles": "admin" }] });
    let admin = Key::Ec.sign(&claims_with(json!({ "roles": "admin" })));
    assert_eq!(ask(&mut world(&requirement), &admin), ["passes", "token_unbound"]);
    assert_eq!(ask(&mut world(&requirement), &bound_to(Key::Ec)), ["proof_of_possession_missing", "passes"]);
    // Of the two the rights are nearer, for they take no other token.
    let Decision::Respond(response) = world(&requirement).get("/me", &Key::Ec.sign(&claims())) else { panic!() };
    assert_eq!((response.status, code(&response)), (403, "rights_missing"));
    let both = json!({ "all_of": [{ "sender_constraint": "dpop" }, { "scope": "data:read" }] });
    assert_eq!(ask(&mut world(&both), &admin), ["token_not_for_route"; 2]);
    let Decision::Respond(response) = world(&both).get("/me", &admin) else { panic!() };
    assert!(response.error.unwrap().to_string().ends_with("not met: all_of[0].sender_constraint"));
}

/// RFC 9449 section 6.2: an opaque token is bound by what introspection says. A JWT says it itself, and where the answer speaks of a binding, that
/// has to be one, too.
#[test]
fn introspection_binds_opaque_tokens() {
    let answer = |cnf: Value| {
        let said = json!({ "active": true, "iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60, "sub": "user-1" });
        merged(said, json!({ "cnf": cnf }))
    };
    let judge = |token: &str, cnf: Value| {
        let mut world = world(&json!({ "sender_constraint": "dpop", "introspection": true }));
        world.introspection = Some(answer(cnf).to_string());
        ask(&mut world, token)
    };
    let of_key = json!({ "jkt": jkt(Key::Ec) });
    let (unbound, bound) = (Key::Ec.sign(&claims()), bound_to(Key::Ec));
    assert_eq!(judge("opaque", of_key.clone()), ["proof_of_possession_missing", "passes"]);
    assert_eq!(judge("opaque", Value::Null), ["token_not_for_route"; 2]);
    assert_eq!(judge(&unbound, of_key.clone()), ["token_not_for_route"; 2]);
    assert_eq!(judge(&bound, of_key), ["proof_of_possession_missing", "passes"]);
    assert_eq!(judge(&bound, Value::Null), ["proof_of_possession_missing", "passes"]);
}

/// A demand that nothing could meet, because the policy takes no proofs of it, is a mistake.
#[test]
fn what_is_demanded_can_be_proved() {
    let with = |constraint: Value, dpop: Value| {
        let route = json!({ "path": "/x", "all_of": [{ "sender_constraint": constraint }] });
        merged(policy(), json!({ "routes": [route], "dpop": dpop }))
    };
    let dpop = || json!({ "replay": "memory" });
    assert_eq!(paths(&with(json!("dpop"), Value::Null)), ["routes[0].all_of[0].sender_constraint"]);
    for bad in [json!("DPoP"), json!("jkt"), json!(""), json!([]), json!(["dpop", "x"]), json!(true), Value::Null] {
        let mut policy = with(json!("dpop"), dpop());
        policy["routes"][0]["all_of"][0]["sender_constraint"] = bad.clone();
        assert_eq!(paths(&policy), ["routes[0].all_of[0].sender_constraint"], "{bad}");
    }
    let public = json!([{ "path": "/x", "public": true, "sender_constraint": "dpop" }]);
    assert_eq!(paths(&merged(with(json!("dpop"), dpop()), json!({ "routes": public }))), ["routes[0].public"]);
}

/// RFC 9728 section 2: `dpop_bound_access_tokens_required` is told where it is so on every route that takes a token, and else is not there.
#[test]
fn the_metadata_says_where_bound_tokens_are_required() {
    let dpop = json!({ "sender_constraint": "dpop" });
    for (routes, expected) in [
        (json!([dpop]), json!(true)),
        (json!([dpop, { "public": true }]), json!(true)),
        (json!([{ "any_of": [dpop, dpop] }, { "scope": "a", "all_of": [{ "scope": "b" }, dpop] }]), json!(true)),
        (json!([dpop, { "scope": "a" }]), Value::Null),
        (json!([{ "any_of": [dpop, { "scope": "a" }] }]), Value::Null),
        (json!([{ "public": true }]), Value::Null),
    ] {
        let mut routes = routes;
        for (place, route) in routes.as_array_mut().unwrap().iter_mut().enumerate() {
            route["path"] = json!(["/a", "/b/*"][place]);
        }
        let metadata = json!({ "resource": "https://api.example" });
        let mut world =
            World::new(&merged(taking_proofs(policy()), json!({ "routes": routes, "resource_metadata": metadata })));
        let place = "/.well-known/oauth-protected-resource";
        let request = edgeward::resource_server::Request { method: "GET", path: place, ..Default::default() };
        let Decision::Respond(response) = world.call(&request) else { panic!() };
        let said: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(said["dpop_bound_access_tokens_required"], expected, "{routes}");
    }
}
