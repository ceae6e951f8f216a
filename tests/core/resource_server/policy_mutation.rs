//! Generated and mutated policies, each either refused with a place for every problem, or enforced exactly as a plain reading of its JSON
//! says (`reference.rs`, `demands.rs`), on generated requests and tokens, cold and warm. `npm run prove:policies -- --cases N --seed S` runs more of them.

mod demands;
mod documents;
mod reference;
mod requests;
mod tokens;

use std::{collections::BTreeMap, env};

use edgeward::{
    crypto::FastEngine,
    error::{Error, Problem},
    resource_server::{Decision, Gate, Ground, Header, Policy, Request},
};
use serde_json::{Value, json};

use crate::{
    outside::{World, code, header},
    signing::key_set,
};
use documents::Random;
use reference::{Asked, Expected};
use requests::{Sending, Sent};

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
            for (asked, expected, (got, ground)) in enforced(&document, &tokens, &mut random) {
                assert_eq!(got, expected, "case {case} of seed {seed}: {asked}\n{document:#}");
                count(format!("answers {} {}", got.status, got.error.unwrap_or_default()));
                count(ground.into());
                for (what, is_so) in [
                    ("metadata", got.metadata.is_some()),
                    ("preflights with methods", got.allowed_methods.is_some()),
                    ("pages that may read", got.allowed_page.is_some()),
                ] {
                    if is_so {
                        count(what.into());
                    }
                }
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
        "answers 401 use_dpop_nonce",
        "answers 201 ",
        "metadata",
        "preflights with methods",
        "pages that may read",
        "certificate_mismatch",
        "certificate_untrusted",
        "deny_list_unavailable",
        "introspection_known",
        "proof_replayed",
        "token_introspected",
        "token_known",
        "token_revoked",
        "tenant_mismatch",
    ] {
        let found = tally.get(least).copied().unwrap_or_default();
        assert!(found * 400 >= cases, "{least}: {found} of {cases}: nothing much was looked at");
    }
}

/// Some requests to one gate: what was asked, what the reference says, what the gate did.
fn enforced(
    document: &Value,
    tokens: &[(Value, String)],
    random: &mut Random,
) -> Vec<(String, Expected, (Expected, &'static str))> {
    let mut world = World::with(gate(document));
    // Of each it is said whose tenants' tokens it signs; who has no tenants does not ask.
    let keys = |mut set: Value| {
        for key in set["keys"].as_array_mut().expect("keys") {
            key["issuer"] = json!(documents::TEMPLATE);
        }
        set
    };
    world.key_set = Some(keys(serde_json::from_str(&key_set()).expect("JSON")).to_string());
    world.metadata = None;
    world.body = Some(json!({ "iss": documents::ISSUERS[0], "jti": "nobody's" }).to_string());
    let denied = requests::deny_list(random);
    let entries =
        |list: &Vec<Value>| list.iter().enumerate().map(|(at, entry)| (at.to_string(), entry.to_string())).collect();
    world.deny_list = denied.as_ref().map(entries);
    world.deny_list_room = usize::MAX;
    let certificates = requests::certificates();
    let mut server = Server::default();
    let mut nonce = None;
    let mut opened: Vec<(usize, Sending)> = Vec::new();
    // Few, so that what is remembered of them is asked for.
    let few = [(); 2].map(|()| requests::chosen(document, tokens, random));
    (0..REQUESTS)
        .map(|number| {
            world.now += requests::pause(random);
            let mut chosen = random.often(9).then(|| *random.pick(&few));
            let mut sending = Sending::any(chosen.map(|at| &tokens[at].0), document, random);
            if sending.sent == Sent::Replayed {
                match opened.last() {
                    // The very same request again.
                    Some((token, first)) => (chosen, sending) = (Some(*token), Sending { sent: Sent::Replayed, ..first.clone() }),
                    None => sending.sent = Sent::Proved,
                }
            }
            let token = chosen.map(|at| &tokens[at]);
            if sending.sent != Sent::Replayed
                && let Some((_, text)) = token
            {
                sending = sending.proved(text, number, &world, nonce.as_deref());
            }
            let answer = token.and_then(|(claims, text)| server.answer(claims, text, random));
            world.introspection = answer.as_ref().map(Value::to_string);
            world.asked = None;
            let authorization = token.map(|(_, text)| match sending.sent {
                Sent::Bearer => format!("Bearer {text}"),
                _ => format!("DPoP {text}"),
            });
            let decision = world.call(&Request {
                method: sending.method,
                path: sending.path,
                authorization: authorization.as_deref(),
                dpop: sending.proof.as_deref(),
                url_origin: Some("https://api.example"),
                client_certificate: sending.client_certificate(&certificates),
                origin: sending.page,
                access_control_request_method: sending.asks_method,
                ..Request::default()
            });
            if let Some(given) = header(headers_of(&decision), "dpop-nonce") {
                nonce = Some(given.to_owned());
            }
            let was_asked = world.asked.is_some();
            let ground = decision.code();
            let mut got = Expected { was_asked, ..of_decision(decision) };
            if let Some(served) = &mut got.metadata
                && document["dpop"].get("algorithms").is_none_or(|names| *names == json!([]))
                && let Some(algs) = served.get_mut("dpop_signing_alg_values_supported")
            {
                assert!(demands::texts(algs).iter().any(|name| name == "ES256"), "{algs}");
                *algs = Value::Null;
            }
            let claims = token.map(|(claims, _)| claims);
            let kept = token.and_then(|(_, text)| server.kept.get(text));
            let (now, answer, denied) = (world.now, answer.as_ref(), denied.as_deref());
            let expected = reference::decide(&Asked { document, now, sending: &sending, claims, answer, kept, denied });
            if expected.claims.is_none() && expected.url.is_some() {
                got.claims = None;
            }
            let told = format!(
                "{number} at {}: {sending:?} with {claims:?}, introspection {answer:?}, before {kept:?}, denied {denied:?}",
                world.now
            );
            if let (true, Some((_, text))) = (got.was_asked, token) {
                server.kept.insert(text.clone(), (answer.cloned(), world.now));
            }
            if let (Sent::Proved, Some(at), Some(_)) = (sending.sent, chosen, &got.url) {
                opened.push((at, sending));
            }
            (told, expected, (got, ground))
        })
        .collect()
}

/// A gate with a secret of enough bytes for each that the policy names.
fn gate(document: &Value) -> Gate {
    let policy = Policy::parse(&document.to_string()).expect("it has been read before");
    let secret = "a secret of more than 32 bytes, always";
    let secrets = policy.secret_bindings().into_iter().map(|name| (name.to_owned(), secret.to_owned())).collect();
    Gate::new(policy, secrets, Box::new(FastEngine)).expect("the secrets are there")
}

/// The authorization server: what it says of each token, and what it has said when it was asked last.
#[derive(Default)]
struct Server {
    says: BTreeMap<String, Option<Value>>,
    kept: BTreeMap<String, (Option<Value>, u64)>,
}

impl Server {
    /// A good answer may become another one; whatever else it says, it goes on saying.
    fn answer(&mut self, claims: &Value, token: &str, random: &mut Random) -> Option<Value> {
        let said = self.says.entry(token.to_owned()).or_insert_with(|| tokens::answer(claims, random));
        if said.as_ref().is_some_and(|said| said["active"] == true) && random.often(3) {
            *said = tokens::answer(claims, random);
        }
        said.clone()
    }
}

fn headers_of(decision: &Decision) -> &[Header] {
    match decision {
        Decision::Forward(forward) => &forward.response_headers,
        Decision::Respond(response) => &response.headers,
    }
}

/// What a caller sees of a decision.
fn of_decision(decision: Decision) -> Expected {
    let named = |name: &str| header(headers_of(&decision), name).map(ToOwned::to_owned);
    let expected = Expected {
        allowed_page: named("access-control-allow-origin"),
        allowed_methods: named("access-control-allow-methods"),
        allowed_headers: named("access-control-allow-headers"),
        ..Expected::default()
    };
    let challenge = named("www-authenticate");
    let response = match decision {
        Decision::Forward(forward) => {
            let claims = Some(forward.headers().into_iter().collect());
            return Expected { status: 200, url: Some(forward.url), claims, ..expected };
        }
        Decision::Respond(response) => response,
    };
    let parameter = |name: &str| {
        let (_, rest) = challenge.as_ref()?.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    assert!(response.status != 401 || challenge.is_some(), "{}", code(&response));
    let is_metadata = response.ground == Some(Ground::MetadataServed) && !response.body.is_empty();
    Expected {
        status: response.status,
        error: parameter("error"),
        scope: parameter("scope"),
        acr_values: parameter("acr_values"),
        max_age: parameter("max_age"),
        resource_metadata: parameter("resource_metadata"),
        metadata: is_metadata.then(|| serde_json::from_str(&response.body).expect("JSON")),
        ..expected
    }
}
