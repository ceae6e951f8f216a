//! Protected resource metadata: the document, where it is, and who is told (RFC 9728).

use edgeward::{
    Error,
    resource_server::{Decision, Policy, Request, Response},
};
use serde_json::{Value, json};

use crate::{
    outside::{World, header, introspecting_policy, merged, policy, refused},
    policy::paths,
};

const PLACE: &str = "/.well-known/oauth-protected-resource";

fn policy_with(metadata: &Value) -> Value {
    merged(policy(), json!({ "resource_metadata": metadata }))
}

fn full() -> Value {
    policy_with(&json!({
        "resource": "https://api.example/v1",
        "scopes_supported": ["data:read", "notes:write"],
        "resource_name": "Tides \"and\" notes é",
        "resource_documentation": "https://api.example/docs?lang=en",
        "resource_policy_uri": "https://api.example/policy",
        "resource_tos_uri": "https://api.example/tos",
    }))
}

fn answer(policy: &Value, method: &str, path: &str) -> Response {
    let request = Request { method, path, origin: Some("https://anyone.example"), ..Request::default() };
    match World::new(policy).call(&request) {
        Decision::Respond(response) => response,
        Decision::Forward(_) => panic!("let through"),
    }
}

fn document(policy: &Value, path: &str) -> Value {
    let response = answer(policy, "GET", path);
    assert_eq!(response.status, 200, "{}", response.body);
    serde_json::from_str(&response.body).unwrap()
}

/// Sections 2 and 3.2: what the policy says, with the issuers that it takes tokens of, and nothing without a value.
#[test]
fn the_document_says_what_the_policy_says() {
    assert_eq!(
        document(&full(), &format!("{PLACE}/v1")),
        json!({
            "resource": "https://api.example/v1",
            "authorization_servers": ["https://as.example"],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["data:read", "notes:write"],
            "resource_name": "Tides \"and\" notes é",
            "resource_documentation": "https://api.example/docs?lang=en",
            "resource_policy_uri": "https://api.example/policy",
            "resource_tos_uri": "https://api.example/tos",
        })
    );
    let mut two = policy_with(&json!({ "resource": "https://api.example", "scopes_supported": [] }));
    let issuers = two["issuers"].as_array_mut().unwrap();
    issuers.push(json!({ "issuer": "https://other.example/t", "audience": "a" }));
    assert_eq!(
        document(&two, PLACE),
        json!({
            "resource": "https://api.example",
            "authorization_servers": ["https://as.example", "https://other.example/t"],
            "bearer_methods_supported": ["header"],
        })
    );
}

/// Section 2: where proofs of possession are taken, the algorithms that they may be signed with, as a challenge names them.
#[test]
#[cfg(feature = "es256")]
fn the_document_says_how_proofs_may_be_signed() {
    let mut policy = full();
    policy["dpop"] = json!({ "replay": "memory", "algorithms": ["ES256"] });
    let said = document(&policy, &format!("{PLACE}/v1"));
    assert_eq!(said["dpop_signing_alg_values_supported"], json!(["ES256"]));
    assert_eq!(said["resource_name"], "Tides \"and\" notes é");
}

/// Section 3.1: the well-known part comes between host and path, and the slash after a host is not a path.
#[test]
fn it_lies_between_the_host_and_the_path_of_the_resource() {
    for (resource, path) in [
        ("https://api.example", ""),
        ("https://api.example/", ""),
        ("https://api.example:8443/v1", "/v1"),
        ("https://api.example/a/b/", "/a/b/"),
    ] {
        let policy = policy_with(&json!({ "resource": resource }));
        assert_eq!(document(&policy, &format!("{PLACE}{path}"))["resource"], resource);
        let response = answer(&policy, "GET", "/me");
        let challenge = header(&response.headers, "www-authenticate").unwrap();
        let origin = resource.split('/').take(3).collect::<Vec<_>>().join("/");
        assert!(challenge.ends_with(&format!(", resource_metadata=\"{origin}{PLACE}{path}\"")), "{challenge}");
    }
}

/// No other place has it; without the member nothing has.
#[test]
fn no_other_place_has_it() {
    for path in [PLACE, "/.well-known/oauth-protected-resource/v1/", "/v1/.well-known/oauth-protected-resource", "/v1"]
    {
        assert_eq!(answer(&full(), "GET", path).status, 404, "{path}");
    }
    assert_eq!(answer(&policy(), "GET", PLACE).status, 404);
}

/// It is for everybody, before any route is looked at: no credentials, pages of every origin, their preflights; only to be read.
#[test]
fn everybody_may_read_it_before_any_route() {
    let mut policy = full();
    policy["routes"] = json!([{ "path": "/*", "scope": "admin" }]);
    policy["cors"] = json!({ "origins": ["https://app.example"] });
    let path = format!("{PLACE}/v1");
    let get = answer(&policy, "GET", &path);
    for (name, value) in [
        ("content-type", "application/json"),
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=3600"),
    ] {
        assert_eq!(header(&get.headers, name), Some(value));
    }
    let head = answer(&policy, "HEAD", &path);
    assert_eq!((head.status, head.body.as_str(), head.headers), (200, "", get.headers));
    let preflight = answer(&policy, "OPTIONS", &path);
    assert_eq!((preflight.status, header(&preflight.headers, "access-control-allow-origin")), (204, Some("*")));
    assert_eq!(header(&preflight.headers, "access-control-allow-headers"), Some("*"));
    for method in ["POST", "PUT", "DELETE", "get"] {
        let response = answer(&policy, method, &path);
        assert_eq!(
            (response.status, header(&response.headers, "allow")),
            (405, Some("GET, HEAD, OPTIONS")),
            "{method}"
        );
    }
}

/// Section 5.1: every challenge names it, whatever it refuses; answers without a challenge do not.
#[test]
fn every_challenge_names_it() {
    let mut policy = introspecting_policy();
    policy["resource_metadata"] = json!({ "resource": "https://api.example/v1" });
    let parameter = format!(", resource_metadata=\"https://api.example{PLACE}/v1\"");
    for (authorization, status) in
        [(None, 401), (Some("Bearer a b"), 400), (Some("Bearer x"), 401), (Some("Basic x"), 401)]
    {
        let request = Request { method: "GET", path: "/me", authorization, ..Request::default() };
        let response = refused(World::new(&policy).call(&request));
        let challenge = header(&response.headers, "www-authenticate").unwrap();
        assert_eq!(response.status, status, "{authorization:?}");
        assert_eq!(challenge.matches(&parameter).count(), 1, "{challenge}");
    }
    let mut world = World::new(&policy);
    world.introspection = Some(json!({
        "active": true, "iss": "https://as.example", "aud": "https://api.example", "exp": world.now + 60, "scope": "x",
    }).to_string());
    let response = refused(world.get("/admin", "opaque"));
    assert!(matches!(response.error, Some(Error::ScopeMissing { .. })));
    assert!(header(&response.headers, "www-authenticate").unwrap().ends_with(&format!("scope=\"admin\"{parameter}")));
    assert_eq!(header(&answer(&policy, "GET", "/nowhere").headers, "www-authenticate"), None);
}

/// Fail closed: an identifier that is no URL of section 1.2, and all else that would not stand in the document as it is.
#[test]
fn what_is_no_metadata_is_refused_at_its_place() {
    let good = json!({ "resource": "https://api.example" });
    let at = |changes: Value| paths(&policy_with(&merged(good.clone(), changes)));
    let resources = [
        "",
        "api.example",
        "http://api.example",
        "https://api.example?x",
        "https://api.example#x",
        "https://a\"b",
        "urn:x",
    ];
    for resource in resources {
        assert_eq!(at(json!({ "resource": resource })), ["resource_metadata.resource"], "{resource}");
    }
    assert_eq!(at(json!({ "resource": null })), ["resource_metadata.resource"]);
    for scopes in [json!(["a b"]), json!([""]), json!(["a\"b"]), json!(["é"]), json!("a"), json!([1])] {
        assert_eq!(at(json!({ "scopes_supported": scopes })), ["resource_metadata.scopes_supported"], "{scopes}");
    }
    for page in ["resource_documentation", "resource_policy_uri", "resource_tos_uri"] {
        let place = format!("resource_metadata.{page}");
        assert_eq!(at(json!({ page: "http://api.example" })), [place.as_str()]);
    }
    assert_eq!(at(json!({ "jwks": {} })), ["resource_metadata.jwks"]);
    assert!(Policy::parse(&policy_with(&Value::Null).to_string()).is_ok());
}
