//! A policy, and what a gate does by it with a request that carries no token. The input is the document; where it does not start
//! with "{" its first line is the request's method and path.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    limits,
    resource_server::{Decision, Gate, Policy, Progress, Request},
};
use serde_json::Value;

use crate::{Verdict, request, silence, text};

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

/// A secret as it may not be shown.
const SECRET: &str = "s3cr3tValue0fTheBinding";

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    let (line, document) = if input.starts_with(b"{") { (&b"GET /data"[..], input) } else { text::split_line(input) };
    let (line, document) = (text::lossy(line), text::lossy(document));
    let verdict = text::twice(|| Policy::parse(&document).map(|policy| format!("{policy:?}")));
    match verdict {
        Err(error) => {
            check_refusal(&error);
            Err(error.code())
        }
        Ok(shown) => {
            let policy = Policy::parse(&document).expect("parsed above");
            check_written_again(&document, &shown);
            check_gate(policy, &line, &document);
            Ok(())
        }
    }
}

/// A policy is refused with its problems, each at a place.
fn check_refusal(error: &Error) {
    let Error::PolicyInvalid { problems } = error else { panic!("not a problem of the policy: {error}") };
    assert!(!problems.is_empty());
    assert!(problems.iter().all(|problem| !problem.path.is_empty() && !problem.problem.is_empty()));
}

/// The order of members and white space between them mean nothing; unknown members are never passed over.
fn check_written_again(document: &str, shown: &str) {
    assert!(document.len() <= limits::MAX_POLICY_BYTES);
    let mut value: Value = serde_json::from_str(document).expect("a policy is JSON");
    let again = Policy::parse(&value.to_string()).expect("a good policy, written again");
    assert_eq!(format!("{again:?}"), shown);
    for pointer in ["", "/issuers/0", "/routes/0", "/upstream"] {
        let members =
            value.pointer_mut(pointer).and_then(Value::as_object_mut).expect("every policy has these objects");
        members.insert("unknown".into(), Value::Bool(true));
        assert!(Policy::parse(&value.to_string()).is_err(), "an unknown member at \"{pointer}\" was passed over");
        if let Some(members) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
            members.remove("unknown");
        }
    }
}

/// Fail closed: without a token nothing is let through but what a public route names, and nothing without the secrets.
fn check_gate(policy: Policy, line: &str, document: &str) {
    let bindings: Vec<String> = policy.secret_bindings().into_iter().map(Into::into).collect();
    assert!(bindings.windows(2).all(|pair| pair[0] < pair[1]), "each secret once");
    let engine = || Box::new(FastEngine);
    if !bindings.is_empty() {
        assert!(Gate::new(policy.clone(), Vec::new(), engine()).is_err(), "a gate without its secrets");
    }
    let secrets = bindings.into_iter().map(|name| (name, SECRET.into())).collect();
    let mut gate = Gate::new(policy, secrets, engine()).expect("a policy with its secrets");
    silence::of_debug(&gate, &[SECRET.as_bytes()], &[document]);

    let (method, path) = line.split_once(' ').unwrap_or((line, "/"));
    for authorization in [None, Some("Bearer"), Some("Bearer e30.e30.AA")] {
        let request = Request { method, path, authorization, ..Request::default() };
        let Progress::Decided(decision) = gate.authorize(&request, NOW) else {
            panic!("keys were asked for without a token that could need them");
        };
        match decision {
            Decision::Respond(response) => request::check_response(&response),
            Decision::Forward(forward) => request::check_public(document, path, &forward),
        }
    }
}
