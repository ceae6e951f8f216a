//! What a policy says of proofs of possession (RFC 9449): `dpop`.

use alloc::{format, string::String, vec::Vec};

use super::{
    demands::{named, read_algorithms},
    dpop::DpopRules,
};
use crate::{
    crypto::SignatureEngine,
    error::Problems,
    http_url::{HttpUrl, Transport},
    jose::algorithm::ALGORITHMS,
    json::Fields,
    limits,
};

/// That proofs are taken, and which.
#[derive(Clone, Debug)]
pub(super) struct DpopPolicy {
    rules: DpopRules,
    /// Scheme, host and port by which clients reach the gate, where the request's own URL does not say it.
    origin: Option<HttpUrl>,
    replay: Replay,
    /// The name of the secret behind nonces and their lifetime in seconds, where proofs have to carry one.
    nonces: Option<(String, u64)>,
    /// The algorithms as a challenge names them.
    algs: String,
}

/// Where used proofs are remembered.
#[derive(Clone, Debug)]
pub(super) enum Replay {
    /// By the gate itself.
    Memory,
    /// By a Durable Object for each key, in the namespace that has this binding.
    Binding(String),
}

/// What `dpop` may say.
const MEMBERS: [&str; 8] = [
    "replay",
    "replay_binding",
    "origin",
    "algorithms",
    "max_age_seconds",
    "clock_tolerance_seconds",
    "nonce_secret_binding",
    "nonce_lifetime_seconds",
];

impl DpopPolicy {
    /// Reads `dpop` of a policy. Without it no proof is taken, and no token that needs one.
    pub(super) fn read(policy: &Fields<'_>, transport: Transport, problems: &mut Problems) -> Option<Self> {
        let fields = policy.optional_object("dpop", &MEMBERS, problems)?;
        let replay = Replay::read(&fields, problems);
        let origin = fields.optional_text_as(
            "origin",
            "must be an https origin without a path, like \"https://api.example\"",
            |text| HttpUrl::parse(text, transport).filter(HttpUrl::is_serialized_origin),
            problems,
        );
        let algorithms = read_algorithms(&fields, problems);
        let mut seconds =
            |member: &str, usual: u64, least: u64, most: u64| fields.seconds(member, usual, (least, most), problems);
        let max_age_seconds =
            seconds("max_age_seconds", limits::DEFAULT_DPOP_PROOF_AGE_SECONDS, 1, limits::DPOP_PROOF_MAX_AGE_SECONDS);
        let clock_tolerance_seconds = seconds(
            "clock_tolerance_seconds",
            limits::DEFAULT_CLOCK_TOLERANCE_SECONDS,
            0,
            limits::MAX_CLOCK_TOLERANCE_SECONDS,
        );
        let (least, most) = limits::DPOP_NONCE_LIFETIMES_SECONDS.into_inner();
        let nonce_lifetime = seconds("nonce_lifetime_seconds", limits::DPOP_NONCE_LIFETIME_SECONDS, least, most);
        let nonce_secret = fields.defaulted_text("nonce_secret_binding", problems);
        if nonce_secret == Some("") {
            fields.refuse("nonce_secret_binding", "must name a secret", problems);
        }
        let is_said = |member| fields.value(member).is_some_and(|value| !value.is_null());
        if is_said("nonce_lifetime_seconds") && !is_said("nonce_secret_binding") {
            let problem = "says nothing without \"nonce_secret_binding\": no nonces are demanded";
            fields.refuse("nonce_lifetime_seconds", problem, problems);
        }
        let rules = DpopRules { algorithms, max_age_seconds, clock_tolerance_seconds };
        let nonces = nonce_secret.map(|binding| (binding.into(), nonce_lifetime));
        Some(Self { rules, origin, replay: replay?, nonces, algs: String::new() })
    }

    /// Holds the algorithms against those that the engine has; where the policy names none, those are meant.
    pub(super) fn choose_algorithms(&mut self, engine: &dyn SignatureEngine, problems: &mut Problems) {
        let had = || ALGORITHMS.iter().copied().filter(|algorithm| engine.has(algorithm.scheme()));
        let algorithms = &mut self.rules.algorithms;
        if algorithms.is_empty() {
            algorithms.extend(had());
        } else if !algorithms.iter().all(|algorithm| engine.has(algorithm.scheme())) {
            let problem = format!("must be names of algorithms that the engine has: {}", named(had()));
            problems.add("dpop.algorithms", &problem);
        }
        self.algs = algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(" ");
    }

    /// What a proof must be.
    pub(super) const fn rules(&self) -> &DpopRules {
        &self.rules
    }

    /// Where clients reach the gate; `None` where the request's URL says it.
    pub(super) fn origin(&self) -> Option<&str> {
        self.origin.as_ref().map(HttpUrl::origin)
    }

    /// Where used proofs are remembered.
    pub(super) const fn replay(&self) -> &Replay {
        &self.replay
    }

    /// The name of the secret behind nonces and their lifetime in seconds, where proofs have to carry one.
    pub(super) fn nonces(&self) -> Option<(&str, u64)> {
        self.nonces.as_ref().map(|(binding, seconds)| (binding.as_str(), *seconds))
    }

    /// The algorithms, separated by spaces (RFC 9449 section 7.1).
    pub(super) fn algs(&self) -> &str {
        &self.algs
    }
}

impl Replay {
    /// Reads the one of two members that says it. It has to be said, because each place misses something, and none is chosen in silence.
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let replay = fields.defaulted_text("replay", problems);
        match (replay, fields.defaulted_text("replay_binding", problems)) {
            (Some("memory"), None) => return Some(Self::Memory),
            (None, Some(binding)) if !binding.is_empty() => return Some(Self::Binding(binding.into())),
            (None, Some(_)) => fields.refuse("replay_binding", "must name a binding", problems),
            (Some(_), Some(_)) => fields.refuse("replay", "can't stand beside \"replay_binding\"", problems),
            (Some(_), None) => fields.refuse("replay", SAID, problems),
            (None, None) if fields.value("replay").is_none() => {
                fields.refuse("replay", &format!("is missing; it {SAID}"), problems);
            }
            (None, None) => {}
        }
        None
    }
}

const SAID: &str = "must be \"memory\" (each process remembers its own proofs), or \"replay_binding\" must name Durable Objects that do";
