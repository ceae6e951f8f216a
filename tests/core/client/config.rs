use edgeward::{client::ClientConfig, error::Error};
use serde_json::{Value, json};

use super::sign_in::{ISSUER, REDIRECT_URI, config, config_document, config_with, metadata_document, with};

fn places(changes: Value) -> Vec<String> {
    let document = with(config_document(), changes).to_string();
    match ClientConfig::parse(&document) {
        Err(Error::ConfigInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect(),
        other => panic!("{document} gave {other:?}"),
    }
}

fn metadata_fault(changes: Value) -> &'static str {
    let document = with(metadata_document(), changes).to_string();
    match config().read_metadata(&document) {
        Err(Error::MetadataInvalid { parameter }) => parameter,
        other => panic!("{document} gave {other:?}"),
    }
}

#[test]
fn every_member_is_checked_and_the_problem_names_it() {
    let rows = [
        ("issuer", json!("http://as.example")),
        ("issuer", json!("https://as.example?tenant=1")),
        ("issuer", json!("https://as.example#a")),
        ("issuer", json!("https://user:secret@as.example")),
        ("issuer", json!("as.example")),
        ("issuer", json!("")),
        ("redirect_uri", json!("http://app.example/callback")),
        ("redirect_uri", json!("https://app.example/callback?a=b")),
        ("redirect_uri", json!("https://app.example/callback#a")),
        ("redirect_uri", json!("/callback")),
        ("redirect_uri", json!("//app.example/callback")),
        ("redirect_uri", json!("javascript:alert(1)")),
        ("redirect_uri", json!("https://app.example\\callback")),
        ("redirect_uri", json!("https://app.example/call back")),
        ("client_id", json!("")),
        ("client_id", json!("sp\u{e4}")),
        ("client_id", json!("spa\r\n")),
        ("scope", json!("")),
        ("scope", json!("notes")),
        ("scope", json!("OpenID")),
        ("scope", json!("openid2 xopenid")),
        ("scope", json!("openid \"notes\"")),
        ("scope", json!("openid\tnotes")),
        ("resource", json!("")),
        ("resource", json!("https://api.example#a")),
        ("resource", json!("https://api.example a")),
        ("post_logout_redirect_uri", json!("http://app.example/bye")),
        ("post_logout_redirect_uri", json!("javascript:alert(1)")),
        ("api_origins[0]", json!(["*"])),
        ("api_origins[0]", json!(["null"])),
        ("api_origins[0]", json!(["https://*.example"])),
        ("api_origins[0]", json!(["http://api.example"])),
        ("api_origins[1]", json!(["https://api.example", "https://api.example/"])),
        ("api_origins[0]", json!(["https://api.example/v1"])),
        ("api_origins[0]", json!(["https://api.example?a"])),
    ];
    for (place, value) in rows {
        let member = place.split('[').next().unwrap();
        assert_eq!(places(json!({ member: value })), [place], "{value}");
    }
}

/// RFC 8707 section 2: "Its value MUST be an absolute URI".
#[test]
fn a_resource_that_is_no_absolute_uri_is_refused() {
    for resource in ["api", "/api", "//api.example", "api.example/v1", "?a=b", ":"] {
        assert_eq!(places(json!({ "resource": resource })), ["resource"], "{resource}");
    }
    config_with(json!({"resource": "https://api.example/v1?a=b"}));
    config_with(json!({"resource": "urn:example:api"}));
}

#[test]
fn all_problems_are_told_at_once() {
    let changes = json!({"issuer": "x", "client_id": "", "scope": "notes", "api_origins": ["a", "b"]});
    assert_eq!(places(changes), ["issuer", "client_id", "scope", "api_origins[0]", "api_origins[1]"]);
}

/// RFC 9700 section 2.5: a page can't keep a secret, so there is no member for one; and a misspelt switch is never ignored.
#[test]
fn what_is_not_a_member_is_refused_and_its_value_not_shown() {
    for member in ["client_secret", "clientId", "apiOrigins", "response_type", "code_challenge_method", "use_pkce"] {
        let document = with(config_document(), json!({member: "hunter2"})).to_string();
        let error = ClientConfig::parse(&document).expect_err(member);
        assert_eq!(error.code(), "config_invalid");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{member}");
    }
}

#[test]
fn a_document_of_another_form_is_refused() {
    let twice = config_document().to_string().replacen('{', "{\"client_id\":\"other\",", 1);
    let missing: Vec<_> = ["issuer", "client_id", "redirect_uri", "scope"]
        .map(|member| with(config_document(), json!({ member: null })).to_string())
        .into();
    let number = with(config_document(), json!({"client_id": 1})).to_string();
    for text in ["", "null", "[]", "\"spa\"", &twice, &number].into_iter().chain(missing.iter().map(String::as_str)) {
        assert_eq!(ClientConfig::parse(text).expect_err(text).code(), "config_invalid");
    }
}

/// RFC 9700 section 2.6: plain http only where it can't leave the machine, and only by the switch.
#[test]
fn http_is_taken_for_loopback_hosts_alone_and_only_by_the_switch() {
    for host in ["127.0.0.1:4000", "localhost", "[::1]:4000"] {
        let issuer = format!("http://{host}");
        assert_eq!(places(json!({ "issuer": issuer })), ["issuer"]);
        config_with(json!({"issuer": issuer, "allow_insecure_loopback": true}));
    }
    for host in
        ["127.0.0.1.evil.example", "localhost.evil.example", "evil.example", "0.0.0.0", "127.1", "127.0.0.1@evil"]
    {
        let changes = json!({"issuer": format!("http://{host}"), "allow_insecure_loopback": true});
        assert_eq!(places(changes), ["issuer"], "{host}");
    }
}

/// OIDC Discovery section 4, RFC 8414 section 3.1: after the issuer's path, and before it.
#[test]
fn metadata_is_looked_for_at_both_well_known_places() {
    let rows = [
        ("https://as.example", "", ""),
        ("https://as.example/", "", ""),
        ("https://as.example/tenant", "/tenant", "/tenant"),
        ("https://as.example:8443/a/b", "/a/b", "/a/b"),
    ];
    for (issuer, before, after) in rows {
        let origin = issuer.split('/').take(3).collect::<Vec<_>>().join("/");
        let expected = [
            format!("{origin}{before}/.well-known/openid-configuration"),
            format!("{origin}/.well-known/oauth-authorization-server{after}"),
        ];
        assert_eq!(config_with(json!({ "issuer": issuer })).metadata_urls(), expected);
    }
}

/// RFC 8414 section 3.3, attack 45: another server's document can't be passed off as this one's.
#[test]
fn metadata_must_name_exactly_the_configured_issuer() {
    for issuer in ["https://as.example/", "https://AS.example", "https://as.example:443", "https://evil.example", ""] {
        assert_eq!(metadata_fault(json!({ "issuer": issuer })), "issuer", "{issuer}");
    }
    for value in [json!(null), json!([ISSUER]), json!({})] {
        assert_eq!(metadata_fault(json!({ "issuer": value })), "issuer", "{value}");
    }
}

/// RFC 9700 section 2.1.1, attack 42: with a server that does not say it checks S256, no sign-in starts.
#[test]
fn a_server_that_does_not_offer_s256_is_refused() {
    for methods in [json!(null), json!([]), json!(["plain"]), json!(["s256"]), json!("S256"), json!({"S256": true})] {
        let fault = metadata_fault(json!({ "code_challenge_methods_supported": methods }));
        assert_eq!(fault, "code_challenge_methods_supported", "{methods}");
    }
}

/// Attack 27: an endpoint that is not https would carry the code or the tokens in the clear.
#[test]
fn metadata_with_an_endpoint_that_is_no_https_url_is_refused() {
    for member in
        ["authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint", "end_session_endpoint"]
    {
        for value in [json!("http://as.example/x"), json!("javascript:alert(1)"), json!("/x"), json!(1), json!(["x"])] {
            assert_eq!(metadata_fault(json!({ member: value })), member, "{value}");
        }
    }
}

#[test]
fn metadata_that_is_no_strict_json_object_of_bounded_size_is_refused() {
    let twice = metadata_document().to_string().replacen('{', "{\"token_endpoint\":\"https://evil.example/\",", 1);
    let large = with(metadata_document(), json!({"x": "x".repeat(128 * 1024)})).to_string();
    for text in ["", "null", "[]", "<!doctype html>", &twice, &large, &format!("{} x", metadata_document())] {
        assert_eq!(config().read_metadata(text).expect_err("refused").code(), "metadata_invalid");
    }
}

/// Attack 43; RFC 9700 section 2.1: exact string matching.
#[test]
fn the_redirect_uri_is_compared_exactly() {
    for tail in ["", "?code=a&state=b", "#a", "?a#b"] {
        assert!(config().is_redirect_uri(&format!("{REDIRECT_URI}{tail}")), "{tail}");
    }
    let others = [
        "",
        "/callback",
        "https://app.example/callback/",
        "https://app.example/Callback",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example/callback/evil",
        "https://app.example/callback2",
        "https://app.example/%63allback",
        "https://app.example.evil.example/callback",
        "http://app.example/callback",
        "https://user@app.example/callback",
        "https://app.example/a/../callback",
        "https://app.example/callback;a",
        "https://app.example/callback%3Fa",
        " https://app.example/callback",
        "https://evil.example/?https://app.example/callback",
    ];
    for url in others {
        assert!(!config().is_redirect_uri(url), "{url}");
    }
}

/// RFC 6750 section 5.2: a bearer token goes to no one but whom it is for.
#[test]
fn api_origins_are_compared_exactly() {
    let config = config_with(json!({"api_origins": ["https://api.example", "https://b.example:8443"]}));
    assert!(config.allows_api_origin("https://api.example"));
    assert!(config.allows_api_origin("https://b.example:8443"));
    let others = [
        "",
        "null",
        "*",
        "http://api.example",
        "https://api.example/",
        "https://api.example:8443",
        "https://b.example",
        "https://api.example.evil.example",
        "https://evil.example",
        "https://sub.api.example",
        "https://API.example",
    ];
    for origin in others {
        assert!(!config.allows_api_origin(origin), "{origin}");
    }
    assert!(!super::sign_in::config().allows_api_origin("https://api.example"), "none is configured");
}
