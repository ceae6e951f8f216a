//! Classes 35 and 36 over every refusal there is: what its answer may hold, and what a policy or a caller can't bring into it.

use std::collections::BTreeSet;

use edgeward::{
    Error,
    crypto::FastEngine,
    jose::Jwk,
    resource_server::{
        Decision, Policy, Request, Response,
        challenge::{Answer, refuse},
    },
};
use serde_json::{Value, json};

use crate::{
    every_error,
    gate::honest,
    header_form::{assert_plain, challenges},
    outside::{World, claims_with, code, header, introspecting_policy, merged, policy, refused},
    signing::{Key, key_set},
};

const MARK: &str = "S3CRETMARKOFAPERSON";

/// The members of a problem (RFC 9457 section 3.1), and those of RFC 6750 section 3 and RFC 9470 section 3 beside them.
const PUBLIC: [&str; 9] =
    ["problems", "acr_values", "error", "error_description", "max_age", "scope", "status", "title", "type"];

/// A policy with a text in every member that could come near a header.
pub fn wordy() -> Value {
    let alternatives = json!([{ "scope": "b:write", "acr_values": "gold", "max_age": 60 }, { "roles": "clerk" }]);
    merged(
        policy(),
        json!({
            "routes": [
                { "path": "/health", "public": true },
                { "path": "/me", "methods": ["GET", "POST"] },
                { "path": "/data", "methods": ["GET"], "scope": "data:more data:all" },
                { "path": "/pay", "any_of": alternatives },
                { "path": "/acr", "acr_values": "silver gold", "max_age": 30 },
                { "path": "/roles", "roles": ["clerk"], "claims": [{ "path": "env.name", "equals": "production" }] },
            ],
            "cors": { "origins": ["https://app.example"], "headers": ["x-trace"], "expose_headers": ["x-seen"] },
            "resource_metadata": {
                "resource": "https://api.example/v1",
                "scopes_supported": ["data:more"],
                "resource_name": "The API",
                "resource_documentation": "https://docs.example/",
            },
            "dpop": { "replay": "memory", "origin": "https://api.example", "algorithms": ["ES256", "RS256"] },
            "upstream": { "origin": "https://origin.internal", "claim_headers": { "sub": "x-user" } },
        }),
    )
}

fn assert_problem(response: &Response, error: &Error, explains: bool) {
    let code = error.code();
    let (status, title) = Answer::to(error).status();
    assert_eq!(response.status, status, "{code}");
    assert_eq!(header(&response.headers, "content-type"), Some("application/problem+json"), "{code}");
    assert_eq!(header(&response.headers, "cache-control"), Some("no-store"), "{code}");
    let body: Value = serde_json::from_str(&response.body).unwrap();
    // RFC 9457 section 4.2.1: with "about:blank" the title is the status's own name.
    assert_eq!(
        (&body["type"], &body["title"], &body["status"]),
        (&json!("about:blank"), &json!(title), &json!(status))
    );
    let public = Answer::to(error).error();
    assert_eq!(body.get("error").and_then(Value::as_str), public.map(|(error, _)| error), "{code}");
    assert_eq!(body.get("error_description").and_then(Value::as_str), public.map(|(_, sentence)| sentence), "{code}");
    let more: Vec<_> = body.as_object().unwrap().keys().filter(|name| !PUBLIC.contains(&name.as_str())).collect();
    if explains {
        assert_eq!(more, ["code", "detail"], "{code}");
        assert_eq!((body["code"].as_str(), body["detail"].as_str()), (Some(code), Some(error.to_string().as_str())));
    } else {
        assert_eq!(more, Vec::<&String>::new(), "{code}");
        assert!(!response.body.contains(code), "{code} is private: {}", response.body);
        assert!(!response.body.contains(&error.to_string()), "{code} is private: {}", response.body);
    }
    assert_eq!(
        header(&response.headers, "www-authenticate").is_some(),
        public.is_some() || code == "credentials_missing"
    );
    assert_eq!(status == 401, header(&response.headers, "www-authenticate").is_some() && ![400, 403].contains(&status));
    assert_eq!(header(&response.headers, "retry-after").is_some(), status == 503, "{code}");
    assert_eq!(header(&response.headers, "allow").is_some(), status == 405, "{code}");
}

/// RFC 9457, RFC 6750 section 3: whatever the reason, the body is a problem with public members alone, and the challenge well-formed.
#[test]
fn class_35_and_36_every_refusal_is_a_problem_that_tells_the_public_reason_alone() {
    let mut seen = BTreeSet::new();
    for (document, explains) in
        [(wordy(), false), (policy(), false), (merged(wordy(), json!({ "explain": true })), true)]
    {
        let policy = Policy::parse(&document.to_string()).unwrap();
        for error in every_error::all() {
            seen.insert(error.code());
            let response = refuse(error.clone(), &policy);
            assert_problem(&response, &error, explains);
            assert_plain(&response.headers, error.code());
        }
    }
    assert_eq!(seen.len(), Error::TABLE.len());
}

/// What ends a quoted string, a header, or a line.
const HOSTILE: [&str; 10] =
    ["\r\nSet-Cookie: a=b", "\n", "\r", "\"", "\\", "\0", "\u{7f}", "\t", "\u{e9}", "\", error=\"x"];

/// The places of all texts in a document.
fn texts(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(place.to_owned()),
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                texts(element, &format!("{place}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                texts(member, &format!("{place}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// Every answer that the policy can be made to give.
fn answers(document: &Value) -> Vec<Decision> {
    let mut world = World::new(document);
    world.key_set = Some(key_set());
    let token = honest(Key::Ec);
    let bearer = format!("Bearer {token}");
    let get = |path| Request { method: "GET", path, origin: Some("https://app.example"), ..Request::default() };
    let with = |path, authorization| Request { authorization: Some(authorization), ..get(path) };
    let mut given = Vec::new();
    for path in ["/health", "/me", "/data", "/pay", "/acr", "/roles", "/nowhere", "/a//b"] {
        for request in [
            get(path),
            with(path, &bearer),
            with(path, "Bearer a b"),
            with(path, "Bearer a.b.c"),
            with(path, "DPoP a.b.c"),
            Request { method: "DELETE", ..get(path) },
            Request { method: "OPTIONS", access_control_request_method: Some("GET"), ..get(path) },
        ] {
            given.push(world.call(&request));
        }
    }
    given.push(world.call(&get("/.well-known/oauth-protected-resource/v1")));
    given
}

/// Wherever a policy holds a text that would break out of a header, it is refused when it is loaded, or the text comes into no header. So it can
/// neither split a response nor forge a parameter (CVE-2026-50630).
#[test]
fn class_36_no_text_of_a_policy_breaks_out_of_a_header() {
    let document = wordy();
    let mut places = Vec::new();
    texts(&document, "", &mut places);
    assert!(places.len() > 25, "{places:?}");
    let mut refused_at_load = 0;
    for place in &places {
        for hostile in HOSTILE {
            let mut changed = document.clone();
            let text = changed.pointer_mut(place).unwrap();
            *text = json!(format!("{}{hostile}", text.as_str().unwrap()));
            if Policy::parse(&changed.to_string()).is_err() {
                refused_at_load += 1;
                continue;
            }
            for decision in answers(&changed) {
                match decision {
                    Decision::Respond(response) => assert_plain(&response.headers, place),
                    Decision::Forward(forward) => assert_plain(&forward.response_headers, place),
                }
            }
        }
    }
    assert!(refused_at_load > 200, "{refused_at_load}");
    for member in ["/realm", "/routes/2/scope", "/routes/3/any_of/0/scope", "/routes/3/any_of/0/acr_values"] {
        let mut changed = document.clone();
        *changed.pointer_mut(member).unwrap() = json!("a\"b");
        assert!(matches!(Policy::parse(&changed.to_string()), Err(Error::PolicyInvalid { .. })), "{member}");
    }
}

/// The challenge names what is missing, read as a client reads it.
#[test]
fn class_36_a_challenge_is_read_back_as_it_was_meant() {
    let mut world = World::new(&wordy());
    world.key_set = Some(key_set());
    let response = refused(world.get("/acr", &honest(Key::Ec)));
    let read = challenges(header(&response.headers, "www-authenticate").unwrap()).unwrap();
    let metadata = "https://api.example/.well-known/oauth-protected-resource/v1";
    assert_eq!(read.iter().map(|(scheme, _)| *scheme).collect::<Vec<_>>(), ["Bearer", "DPoP"]);
    for expected in [
        ("realm", "edgeward test"),
        ("error", "insufficient_user_authentication"),
        ("acr_values", "silver gold"),
        ("max_age", "30"),
        ("resource_metadata", metadata),
    ] {
        assert!(read[0].1.contains(&expected), "{expected:?} in {read:?}");
    }
    assert_eq!(read[1].1, [("realm", "edgeward test"), ("resource_metadata", metadata), ("algs", "ES256 RS256")]);
}

/// Routes, introspection and proofs have reasons of their own: their answers, errors and logs hold nothing of what came in either.
#[test]
fn class_35_no_refusal_of_routes_introspection_or_proofs_shows_what_came_in() {
    let mut seen = BTreeSet::new();
    let marked =
        json!({ "sub": MARK, "jti": MARK, "scope": MARK, "roles": [MARK], "acr": MARK, "env": { "name": MARK } });
    let token = Key::Ec.sign(&claims_with(marked.clone()));
    let mut look = |decision: Decision, token: &str| {
        let response = refused(decision);
        let error = response.error.clone().unwrap();
        seen.insert(code(&response));
        let printed = format!("{response:?} {error} {error:?} {} {:?}", response.body, response.headers);
        assert!(!printed.contains(MARK), "{printed}");
        for piece in token.split('.').filter(|piece| piece.len() > 11) {
            assert!(!printed.contains(&piece[..12]), "{printed}");
        }
    };
    let document = merged(wordy(), json!({ "explain": true }));
    let mut world = World::new(&document);
    world.key_set = Some(key_set());
    for path in ["/data", "/pay", "/acr", "/roles"] {
        look(world.get(path, &token), &token);
    }
    let query = format!("access_token={MARK}");
    let authorization = format!("Bearer {token}");
    let twice = format!("{authorization}, {authorization}");
    let requests = [
        Request { method: "GET", path: "/me", query: Some(&query), ..Request::default() },
        Request { method: "GET", path: "/me", authorization: Some(MARK), ..Request::default() },
        Request { method: "GET", path: "/me", authorization: Some(&twice), ..Request::default() },
        Request {
            method: "GET",
            path: "/S3CRETMARKOFAPERSON//x",
            authorization: Some(&authorization),
            ..Request::default()
        },
    ];
    for request in &requests {
        look(world.call(request), &token);
    }
    let jwk = Jwk::parse(Key::Ec.jwk().to_string().as_bytes(), &FastEngine).unwrap();
    let thumbprint = jwk.key().thumbprint();
    let bound = Key::Ec.sign(&claims_with(merged(marked.clone(), json!({ "cnf": { "jkt": thumbprint } }))));
    let proof = Key::Ec.sign_with(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": Key::Ec.jwk() }), &marked);
    for (token, proof) in
        [(&bound, Some(proof.as_str())), (&bound, Some(MARK)), (&bound, None), (&token, Some(&*proof))]
    {
        let authorization = format!("DPoP {token}");
        let request = Request {
            method: "GET",
            path: "/me",
            authorization: Some(&authorization),
            dpop: proof,
            url_origin: Some("https://api.example"),
            ..Request::default()
        };
        look(world.call(&request), token);
    }
    look(world.get("/me", &bound), &bound);
    let mut asking = World::new(&merged(introspecting_policy(), json!({ "explain": true })));
    for answer in
        [json!({ "active": false, "sub": MARK }), json!({ "active": MARK }), merged(marked, json!({ "active": true }))]
    {
        asking.introspection = Some(answer.to_string());
        look(asking.get("/admin", &format!("{MARK}{MARK}")), MARK);
        asking.now += 100;
    }
    for code in [
        "scope_missing",
        "authentication_insufficient",
        "rights_missing",
        "credentials_malformed",
        "credentials_missing",
        "path_ambiguous",
        "proof_of_possession_missing",
        "proof_missing",
        "proof_invalid",
        "token_inactive",
        "introspection_unavailable",
    ] {
        assert!(seen.contains(code), "{code} was not looked at: {seen:?}");
    }
}
