//! The policy as it is written: strict JSON, where a member that is misspelled is never taken for absent.

use edgeward::{
    error::{Error, Problem},
    limits,
    resource_server::{Policy, TokenPolicy},
};
use serde_json::{Value, json};

use crate::{
    outside::{introspecting_policy, merged, policy},
    policy::{paths, problems_of, with},
};

const HEADERS_RULE: &str =
    "must be an object of claims with their headers, or a list of objects with \"path\" and \"header\"";

/// Unknown members are refused at every level, by their place, with the names that could have been meant; what they hold is not
/// shown, for it could be a secret.
#[test]
fn an_unknown_member_is_refused_at_its_place() {
    let rows = [
        ("/allow_failed", "allow_failed", "allow_insecure_loopback"),
        ("/issuers/0/verify_signature", "issuers[0].verify_signature", "jwks_uri"),
        ("/issuers/0/introspection/client_secret", "issuers[0].introspection.client_secret", "client_secret_binding"),
        ("/routes/1/scopes", "routes[1].scopes", "scope"),
        ("/upstream/url", "upstream.url", "origin"),
        ("/cors", "cors.hunter", "expose_headers"),
        ("/routes/1/", "routes[1][\"\"]", "methods"),
        ("/a.b\n", "[\"a.b\\n\"]", "realm"),
    ];
    for (pointer, place, known) in rows {
        let value = if pointer == "/cors" { json!({ "origins": [], "hunter": "hunter2" }) } else { json!("hunter2") };
        let problems = problems_of(&with(pointer, value).to_string());
        assert_eq!(problems.iter().map(|problem| problem.path.as_str()).collect::<Vec<_>>(), [place]);
        let Problem { problem, .. } = &problems[0];
        assert!(problem.starts_with("is not known; what may stand here: ") && problem.contains(known), "{problem}");
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

/// What must be there is missed at its place, and told with what it has to be.
#[test]
fn a_missing_member_is_named_by_its_place() {
    let rows = [
        ("", "issuers", "is missing; it must be a list"),
        ("", "routes", "is missing; it must be a list"),
        ("", "upstream", "is missing; it must be an object"),
        ("/issuers/0", "issuer", "is missing; it must be a text"),
        ("/issuers/0", "audience", "is missing; it must be a text or a list of texts"),
        ("/issuers/0/introspection", "client_id", "is missing; it must be a text"),
        ("/issuers/0/introspection", "client_secret_binding", "is missing; it must be a text"),
        ("/routes/1", "path", "is missing; it must be a text"),
        ("/upstream", "origin", "is missing; it must be a text"),
    ];
    for (object, member, said) in rows {
        let mut policy = introspecting_policy();
        policy.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(member);
        let place = format!("{object}/{member}").replace("/0", "[0]").replace("/1", "[1]").replace('/', ".");
        let problems = problems_of(&policy.to_string());
        assert_eq!(problems, [Problem { path: place[1..].into(), problem: said.into() }]);
    }
    assert_eq!(paths(&json!({})), ["issuers", "routes", "upstream"]);
}

/// A document that is not one strict object is refused whole; attack 11 for members named twice. The place in the text is told.
#[test]
fn a_document_that_is_no_policy_is_refused_whole() {
    let good = policy().to_string();
    let twice = good.replacen('{', r#"{"realm":"other","#, 1);
    let huge = format!("{good}{}", " ".repeat(limits::MAX_POLICY_BYTES));
    for text in ["", "null", "[]", "{", &format!("{good}x"), &good.replace('}', ",}"), &twice, &huge] {
        let problems = problems_of(text);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "(document)");
        assert!(problems[0].problem.contains("line 1") || text == huge, "{problems:?}");
    }
}

/// A member of another type is named by its place, with the type it must have.
#[test]
fn a_member_of_another_type_is_named_by_its_place() {
    let at = |place: &'static str, said: &'static str| (place, said);
    for (pointer, value, (place, said)) in [
        ("/realm", json!(1), at("realm", "must be a text")),
        ("/issuers", json!({}), at("issuers", "must be a list")),
        ("/issuers", json!(["https://as.example"]), at("issuers[0]", "must be an object")),
        ("/issuers/0/issuer", json!(null), at("issuers[0].issuer", "must be a text")),
        ("/issuers/0/audience", json!([1]), at("issuers[0].audience", "must be a text or a list of texts")),
        ("/issuers/0/audience", json!(null), at("issuers[0].audience", "must be a text or a list of texts")),
        ("/issuers/0/algorithms", json!("ES256"), at("issuers[0].algorithms", "must be a list of texts")),
        ("/issuers/0/jwks_uri", json!([]), at("issuers[0].jwks_uri", "must be a text")),
        ("/issuers/0/token_profile", json!("JWT"), at("issuers[0].token_profile", "must be \"at+jwt\" or \"jwt\"")),
        ("/issuers/0/token_profile", json!(null), at("issuers[0].token_profile", "must be a text")),
        (
            "/issuers/0/clock_tolerance_seconds",
            json!(-1),
            at("issuers[0].clock_tolerance_seconds", "must be a whole number, 0 or more"),
        ),
        (
            "/issuers/0/clock_tolerance_seconds",
            json!(1.0),
            at("issuers[0].clock_tolerance_seconds", "must be a whole number, 0 or more"),
        ),
        ("/issuers/0/introspection", json!("x"), at("issuers[0].introspection", "must be an object")),
        ("/issuers/0/introspection/client_id", json!(1), at("issuers[0].introspection.client_id", "must be a text")),
        ("/routes", json!("/data"), at("routes", "must be a list")),
        ("/routes", json!([["/data"]]), at("routes[0]", "must be an object")),
        ("/routes/1/public", json!("false"), at("routes[1].public", "must be true or false")),
        ("/routes/1/public", json!(null), at("routes[1].public", "must be true or false")),
        ("/routes/1/methods", json!("GET"), at("routes[1].methods", "must be a list of texts")),
        ("/routes/1/scope", json!(null), at("routes[1].scope", "must be a text")),
        ("/routes/1/scope", json!(["data:read"]), at("routes[1].scope", "must be a text")),
        ("/routes/1/introspection", json!(1), at("routes[1].introspection", "must be true or false")),
        ("/upstream", json!("https://origin.internal"), at("upstream", "must be an object")),
        ("/upstream/claim_headers", json!("sub"), at("upstream.claim_headers", HEADERS_RULE)),
        ("/upstream/claim_headers", json!(["sub"]), at("upstream.claim_headers[0]", "must be an object")),
        (
            "/upstream/claim_headers",
            json!([{ "path": "sub" }]),
            at("upstream.claim_headers[0].header", "is missing; it must be a text"),
        ),
        (
            "/upstream/claim_headers",
            json!([{ "header": "x-a" }]),
            at("upstream.claim_headers[0].path", "is missing; it must be a text or a list of texts"),
        ),
        (
            "/upstream/claim_headers",
            json!([{ "path": "a..b", "header": "x-a" }]),
            at(
                "upstream.claim_headers[0].path",
                "must be a claim's name, names separated by dots for one inside of others, or a list of names",
            ),
        ),
        (
            "/upstream/claim_headers",
            json!([{ "path": "a", "header": "x-a", "name": "b" }]),
            at("upstream.claim_headers[0].name", "is not known; what may stand here: path, header"),
        ),
        ("/upstream/claim_headers", json!({ "sub": 1 }), at("upstream.claim_headers.sub", "must be a text")),
        (
            "/upstream/claim_headers",
            json!({ "https://x.example/r": 1 }),
            at("upstream.claim_headers[\"https://x.example/r\"]", "must be a text"),
        ),
        ("/cors", json!([]), at("cors", "must be an object")),
        ("/cors", json!({}), at("cors.origins", "is missing; it must be a list of texts")),
        ("/cors", json!({ "origins": "*" }), at("cors.origins", "must be a list of texts")),
        ("/cors", json!({ "origins": [], "headers": null }), at("cors.headers", "must be a list of texts")),
        ("/token_cache", json!(null), at("token_cache", "must be true, false or an object of bounds")),
        ("/explain", json!(1), at("explain", "must be true or false")),
        ("/allow_insecure_loopback", json!("true"), at("allow_insecure_loopback", "must be true or false")),
    ] {
        let problems = problems_of(&with(pointer, value.clone()).to_string());
        assert_eq!(problems, [Problem { path: place.into(), problem: said.into() }], "{pointer} = {value}");
    }
}

/// One fault hides no other: neither in its own object nor in the others, whatever kind each is of.
#[test]
fn all_faults_of_a_document_are_told_at_once() {
    let document = json!({
        "realm": 1,
        "issuers": [{ "audience": [], "jwks": "x" }, 7, { "issuer": "http://as.example", "audience": "a", "introspection": {} }],
        "routes": [{ "public": "yes", "scope": "\"" }, { "path": "/a", "metods": ["GET"] }, { "path": "b", "scope": "\\" }],
        "upstream": { "origin": 1, "url": "x" },
        "cors": { "origins": ["*", "https://app.example"], "headers": 1 },
        "token_cache": { "max_entries": 0, "max_byte": 1 },
        "explain": null,
        "debug": true,
    });
    let mut found = paths(&document);
    found.sort();
    let mut expected = [
        "realm",
        "issuers[0].issuer",
        "issuers[0].audience",
        "issuers[0].jwks",
        "issuers[1]",
        "issuers[2].issuer",
        "issuers[2].introspection.client_id",
        "issuers[2].introspection.client_secret_binding",
        "routes[0].path",
        "routes[0].public",
        "routes[0].scope",
        "routes[1].metods",
        "routes[2].path",
        "routes[2].scope",
        "upstream.origin",
        "upstream.url",
        "cors.origins[0]",
        "cors.headers",
        "token_cache.max_entries",
        "token_cache.max_byte",
        "explain",
        "debug",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// `null` is taken for absent where a member has no default of its own, as objects of JavaScript write what is not there.
#[test]
fn null_is_absent_where_nothing_takes_its_place() {
    for (pointer, value) in [
        ("/realm", json!(null)),
        ("/cors", json!(null)),
        ("/issuers/0/algorithms", json!(null)),
        ("/issuers/0/jwks_uri", json!(null)),
        ("/issuers/0/clock_tolerance_seconds", json!(null)),
        ("/issuers/0/introspection/introspection_endpoint", json!(null)),
        ("/routes/1/methods", json!(null)),
        ("/upstream/claim_headers", json!(null)),
        ("/token_cache", json!({ "max_entries": null, "max_bytes": null })),
    ] {
        assert_eq!(paths(&with(pointer, value)), Vec::<String>::new(), "{pointer}");
    }
}

/// `$schema` is for editors: any text may stand there and changes nothing, and nothing but a text may.
#[test]
fn a_schema_for_editors_is_passed_over() {
    let plain = format!("{:?}", Policy::parse(&introspecting_policy().to_string()).unwrap());
    for text in ["", "./node_modules/edgeward/schema/policy.schema.json", "javascript:alert(1)"] {
        let policy = with("/$schema", json!(text)).to_string();
        assert_eq!(format!("{:?}", Policy::parse(&policy).unwrap()), plain, "{text}");
        let issuers = json!({ "$schema": text, "issuers": introspecting_policy()["issuers"] });
        assert!(TokenPolicy::parse(&issuers.to_string()).is_ok(), "{text}");
    }
    for value in [json!(null), json!(1), json!(true), json!(["x"]), json!({})] {
        let said = [Problem { path: "$schema".into(), problem: "must be a text".into() }];
        assert_eq!(problems_of(&with("/$schema", value.clone()).to_string()), said, "{value}");
        let issuers = json!({ "$schema": value, "issuers": introspecting_policy()["issuers"] });
        let Err(Error::PolicyInvalid { problems }) = TokenPolicy::parse(&issuers.to_string()) else {
            panic!("{value} was taken");
        };
        assert_eq!(problems, said, "{value}");
    }
    assert_eq!(paths(&with("/issuers/0/$schema", json!("x"))), ["issuers[0].$schema"], "only the document has one");
}

/// Who sends nothing on need not say where to; whoever would send has to. What is said of it is held to the same rules in both cases.
#[test]
fn only_a_guard_needs_no_upstream() {
    let problems = |policy: &Value| match Policy::parse_for_guard(&policy.to_string()) {
        Ok(policy) => {
            assert_eq!(policy.upstream_origin(), "");
            Vec::new()
        }
        Err(Error::PolicyInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect(),
        Err(error) => panic!("not a problem of the policy: {error}"),
    };
    let with_upstream = |upstream: Value| merged(policy(), json!({ "upstream": upstream }));
    for upstream in [Value::Null, json!({}), json!({ "origin": null, "claim_headers": { "sub": "x-user" } })] {
        let policy = with_upstream(upstream);
        assert_eq!(problems(&policy), Vec::<String>::new(), "{policy}");
        assert!(paths(&policy).iter().all(|path| path.starts_with("upstream")) && !paths(&policy).is_empty());
    }
    assert_eq!(problems(&with_upstream(json!({ "origin": "http://origin.internal" }))), ["upstream.origin"]);
    assert_eq!(problems(&with_upstream(json!({ "url": "x" }))), ["upstream.url"]);
    assert_eq!(problems(&with_upstream(json!("x"))), ["upstream"]);
    assert_eq!(problems(&json!({})), ["issuers", "routes"]);
}

/// What is told of requests: times only where the policy says so, and data points to the binding that it names.
#[test]
fn times_and_data_points_are_told_where_the_policy_says_so() {
    let silent = Policy::parse(&policy().to_string()).unwrap();
    assert!(!silent.tells_timing() && silent.bindings().is_empty());
    let telling = merged(policy(), json!({ "server_timing": true, "analytics_engine_binding": "DECISIONS" }));
    let telling = Policy::parse(&telling.to_string()).unwrap();
    assert!(telling.tells_timing());
    let bindings: Vec<_> =
        telling.bindings().iter().map(|binding| (binding.path, binding.name, binding.kind)).collect();
    assert_eq!(bindings, [("analytics_engine_binding", "DECISIONS", "analytics_engine")]);
    for (member, value) in [("server_timing", json!("yes")), ("analytics_engine_binding", json!(""))] {
        assert_eq!(paths(&merged(policy(), json!({ member: value }))), [member]);
    }
}
