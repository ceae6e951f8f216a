//! Authorization server metadata (RFC 8414, OIDC Discovery).

use edgeward::{
    Error,
    http_url::{HttpUrl, Transport},
    limits,
    metadata::AuthorizationServerMetadata,
};
use serde_json::{Value, json};

use crate::outside::{ISSUER, merged};

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "https://as.example/token",
        "jwks_uri": "https://keys.example/jwks",
        "userinfo_endpoint": "https://as.example/userinfo",
        "introspection_endpoint": "https://as.example/introspect",
        "revocation_endpoint": "https://as.example/revoke",
        "end_session_endpoint": "https://as.example/logout?x=1",
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["openid"],
    })
}

fn parse(document: &Value) -> Result<AuthorizationServerMetadata, Error> {
    AuthorizationServerMetadata::parse(&document.to_string(), ISSUER, Transport::SecureOnly)
}

const fn invalid(parameter: &'static str) -> Error {
    Error::MetadataInvalid { parameter }
}

/// OIDC Discovery section 4 and RFC 8414 section 3.1: after the issuer's path, and before it.
#[test]
fn both_well_known_places_are_named() {
    for (issuer, path) in [
        ("https://as.example", ""),
        ("https://as.example/", ""),
        ("https://as.example:8443/t/1", "/t/1"),
        ("https://as.example/t/", "/t"),
    ] {
        let url = HttpUrl::parse(issuer, Transport::SecureOnly).unwrap();
        let origin = url.origin();
        let expected = [
            format!("{origin}{path}/.well-known/openid-configuration"),
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
        ];
        assert_eq!(AuthorizationServerMetadata::urls(&url), expected, "{issuer}");
    }
}

/// RFC 8414 section 2: every member that is used is read.
#[test]
fn a_whole_document_is_read() {
    let metadata = parse(&document()).unwrap();
    assert_eq!(metadata.issuer(), ISSUER);
    assert_eq!(metadata.authorization_endpoint().unwrap().as_str(), "https://as.example/authorize");
    assert_eq!(metadata.token_endpoint().unwrap().as_str(), "https://as.example/token");
    assert_eq!(metadata.jwks_uri().unwrap().as_str(), "https://keys.example/jwks");
    assert_eq!(metadata.introspection_endpoint().unwrap().as_str(), "https://as.example/introspect");
    assert_eq!(metadata.userinfo_endpoint().unwrap().as_str(), "https://as.example/userinfo");
    assert_eq!(metadata.revocation_endpoint().unwrap().as_str(), "https://as.example/revoke");
    assert_eq!(metadata.end_session_endpoint().unwrap().as_str(), "https://as.example/logout?x=1");
    assert!(metadata.offers_s256());
    assert!(metadata.names_issuer_in_response());
}

/// What is absent, or null, is absent: only the use of it fails.
#[test]
fn absent_endpoints_fail_where_they_are_used() {
    let nulls = document().to_string().replace("\"https://as.example/token\"", "null");
    let metadata = AuthorizationServerMetadata::parse(&nulls, ISSUER, Transport::SecureOnly).unwrap();
    assert_eq!(metadata.token_endpoint().err(), Some(invalid("token_endpoint")));

    let metadata = parse(&json!({ "issuer": ISSUER })).unwrap();
    assert_eq!(metadata.authorization_endpoint().err(), Some(invalid("authorization_endpoint")));
    assert_eq!(metadata.token_endpoint().err(), Some(invalid("token_endpoint")));
    assert_eq!(metadata.jwks_uri().err(), Some(invalid("jwks_uri")));
    assert_eq!(metadata.introspection_endpoint().err(), Some(invalid("introspection_endpoint")));
    assert_eq!(metadata.userinfo_endpoint(), None);
    assert_eq!(metadata.revocation_endpoint(), None);
    assert_eq!(metadata.end_session_endpoint(), None);
    assert!(!metadata.offers_s256());
    assert!(!metadata.names_issuer_in_response());
}

/// RFC 8414 section 3.3, attack 45: the issuer is compared exactly, or one server's document could pass for another's.
#[test]
fn the_issuer_must_be_the_one_expected() {
    for issuer in [
        json!("https://evil.example"),
        json!("https://as.example/"),
        json!("https://AS.example"),
        json!("https://as.example:443"),
        json!("http://as.example"),
        json!(" https://as.example"),
        json!(["https://as.example"]),
        json!(null),
        json!(""),
        json!(1),
    ] {
        let mut document = document();
        document["issuer"] = issuer.clone();
        assert_eq!(parse(&document).err(), Some(invalid("issuer")), "{issuer}");
    }
    assert_eq!(parse(&merged(document(), json!({ "issuer": null }))).err(), Some(invalid("issuer")));
}

/// Attack 27: an endpoint is an https URL in plain form, or the document is not used at all.
#[test]
fn an_endpoint_that_is_no_plain_https_url_spoils_the_document() {
    let members = [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
        "end_session_endpoint",
    ];
    for member in members {
        for value in [
            json!("http://as.example/x"),
            json!("http://127.0.0.1/x"),
            json!("file:///etc/passwd"),
            json!("https://user@as.example/x"),
            json!("https://as.example/x#y"),
            json!("/relative"),
            json!(""),
            json!(1),
            json!(["https://as.example/x"]),
            json!({}),
        ] {
            let mut document = document();
            document[member] = value.clone();
            assert_eq!(parse(&document).err(), Some(invalid(member)), "{member} = {value}");
        }
    }
}

/// Attacks 11, 32 and 33: not one JSON object, a member twice, nested without end, over the size bound.
#[test]
fn a_document_that_is_not_one_strict_object_is_refused() {
    let good = document().to_string();
    let deep = good.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(1_000), "]".repeat(1_000)), 1);
    let twice = good.replacen('{', "{\"jwks_uri\":\"https://evil.example/jwks\",", 1);
    let escaped = good.replacen('{', "{\"jwks\\u005furi\":\"https://evil.example/jwks\",", 1);
    for text in ["", "null", "[]", "<html>", &good[1..], &format!("{good}{good}"), &deep, &twice, &escaped] {
        let result = AuthorizationServerMetadata::parse(text, ISSUER, Transport::SecureOnly);
        assert_eq!(result.err(), Some(invalid("(document)")));
    }
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    let read = |text: &str| AuthorizationServerMetadata::parse(text, ISSUER, Transport::SecureOnly).err();
    assert_eq!(read(&padded(limits::MAX_METADATA_BYTES)), None);
    assert_eq!(read(&padded(limits::MAX_METADATA_BYTES + 1)), Some(invalid("(document size)")));
}

/// RFC 7636 section 4.2 and RFC 9207 section 3: a capability is only what is said in the right form.
#[test]
fn capabilities_are_only_what_is_said_exactly() {
    for methods in
        [json!(["plain"]), json!(["s256"]), json!("S256"), json!([["S256"]]), json!({ "S256": true }), json!([])]
    {
        let metadata = parse(&merged(document(), json!({ "code_challenge_methods_supported": methods }))).unwrap();
        assert!(!metadata.offers_s256(), "{methods}");
    }
    for value in [json!(false), json!("true"), json!(1), json!([true])] {
        let changes = json!({ "authorization_response_iss_parameter_supported": value });
        assert!(!parse(&merged(document(), changes)).unwrap().names_issuer_in_response(), "{value}");
    }
}

/// `http` endpoints are taken on loopback where the switch is on.
#[test]
fn loopback_endpoints_are_taken_with_the_switch() {
    let issuer = "http://127.0.0.1:4000";
    let text = json!({ "issuer": issuer, "jwks_uri": "http://127.0.0.1:4000/jwks" }).to_string();
    assert!(AuthorizationServerMetadata::parse(&text, issuer, Transport::InsecureLoopback).is_ok());
    assert!(AuthorizationServerMetadata::parse(&text, issuer, Transport::SecureOnly).is_err());
}
