//! The request as the origin receives it. The claims come from introspection answers, so that any value can be tried.

use edgeward::resource_server::{Forward, Request};
use serde_json::{Value, json};

use crate::outside::{World, claims_with, forwarded, introspecting_policy, merged, onward, policy, refused};

/// The onward request for a token with these changes to the usual claims.
fn forward_with(policy: &Value, changes: Value) -> Forward {
    let mut world = World::new(policy);
    world.introspection = Some(merged(claims_with(changes), json!({ "active": true })).to_string());
    forwarded(world.get("/admin", "opaque"))
}

fn with_claim_headers(claim_headers: Value) -> Value {
    let mut policy = introspecting_policy();
    policy["upstream"]["claim_headers"] = claim_headers;
    policy
}

/// The contract's default: who called, for which client, with what rights.
#[test]
fn identity_headers_come_from_the_verified_claims() {
    let forward = forward_with(&introspecting_policy(), json!({ "scope": "admin  files" }));
    let headers = forward.headers();
    let mut headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.sort_unstable();
    let expected = [
        ("edgeward-client-id", "app"),
        ("edgeward-iss", "https://as.example"),
        ("edgeward-jti", "jti-1"),
        ("edgeward-scope", "admin files"),
        ("edgeward-sub", "user-1"),
    ];
    assert_eq!(headers, expected);
    assert_eq!(forward.grant.as_ref().and_then(|grant| grant.token().subject()), Some("user-1"));
    assert_eq!(forward.url, "https://origin.internal/admin");
}

/// An absent claim sets no header: nothing is made up for it.
#[test]
fn an_absent_claim_sets_no_header() {
    let forward = forward_with(&introspecting_policy(), json!({ "sub": null, "client_id": null, "jti": null }));
    for name in ["edgeward-sub", "edgeward-client-id", "edgeward-jti"] {
        assert_eq!(onward(&forward, name), None, "{name}");
    }
    assert_eq!(forward.grant.unwrap().token().subject(), None);
}

/// Providers that predate RFC 9068 name the client in `azp`.
#[test]
fn the_client_is_azp_where_client_id_is_absent() {
    let forward = forward_with(&introspecting_policy(), json!({ "client_id": null, "azp": "spa" }));
    assert_eq!(onward(&forward, "edgeward-client-id").as_deref(), Some("spa"));
    let forward = forward_with(&introspecting_policy(), json!({ "client_id": "app", "azp": "spa" }));
    assert_eq!(onward(&forward, "edgeward-client-id").as_deref(), Some("app"));
}

/// Attack 36 on the way in: a claim can neither end a header nor be read as another value.
#[test]
fn claim_values_are_encoded_so_that_decoding_is_unique() {
    for (subject, value) in [
        ("plain", "plain"),
        ("two words", "two words"),
        (" edges ", "%20edges%20"),
        ("a\r\nedgeward-scope: admin", "a%0D%0Aedgeward-scope: admin"),
        ("nul\0tab\tdel\u{7f}", "nul%00tab%09del%7F"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("Zo\u{eb}", "Zo%C3%AB"),
        ("\u{5c71}\u{1f600}", "%E5%B1%B1%F0%9F%98%80"),
        ("\u{85}\u{2028}", "%C2%85%E2%80%A8"),
        ("a,b;c=\"d\"", "a%2Cb;c=\"d\""),
    ] {
        let forward = forward_with(&introspecting_policy(), json!({ "sub": subject }));
        assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some(value), "{subject:?}");
    }
}

/// A scope may hold "%" (RFC 6749 section 3.3). Left bare, `files%20admin` would decode to the two scopes "files admin".
#[test]
fn a_percent_sign_in_a_scope_is_encoded_as_in_every_claim() {
    let forward = forward_with(&introspecting_policy(), json!({ "scope": "admin files%20root" }));
    assert_eq!(onward(&forward, "edgeward-scope").as_deref(), Some("admin files%2520root"));
}

/// Claims of each JSON type, under names of the policy's own.
#[test]
fn claims_of_each_type_are_written_in_one_way() {
    let policy = with_claim_headers(json!({ "groups": "x-groups" }));
    for (value, written) in [
        (json!("staff"), Some("staff")),
        (json!(7), Some("7")),
        (json!(-1.5), Some("-1.5")),
        (json!(true), Some("true")),
        (json!(["a", "b"]), Some("a,b")),
        (json!(["a,b", "c"]), Some("a%2Cb,c")),
        (json!(["a%2Cb"]), Some("a%252Cb")),
        (json!(["r\u{e9}", "\r\n"]), Some("r%C3%A9,%0D%0A")),
        (json!(["a", 1]), None),
        (json!([["a"]]), None),
        (json!({ "a": "b" }), None),
    ] {
        let forward = forward_with(&policy, json!({ "groups": value }));
        assert_eq!(onward(&forward, "x-groups").as_deref(), written, "{value}");
    }
    // JSON null, which `merged` would take for "absent".
    let mut world = World::new(&policy);
    let answer = merged(claims_with(json!({})), json!({ "active": true })).to_string();
    world.introspection = Some(answer.replacen('{', r#"{"groups":null,"#, 1));
    assert_eq!(onward(&forwarded(world.get("/admin", "opaque")), "x-groups"), None);
}

/// The policy's own choice replaces the default headers.
#[test]
fn the_policy_chooses_the_headers() {
    let forward =
        forward_with(&with_claim_headers(json!({ "sub": "x-user", "email": "x-mail" })), json!({ "email": "a@b" }));
    let mut headers = forward.headers();
    headers.sort_unstable();
    assert_eq!(headers, [("x-mail".into(), "a@b".into()), ("x-user".into(), "user-1".into())]);
    assert_eq!(forward_with(&with_claim_headers(json!({})), json!({})).headers(), Vec::<(String, String)>::new());
}

/// A list names claims inside of others, and claims with a dot in their name; the values are encoded as those of all claims are.
#[test]
fn claims_inside_of_others_go_into_headers() {
    let policy = with_claim_headers(json!([
        { "path": "realm_access.roles", "header": "x-roles" },
        { "path": ["https://x.example/plan"], "header": "x-plan" },
        { "path": "scope", "header": "x-scope" },
        { "path": ["client_id"], "header": "x-client" },
        { "path": "a.b.c", "header": "x-deep" },
        { "path": "realm_access.scope", "header": "x-inner-scope" },
    ]));
    let claims = json!({
        "realm_access": { "roles": ["editor, admin", "r\u{e9}\r\nedgeward-sub: root"], "scope": "root" },
        "https://x.example/plan": "paid",
        "a": { "b": { "c": true } },
        "client_id": null,
        "azp": "spa",
        "scope": "admin",
    });
    let mut headers = forward_with(&policy, claims).headers();
    headers.sort_unstable();
    let expected = [
        ("x-client", "spa"),
        ("x-deep", "true"),
        ("x-inner-scope", "root"),
        ("x-plan", "paid"),
        ("x-roles", "editor%2C admin,r%C3%A9%0D%0Aedgeward-sub: root"),
        ("x-scope", "admin"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

/// What is not at the whole of the path sets no header: no part of it, no object, no claim of the dotted name.
#[test]
fn a_path_that_leads_nowhere_sets_no_header() {
    let policy = with_claim_headers(json!([{ "path": "realm_access.roles", "header": "x-roles" }]));
    for claims in [
        json!({}),
        json!({ "realm_access": "editor" }),
        json!({ "realm_access": ["roles"] }),
        json!({ "realm_access": { "roles": { "0": "editor" } } }),
        json!({ "realm_access": { "roles": [] } }),
        json!({ "realm_access": { "roles": ["editor", { "name": "admin" }] } }),
        json!({ "realm_access.roles": ["editor"], "roles": ["editor"] }),
    ] {
        assert_eq!(forward_with(&policy, claims.clone()).headers(), Vec::<(String, String)>::new(), "{claims}");
    }
    // An object of claims has no paths: its names are whole names.
    let of_names = with_claim_headers(json!({ "realm_access.roles": "x-roles" }));
    let nested = json!({ "realm_access": { "roles": ["editor"] } });
    assert_eq!(forward_with(&of_names, nested).headers(), Vec::<(String, String)>::new());
    let forward = forward_with(&of_names, json!({ "realm_access.roles": "editor" }));
    assert_eq!(onward(&forward, "x-roles").as_deref(), Some("editor"));
}

/// Attack 37: what a client sends under one of the gate's names never reaches the origin, however it is spelled.
#[test]
fn spoofed_identity_headers_are_dropped() {
    let of_list = World::new(&with_claim_headers(json!([{ "path": "a.b", "header": "x-user-id" }]))).gate;
    assert!(of_list.drops_header("X_User.Id") && of_list.drops_header("edgeward-sub"));
    let gate = World::new(&with_claim_headers(json!({ "sub": "x-user-id" }))).gate;
    for name in [
        "edgeward-sub",
        "Edgeward-Sub",
        "EDGEWARD-SUB",
        "edgeward_sub",
        "Edgeward_Client_Id",
        "edgeward-anything",
        "edgeward-",
        "edgeward_",
        "edgeward.sub",
        "Edgeward!Sub",
        "edgeward~client_id",
        "x-user-id",
        "x.user.id",
        "X-User-Id",
        "x_user_id",
        "X-USER_ID",
        "authorization",
        "Authorization",
        "AUTHORIZATION",
    ] {
        assert!(gate.drops_header(name), "{name}");
    }
}

/// Everything else the client says is the origin's business.
#[test]
fn other_headers_of_the_client_stay() {
    let gate = World::new(&policy()).gate;
    for name in ["accept", "content-type", "cookie", "x-user-id", "edgeward", "x-edgeward-sub", "x-authorization", ""] {
        assert!(!gate.drops_header(name), "{name}");
    }
}

/// A public route looks at no token, so it vouches for nobody: no identity header, and a token that came is not judged.
#[test]
fn a_public_route_carries_no_identity() {
    for authorization in [None, Some("Bearer opaque"), Some("Bearer a b"), Some("Basic x")] {
        let mut world = World::new(&introspecting_policy());
        let request =
            Request { method: "GET", path: "/health", authorization, query: Some("a=b"), ..Request::default() };
        let forward = forwarded(world.call(&request));
        assert_eq!(forward.headers(), Vec::<(String, String)>::new());
        assert!(forward.grant.is_none());
        assert_eq!(forward.url, "https://origin.internal/health?a=b");
        assert!(world.fetched.is_empty());
    }
}

/// A claim of a wrong type is an error, never text made of it: `edgeward-sub` is always a string of the issuer's.
#[test]
fn an_identity_claim_of_a_wrong_type_refuses_the_token() {
    for claim in ["sub", "client_id", "jti", "azp"] {
        for value in [json!(1), json!(["user-1"]), json!({ "a": 1 }), json!(true)] {
            let mut world = World::new(&introspecting_policy());
            let answer = merged(claims_with(json!({ claim: value })), json!({ "active": true }));
            world.introspection = Some(answer.to_string());
            assert_eq!(refused(world.get("/admin", "opaque")).status, 401, "{answer}");
        }
    }
}

/// A client's header by which some origins take another path or method than the one the route was chosen by.
#[test]
fn headers_that_override_path_or_method_are_dropped() {
    let gate = World::new(&policy()).gate;
    for name in [
        "X-Original-URL",
        "x-rewrite-url",
        "X_Original_Url",
        "x.http.method.override",
        "X-HTTP-Method-Override",
        "x-http-method",
        "X-Method-Override",
        "Connection",
        "keep-alive",
        "TE",
        "proxy-authorization",
    ] {
        assert!(gate.drops_header(name), "{name}");
    }
}

/// Attack 35.
#[test]
fn debug_output_of_a_decision_shows_no_claim() {
    let forward = forward_with(&introspecting_policy(), json!({ "sub": "SECRET-PERSON" }));
    let shown = format!("{forward:?}");
    assert!(shown.contains("origin.internal") && !shown.contains("SECRET-PERSON"), "{shown}");
}
