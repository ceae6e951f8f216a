//! Loading a policy: every problem is named with its place, and nothing runs on a policy that has one.

use edgeward::{
    Error,
    crypto::FastEngine,
    error::Problem,
    limits,
    resource_server::{Gate, Policy, Request},
};
use serde_json::{Value, json};

use crate::outside::{World, forwarded, header, introspecting_policy, merged, policy, refused};

pub(crate) fn problems_of(text: &str) -> Vec<Problem> {
    match Policy::parse(text) {
        Ok(_) => Vec::new(),
        Err(Error::PolicyInvalid { problems }) => problems,
        Err(error) => panic!("not a problem of the policy: {error}"),
    }
}

pub(crate) fn paths(policy: &Value) -> Vec<String> {
    problems_of(&policy.to_string()).into_iter().map(|problem| problem.path).collect()
}

/// The introspecting policy with one member set, named by a JSON pointer (RFC 6901) whose parent is there.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut policy = introspecting_policy();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    policy.pointer_mut(parent).unwrap()[member] = value;
    policy
}

#[test]
fn the_policies_of_these_tests_are_good() {
    assert_eq!(paths(&policy()), Vec::<String>::new());
    assert_eq!(paths(&introspecting_policy()), Vec::<String>::new());
}

/// Fail closed: each fault is found, and named by its place.
#[test]
fn each_fault_is_named_by_its_place() {
    let issuer = "issuers[0].issuer";
    let rows = [
        ("/issuers", json!([]), "issuers"),
        ("/issuers/0/issuer", json!("http://as.example"), issuer),
        ("/issuers/0/issuer", json!("http://127.0.0.1:4000"), issuer),
        ("/issuers/0/issuer", json!("https://as.example?tenant=1"), issuer),
        ("/issuers/0/issuer", json!("https://as.example#x"), issuer),
        ("/issuers/0/issuer", json!("https://user@as.example"), issuer),
        ("/issuers/0/issuer", json!("as.example"), issuer),
        ("/issuers/0/issuer", json!(""), issuer),
        ("/issuers/0/audience", json!([]), "issuers[0].audience"),
        ("/issuers/0/audience", json!(""), "issuers[0].audience"),
        ("/issuers/0/audience", json!(["https://api.example", ""]), "issuers[0].audience"),
        ("/issuers/0/algorithms", json!([]), "issuers[0].algorithms"),
        ("/issuers/0/algorithms", json!(["none"]), "issuers[0].algorithms"),
        ("/issuers/0/algorithms", json!(["RS256", "HS256"]), "issuers[0].algorithms"),
        ("/issuers/0/algorithms", json!(["rs256"]), "issuers[0].algorithms"),
        ("/issuers/0/jwks_uri", json!("http://as.example/jwks"), "issuers[0].jwks_uri"),
        ("/issuers/0/jwks_uri", json!("file:///etc/jwks.json"), "issuers[0].jwks_uri"),
        ("/issuers/0/clock_tolerance_seconds", json!(301), "issuers[0].clock_tolerance_seconds"),
        (
            "/issuers/0/introspection/introspection_endpoint",
            json!("http://as.example/introspect"),
            "issuers[0].introspection.introspection_endpoint",
        ),
        ("/issuers/0/introspection", Value::Null, "issuers[0].introspection"),
        ("/routes", json!([]), "routes"),
        ("/routes/2/methods", json!(["get"]), "routes[2].methods"),
        ("/routes/2/methods", json!(["GET", ""]), "routes[2].methods"),
        ("/routes/2/methods", json!(["GET\r\nX: 1"]), "routes[2].methods"),
        ("/routes/2/scope", json!("data\"read"), "routes[2].scope"),
        ("/routes/2/scope", json!("data\\read"), "routes[2].scope"),
        ("/routes/2/scope", json!("data:read\r\nX: 1"), "routes[2].scope"),
        ("/routes/2/scope", json!("lis\u{e9}"), "routes[2].scope"),
        ("/routes/2/scope", json!("a".repeat(limits::MAX_SCOPE_BYTES + 1)), "routes[2].scope"),
        ("/routes/0/scope", json!("data:read"), "routes[0].public"),
        ("/routes/0/introspection", json!(true), "routes[0].public"),
        ("/upstream/origin", json!("http://origin.internal"), "upstream.origin"),
        ("/upstream/origin", json!("https://origin.internal/"), "upstream.origin"),
        ("/upstream/origin", json!("https://origin.internal/api"), "upstream.origin"),
        ("/upstream/origin", json!("https://origin.internal?x"), "upstream.origin"),
        ("/upstream/origin", json!(""), "upstream.origin"),
        ("/realm", json!("a \"quoted\" realm"), "realm"),
        ("/realm", json!("back\\slash"), "realm"),
        ("/realm", json!("line\r\nSet-Cookie: a=b"), "realm"),
        ("/realm", json!("nul\0"), "realm"),
        ("/realm", json!("r\u{e9}alm"), "realm"),
        ("/cors", json!({ "origins": ["*"] }), "cors.origins[0]"),
        ("/cors", json!({ "origins": ["https://app.example", "null"] }), "cors.origins[1]"),
        ("/cors", json!({ "origins": ["https://app.example/"] }), "cors.origins[0]"),
        ("/cors", json!({ "origins": ["https://*.example"] }), "cors.origins[0]"),
        ("/cors", json!({ "origins": ["app.example"] }), "cors.origins[0]"),
        ("/cors", json!({ "origins": ["https://app.example"], "headers": ["x-a, *"] }), "cors.headers"),
        ("/cors", json!({ "origins": ["https://app.example"], "headers": [""] }), "cors.headers"),
    ];
    for (pointer, value, path) in rows {
        let policy = with(pointer, value.clone());
        assert_eq!(paths(&policy), [path], "{pointer} = {value}");
    }
}

/// Only plain patterns are taken, so that no route looks as if it protected what it never matches.
#[test]
fn a_route_that_could_never_match_is_refused() {
    let rows = [
        "",
        "data",
        "*",
        "/data/",
        "/data*",
        "/*/data",
        "/a/*/b",
        "/a/**",
        "//",
        "//*",
        "//data",
        "/a//b",
        "/./a",
        "/a/..",
        "/d%61ta",
        "/data?x=1",
        "/data#x",
        "/a\\b",
        "data/*",
    ];
    for pattern in rows {
        assert_eq!(paths(&with("/routes/1/path", json!(pattern))), ["routes[1].path"], "{pattern:?}");
    }
}

/// A header that carries a claim must not be one that means something to the origin's server.
#[test]
fn claim_headers_with_a_meaning_of_their_own_are_refused() {
    let rows = [
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
        "",
        "X-User",
        "x_user",
        "x user",
        "x-user\r\n",
        "x:user",
        "\u{e9}",
    ];
    for name in rows {
        let policy = with("/upstream/claim_headers", json!({ "sub": name }));
        assert_eq!(paths(&policy), ["upstream.claim_headers.sub"], "{name:?}");
        let policy = with("/upstream/claim_headers", json!([{ "path": "sub", "header": name }]));
        assert_eq!(paths(&policy), ["upstream.claim_headers[0].header"], "{name:?}");
    }
    let twice = json!([{ "path": "a.b", "header": "x-user" }, { "path": "sub", "header": "x-user" }]);
    assert_eq!(paths(&with("/upstream/claim_headers", twice)), ["upstream.claim_headers[1].header"]);
    let name = |number| format!("x-{number}");
    let object: serde_json::Map<_, _> = (0..101).map(|number| (name(number), json!(name(number)))).collect();
    let list: Vec<_> = (0..101).map(|number| json!({ "path": "a", "header": name(number) })).collect();
    assert_eq!(paths(&with("/upstream/claim_headers", object.into())), ["upstream.claim_headers"]);
    assert_eq!(paths(&with("/upstream/claim_headers", json!(list))), ["upstream.claim_headers"]);
    assert_eq!(paths(&with("/upstream/claim_headers", json!(list[..100]))), Vec::<String>::new());
    let twice = with("/upstream/claim_headers", json!({ "email": "x-user", "sub": "x-user" }));
    assert_eq!(paths(&twice), ["upstream.claim_headers.sub"]);
}

/// Two routes for the same request leave it to chance which one holds; whichever comes first.
#[test]
fn overlapping_routes_are_refused_in_either_order() {
    let rows = [
        (json!({ "path": "/a" }), json!({ "path": "/a", "public": true })),
        (json!({ "path": "/a", "methods": ["GET"] }), json!({ "path": "/a", "public": true })),
        (json!({ "path": "/a", "methods": ["GET", "PUT"] }), json!({ "path": "/a", "methods": ["PUT"], "scope": "x" })),
        (json!({ "path": "/a/*", "methods": ["PUT"] }), json!({ "path": "/a/*", "methods": ["PUT"] })),
    ];
    for (one, other) in rows {
        for routes in [json!([one, other]), json!([other, one])] {
            assert_eq!(paths(&merged(policy(), json!({ "routes": routes }))), ["routes[1].path"], "{routes}");
        }
    }
}

/// RFC 9110 section 9.3.2: GET's rule governs HEAD as well, so a second rule for HEAD overlaps with it in either order.
#[test]
fn a_rule_for_head_overlaps_with_one_for_get_in_either_order() {
    let get = json!({ "path": "/a", "methods": ["GET"], "scope": "data:read" });
    let head = json!({ "path": "/a", "methods": ["HEAD"], "public": true });
    for routes in [json!([get, head]), json!([head, get])] {
        assert_eq!(paths(&merged(policy(), json!({ "routes": routes }))), ["routes[1].path"], "{routes}");
    }
}

/// The same path with other methods, or the same prefix as pattern and as path, is no overlap.
#[test]
fn routes_that_share_no_request_stand_side_by_side() {
    let routes = json!([
        { "path": "/a", "methods": ["GET"] },
        { "path": "/a", "methods": ["POST"], "scope": "write" },
        { "path": "/a/*", "public": true },
    ]);
    assert_eq!(paths(&merged(policy(), json!({ "routes": routes }))), Vec::<String>::new());
}

/// Every problem at once, so that an operator mends a policy in one go.
#[test]
fn all_problems_are_listed_together() {
    let mut policy = policy();
    policy["issuers"][0]["audience"] = json!([]);
    policy["issuers"][0]["jwks_uri"] = json!("http://as.example/jwks");
    policy["routes"][0]["scope"] = json!("x");
    policy["upstream"]["origin"] = json!("ftp://origin");
    policy["realm"] = json!("\"");
    let expected = ["issuers[0].audience", "issuers[0].jwks_uri", "routes[0].public", "upstream.origin", "realm"];
    assert_eq!(paths(&policy), expected);
    let error = Policy::parse(&policy.to_string()).unwrap_err().to_string();
    assert!(expected.iter().all(|path| error.contains(path)), "{error}");
}

/// `allow_insecure_loopback` lets `http` leave nowhere but to this machine.
#[test]
fn the_loopback_switch_opens_loopback_only() {
    let with_origin = |origin: &str, switch: bool| {
        let upstream = json!({ "origin": origin });
        paths(&merged(policy(), json!({ "upstream": upstream, "allow_insecure_loopback": switch })))
    };
    for origin in ["http://127.0.0.1:4002", "http://localhost", "http://[::1]:4002"] {
        assert_eq!(with_origin(origin, true), Vec::<String>::new(), "{origin}");
        assert_eq!(with_origin(origin, false), ["upstream.origin"], "{origin}");
    }
    for origin in ["http://origin.internal", "http://127.0.0.1.evil.example", "http://localhost.evil.example"] {
        assert_eq!(with_origin(origin, true), ["upstream.origin"], "{origin}");
    }
}

/// Bounds of `limits`, and an issuer named twice, whose second entry would never be asked.
#[test]
fn counts_are_bounded_and_issuers_distinct() {
    let issuer = |index: usize| json!({ "issuer": format!("https://as{index}.example"), "audience": "a" });
    let issuers = |count: usize| merged(policy(), json!({ "issuers": (0..count).map(issuer).collect::<Vec<_>>() }));
    assert_eq!(paths(&issuers(limits::MAX_ISSUERS)), Vec::<String>::new());
    assert_eq!(paths(&issuers(limits::MAX_ISSUERS + 1)), ["issuers"]);
    let route = |index: usize| json!({ "path": format!("/r{index}") });
    let routes = |count: usize| merged(policy(), json!({ "routes": (0..count).map(route).collect::<Vec<_>>() }));
    assert_eq!(paths(&routes(limits::MAX_ROUTES)), Vec::<String>::new());
    assert_eq!(paths(&routes(limits::MAX_ROUTES + 1)), ["routes"]);
    assert_eq!(paths(&merged(policy(), json!({ "issuers": [issuer(1), issuer(1)] }))), ["issuers[1].issuer"]);
}

/// A secret that is not there stops the gate before it serves; its name is given.
#[test]
fn a_missing_or_empty_secret_is_a_problem_of_its_binding() {
    let name = "INTROSPECTION_CLIENT_SECRET";
    let parse = || Policy::parse(&introspecting_policy().to_string()).unwrap();
    assert_eq!(parse().secret_bindings(), [name]);
    for secrets in [vec![], vec![(name.to_owned(), String::new())], vec![("X".into(), "y".into())]] {
        match Gate::new(parse(), secrets, Box::new(FastEngine)).err() {
            Some(Error::PolicyInvalid { problems }) => assert_eq!(problems[0].path, name),
            other => panic!("{other:?}"),
        }
    }
    assert!(Gate::new(parse(), [(name.to_owned(), "s".into())].into(), Box::new(FastEngine)).is_ok());
}

/// RFC 6750 section 3: the realm is the policy's, or else its first audience.
#[test]
fn the_realm_is_the_first_audience_unless_the_policy_names_one() {
    let mut world = World::new(&merged(policy(), json!({ "realm": null })));
    let response = refused(world.call(&Request { method: "GET", path: "/me", ..Request::default() }));
    assert_eq!(header(&response.headers, "www-authenticate"), Some("Bearer realm=\"https://api.example\""));
    let unfit =
        merged(policy(), json!({ "realm": null, "issuers": [{ "issuer": "https://a.example", "audience": "\"" }] }));
    assert_eq!(paths(&unfit), ["realm"]);
}

/// The smallest policy there is works.
#[test]
fn the_smallest_policy_serves() {
    let smallest = json!({
        "issuers": [{ "issuer": "https://as.example/tenant", "audience": ["a"] }],
        "routes": [{ "path": "/", "public": true }],
        "upstream": { "origin": "https://origin.internal:8443" },
    });
    let decision = World::new(&smallest).call(&Request { method: "GET", path: "/", ..Request::default() });
    assert_eq!(forwarded(decision).url, "https://origin.internal:8443/");
}

/// Attack 35: a secret put in the wrong place is not repeated in the error that says so.
#[test]
fn a_problem_never_quotes_a_value() {
    for (pointer, value) in [
        ("/issuers/0/introspection", json!("S3CRET")),
        ("/issuers/0/token_profile", json!("S3CRET")),
        ("/issuers/0/audience", json!({ "S3CRET": 1 })),
        ("/upstream", json!("S3CRET, expected nothing")),
        ("/explain", json!("S3CRET")),
    ] {
        let mut document = policy();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[member] = value;
        let sentence = Policy::parse(&document.to_string()).unwrap_err().to_string();
        assert!(!sentence.contains("S3CRET"), "{sentence}");
        assert!(sentence.contains("line 1") || sentence.contains("must be"), "{sentence}");
    }
}
