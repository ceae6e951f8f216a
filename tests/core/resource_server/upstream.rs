//! Where requests go and what stays behind: the policy's `upstream`, and headers that end at the gate (RFC 9110 section 7.6.1).

use edgeward::resource_server::Policy;
use serde_json::{Value, json};

use crate::{
    outside::{World, merged, policy},
    policy::paths,
};

fn with(upstream: &Value) -> Value {
    merged(policy(), json!({ "upstream": upstream }))
}

fn origin_and(member: &str, value: &Value) -> Value {
    with(&json!({ "origin": "https://origin.internal", member: value }))
}

/// Requests go to an origin or to a service, never to both, and a gate has one of them.
#[test]
fn requests_go_to_an_origin_or_to_a_service() {
    let service = |policy: &Policy| {
        let binding = policy.bindings().into_iter().find(|binding| binding.path == "upstream.service_binding")?;
        assert_eq!(binding.kind, "service");
        Some(binding.name.to_owned())
    };
    let parsed = Policy::parse(&with(&json!({ "service_binding": "API" })).to_string()).unwrap();
    assert_eq!((service(&parsed).as_deref(), parsed.upstream_origin()), (Some("API"), ""));
    let parsed = Policy::parse(&policy().to_string()).unwrap();
    assert_eq!((service(&parsed).as_deref(), parsed.upstream_origin()), (None, "https://origin.internal"));
    for (upstream, place) in [
        (json!({}), "upstream.origin"),
        (json!({ "service_binding": null }), "upstream.origin"),
        (json!({ "service_binding": "" }), "upstream.service_binding"),
        (json!({ "origin": "https://origin.internal", "service_binding": "API" }), "upstream.service_binding"),
        (json!({ "service_binding": 1, "origin": "https://o.example" }), "upstream.service_binding"),
    ] {
        assert_eq!(paths(&with(&upstream)), [place], "{upstream}");
    }
}

/// The token stays behind unless the policy says otherwise, in one of two words.
#[test]
fn the_token_is_removed_unless_the_policy_forwards_it() {
    let forwards = |policy: &Value| Policy::parse(&policy.to_string()).unwrap().forwards_token();
    assert!(!forwards(&policy()) && !forwards(&origin_and("token", &json!("remove"))));
    assert!(forwards(&origin_and("token", &json!("forward"))));
    for token in [json!("Forward"), json!(""), json!(true), json!(null)] {
        assert_eq!(paths(&origin_and("token", &token)), ["upstream.token"], "{token}");
    }
    // Whoever forwards puts it back for a grant alone: of itself it never passes.
    assert!(World::new(&origin_and("token", &json!("forward"))).gate.drops_header("Authorization"));
}

#[test]
fn the_time_until_an_answer_begins_is_bounded_in_the_policy() {
    let timeout = |value: Value| {
        let policy = Policy::parse(&origin_and("timeout_milliseconds", &value).to_string()).unwrap();
        policy.upstream_timeout_milliseconds()
    };
    assert_eq!(timeout(json!(null)), None);
    assert_eq!((timeout(json!(1)), timeout(json!(600_000))), (Some(1), Some(600_000)));
    for value in [json!(0), json!(600_001), json!(4_294_967_297_u64), json!(1.5), json!("1")] {
        let policy = origin_and("timeout_milliseconds", &value);
        assert_eq!(paths(&policy), ["upstream.timeout_milliseconds"], "{value}");
    }
}

/// What the policy drops is dropped in every spelling; names that are none are refused.
#[test]
fn headers_that_the_policy_names_stay_behind() {
    let gate = World::new(&origin_and("drop_headers", &json!(["X-Internal_Trace", "cookie"]))).gate;
    for name in ["x-internal-trace", "X_INTERNAL_TRACE", "Cookie"] {
        assert!(gate.drops_header(name), "{name}");
    }
    assert!(!gate.drops_header("x-internal"));
    for names in [json!([""]), json!(["a b"]), json!(["a:"]), json!(["é"]), json!("cookie"), json!([1])] {
        assert_eq!(paths(&origin_and("drop_headers", &names)), ["upstream.drop_headers"], "{names}");
    }
    // It goes on for a WebSocket whatever is said, so nobody may believe that it does not.
    for name in ["upgrade", "Upgrade", "UPGRADE"] {
        assert_eq!(paths(&origin_and("drop_headers", &json!(["cookie", name]))), ["upstream.drop_headers"], "{name}");
    }
}

/// RFC 9110 section 7.6.1: what is about the connection ends here, both ways. `Upgrade` too, or a client could have the connection switched to
/// h2c and speak past the gate.
#[test]
fn headers_about_the_connection_end_at_the_gate() {
    let gate = World::new(&policy()).gate;
    for name in ["Upgrade", "HTTP2-Settings", "http2_settings", "Transfer-Encoding", "Expect", "Proxy-Connection"] {
        assert!(gate.drops_header(name), "{name}");
    }
    for name in ["Connection", "keep-alive", "Transfer-Encoding", "Upgrade", "Trailer"] {
        assert!(gate.drops_response_header(name), "{name}");
    }
    for name in ["content-type", "content-encoding", "proxy-authenticate", "access-control-allow-origin"] {
        assert!(!gate.drops_response_header(name), "{name}");
    }
}

/// CVE-2022-31813: a client must not have the addresses that were added before the gate taken off by naming them in `Connection`.
#[test]
fn a_connection_header_ends_what_it_names_but_no_addresses() {
    let gate = World::new(&policy()).gate;
    for name in ["x-hop", "X-Custom", "cookie"] {
        assert!(gate.drops_connection_option(name), "{name}");
    }
    for name in ["x-viable", "x-hop-ip", "x-client", "x-ip", "forward", "x-real"] {
        assert!(gate.drops_connection_option(name), "{name}");
    }
    for name in [
        "X-Forwarded-For",
        "x_forwarded_host",
        "Forwarded",
        "X-Real-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Via",
        "Fly-Client-IP",
        "fly_client_ip",
        "Fastly-Client-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "Client-IP",
        "X-Azure-ClientIP",
        "X-Azure-SocketIP",
        "DO-Connecting-IP",
        "X-AppEngine-User-IP",
        "X-NF-Client-Connection-IP",
        "X-Vercel-Forwarded-For",
        "X-Original-Forwarded-For",
        "X-Envoy-External-Address",
        "X-Remote-Addr",
        "Ali-CDN-Real-IP",
    ] {
        assert!(!gate.drops_connection_option(name), "{name}");
    }
}
