//! Cross-origin requests (the Fetch standard, "CORS protocol"): preflights come before authentication and open nothing.

use edgeward::resource_server::{Gate, Header, Request, Response};
use serde_json::{Value, json};

use crate::outside::{World, code, forwarded, header, merged, policy, refused};

const APP: &str = "https://app.example";

fn cors_policy() -> Value {
    merged(policy(), json!({ "cors": { "origins": [APP, "https://other.example:8443"], "headers": ["x-trace"] } }))
}

fn preflight<'a>(path: &'a str, origin: &'a str, method: &'a str) -> Request<'a> {
    Request {
        method: "OPTIONS",
        path,
        origin: Some(origin),
        access_control_request_method: Some(method),
        ..Request::default()
    }
}

fn names_of_cors(headers: &[Header]) -> Vec<&str> {
    headers.iter().map(|(name, _)| *name).filter(|name| name.starts_with("access-control-")).collect()
}

fn answer(policy: &Value, request: &Request<'_>) -> Response {
    refused(World::new(policy).call(request))
}

/// A preflight carries no credentials (Fetch standard), so it is answered before they are asked for.
#[test]
fn a_preflight_of_a_named_origin_is_answered_before_authentication() {
    for origin in [APP, "https://other.example:8443"] {
        let response = answer(&cors_policy(), &preflight("/data", origin, "GET"));
        assert_eq!((response.status, response.body.as_str(), code(&response)), (204, "", "(none)"));
        let value = |name| header(&response.headers, name);
        assert_eq!(value("access-control-allow-origin"), Some(origin));
        assert_eq!(value("access-control-allow-methods"), Some("GET"));
        assert_eq!(value("access-control-allow-headers"), Some("authorization, content-type, x-trace"));
        assert_eq!(value("access-control-max-age"), Some("7200"));
        assert_eq!(value("access-control-allow-credentials"), None, "tokens travel in a header, never in cookies");
        assert_eq!(value("vary"), Some("origin"));
        assert_eq!(value("www-authenticate"), None);
    }
}

/// The origin is compared as a whole and exactly; everything near it gets nothing.
#[test]
fn an_unknown_origin_gets_no_cors_header() {
    for origin in [
        "https://evil.example",
        "http://app.example",
        "https://app.example:443",
        "https://app.example/",
        "https://APP.example",
        "https://app.example.evil.example",
        "https://evil.example?https://app.example",
        "https://sub.app.example",
        "https://app.exampl",
        "https://app.example, https://evil.example",
        "null",
        "*",
        "",
    ] {
        let response = answer(&cors_policy(), &preflight("/data", origin, "GET"));
        assert_eq!(names_of_cors(&response.headers), Vec::<&str>::new(), "{origin}");
        assert_eq!(header(&response.headers, "vary"), Some("origin"), "{origin}");
        let request = Request { method: "GET", path: "/data", origin: Some(origin), ..Request::default() };
        let response = answer(&cors_policy(), &request);
        assert_eq!(response.status, 401);
        assert_eq!(names_of_cors(&response.headers), Vec::<&str>::new(), "{origin}");
        assert_eq!(header(&response.headers, "vary"), Some("origin"), "{origin}");
    }
}

/// A preflight asks for a request that would be routed; where it would not be, the answer is that request's.
#[test]
fn a_preflight_for_what_no_route_takes_is_refused() {
    for (path, method, status, code_expected) in [
        ("/nowhere", "GET", 404, "route_unknown"),
        ("/data", "DELETE", 405, "method_not_allowed"),
        ("/data", "get", 405, "method_not_allowed"),
        ("/data", "GET, DELETE", 405, "method_not_allowed"),
        ("/data", "", 405, "method_not_allowed"),
        ("/a%2fdata", "GET", 400, "path_ambiguous"),
    ] {
        let response = answer(&cors_policy(), &preflight(path, APP, method));
        assert_eq!((response.status, code(&response)), (status, code_expected), "{method} {path}");
        assert_eq!(header(&response.headers, "access-control-allow-methods"), None, "{method} {path}");
    }
}

/// Pages must be able to read why they were refused, so a refusal carries the headers too.
#[test]
fn refusals_can_be_read_by_pages_of_a_named_origin() {
    for (path, authorization, status) in [
        ("/data", None, 401),
        ("/data", Some("Bearer a b"), 400),
        ("/data", Some("Bearer abc"), 401),
        ("/x", None, 404),
    ] {
        let request = Request { method: "GET", path, authorization, origin: Some(APP), ..Request::default() };
        let response = answer(&cors_policy(), &request);
        assert_eq!(response.status, status);
        assert_eq!(header(&response.headers, "access-control-allow-origin"), Some(APP), "{path}");
        let exposed = header(&response.headers, "access-control-expose-headers");
        assert_eq!(exposed, Some("www-authenticate, retry-after"), "{path}");
        assert_eq!(header(&response.headers, "vary"), Some("origin"), "{path}");
    }
}

/// The origin's own answer gets them as well; `Vary` even without an `Origin`, for caches hold it for others (RFC 9110 12.5.5).
#[test]
fn the_origins_answer_carries_the_headers() {
    let request = |origin| Request { method: "GET", path: "/health", origin, ..Request::default() };
    let forward = forwarded(World::new(&cors_policy()).call(&request(Some(APP))));
    assert_eq!(header(&forward.response_headers, "access-control-allow-origin"), Some(APP));
    assert_eq!(header(&forward.response_headers, "vary"), Some("origin"));
    let forward = forwarded(World::new(&cors_policy()).call(&request(None)));
    assert_eq!(names_of_cors(&forward.response_headers), Vec::<&str>::new());
    assert_eq!(header(&forward.response_headers, "vary"), Some("origin"));
}

/// What only resembles a preflight is a request like any other.
#[test]
fn an_options_request_that_is_no_preflight_needs_its_route_and_token() {
    let routes = json!([{ "path": "/data", "methods": ["GET", "OPTIONS"] }]);
    let policy = merged(cors_policy(), json!({ "routes": routes }));
    let whole = preflight("/data", APP, "GET");
    for request in [
        Request { origin: None, ..whole },
        Request { access_control_request_method: None, ..whole },
        Request { method: "GET", ..whole },
        Request { method: "options", ..whole },
    ] {
        let response = answer(&policy, &request);
        assert!([401, 405].contains(&response.status), "{request:?}: {}", response.status);
    }
    assert_eq!(answer(&policy, &whole).status, 204);
}

/// Without `cors` in the policy nothing of it is there: a preflight is an OPTIONS request, and no header is added.
#[test]
fn without_cors_in_the_policy_there_is_none() {
    for policy in [policy(), merged(policy(), json!({ "cors": { "origins": [] } }))] {
        let response = answer(&policy, &preflight("/data", APP, "GET"));
        assert_eq!(response.status, 405);
        let response = answer(&policy, &preflight("/me", APP, "GET"));
        assert_eq!(response.status, 401);
        assert_eq!(names_of_cors(&response.headers), Vec::<&str>::new());
        assert_eq!(header(&response.headers, "vary"), None);
    }
}

/// A preflight never reaches the origin, not even on a public route.
#[test]
fn a_preflight_is_never_forwarded() {
    let mut gate: Gate = World::new(&cors_policy()).gate;
    let progress = gate.authorize(&preflight("/health", APP, "POST"), edgeward::UnixTime::from_seconds(0));
    assert!(format!("{progress:?}").starts_with("Decided(Respond("), "{progress:?}");
}

/// The policy alone says which origins may read: what the origin server says of CORS is taken off its answers.
#[test]
fn the_origins_own_cors_headers_are_dropped_where_the_policy_speaks_of_cors() {
    let gate = World::new(&cors_policy()).gate;
    for name in ["access-control-allow-origin", "Access-Control-Allow-Credentials", "access-control-expose-headers"] {
        assert!(gate.drops_response_header(name), "{name}");
    }
    assert!(!gate.drops_response_header("content-type"));
    assert!(!World::new(&policy()).gate.drops_response_header("access-control-allow-origin"));
}
