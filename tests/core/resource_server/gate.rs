//! Whole requests: what passes, what is refused, in which order, and what an answer may say.

use edgeward::resource_server::{Decision, Progress, Request};
use serde_json::{Value, json};

use crate::{
    outside::{
        INTROSPECTION_URL, JWKS_URL, METADATA_URL, NOW, World, claims, claims_with, code, forwarded, header,
        introspecting_policy, merged, onward, policy, refused, verdict,
    },
    signing::{Key, key_set},
};

fn world(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world
}

fn active(changes: Value) -> String {
    merged(claims_with(json!({ "active": true })), changes).to_string()
}

/// RFC 9068 section 4: a good token passes on every route whose scopes it holds, and is shown as who it is.
#[test]
fn a_good_token_passes_with_its_identity() {
    for key in Key::BOTH {
        let mut world = world(&policy());
        let authorization = format!("Bearer {}", key.sign(&claims()));
        for (method, path) in
            [("GET", "/me"), ("DELETE", "/me"), ("GET", "/data"), ("HEAD", "/data"), ("POST", "/notes")]
        {
            let request = Request {
                method,
                path,
                query: Some("page=2"),
                authorization: Some(&authorization),
                ..Request::default()
            };
            let forward = forwarded(world.call(&request));
            assert_eq!(forward.url, format!("https://origin.internal{path}?page=2"));
            assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some("user-1"));
            assert_eq!(onward(&forward, "edgeward-scope").as_deref(), Some("data:read notes:write notes:read admin"));
            assert_eq!(onward(&forward, "authorization"), None);
            assert!(forward.response_headers.is_empty());
        }
        assert_eq!(world.take_fetched(), [JWKS_URL]);
    }
}

/// RFC 6750 section 3.1: a token without all of a route's scopes is a 403 that names them.
#[test]
fn a_token_without_all_scopes_is_forbidden() {
    let challenge = concat!(
        r#"Bearer realm="edgeward test", error="insufficient_scope", "#,
        r#"error_description="The access token does not carry the scope that this request needs", "#,
        r#"scope="notes:write notes:read""#
    );
    for key in Key::BOTH {
        for scope in ["", "notes:write", "notes:read", "data:read", "notes:write NOTES:READ", "notes:write,notes:read"]
        {
            let mut world = world(&policy());
            let authorization = format!("Bearer {}", key.sign(&claims_with(json!({ "scope": scope }))));
            let authorization = Some(authorization.as_str());
            let response =
                refused(world.call(&Request { method: "POST", path: "/notes", authorization, ..Request::default() }));
            assert_eq!((response.status, code(&response)), (403, "scope_missing"), "{scope}");
            assert_eq!(header(&response.headers, "www-authenticate"), Some(challenge));
        }
    }
}

/// RFC 8693 section 4.2 and the older `scp`: where scopes stand, and that one claim never adds to the other.
#[test]
fn scopes_are_read_from_one_claim() {
    for (changes, status) in [
        (json!({ "scope": null, "scp": "data:read" }), 200),
        (json!({ "scope": null, "scp": ["x", "data:read"] }), 200),
        (json!({ "scope": "x", "scp": "data:read" }), 403),
        (json!({ "scope": "", "scp": ["data:read"] }), 403),
        (json!({ "scope": null }), 403),
        (json!({ "scope": ["data:read"] }), 401),
        (json!({ "scope": null, "scp": ["data:read x"] }), 401),
        (json!({ "scope": null, "scp": [["data:read"]] }), 401),
        (json!({ "scope": { "data:read": true } }), 401),
        (json!({ "scope": "data:read\n" }), 401),
        (json!({ "scope": "data:read \"" }), 401),
    ] {
        let seen = match world(&policy()).get("/data", &Key::Ec.sign(&claims_with(changes.clone()))) {
            Decision::Forward(_) => 200,
            Decision::Respond(response) => response.status,
        };
        assert_eq!(seen, status, "{changes}");
    }
}

/// The design's order: what fails first is what is told. Route, then credentials, then the token, then its scopes.
#[test]
fn the_checks_come_in_their_order() {
    let mut world = world(&policy());
    let bad_everything = Key::Rsa.sign(&claims_with(json!({ "aud": "x", "exp": 1, "scope": "" })));
    assert_eq!(verdict(world.get("/nowhere", &bad_everything)), (404, "route_unknown"));
    assert_eq!(verdict(world.get("/notes", &bad_everything)), (405, "method_not_allowed"));
    assert_eq!(verdict(world.get("/data", "a b")), (400, "credentials_malformed"));
    assert!(world.fetched.is_empty(), "nothing is fetched for what is refused without keys");
    let (input, _) = bad_everything.rsplit_once('.').unwrap();
    assert_eq!(verdict(world.get("/data", &format!("{input}.AAAA"))), (401, "signature_invalid"));
    assert_eq!(verdict(world.get("/data", &bad_everything)), (401, "audience_mismatch"));
    let expired = Key::Rsa.sign(&claims_with(json!({ "exp": 1, "scope": "" })));
    assert_eq!(verdict(world.get("/data", &expired)), (401, "token_expired"));
}

/// RFC 6750 section 3.1: an expired token's answer says so, and nothing else says more than "invalid".
#[test]
fn an_expired_token_is_told_so() {
    for key in Key::BOTH {
        let response = refused(world(&policy()).get("/data", &key.sign(&claims_with(json!({ "exp": NOW - 31 })))));
        let challenge = concat!(
            r#"Bearer realm="edgeward test", error="invalid_token", "#,
            r#"error_description="The access token has expired""#
        );
        assert_eq!(header(&response.headers, "www-authenticate"), Some(challenge));
        let body = concat!(
            r#"{"error":"invalid_token","error_description":"The access token has expired","#,
            r#""status":401,"title":"Unauthorized","type":"about:blank"}"#
        );
        assert_eq!(response.body, body);
    }
}

/// Attack 35: no piece of a token is in an answer, its reason, or the debug output of any step, with `explain` on.
#[test]
fn no_answer_shows_a_piece_of_the_token() {
    let policy = merged(introspecting_policy(), json!({ "explain": true }));
    for key in Key::BOTH {
        for changes in [
            json!({ "sub": "visible-marker", "aud": "visible-marker" }),
            json!({ "sub": "visible-marker", "exp": 1 }),
            json!({ "iss": "visible-marker" }),
            json!({ "sub": ["visible-marker"] }),
            json!({ "scope": "visible-marker" }),
            json!({ "scope": "\"visible-marker\"" }),
        ] {
            for (header, key_set_there) in [
                (json!({ "alg": key.alg(), "kid": key.kid(), "typ": "at+jwt" }), true),
                (json!({ "alg": key.alg(), "kid": "visible-marker", "typ": "at+jwt" }), true),
                (json!({ "alg": "visible-marker", "typ": "visible-marker" }), true),
                (json!({ "alg": key.alg(), "kid": key.kid(), "crit": ["visible-marker"] }), true),
                (json!({ "alg": key.alg(), "kid": key.kid(), "typ": "at+jwt" }), false),
            ] {
                let token = key.sign_with(&header, &claims_with(changes.clone()));
                let mut world = world(&policy);
                if !key_set_there {
                    world.key_set = None;
                }
                let response = refused(world.get("/admin", &token));
                let shown = format!("{response:?} {}", response.error.as_ref().unwrap());
                assert!(!shown.contains("visible-marker"), "{shown}");
                assert!(token.split('.').all(|segment| !shown.contains(segment)), "{shown}");
            }
        }
        let token = key.sign(&claims_with(json!({ "sub": "visible-marker" })));
        let authorization = format!("Bearer {token}");
        let authorization = Some(authorization.as_str());
        let request = Request { method: "GET", path: "/admin", authorization, ..Request::default() };
        let mut world = world(&policy);
        let progress = world.gate.authorize(&request, world.time());
        let shown = format!("{progress:?}");
        assert!(token.split('.').all(|segment| !shown.contains(segment)), "{shown}");
        let Progress::Need(_, pending) = progress else { panic!("keys are needed") };
        let shown = format!("{:?}", world.gate.resume(pending, Some(&key_set()), world.time()));
        assert!(shown.contains("Introspection") && !shown.contains("visible-marker"), "{shown}");
    }
}

/// RFC 7662: a JWT on an introspecting route is judged by itself first, then by the server, on every request.
#[test]
fn a_jwt_is_introspected_after_it_has_proved_itself() {
    for key in Key::BOTH {
        let mut world = world(&introspecting_policy());
        world.introspection = Some(active(json!({})));
        let token = key.sign(&claims());
        let forward = forwarded(world.get("/admin", &token));
        assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some("user-1"));
        assert_eq!(world.take_fetched(), [JWKS_URL, INTROSPECTION_URL]);
        let body = world.asked.take().unwrap().1;
        assert_eq!(body, format!("token={token}&token_type_hint=access_token"));
        // Revoked: the next request shows it.
        world.introspection = Some(r#"{"active":false}"#.into());
        let response = refused(world.get("/admin", &token));
        assert_eq!((response.status, code(&response)), (401, "token_inactive"));
        assert!(header(&response.headers, "www-authenticate").unwrap().contains("error=\"invalid_token\""));
        // On other routes the token is judged by itself.
        world.take_fetched();
        forwarded(world.get("/data", &token));
        assert!(world.take_fetched().is_empty());
    }
}

/// Attack 31: introspection adds to the token's own proof and never stands in for it; the server is not even asked.
#[test]
fn introspection_does_not_save_a_bad_jwt() {
    let good = Key::Rsa.sign(&claims());
    let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, "AAAA");
    for (token, status) in [
        (forged, 401),
        (Key::Rsa.sign(&claims_with(json!({ "exp": 1 }))), 401),
        (Key::Rsa.sign(&claims_with(json!({ "aud": "x" }))), 401),
        (Key::Rsa.sign(&claims_with(json!({ "scope": "data:read" }))), 403),
        (Key::Rsa.sign_with(&json!({ "alg": "none" }), &claims()), 401),
    ] {
        let mut world = world(&introspecting_policy());
        world.introspection = Some(active(json!({})));
        assert_eq!(refused(world.get("/admin", &token)).status, status);
        assert!(!world.fetched.contains(&INTROSPECTION_URL.to_owned()));
    }
}

/// Attack 31: a JWT that is good by itself does not pass when the server can't be asked.
#[test]
fn a_good_jwt_does_not_pass_unintrospected() {
    for answer in [None, Some("<html>".to_owned()), Some("{}".to_owned())] {
        let mut world = world(&introspecting_policy());
        world.introspection = answer;
        assert_eq!(verdict(world.get("/admin", &Key::Ec.sign(&claims()))), (503, "introspection_unavailable"));
    }
}

/// Scopes may have been taken away since the token was made.
#[test]
fn the_servers_scopes_are_held_as_well() {
    let mut world = world(&introspecting_policy());
    world.introspection = Some(active(json!({ "scope": "data:read" })));
    assert_eq!(verdict(world.get("/admin", &Key::Ec.sign(&claims()))), (403, "scope_missing"));
}

/// Attack 48: a scope that was taken away since the JWT was made is not forwarded as if it were still granted.
#[test]
fn the_origin_gets_the_scopes_that_token_and_introspection_both_grant() {
    let token = Key::Ec.sign(&claims_with(json!({ "scope": "admin files notes" })));
    for (said, forwarded_scope) in
        [(json!("admin"), "admin"), (json!("notes admin other"), "admin notes"), (Value::Null, "admin files notes")]
    {
        let mut world = world(&introspecting_policy());
        world.introspection = Some(active(json!({ "scope": said })));
        let forward = forwarded(world.get("/admin", &token));
        assert_eq!(onward(&forward, "edgeward-scope").as_deref(), Some(forwarded_scope), "{said}");
        assert_eq!(forward.grant.unwrap().token().scope().to_string(), forwarded_scope);
    }
    let mut world = world(&introspecting_policy());
    world.introspection = Some(active(json!({ "scope": "files" })));
    assert_eq!(verdict(world.get("/admin", &token)), (403, "scope_missing"));
}

/// Attack 48: an answer about another subject is not about this token.
#[test]
fn an_answer_about_another_subject_is_refused() {
    for changes in [json!({ "sub": "user-2" }), json!({ "sub": "" }), json!({ "sub": "User-1" })] {
        let mut world = world(&introspecting_policy());
        world.introspection = Some(active(changes.clone()));
        assert_eq!(verdict(world.get("/admin", &Key::Ec.sign(&claims()))), (401, "token_inactive"), "{changes}");
    }
    let mut world = world(&introspecting_policy());
    world.introspection = Some(active(json!({ "sub": null })));
    forwarded(world.get("/admin", &Key::Ec.sign(&claims())));
}

/// Attack 48 (CVE-2026-58425): nor is one about another client or another token (RFC 7662 section 2.2, `client_id`, `jti`).
#[test]
fn an_answer_about_another_client_or_token_is_refused() {
    for changes in [json!({ "client_id": "another-app" }), json!({ "jti": "jti-2" })] {
        let mut world = world(&introspecting_policy());
        world.introspection = Some(active(changes.clone()));
        assert_eq!(refused(world.get("/admin", &Key::Ec.sign(&claims()))).status, 401, "{changes}");
    }
}

/// RFC 7800 section 3, attack 41: a JWT bound to a key is good only with proof of it, which a bearer request never holds.
#[test]
fn a_jwt_bound_to_a_key_is_refused_as_a_bearer_token() {
    for key in Key::BOTH {
        for cnf in [json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }), json!({ "x5t#S256": "abc" })] {
            let token = key.sign(&claims_with(json!({ "cnf": cnf })));
            assert_eq!(refused(world(&policy()).get("/data", &token)).status, 401, "{cnf}");
        }
    }
}

/// One metadata document serves the way to the keys and the way to introspection.
#[test]
fn metadata_is_fetched_once_for_keys_and_introspection() {
    let mut policy = introspecting_policy();
    policy["issuers"][0].as_object_mut().unwrap().remove("jwks_uri");
    policy["issuers"][0]["introspection"].as_object_mut().unwrap().remove("introspection_endpoint");
    let mut world = world(&policy);
    world.introspection = Some(active(json!({})));
    forwarded(world.get("/admin", &Key::Rsa.sign(&claims())));
    assert_eq!(world.take_fetched(), [METADATA_URL, JWKS_URL, INTROSPECTION_URL]);
}
