//! The part of a policy that is about tokens alone, for APIs that judge routes themselves.

use alloc::{format, vec::Vec};

use super::{document, issuer::Issuer, key_policy::KeyPolicy, token_cache::Bounds};
use crate::{
    error::{Error, Problems},
    http_url::Transport,
    json::Fields,
    jwt::TakenBindings,
    limits,
};

/// Whose tokens are taken, how long keys serve, and how many tokens are remembered.
#[derive(Clone, Debug)]
pub struct TokenPolicy {
    pub(super) issuers: Vec<Issuer>,
    pub(super) keys: KeyPolicy,
    pub(super) token_cache: Bounds,
    pub(super) transport: Transport,
}

/// What a token policy may say.
const MEMBERS: [&str; 5] = ["$schema", "issuers", "keys", "token_cache", "allow_insecure_loopback"];

impl TokenPolicy {
    /// Reads and checks a document: `issuers`, `keys`, `token_cache` and `allow_insecure_loopback` of a [`Policy`](super::Policy), and
    /// its `$schema`. An issuer's `introspection` is not asked.
    ///
    /// # Errors
    /// `policy_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        document::read(text, |document, problems| {
            let fields = Fields::of_document(document, &MEMBERS, problems);
            document::pass_over_schema(&fields, problems);
            let transport = Transport::from_switch(fields.switch("allow_insecure_loopback", problems));
            let keys = KeyPolicy::read(&fields, problems);
            let token_cache = Bounds::read(&fields, problems);
            let issuers = read_issuers(&fields, false, TakenBindings::default(), transport, problems);
            Some(Self { issuers, keys, token_cache, transport })
        })
    }
}

/// Reads the issuers of a policy; `is_asked` is whether each of them has to say how introspection is asked, `taken` which
/// bindings of its tokens are proved afterwards.
pub(super) fn read_issuers(
    policy: &Fields<'_>,
    is_asked: bool,
    taken: TakenBindings,
    transport: Transport,
    problems: &mut Problems,
) -> Vec<Issuer> {
    let mut issuers: Vec<Issuer> = Vec::new();
    let Some(list) = policy.list("issuers", problems) else {
        return issuers;
    };
    if list.is_empty() || list.len() > limits::MAX_ISSUERS {
        problems.add("issuers", &format!("must hold from 1 to {} issuers", limits::MAX_ISSUERS));
    }
    for (index, value) in list.iter().take(limits::MAX_ISSUERS).enumerate() {
        let path = policy.at_element("issuers", index);
        let introspection = value.as_object().map(|issuer| issuer.get("introspection").filter(|said| !said.is_null()));
        if is_asked && introspection == Some(None) {
            problems.add(&format!("{path}.introspection"), "is needed, because a route asks introspection");
        }
        let Some(issuer) = Issuer::read(value, path.clone(), taken, transport, problems) else { continue };
        if let Some(present) = issuers.iter().find(|present| present.overlaps(&issuer)) {
            let problem = if present.issuer == issuer.issuer && issuer.tenants.is_none() {
                "is named twice".into()
            } else {
                format!("can't be told from {}: a token could be of both; name other tenants", present.issuer)
            };
            problems.add(&format!("{path}.issuer"), &problem);
        }
        issuers.push(issuer);
    }
    issuers
}
