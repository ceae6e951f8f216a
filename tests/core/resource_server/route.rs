//! Which route governs a request. Public routes and bare challenges show which one was found, so no token is needed.

use edgeward::resource_server::{Decision, Request};
use serde_json::{Value, json};

use crate::outside::{World, forwarded, header, merged, policy, refused};

/// What became of a request without credentials.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Public,
    Protected,
    NotFound,
    MethodNotAllowed,
    Ambiguous,
}

fn see(routes: &Value, method: &str, path: &str) -> Seen {
    let mut world = World::new(&merged(policy(), json!({ "routes": routes })));
    match world.call(&Request { method, path, ..Request::default() }) {
        Decision::Forward(_) => Seen::Public,
        Decision::Respond(response) => match response.status {
            401 => Seen::Protected,
            404 => Seen::NotFound,
            405 => Seen::MethodNotAllowed,
            400 => Seen::Ambiguous,
            status => panic!("{status} for {method} {path}"),
        },
    }
}

/// The contract's rule: the most specific pattern decides, an exact path before the longest prefix.
#[test]
fn the_most_specific_pattern_decides() {
    let routes = json!([
        { "path": "/*" },
        { "path": "/files/*", "public": true },
        { "path": "/files/private/*" },
        { "path": "/files/private/readme", "public": true },
        { "path": "/files/sealed" },
    ]);
    for (path, seen) in [
        ("/", Seen::Protected),
        ("/other", Seen::Protected),
        ("/filesystem", Seen::Protected),
        ("/files", Seen::Public),
        ("/files/", Seen::Public),
        ("/files/a/b/c", Seen::Public),
        ("/files/sealed", Seen::Protected),
        ("/files/sealed.txt", Seen::Public),
        ("/files/private", Seen::Protected),
        ("/files/private/", Seen::Protected),
        ("/files/private/a", Seen::Protected),
        ("/files/privateer", Seen::Public),
        ("/files/private/readme", Seen::Public),
        ("/files/private/readme/x", Seen::Protected),
    ] {
        assert_eq!(see(&routes, "GET", path), seen, "{path}");
    }
}

/// Fail closed: what no route names is not found, and nobody is asked for credentials there.
#[test]
fn a_path_that_no_route_names_is_not_found() {
    let routes = json!([{ "path": "/data", "public": true }, { "path": "/files/*", "public": true }]);
    for path in ["/", "/dat", "/data2", "/data/x", "/data/", "/DATA", "/Files/a", "/data.json", "/data%20", "/file"] {
        assert_eq!(see(&routes, "GET", path), Seen::NotFound, "{path}");
    }
    let mut world = World::new(&policy());
    let response = refused(world.call(&Request { method: "GET", path: "/nowhere", ..Request::default() }));
    assert_eq!(header(&response.headers, "www-authenticate"), None);
    assert_eq!(response.body, r#"{"status":404,"title":"Not Found","type":"about:blank"}"#);
}

/// RFC 9110 section 15.5.6: 405 comes with `Allow`, which holds the methods of all routes of the path.
#[test]
fn another_method_is_answered_with_the_methods_there_are() {
    let routes = json!([
        { "path": "/notes", "methods": ["GET"], "public": true },
        { "path": "/notes", "methods": ["POST", "PUT"] },
        { "path": "/*", "public": true },
    ]);
    let mut world = World::new(&merged(policy(), json!({ "routes": routes })));
    for method in ["DELETE", "PATCH", "OPTIONS", "get", "Post", "", "POST ", "TRACE"] {
        let response = refused(world.call(&Request { method, path: "/notes", ..Request::default() }));
        assert_eq!(response.status, 405, "{method}");
        assert_eq!(header(&response.headers, "allow"), Some("GET, POST, PUT"), "{method}");
        assert_eq!(header(&response.headers, "www-authenticate"), None);
        assert_eq!(response.body, r#"{"status":405,"title":"Method Not Allowed","type":"about:blank"}"#);
    }
}

/// RFC 9110 section 9.3.2: HEAD is GET without the body, so GET's rule governs it; the reverse does not hold.
#[test]
fn head_is_governed_by_the_rule_of_get() {
    let get = |public: bool| json!([{ "path": "/a", "methods": ["GET"], "public": public }]);
    assert_eq!(see(&get(true), "HEAD", "/a"), Seen::Public);
    assert_eq!(see(&get(false), "HEAD", "/a"), Seen::Protected);
    let head = json!([{ "path": "/a", "methods": ["HEAD"], "public": true }]);
    assert_eq!(see(&head, "GET", "/a"), Seen::MethodNotAllowed);
    let post = json!([{ "path": "/a", "methods": ["POST"], "public": true }]);
    assert_eq!(see(&post, "HEAD", "/a"), Seen::MethodNotAllowed);
}

/// A route without `methods` takes every method.
#[test]
fn a_route_without_methods_takes_all() {
    for method in ["GET", "HEAD", "POST", "DELETE", "PROPFIND"] {
        assert_eq!(see(&json!([{ "path": "/a", "public": true }]), method, "/a"), Seen::Public, "{method}");
    }
}

/// A path that gate and origin could read differently chooses no route, even where a public one takes everything.
#[test]
fn ambiguous_paths_are_refused() {
    let rows = [
        "",
        "data",
        "*",
        "https://origin.internal/data",
        "//",
        "//data",
        "/data//",
        "/a//b",
        "/./data",
        "/../data",
        "/a/..",
        "/a/.",
        "/a/../data",
        "/%2e/data",
        "/a/%2e%2e/data",
        "/a/.%2e/data",
        "/a/%2E./data",
        "/a%2fdata",
        "/a%2Fdata",
        "/%2f",
        "/a\\data",
        "/a%5cdata",
        "/a%5Cdata",
        "/%252e%252e/data",
        "/a%252fdata",
        "/data%25",
        "/data%",
        "/data%2",
        "/data%zz",
        "/data%u002f",
        "/data;a=1",
        "/a/..;/data",
        "/data%3b",
        "/data%3B.css",
        "/data\0",
        "/data%00",
        "/data%00.css",
        "/data%0a",
        "/data%0D%0AX: 1",
        "/data\t",
        "/data%7f",
        "/data%c2%85",
        "/data%ff",
        "/data%c0%ae",
        "/a%c0%afdata",
        "/data%ed%a0%80",
        "/data%e2%28",
    ];
    let routes = json!([{ "path": "/*", "public": true }, { "path": "/data" }]);
    for path in rows {
        assert_eq!(see(&routes, "GET", path), Seen::Ambiguous, "{path:?}");
    }
}

/// Such a refusal says nothing of credentials: none were looked at.
#[test]
fn an_ambiguous_path_is_a_bad_request_without_a_challenge() {
    let response = refused(World::new(&policy()).get("/a%2fdata", "abc"));
    assert_eq!(response.body, r#"{"status":400,"title":"Bad Request","type":"about:blank"}"#);
    assert_eq!(header(&response.headers, "www-authenticate"), None);
}

/// The bound of `limits`: a path over it is not taken apart.
#[test]
fn a_path_over_the_size_bound_is_refused() {
    let routes = json!([{ "path": "/*", "public": true }]);
    let path = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert_eq!(see(&routes, "GET", &path(edgeward::limits::MAX_PATH_BYTES)), Seen::Public);
    assert_eq!(see(&routes, "GET", &path(edgeward::limits::MAX_PATH_BYTES + 1)), Seen::Ambiguous);
}

/// RFC 3986 section 6.2.2.2: spellings that mean the same path meet the same rule.
#[test]
fn percent_encoded_spellings_meet_the_same_rule() {
    let routes = json!([{ "path": "/data" }, { "path": "/caf\u{e9}/*" }, { "path": "/*", "public": true }]);
    for path in ["/d%61ta", "/%64%61%74%61", "/%64ata", "/caf%C3%A9", "/caf%c3%a9/x", "/caf\u{e9}/x"] {
        assert_eq!(see(&routes, "GET", path), Seen::Protected, "{path}");
    }
}

/// Attack class "mis-routing": many origins serve `/admin/` as `/admin`, so the slash must not lead to a weaker rule.
#[test]
fn a_trailing_slash_does_not_lead_past_an_exact_route() {
    let routes = json!([{ "path": "/admin" }, { "path": "/*", "public": true }]);
    assert_eq!(see(&routes, "GET", "/admin"), Seen::Protected);
    for path in ["/admin/", "/adm%69n/"] {
        assert_ne!(see(&routes, "GET", path), Seen::Public, "{path}");
    }
}

/// Attack class "mis-routing": the same for letters of the other case, and for dots and spaces that an origin takes off.
#[test]
fn a_path_that_an_origin_may_take_for_a_guarded_one_does_not_lead_past_its_route() {
    let routes = json!([
        { "path": "/admin" }, { "path": "/Reports/*" }, { "path": "/sik" }, { "path": "/\u{fc}ber" }, { "path": "/files/public/*", "public": true }, { "path": "/files/*" },
        { "path": "/*", "public": true },
    ]);
    for path in [
        "/ADMIN",
        "/Admin",
        "/%41dmin",
        "/admin.",
        "/admin%20",
        "/admin../",
        "/reports",
        "/REPORTS/x",
        "/reports./x",
        "/FILES/x",
        "/files./x",
        // Letters that some table has as an ASCII letter of the other case, and one outside of ASCII.
        "/SI%E2%84%AA",
        "/%C5%BFik",
        "/s%C4%B1k",
        "/s%C4%B0k",
        "/%C3%9CBER",
    ] {
        assert_ne!(see(&routes, "GET", path), Seen::Public, "{path}");
    }
    for path in ["/files/PUBLIC/x", "/Files/public/x"] {
        assert_ne!(see(&routes, "GET", path), Seen::Public, "{path}: not the route as it is written");
    }
    for path in ["/", "/administration", "/other.", "/Other/", "/files/public/README.TXT", "/files/public/a."] {
        assert_eq!(see(&routes, "GET", path), Seen::Public, "{path}");
    }
}

/// What goes to the origin is the path and query as they came, at the policy's origin and nowhere else.
#[test]
fn the_path_goes_on_as_it_came() {
    let routes = json!([{ "path": "/*", "public": true }]);
    for (path, query, url) in [
        ("/", None, "https://origin.internal/"),
        ("/@evil.example/", None, "https://origin.internal/@evil.example/"),
        ("/.evil.example", None, "https://origin.internal/.evil.example"),
        ("/d%61ta", Some(""), "https://origin.internal/d%61ta?"),
        ("/caf%c3%a9", Some("q=%2F..%2F&x=//y"), "https://origin.internal/caf%c3%a9?q=%2F..%2F&x=//y"),
    ] {
        let mut world = World::new(&merged(policy(), json!({ "routes": routes })));
        let decision = world.call(&Request { method: "GET", path, query, ..Request::default() });
        assert_eq!(forwarded(decision).url, url);
    }
}
