//! A trusted issuer: what its tokens must say and where its keys are.

use alloc::{format, string::String, vec::Vec};

use super::policy_document::{IntrospectionDocument, IssuerDocument, TokenProfile};
use crate::{
    crypto::SignatureEngine,
    error::Problems,
    http_url::{HttpUrl, Transport},
    jose::{Algorithm, algorithm::ALGORITHMS},
    jwt::{Rules, RulesBuilder},
    limits,
};

/// An issuer of the policy, checked.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "`issuer` is the standard's name for the URL")]
pub(super) struct Issuer {
    pub(super) issuer: String,
    pub(super) audience: Vec<String>,
    /// Empty until [`Self::choose_algorithms`] where the policy names none.
    pub(super) algorithms: Vec<&'static Algorithm>,
    /// Where the key set is; `None` where metadata has to say it.
    pub(super) jwks_uri: Option<HttpUrl>,
    pub(super) introspection: Option<IntrospectionClient>,
    /// What its JWTs must say.
    pub(super) rules: Rules,
    /// What introspection must say of its tokens.
    pub(super) introspection_rules: Rules,
}

/// How the gate asks this issuer about tokens (RFC 7662 section 2.1), as a client with a secret.
#[derive(Clone, Debug)]
pub(super) struct IntrospectionClient {
    pub(super) client_id: String,
    pub(super) client_secret_binding: String,
    /// `None` where metadata has to say it.
    pub(super) introspection_endpoint: Option<HttpUrl>,
}

impl Issuer {
    pub(super) fn check(
        document: IssuerDocument,
        path: &str,
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let at = |member: &str| format!("{path}.{member}");
        let issuer = HttpUrl::parse(&document.issuer, transport).filter(|url| url.query().is_none());
        if issuer.is_none() {
            problems.add(&at("issuer"), "must be an https URL without query and fragment (RFC 8414 section 2)");
        }
        let audience = document.audience.into_vec();
        if audience.is_empty() || audience.iter().any(String::is_empty) {
            problems.add(&at("audience"), "must name at least one audience; a token for anybody is a token for nobody");
        }
        let algorithms = check_algorithms(document.algorithms, &at("algorithms"), problems);
        let mut endpoint = |text: Option<String>, member: &str| {
            let url = HttpUrl::parse(&text?, transport);
            if url.is_none() {
                problems.add(&at(member), "must be an https URL without fragment");
            }
            url
        };
        let jwks_uri = endpoint(document.jwks_uri, "jwks_uri");
        let mut client_is_named = true;
        let introspection = document.introspection.map(|introspection| {
            let IntrospectionDocument { client_id, client_secret_binding, introspection_endpoint } = introspection;
            if client_id.is_empty() || client_secret_binding.is_empty() {
                client_is_named = false;
            }
            let introspection_endpoint = endpoint(introspection_endpoint, "introspection.introspection_endpoint");
            IntrospectionClient { client_id, client_secret_binding, introspection_endpoint }
        });
        if !client_is_named {
            problems.add(&at("introspection"), "must name a \"client_id\" and a \"client_secret_binding\"");
        }
        let clock_tolerance_seconds =
            document.clock_tolerance_seconds.unwrap_or(limits::DEFAULT_CLOCK_TOLERANCE_SECONDS);
        if clock_tolerance_seconds > limits::MAX_CLOCK_TOLERANCE_SECONDS {
            problems.add(
                &at("clock_tolerance_seconds"),
                &format!("must be at most {} seconds", limits::MAX_CLOCK_TOLERANCE_SECONDS),
            );
        }
        issuer?;
        let issuer = document.issuer;
        let rules = |builder: RulesBuilder| {
            let builder = builder.issuer(&issuer).clock_tolerance_seconds(clock_tolerance_seconds);
            // Whatever could fail here is among the problems already.
            audience.iter().fold(builder, RulesBuilder::audience).build().ok()
        };
        let introspection_rules = rules(Rules::introspection())?;
        let rules = rules(match document.token_profile {
            TokenProfile::AccessToken => Rules::access_token(),
            TokenProfile::LegacyAccessToken => Rules::legacy_access_token(),
        })?;
        Some(Self { issuer, audience, algorithms, jwks_uri, introspection, rules, introspection_rules })
    }

    /// Holds the algorithms against those that the engine has; where the policy names none, those are meant.
    pub(super) fn choose_algorithms(&mut self, engine: &dyn SignatureEngine, index: usize, problems: &mut Problems) {
        let had = || ALGORITHMS.iter().copied().filter(|algorithm| engine.has(algorithm.scheme()));
        if self.algorithms.is_empty() {
            self.algorithms.extend(had());
        } else if !self.algorithms.iter().all(|algorithm| engine.has(algorithm.scheme())) {
            let path = format!("issuers[{index}].algorithms");
            problems.add(&path, &format!("must be names of algorithms that the engine has: {}", named(had())));
        }
    }
}

fn check_algorithms(names: Option<Vec<String>>, path: &str, problems: &mut Problems) -> Vec<&'static Algorithm> {
    let Some(names) = names else {
        return Vec::new();
    };
    let algorithms: Vec<_> = names.iter().filter_map(|name| Algorithm::by_name(name)).collect();
    if algorithms.is_empty() || algorithms.len() != names.len() {
        problems.add(path, &format!("must be names of signature algorithms: {}", named(ALGORITHMS.iter().copied())));
    }
    algorithms
}

fn named(algorithms: impl Iterator<Item = &'static Algorithm>) -> String {
    algorithms.map(Algorithm::name).collect::<Vec<_>>().join(", ")
}
