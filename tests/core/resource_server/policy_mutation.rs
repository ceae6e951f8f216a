//! Generated and mutated policies, each either refused with a place for every problem, or enforced exactly as a plain reading of its JSON
//! says (`reference.rs`), on generated requests and tokens, cold and warm. `npm run prove:policies -- --cases N --seed S` runs more of them.

mod documents;
mod reference;
mod tokens;

use std::{collections::BTreeMap, env};

use edgeward::{
    error::{Error, Problem},
    resource_server::{Decision, Policy, Request},
};
use serde_json::{Value, json};

use crate::{
    dpop_gate::proof,
    outside::{World, code, header},
    signing::{Key, key_set},
};
use documents::{Random, Sent};
use reference::{Asked, Expected};

const CASES: u64 = 2_000;
const SEED: u64 = 20_261_122;
const REQUESTS: usize = 8;

/// A number of the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[test]
fn a_policy_is_refused_by_place_or_enforced_as_it_reads() {
    let (cases, seed) = (setting("EDGEWARD_POLICY_CASES", CASES), setting("EDGEWARD_POLICY_SEED", SEED));
    let tokens = tokens::all();
    let mut tally: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = |what: String| *tally.entry(what).or_default() += 1;
    for case in 0..cases {
        let mut random = Random::of(seed, case);
        let (document, is_good) = documents::any(&mut random);
        let problems = match Policy::parse(&document.to_string()) {
            Ok(_) => Vec::new(),
            Err(Error::PolicyInvalid { problems }) => problems,
            Err(error) => panic!("case {case} of seed {seed}: {error}"),
        };
        // What chance has put together may be more than a route may hold.
        let is_bounded = |problem: &Problem| problem.problem.starts_with("is too much");
        assert!(!is_good || problems.iter().all(is_bounded), "case {case} of seed {seed}: {problems:?}\n{document:#}");
        for problem in &problems {
            let top = problem.path.split(['.', '[']).next().unwrap_or_default();
            assert!(!top.is_empty() || problem.path.starts_with("[\""), "case {case} of seed {seed}: {problem:?}");
            assert!(!problem.problem.is_empty(), "case {case} of seed {seed}: {problem:?}");
        }
        count(if problems.is_empty() { "policies taken".into() } else { "policies refused".into() });
        if problems.is_empty() {
            for (asked, expected, got) in enforced(&document, &tokens, &mut random) {
                assert_eq!(got, expected, "case {case} of seed {seed}: {asked}\n{document:#}");
                count(format!("answers {} {}", got.status, got.error.unwrap_or_default()));
            }
        }
    }
    println!("{cases} policies of seed {seed}: {tally:#?}");
    for least in [
        "policies taken",
        "policies refused",
        "answers 200 ",
        "answers 401 ",
        "answers 401 invalid_token",
        "answers 401 invalid_dpop_proof",
        "answers 401 insufficient_user_authentication",
        "answers 403 insufficient_scope",
        "answers 404 ",
        "answers 405 ",
        "answers 503 ",
    ] {
        let found = tally.get(least).copied().unwrap_or_default();
        assert!(found * 100 >= cases, "{least}: {found} of {cases}: nothing much was looked at");
    }
}

/// Some requests to one gate: what was asked, what the reference says, what the gate did.
fn enforced(document: &Value, tokens: &[(Value, String)], random: &mut Random) -> Vec<(String, Expected, Expected)> {
    let mut world = World::new(document);
    world.key_set = Some(key_set());
    world.metadata = None;
    let mut answers: BTreeMap<String, Option<Value>> = BTreeMap::new();
    (0..REQUESTS)
        .map(|number| {
            let (method, path) = documents::request(random);
            let token = random.often(9).then(|| random.pick(tokens));
            // The server says the same of a token each time: a refusal of its stands for a while.
            let mut of_token = |(claims, text): &(Value, String)| {
                answers.entry(text.clone()).or_insert_with(|| tokens::answer(claims, random)).clone()
            };
            let answer = token.and_then(&mut of_token);
            world.introspection = answer.as_ref().map(Value::to_string);
            let can_be_proved = |claims: &Value| document["dpop"].is_object() && claims.get("cnf").is_some();
            let sent = token.map_or(Sent::Bearer, |(claims, _)| documents::sent(can_be_proved(claims), random));
            let authorization = token.map(|(_, text)| match sent {
                Sent::Bearer => format!("Bearer {text}"),
                _ => format!("DPoP {text}"),
            });
            let authorization = authorization.as_deref();
            let dpop = token.and_then(|(_, text)| proof_of(sent, text, method, path, number));
            let url_origin = Some("https://api.example");
            let dpop = dpop.as_deref();
            let got = of_decision(world.call(&Request {
                method,
                path,
                authorization,
                dpop,
                url_origin,
                ..Request::default()
            }));
            let claims = token.map(|(claims, _)| claims);
            let expected = reference::decide(&Asked { document, method, path, claims, answer: answer.as_ref(), sent });
            (format!("{method} {path} with {claims:?}, {sent:?}, introspection {answer:?}"), expected, got)
        })
        .collect()
}

/// The proof beside a token, where there is one, and not one that was sent before.
fn proof_of(sent: Sent, token: &str, method: &str, path: &str, number: usize) -> Option<String> {
    let htm = match sent {
        Sent::Bearer => return None,
        Sent::Proved => method,
        Sent::Misdirected => "DELETE",
    };
    let changes = json!({ "jti": number.to_string(), "htm": htm, "htu": format!("https://api.example{path}") });
    Some(proof(Key::Ec, token, changes))
}

/// What a caller sees of a decision.
fn of_decision(decision: Decision) -> Expected {
    let response = match decision {
        Decision::Forward(forward) => return Expected::forward(&forward.url),
        Decision::Respond(response) => response,
    };
    let challenge = header(&response.headers, "www-authenticate").map(ToOwned::to_owned);
    let parameter = |name: &str| {
        let (_, rest) = challenge.as_ref()?.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    assert!(response.status != 401 || challenge.is_some(), "{}", code(&response));
    Expected {
        status: response.status,
        error: parameter("error"),
        scope: parameter("scope"),
        acr_values: parameter("acr_values"),
        max_age: parameter("max_age"),
        url: None,
    }
}
