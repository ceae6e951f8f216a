//! What a gate may answer to a request without a good token, told from the policy's text alone.

use edgeward::resource_server::{Forward, Response};
use serde_json::Value;

/// An answer of the gate's own: a refusal, with headers that can't break out of their line (attack 36).
pub fn check_response(response: &Response) {
    assert!(matches!(response.status, 400 | 401 | 404 | 405), "status {}", response.status);
    assert!(response.error.is_some(), "a refusal has a private reason");
    for (name, value) in &response.headers {
        assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{name}: {value}");
    }
    let challenged = response.headers.iter().any(|(name, _)| *name == "www-authenticate");
    assert!(response.status != 401 || challenged, "RFC 9110 section 11.6.1");
    assert!(serde_json::from_str::<Value>(&response.body).is_ok_and(|body| body.is_object()), "RFC 9457");
}

/// Only what a public route names goes to the origin, and nothing goes along that only a token could say.
pub fn check_public(document: &str, path: &str, forward: &Forward) {
    let policy: Value = serde_json::from_str(document).expect("a policy is JSON");
    let covers = |pattern: &str| match pattern.strip_suffix("/*") {
        Some(prefix) => path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/')),
        None => path == pattern,
    };
    let is_public = |route: &&Value| route["public"] == true;
    let mut patterns =
        policy["routes"].as_array().into_iter().flatten().filter(is_public).filter_map(|route| route["path"].as_str());
    // Percent-encoded paths are for the core to decode: here one must at least have somewhere to go.
    let is_named = if path.contains('%') { patterns.next().is_some() } else { patterns.any(covers) };
    assert!(is_named, "let through without a token, and no public route names it: {path}");
    assert!(forward.grant.is_none() && forward.headers().is_empty());
    assert_eq!(forward.url, format!("{}{path}", policy["upstream"]["origin"].as_str().unwrap_or_default()));
}
