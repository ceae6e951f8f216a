//! What a policy may say of the token for the origin: `upstream.token` as an object.

use edgeward::{
    crypto::FastEngine,
    limits::MAX_TOKEN_TARGETS,
    resource_server::{Gate, Policy},
};
use serde_json::{Value, json};

use crate::{
    outside::{ISSUER, merged, policy},
    policy::paths,
};

fn with(changes: Value) -> Value {
    let token = json!({
        "grant_type": "client_credentials",
        "issuer": ISSUER,
        "client_id": "gate",
        "client_secret_binding": "TOKEN_CLIENT_SECRET",
    });
    merged(policy(), json!({ "upstream": { "origin": "https://origin.internal", "token": merged(token, changes) } }))
}

#[test]
fn what_is_taken() {
    for changes in [
        json!({}),
        json!({ "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange" }),
        json!({ "token_endpoint": "https://elsewhere.example/token?tenant=a" }),
        json!({ "issuer": "https://other.example/tenant", "token_endpoint": "https://other.example/token" }),
        json!({ "token_endpoint_auth_method": "client_secret_post" }),
        json!({ "scope": "a b", "audience": "x", "resource": ["https://a.example/?b", "urn:c"] }),
    ] {
        let parsed = Policy::parse(&with(changes).to_string()).unwrap();
        assert_eq!(parsed.secret_bindings(), ["TOKEN_CLIENT_SECRET"]);
        assert!(parsed.replaces_token() && !parsed.forwards_token());
    }
    for plain in ["remove", "forward"] {
        let policy = merged(policy(), json!({ "upstream": { "origin": "https://o.example", "token": plain } }));
        let parsed = Policy::parse(&policy.to_string()).unwrap();
        assert_eq!((parsed.forwards_token(), parsed.replaces_token()), (plain == "forward", false));
    }
}

#[test]
fn what_is_refused_is_refused_at_its_place() {
    let many = json!(vec!["urn:a"; MAX_TOKEN_TARGETS + 1]);
    for (changes, place) in [
        (json!({ "grant_type": null }), "grant_type"),
        (json!({ "grant_type": "password" }), "grant_type"),
        (json!({ "grant_type": "authorization_code" }), "grant_type"),
        (json!({ "issuer": null }), "issuer"),
        (json!({ "issuer": "http://as.example" }), "issuer"),
        (json!({ "issuer": "https://as.example?a" }), "issuer"),
        (json!({ "issuer": "https://other.example" }), "token_endpoint"),
        (json!({ "token_endpoint": "http://as.example/token" }), "token_endpoint"),
        (json!({ "token_endpoint": "https://as.example/token#a" }), "token_endpoint"),
        (json!({ "token_endpoint": 1 }), "token_endpoint"),
        (json!({ "client_id": null }), "client_id"),
        (json!({ "client_id": "" }), "client_id"),
        (json!({ "client_secret_binding": null }), "client_secret_binding"),
        (json!({ "private_key_binding": "KEY" }), "private_key_binding"),
        (json!({ "token_endpoint_auth_method": "none" }), "token_endpoint_auth_method"),
        (json!({ "scope": "" }), "scope"),
        (json!({ "scope": "a\"b" }), "scope"),
        (json!({ "scope": ["a"] }), "scope"),
        (json!({ "resource": "" }), "resource"),
        (json!({ "resource": "/relative" }), "resource"),
        (json!({ "resource": "https://a.example/#b" }), "resource"),
        (json!({ "resource": ["urn:a", "a b:c"] }), "resource"),
        (json!({ "resource": [] }), "resource"),
        (json!({ "resource": many }), "resource"),
        (json!({ "audience": "" }), "audience"),
        (json!({ "audience": [1] }), "audience"),
        (json!({ "secret": "x" }), "secret"),
    ] {
        assert_eq!(paths(&with(changes.clone())), [format!("upstream.token.{place}")], "{changes}");
    }
    for wrong in [json!(null), json!("replace"), json!(true), json!(["remove"]), json!(1)] {
        let policy = merged(policy(), json!({ "upstream": { "origin": "https://o.example", "token": wrong } }));
        assert_eq!(paths(&policy), ["upstream.token"], "{wrong}");
    }
}

/// A secret is there, and a private key is one, before anything runs.
#[test]
fn the_secret_is_looked_at_when_the_gate_is_set_up() {
    let gate = |policy: &Value, secret: Option<&str>| {
        let parsed = Policy::parse(&policy.to_string()).unwrap();
        let secrets = parsed.secret_bindings().into_iter().map(ToOwned::to_owned).zip(secret.map(ToOwned::to_owned));
        let secrets = secrets.collect();
        Gate::new(parsed, secrets, Box::new(FastEngine)).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(gate(&with(json!({})), None).unwrap_err().contains("TOKEN_CLIENT_SECRET: is named as a secret"));
    assert!(gate(&with(json!({})), Some("")).unwrap_err().contains("TOKEN_CLIENT_SECRET"));
    gate(&with(json!({})), Some("secret")).unwrap();
    let signed = with(json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "client_secret_binding": null,
        "private_key_binding": "GATE_KEY",
    }));
    assert!(gate(&signed, Some("not-a-key")).unwrap_err().contains("GATE_KEY: must be a private key"));
    gate(&signed, Some(r#"{"kty":"EC","alg":"ES256","d":"x"}"#)).unwrap();
}

/// A policy that has no such object has no other token.
#[test]
fn by_default_no_token_goes_on() {
    let parsed = Policy::parse(&policy().to_string()).unwrap();
    assert!(!parsed.replaces_token() && !parsed.forwards_token() && !parsed.drops_response_headers());
}
