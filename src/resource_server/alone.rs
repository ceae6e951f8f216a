//! A verifier for one issuer, read from a document: for those who have the issuer's keys and want nothing else.

use alloc::format;

use super::{
    demands::{Demands, named, read_algorithms},
    document,
};
use crate::{
    error::{Error, Problems},
    jose::Algorithm,
    json::{Fields, Object},
    jwt::{TakenBindings, Verifier},
};

/// What a document about one issuer alone may say.
const MEMBERS: [&str; 5] = ["issuer", "audience", "algorithms", "token_profile", "clock_tolerance_seconds"];

/// Reads a document about one issuer, whose keys the caller has. Its URL is asked nothing, so any text may name it.
///
/// # Errors
/// `policy_invalid` with every problem and its place.
pub(crate) fn read_verifier(text: &str) -> Result<Verifier, Error> {
    document::read(text, read)
}

fn read(document: &Object, problems: &mut Problems) -> Option<Verifier> {
    let fields = Fields::of_document(document, &MEMBERS, problems);
    let issuer = fields.text("issuer", problems);
    let demands = Demands::read(&fields, problems);
    let mut algorithms = read_algorithms(&fields, problems);
    if algorithms.is_empty() {
        algorithms.extend(Algorithm::available());
    } else if !algorithms.iter().all(|algorithm| algorithm.is_available()) {
        let problem = format!("must be names of algorithms that are here: {}", named(Algorithm::available()));
        fields.refuse("algorithms", &problem, problems);
    }
    let (demands, issuer) = (demands?, issuer?);
    let rules = demands.rules(|rules| rules.issuer(issuer), TakenBindings::default())?;
    Some(Verifier::new(rules, algorithms))
}
