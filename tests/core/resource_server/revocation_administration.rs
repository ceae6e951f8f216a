//! The route by which the deny list is read and written, and what a policy may say of it.

use edgeward::{
    limits::{DENY_ENTRY_SECONDS, MAX_DENY_ENTRY_BYTES, MAX_DENY_ENTRY_SECONDS},
    resource_server::{Decision, Policy, Request, Response},
};
use serde_json::{Value, json};

use crate::{
    outside::{ISSUER, NOW, World, claims, claims_with, forwarded, header, policy, refused, verdict},
    revocation::{revoking_policy, world},
    signing::Key,
};

fn admin_token() -> String {
    Key::Ec.sign(&claims_with(json!({ "jti": "jti-admin", "sub": "admin" })))
}

fn call(world: &mut World, method: &str, query: Option<&str>, body: Option<&str>) -> Response {
    world.body = body.map(Into::into);
    let authorization = format!("Bearer {}", admin_token());
    let request =
        Request { method, path: "/deny-list", query, authorization: Some(&authorization), ..Request::default() };
    refused(world.call(&request))
}

fn json_of(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

fn post(world: &mut World, body: &Value) -> Response {
    call(world, "POST", None, Some(&body.to_string()))
}

/// The paths of an entry's problems.
fn problems(world: &mut World, body: &Value) -> Vec<String> {
    let response = post(world, body);
    assert_eq!(response.status, 400, "{body}");
    let document = json_of(&response);
    let list = document["problems"].as_array().unwrap();
    list.iter().map(|problem| problem["path"].as_str().unwrap().to_owned()).collect()
}

/// What is written is seen by the same gate's next request, and read, and taken out again.
#[test]
fn an_entry_is_written_seen_and_taken_out() {
    let (mut world, token) = (world(), Key::Ec.sign(&claims()));
    forwarded(world.get("/me", &token));
    let response = post(&mut world, &json!({ "jti": "jti-1" }));
    assert_eq!((response.status, header(&response.headers, "cache-control")), (201, Some("no-store")));
    let written = json_of(&response);
    let id = written["id"].as_str().unwrap().to_owned();
    let expected = json!({ "id": id, "iss": ISSUER, "jti": "jti-1", "expires_at": NOW + DENY_ENTRY_SECONDS });
    assert_eq!(written, expected);
    assert_eq!(verdict(world.get("/me", &token)), (401, "token_revoked"));
    let response = call(&mut world, "GET", None, None);
    assert_eq!((response.status, json_of(&response)), (200, json!({ "entries": [expected] })));
    let response = call(&mut world, "DELETE", Some(&format!("id={id}")), None);
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    forwarded(world.get("/me", &token));
    let response = call(&mut world, "DELETE", Some(&format!("id={id}")), None);
    assert_eq!((response.status, response.error.unwrap().code()), (404, "revocation_unknown"));
}

/// The same tokens are one entry, whoever writes it and whenever it ends; other tokens are another.
#[test]
fn an_entry_is_known_by_the_tokens_it_names() {
    let mut world = world();
    let mut id = |body: Value| json_of(&post(&mut world, &body))["id"].as_str().unwrap().to_owned();
    let first = id(json!({ "jti": "a" }));
    assert_eq!(first, id(json!({ "jti": "a", "iss": ISSUER, "expires_at": NOW + 9 })));
    assert_ne!(first, id(json!({ "sub": "a" })));
    assert_eq!(world.deny_list.as_ref().unwrap().len(), 2);
}

/// A user is denied what was issued up to now, and may sign in again.
#[test]
fn a_sub_is_denied_up_to_now() {
    let (mut world, token) = (world(), Key::Ec.sign(&claims_with(json!({ "iat": NOW }))));
    let written = json_of(&post(&mut world, &json!({ "sub": "user-1" })));
    assert_eq!(written["issued_before"], json!(NOW + 1));
    assert_eq!(verdict(world.get("/me", &token)), (401, "token_revoked"));
    world.now += 1;
    forwarded(world.get("/me", &Key::Ec.sign(&claims_with(json!({ "iat": NOW + 1 })))));
    // A session is over for good.
    assert!(json_of(&post(&mut world, &json!({ "sid": "s" }))).get("issued_before").is_none());
}

#[test]
fn what_is_no_entry_is_refused_with_every_problem() {
    let mut world = world();
    let most = NOW + MAX_DENY_ENTRY_SECONDS;
    for (body, paths) in [
        (json!({}), vec!["issued_before"]),
        (json!({ "sub": null }), vec!["sub"]),
        (json!({ "sub": "" }), vec!["sub"]),
        (json!({ "jti": "a", "sub": "b" }), vec!["sub"]),
        (json!({ "jti": "a", "issued_before": 5 }), vec!["issued_before"]),
        (json!({ "jti": "a", "iss": "https://other.example" }), vec!["iss"]),
        (json!({ "jti": "a", "expires_at": NOW }), vec!["expires_at"]),
        (json!({ "jti": "a", "expires_at": most + 1 }), vec!["expires_at"]),
        (json!({ "token": "a", "iss": 1 }), vec!["token", "iss", "issued_before"]),
        (json!({ "jti": "a".repeat(MAX_DENY_ENTRY_BYTES) }), vec!["(document)"]),
    ] {
        assert_eq!(problems(&mut world, &body), paths, "{body}");
    }
    for body in [None, Some("{"), Some("[]")] {
        assert_eq!(call(&mut world, "POST", None, body).status, 400);
    }
    for query in [None, Some("id="), Some("id=short"), Some("x=1"), Some("id=aaaaaaaaaaaaaaaaaaaaa%")] {
        assert_eq!(call(&mut world, "DELETE", query, None).status, 400);
    }
    assert_eq!(world.deny_list.as_ref().unwrap().len(), 0);
    assert_eq!(post(&mut world, &json!({ "jti": "a", "expires_at": most })).status, 201);
}

/// With several issuers it has to be said whose tokens are meant.
#[test]
fn with_several_issuers_an_entry_names_one() {
    let mut policy = revoking_policy();
    let other = json!({ "issuer": "https://other.example", "audience": "x" });
    policy["issuers"].as_array_mut().unwrap().push(other);
    let mut world = World { key_set: Some(crate::signing::key_set()), ..World::new(&policy) };
    assert_eq!(problems(&mut world, &json!({ "jti": "a" })), ["iss"]);
    assert_eq!(post(&mut world, &json!({ "jti": "a", "iss": "https://other.example" })).status, 201);
}

/// Nothing is let go of to make room, and no answer of the store's is taken for success.
#[test]
fn a_list_that_is_full_or_away_says_so() {
    let mut world = world();
    // The gate has a copy, so the admin's own token passes.
    assert_eq!(call(&mut world, "GET", None, None).status, 200);
    world.deny_list_room = 0;
    let response = post(&mut world, &json!({ "jti": "a" }));
    assert_eq!((response.status, response.error.unwrap().code()), (507, "deny_list_full"));
    assert_eq!(call(&mut world, "GET", None, None).status, 200);
    world.deny_list = None;
    for (method, query, body) in [
        ("POST", None, Some(r#"{"jti":"a"}"#)),
        ("GET", None, None),
        ("DELETE", Some("id=aaaaaaaaaaaaaaaaaaaaaa"), None),
    ] {
        let response = call(&mut world, method, query, body);
        assert_eq!((response.status, response.error.unwrap().code()), (503, "deny_list_unavailable"), "{method}");
    }
}

/// Whoever comes here is judged as on every other route: by its demands, and by the list itself.
#[test]
fn the_route_is_guarded_as_others_are() {
    let mut world = world();
    let without = Key::Ec.sign(&claims_with(json!({ "scope": "data:read" })));
    assert_eq!(verdict(world.get("/deny-list", &without)), (403, "scope_missing"));
    let request = Request { method: "POST", path: "/deny-list", ..Request::default() };
    assert_eq!(verdict(world.call(&request)), (401, "credentials_missing"));
    assert_eq!(call(&mut world, "PUT", None, None).status, 405);
    assert_eq!(post(&mut world, &json!({ "sub": "admin" })).status, 201);
    assert_eq!(call(&mut world, "GET", None, None).error.unwrap().code(), "token_revoked");
}

/// Only who may write learns anything: the answer says nothing of the store to others, and no decision forwards such a request.
#[test]
fn no_request_of_the_route_reaches_the_origin() {
    let mut world = world();
    for method in ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"] {
        let authorization = format!("Bearer {}", admin_token());
        let request = Request { method, path: "/deny-list", authorization: Some(&authorization), ..Request::default() };
        assert!(matches!(world.call(&request), Decision::Respond(_)), "{method}");
    }
}

#[test]
fn a_policy_says_where_the_list_is_and_how_old_it_may_be() {
    let with = |revocation: Value, route: Value| {
        let mut policy = policy();
        policy["revocation"] = revocation;
        policy["routes"].as_array_mut().unwrap().push(route);
        match Policy::parse(&policy.to_string()) {
            Ok(_) => Vec::new(),
            Err(edgeward::Error::PolicyInvalid { problems }) => {
                problems.into_iter().map(|problem| problem.path).collect()
            }
            Err(error) => panic!("{error}"),
        }
    };
    let (object, route) = (json!({ "durable_object_binding": "A" }), json!({ "path": "/x" }));
    let admin =
        |changes: Value| crate::outside::merged(json!({ "path": "/x", "scope": "a", "deny_list": true }), changes);
    for (revocation, route, paths) in [
        (object.clone(), admin(json!({})), vec![]),
        (json!({ "kv_binding": "A", "refresh_seconds": 300, "stale_if_error_seconds": 0 }), route.clone(), vec![]),
        (json!({}), route.clone(), vec!["revocation.durable_object_binding"]),
        (json!({ "kv_binding": "A", "durable_object_binding": "B" }), route.clone(), vec!["revocation.kv_binding"]),
        (json!({ "kv_binding": "" }), route.clone(), vec!["revocation.kv_binding"]),
        (json!({ "kv_binding": 1 }), route.clone(), vec!["revocation.kv_binding"]),
        (json!({ "kv_binding": "A", "refresh_seconds": 0 }), route.clone(), vec!["revocation.refresh_seconds"]),
        (json!({ "kv_binding": "A", "refresh_seconds": 301 }), route.clone(), vec!["revocation.refresh_seconds"]),
        (
            json!({ "kv_binding": "A", "stale_if_error_seconds": 3601 }),
            route.clone(),
            vec!["revocation.stale_if_error_seconds"],
        ),
        (
            json!({ "kv_binding": "A", "entry_lifetime_seconds": 59 }),
            route.clone(),
            vec!["revocation.entry_lifetime_seconds"],
        ),
        (json!({ "kv_binding": "A", "binding": "B" }), route, vec!["revocation.binding"]),
        (Value::Null, admin(json!({})), vec!["routes[4].deny_list"]),
        (object.clone(), admin(json!({ "scope": null })), vec!["routes[4].deny_list"]),
        (object, admin(json!({ "scope": null, "public": true })), vec!["routes[4].deny_list"]),
    ] {
        assert_eq!(with(revocation.clone(), route.clone()), paths, "{revocation} {route}");
    }
}
