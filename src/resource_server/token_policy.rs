//! The part of a policy that is about tokens alone, for APIs that judge routes themselves.

use alloc::{format, string::String, vec::Vec};

use serde::Deserialize;

use super::{
    issuer::Issuer,
    policy_document::{IssuerDocument, TokenCacheDocument},
    token_cache::Bounds,
};
use crate::{
    error::{Error, Problems},
    http_url::Transport,
    jose::json,
    limits,
};

/// Whose tokens are taken, and how many are remembered.
#[derive(Clone, Debug)]
pub struct TokenPolicy {
    pub(super) issuers: Vec<Issuer>,
    pub(super) token_cache: Bounds,
    pub(super) transport: Transport,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenPolicyDocument {
    issuers: Vec<IssuerDocument>,
    #[serde(default)]
    token_cache: TokenCacheDocument,
    #[serde(default)]
    allow_insecure_loopback: bool,
}

impl TokenPolicy {
    /// Reads and checks a document: `issuers`, `token_cache` and `allow_insecure_loopback` of a [`Policy`](super::Policy). An issuer's
    /// `introspection` is not asked.
    ///
    /// # Errors
    /// `policy_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let whole = |problem: String| Error::PolicyInvalid { problems: Problems::of("(document)", problem) };
        if text.len() > limits::MAX_POLICY_BYTES {
            return Err(whole("is too large".into()));
        }
        let document: TokenPolicyDocument = serde_json::from_str(text)
            .map_err(|error| Error::PolicyInvalid { problems: Problems::of_json("(document)", &error) })?;
        if json::parse_object(text.as_bytes()).is_none() {
            return Err(whole("has a member twice, or is nested too deeply".into()));
        }
        let mut problems = Problems::default();
        let transport = Transport::from_switch(document.allow_insecure_loopback);
        let token_cache = Bounds::check(&document.token_cache, &mut problems);
        let issuers = check_issuers(document.issuers, false, transport, &mut problems);
        if problems.is_empty() {
            Ok(Self { issuers, token_cache, transport })
        } else {
            Err(Error::PolicyInvalid { problems: problems.into_vec() })
        }
    }
}

/// Checks the issuers of a policy; `asks_introspection` is whether each of them has to say how it is asked.
pub(super) fn check_issuers(
    documents: Vec<IssuerDocument>,
    asks_introspection: bool,
    transport: Transport,
    problems: &mut Problems,
) -> Vec<Issuer> {
    if documents.is_empty() || documents.len() > limits::MAX_ISSUERS {
        problems.add("issuers", &format!("must hold from 1 to {} issuers", limits::MAX_ISSUERS));
    }
    let mut issuers: Vec<Issuer> = Vec::new();
    for (index, issuer) in documents.into_iter().enumerate() {
        let path = format!("issuers[{index}]");
        if issuers.iter().any(|present| present.issuer == issuer.issuer) {
            problems.add(&format!("{path}.issuer"), "is named twice");
        }
        if asks_introspection && issuer.introspection.is_none() {
            problems.add(&format!("{path}.introspection"), "is needed, because a route asks introspection");
        }
        issuers.extend(Issuer::check(issuer, &path, transport, problems));
    }
    issuers
}
