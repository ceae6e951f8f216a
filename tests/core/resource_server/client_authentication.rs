//! How the gate says who it is where it asks introspection (RFC 6749 section 2.3.1, RFC 7523 section 2.2).

use edgeward::{
    crypto::FastEngine,
    limits::CLIENT_ASSERTION_SECONDS,
    resource_server::{Gate, Policy},
};
use serde_json::{Value, json};

use crate::outside::{ISSUER, NOW, SECRET, World, claims_with, forwarded, introspecting_policy, merged};

const KEY: &str =
    r#"{"kty":"EC","crv":"P-256","x":"visible-x","y":"visible-y","d":"visible-d","alg":"ES256","kid":"k-1"}"#;

fn policy_with(changes: Value) -> Value {
    let mut policy = introspecting_policy();
    let said = policy["issuers"][0]["introspection"].take();
    policy["issuers"][0]["introspection"] = merged(said, changes);
    policy
}

fn private_key_policy() -> Value {
    policy_with(json!({
        "client_secret_binding": null,
        "introspection_endpoint_auth_method": "private_key_jwt",
        "private_key_binding": "GATE_KEY",
    }))
}

fn gate_with(policy: &Value, secret: &str) -> Result<Gate, String> {
    let policy = Policy::parse(&policy.to_string()).unwrap();
    let secrets = policy.secret_bindings().into_iter().map(|name| (name.to_owned(), secret.to_owned())).collect();
    Gate::new(policy, secrets, Box::new(FastEngine)).map_err(|error| error.to_string())
}

fn asking(gate: Gate) -> World {
    let mut world = World::with(gate);
    world.introspection = Some(claims_with(json!({ "active": true })).to_string());
    forwarded(world.get("/admin", "opaque"));
    world
}

/// RFC 6749 section 2.3.1: `client_secret_post` has both in the form, and nothing in the header.
#[test]
fn a_secret_in_the_form() {
    let policy =
        policy_with(json!({ "introspection_endpoint_auth_method": "client_secret_post", "client_id": "a b&c" }));
    let world = asking(gate_with(&policy, SECRET).unwrap());
    let form = format!("token=opaque&token_type_hint=access_token&client_id=a+b%26c&client_secret={SECRET}");
    assert_eq!(world.asked, Some((String::new(), form)));
    assert_eq!(world.client_assertion, None);
}

/// RFC 7523 section 3: what the assertion states. The server's issuer identifier is its one audience, so that it is good nowhere else.
#[test]
fn a_client_assertion() {
    let policy = private_key_policy();
    let world = asking(gate_with(&policy, KEY).unwrap());
    let (authorization, form) = world.asked.unwrap();
    assert_eq!(authorization, "");
    assert_eq!(
        form,
        "token=opaque&token_type_hint=access_token&client_id=gate\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    );
    let assertion = world.client_assertion.unwrap();
    assert_eq!((assertion.private_key_binding.as_str(), assertion.algorithm.name()), ("GATE_KEY", "ES256"));
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(read(&assertion.header), json!({ "alg": "ES256", "typ": "JWT", "kid": "k-1" }));
    assert_eq!(
        read(&assertion.claims),
        json!({ "iss": "gate", "sub": "gate", "aud": ISSUER, "iat": NOW, "exp": NOW + CLIENT_ASSERTION_SECONDS })
    );
    // The private key is the host's.
    assert!(!format!("{form}{assertion:?}").contains("visible"));
}

/// A key that can't be one is told when the gate starts, without a piece of it.
#[test]
fn a_private_key_is_looked_at_when_the_gate_starts() {
    let policy = private_key_policy();
    let key = |changes: Value| merged(serde_json::from_str(KEY).unwrap(), changes).to_string();
    for good in [key(json!({})), key(json!({ "kid": null })), key(json!({ "kty": "RSA", "alg": "RS256" }))] {
        gate_with(&policy, &good).unwrap();
    }
    for bad in [
        "visible-secret".to_owned(),
        "-----BEGIN PRIVATE KEY-----visible".to_owned(),
        key(json!({ "d": null })),
        key(json!({ "d": "" })),
        key(json!({ "alg": null })),
        key(json!({ "alg": "HS256" })),
        key(json!({ "alg": "none" })),
        key(json!({ "alg": "RS256" })),
        key(json!({ "kty": "oct" })),
        format!("[{KEY}]"),
    ] {
        let message = gate_with(&policy, &bad).unwrap_err();
        assert!(message.contains("GATE_KEY: must be a private key as a JWK"), "{message}");
        assert!(!message.contains("visible"), "{message}");
    }
    // A client secret is any text.
    gate_with(&introspecting_policy(), "any text").unwrap();
}

/// Each method has its own member; one beside it is a mistake that is told.
#[test]
fn each_method_has_its_own_secret() {
    for (changes, place) in [
        (json!({ "introspection_endpoint_auth_method": "none" }), "introspection_endpoint_auth_method: must be"),
        (json!({ "private_key_binding": "GATE_KEY" }), "private_key_binding: is not what"),
        (json!({ "introspection_endpoint_auth_method": "private_key_jwt" }), "client_secret_binding: is not what"),
        (json!({ "introspection_endpoint_auth_method": "private_key_jwt" }), "private_key_binding: is missing"),
        (json!({ "client_secret_binding": null }), "client_secret_binding: is missing"),
        (json!({ "client_secret_binding": "" }), "client_secret_binding: must not be empty"),
        (json!({ "client_id": "" }), "client_id: must not be empty"),
    ] {
        let message = Policy::parse(&policy_with(changes.clone()).to_string()).unwrap_err().to_string();
        assert!(message.contains(&format!("issuers[0].introspection.{place}")), "{changes}: {message}");
    }
}
