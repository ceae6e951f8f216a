//! Holds one row of a vector file against its label (the format is in `tests/vectors/README.md`).
//!
//! No input or output: where the host has to check a signature the judge says so, and is called again with what the host said.
//! A row is judged from its text alone, so the second call comes to the same place as the first.

mod dpop;
mod expectation;
mod keys;
mod row;
mod signatures;
mod tokens;

use edgeward::{
    Error,
    crypto::{HostVerdict, SignatureEngine},
    jose::algorithm::Scheme,
};

pub use expectation::Expected;
use row::Row;

/// Where judging a row has come to.
pub enum Step {
    /// The host must check this signature first.
    Ask(HostRequest),
    /// The end.
    Judged(Judgement),
}

/// A signature for the host to check.
#[derive(Clone)]
pub struct HostRequest {
    /// The `alg` name.
    pub alg: &'static str,
    /// The key, its required members alone.
    pub jwk: String,
    /// What was signed.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What came out of a row, beside its label.
pub struct Judgement {
    /// The row's `id`; empty where it has none.
    pub id: String,
    /// Its `layer`.
    pub layer: String,
    /// Its `why`.
    pub why: String,
    /// Its `expect`.
    pub expect: String,
    /// What the label comes to, once the algorithms that are not offered are refused.
    pub expected: Expected,
    /// What the crate says.
    pub verdict: Verdict,
}

impl Judgement {
    /// Whether the verdict is the expected one. `None` where either would do.
    pub fn agrees(&self) -> Option<bool> {
        match (&self.expected, &self.verdict) {
            (Expected::Unreadable(_), _) | (_, Verdict::Unreadable(_)) => Some(false),
            (Expected::Accepted, verdict) => Some(*verdict == Verdict::Accepted),
            (Expected::Refused, verdict) => Some(*verdict != Verdict::Accepted),
            (Expected::Either, _) => None,
        }
    }
}

/// What the crate says of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken.
    Accepted,
    /// It is refused, with the error's code.
    Refused(&'static str),
    /// The row can't be judged: what is wrong with it.
    Unreadable(String),
}

impl Verdict {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// The error's code, or what is wrong with the row.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Accepted => None,
            Self::Refused(code) => Some(code),
            Self::Unreadable(problem) => Some(problem),
        }
    }
}

/// Why a row was not accepted, or not yet.
enum Stop {
    Ask(HostRequest),
    Refused(&'static str),
    Unreadable(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error.code())
    }
}

/// An engine, and what the host said where it was asked.
#[derive(Clone, Copy)]
struct Engine<'a> {
    engine: &'a dyn SignatureEngine,
    host: Option<HostVerdict>,
}

impl Engine<'_> {
    /// What the host said; where the engine leaves signatures to it and it has not been asked yet, that comes first.
    fn host_verdict(self, scheme: Scheme, request: impl FnOnce() -> HostRequest) -> Result<HostVerdict, Stop> {
        match self.host {
            None if self.engine.asks_host(scheme) => Err(Stop::Ask(request())),
            // A host that can't leaves it to the engine, and so does one that there isn't.
            said => Ok(said.unwrap_or(HostVerdict::Unable)),
        }
    }
}

/// Judges the row in `text`. `host` is what the host said of the signature that an earlier call asked for.
pub fn judge(text: &str, engine: &dyn SignatureEngine, host: Option<HostVerdict>) -> Step {
    let row = match Row::parse(text) {
        Ok(row) => row,
        Err(problem) => return Step::Judged(unreadable(problem)),
    };
    let engine = Engine { engine, host };
    let layer = row.label("layer");
    let outcome = match layer.as_str() {
        "raw" => signatures::raw(&row, engine),
        "jws" => tokens::jws(&row, engine),
        "jwt" => tokens::jwt(&row, engine),
        "parse" => tokens::parse(&row),
        "jwk_import" => keys::jwk_import(&row, engine),
        "jwks_import" => keys::jwks_import(&row, engine),
        "dpop" => dpop::dpop(&row, engine),
        _ => Err(Stop::Unreadable("its layer is none of the format".to_owned())),
    };
    let verdict = match outcome {
        Ok(()) => Verdict::Accepted,
        Err(Stop::Ask(request)) => return Step::Ask(request),
        Err(Stop::Refused(code)) => Verdict::Refused(code),
        Err(Stop::Unreadable(problem)) => Verdict::Unreadable(problem),
    };
    Step::Judged(Judgement {
        id: row.label("id"),
        why: row.label("why"),
        expect: row.label("expect"),
        expected: expectation::of(&row),
        layer,
        verdict,
    })
}

fn unreadable(problem: String) -> Judgement {
    Judgement {
        id: String::new(),
        layer: String::new(),
        why: String::new(),
        expect: String::new(),
        expected: Expected::Unreadable("there is no label".to_owned()),
        verdict: Verdict::Unreadable(problem),
    }
}
