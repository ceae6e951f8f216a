//! Tokens seen before where somebody else has a say: introspection, and a host that checks the signatures.

use edgeward::{
    crypto::{FastEngine, Host},
    limits::{INTROSPECTION_SILENCE_SECONDS, KEY_SET_TTL_SECONDS},
    resource_server::{Decision, Gate, Pending, Policy, Progress, Request},
};
use serde_json::{Value, json};

use crate::{
    counting::Counted,
    outside::{
        INTROSPECTION_URL, NOW, World, claims, claims_with, forwarded, introspecting_policy, merged, onward, policy,
        verdict,
    },
    signing::{Key, key_set},
};

fn active(changes: Value) -> String {
    merged(claims_with(json!({ "active": true })), changes).to_string()
}

/// RFC 7662 section 4: a route that asks introspection asks it about known tokens too, each time.
#[test]
fn a_route_that_asks_introspection_asks_it_about_known_tokens() {
    let mut gate = Counted::new(&introspecting_policy());
    gate.world.introspection = Some(active(json!({})));
    let token = Key::Ec.sign(&claims());
    forwarded(gate.get("/data", &token).0);
    gate.world.take_fetched();
    for _ in 0..3 {
        let (decision, checks) = gate.get("/admin", &token);
        forwarded(decision);
        assert_eq!((checks, gate.world.take_fetched()), (0, vec![INTROSPECTION_URL.to_owned()]));
        let (_, body) = gate.world.asked.take().unwrap();
        assert_eq!(body, format!("token={token}&token_type_hint=access_token"));
    }
    gate.world.introspection = None;
    assert_eq!(verdict(gate.get("/admin", &token).0), (503, "introspection_unavailable"));
}

/// RFC 7662 section 2.2: what introspection refuses is known no longer, whatever its reason; where it can't be asked it has
/// refused nothing.
#[test]
fn a_revocation_ends_what_was_known() {
    let token = Key::Ec.sign(&claims());
    let refusals = [
        (r#"{"active":false}"#.to_owned(), "token_inactive"),
        (active(json!({ "sub": "user-2" })), "token_inactive"),
        (active(json!({ "aud": "x" })), "audience_mismatch"),
        (active(json!({ "exp": 1 })), "token_expired"),
    ];
    for (answer, code) in refusals {
        let mut gate = Counted::new(&introspecting_policy());
        assert_eq!(gate.get("/data", &token).1, 1);
        gate.world.introspection = Some("{}".into());
        assert_eq!(verdict(gate.get("/admin", &token).0).1, "introspection_unavailable");
        assert_eq!(gate.get("/data", &token).1, 0);
        gate.world.now += INTROSPECTION_SILENCE_SECONDS;
        gate.world.introspection = Some(answer);
        assert_eq!(verdict(gate.get("/admin", &token).0).1, code);
        assert_eq!(gate.get("/data", &token).1, 1, "{code}: by its signature again");
    }
}

/// Attack 25: what introspection leaves of a token's scopes holds for that request; what is known of the token is what it says itself.
#[test]
fn a_token_limited_by_introspection_is_known_unlimited() {
    let mut gate = Counted::new(&introspecting_policy());
    let token = Key::Ec.sign(&claims_with(json!({ "scope": "admin data:read" })));
    for said in ["admin", "admin data:read", "admin"] {
        gate.world.introspection = Some(active(json!({ "scope": said })));
        let forward = forwarded(gate.get("/admin", &token).0);
        assert_eq!(onward(&forward, "edgeward-scope").as_deref(), Some(said));
        let (decision, checks) = gate.get("/data", &token);
        assert_eq!(onward(&forwarded(decision), "edgeward-scope").as_deref(), Some("admin data:read"));
        assert_eq!(checks, 0);
    }
    gate.world.introspection = Some(active(json!({ "scope": "data:read" })));
    assert_eq!(verdict(gate.get("/admin", &token).0), (403, "scope_missing"));
}

/// An opaque token has proved nothing by itself, so nothing of it is known.
#[test]
fn an_opaque_token_is_asked_about_each_time() {
    let mut gate = Counted::new(&introspecting_policy());
    gate.world.introspection = Some(active(json!({})));
    let token = "an-opaque-token-of-more-than-32-characters";
    for _ in 0..3 {
        forwarded(gate.get("/admin", token).0);
        assert_eq!(gate.world.take_fetched(), [INTROSPECTION_URL]);
        assert_eq!(verdict(gate.get("/data", token).0).1, "token_malformed");
    }
}

fn hosted() -> World {
    let mut world = World::new(&policy());
    let policy = Policy::parse(&policy().to_string()).unwrap();
    world.gate = Gate::new(policy, [].into(), Box::new(Host::of_all(FastEngine))).unwrap();
    world.key_set = Some(key_set());
    world.host = Some("holds");
    world
}

/// A host is asked about a token once.
#[test]
fn a_host_is_not_asked_about_a_known_token() {
    let mut world = hosted();
    let token = Key::Ec.sign(&claims());
    for _ in 0..3 {
        forwarded(world.get("/data", &token));
    }
    assert_eq!(world.signatures.len(), 1);
    world.host = Some("fails");
    let refused = Key::Ec.sign(&claims_with(json!({ "sub": "user-2" })));
    for asked in 2..4 {
        assert_eq!(verdict(world.get("/data", &refused)).1, "signature_invalid");
        assert_eq!(world.signatures.len(), asked);
    }
}

/// Starts on a request whose signature the host is then asked about.
fn start(world: &mut World, token: &str) -> Pending {
    let authorization = format!("Bearer {token}");
    let request = Request { method: "GET", path: "/data", authorization: Some(&authorization), ..Request::default() };
    match world.gate.authorize(&request, world.time()) {
        Progress::Need(_, pending) => pending,
        Progress::Decided(decision) => panic!("{decision:?}"),
    }
}

/// Attack 26: a key that was removed while the host checked a signature under it leaves no known token behind.
#[test]
fn a_key_removed_while_the_host_checks_leaves_nothing_known() {
    let mut world = hosted();
    let token = Key::Rsa.sign(&claims_with(json!({ "exp": NOW + 10 * KEY_SET_TTL_SECONDS })));
    forwarded(world.get("/data", &Key::Ec.sign(&claims())));
    let pending = start(&mut world, &token);
    world.now += KEY_SET_TTL_SECONDS;
    world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    assert_eq!(verdict(world.get("/data", &token)).1, "key_unknown", "the set is refreshed meanwhile");
    let progress = world.gate.resume(pending, Some("holds"), world.time());
    assert!(matches!(progress, Progress::Decided(Decision::Forward(_))), "it had begun under that key");
    assert_eq!(verdict(world.get("/data", &token)).1, "key_unknown");
}
