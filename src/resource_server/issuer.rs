//! A trusted issuer: what its tokens must say and where its keys are.

use alloc::{format, string::String, vec::Vec};

use super::{
    client_authentication::ClientAuthentication,
    demands::{Demands, named, read_algorithms},
    tenants,
};
use crate::{
    crypto::SignatureEngine,
    error::Problems,
    http_url::{HttpUrl, Transport},
    jose::{Algorithm, algorithm::ALGORITHMS},
    json::{Fields, Value},
    jwt::{Rules, RulesBuilder, TakenBindings, TenantTemplate},
    limits,
};

/// An issuer of the policy, checked.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "`issuer` is the standard's name for the URL")]
pub(super) struct Issuer {
    /// As the policy says it: the identifier, or with the place of the tenant in it.
    pub(super) issuer: String,
    /// Which tenants it is, where it is many.
    pub(super) tenants: Option<TenantTemplate>,
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

/// How the gate asks this issuer about tokens (RFC 7662 section 2.1).
#[derive(Clone, Debug)]
pub(super) struct IntrospectionClient {
    pub(super) client: ClientAuthentication,
    /// `None` where metadata has to say it.
    pub(super) introspection_endpoint: Option<HttpUrl>,
    /// How long a good answer serves for the same token; 0 where each request asks.
    pub(super) cache_seconds: u64,
}

const NO_ENDPOINT: &str = "must be an https URL without fragment";

/// What an issuer of a policy may say.
const MEMBERS: [&str; 8] = [
    "issuer",
    "tenants",
    "audience",
    "algorithms",
    "jwks_uri",
    "token_profile",
    "clock_tolerance_seconds",
    "introspection",
];

impl Issuer {
    /// Reads an element of a policy's `issuers`, at `path`.
    pub(super) fn read(
        value: &Value,
        path: String,
        taken: TakenBindings,
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let fields = Fields::of_element(value, path, &MEMBERS, problems)?;
        let issuer = tenants::read_issuer(&fields, transport, problems);
        let demands = Demands::read(&fields, problems);
        let algorithms = read_algorithms(&fields, problems);
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        let jwks_uri = fields.optional_text_as("jwks_uri", NO_ENDPOINT, endpoint, problems);
        let introspection = IntrospectionClient::read(&fields, transport, problems);
        if let Some(client) = introspection.as_ref().filter(|_| matches!(&issuer, Some((_, Some(_))))) {
            client.check_for_tenants(&fields, problems);
        }

        let ((issuer, tenants), demands) = (issuer?, demands?);
        let whose = |rules: RulesBuilder| match &tenants {
            Some(template) => rules.tenant_issuer(template.clone()),
            None => rules.issuer(issuer.as_str()),
        };
        let introspection_rules = demands.introspection_rules(whose, taken)?;
        let rules = demands.rules(whose, taken)?;
        let audience = demands.audience;
        Some(Self { issuer, tenants, audience, algorithms, jwks_uri, introspection, rules, introspection_rules })
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

impl IntrospectionClient {
    fn read(issuer: &Fields<'_>, transport: Transport, problems: &mut Problems) -> Option<Self> {
        let method = "introspection_endpoint_auth_method";
        let [client_id, secret, key] = ClientAuthentication::MEMBERS;
        let known = [client_id, method, secret, key, "introspection_endpoint", "cache_seconds"];
        let fields = issuer.optional_object("introspection", &known, problems)?;
        let client = ClientAuthentication::read(&fields, method, problems);
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        let introspection_endpoint = fields.optional_text_as("introspection_endpoint", NO_ENDPOINT, endpoint, problems);
        let cache_seconds = fields.optional_count("cache_seconds", problems).unwrap_or_default();
        if cache_seconds > limits::MAX_INTROSPECTION_CACHE_SECONDS {
            let problem = format!("must be at most {} seconds", limits::MAX_INTROSPECTION_CACHE_SECONDS);
            fields.refuse("cache_seconds", &problem, problems);
        }
        Some(Self { client: client?, introspection_endpoint, cache_seconds })
    }

    /// Refuses what is one issuer's where there are many: metadata that names the endpoint, and a client assertion, which is made for one
    /// (RFC 7523 section 3).
    fn check_for_tenants(&self, issuer: &Fields<'_>, problems: &mut Problems) {
        let at = issuer.at("introspection");
        if self.introspection_endpoint.is_none() {
            let problem = "is needed, because the issuer has many tenants and metadata is one issuer's";
            problems.add(&format!("{at}.introspection_endpoint"), problem);
        }
        if self.client.makes_assertions() {
            let problem =
                "must be one with a client secret: an assertion is made for one issuer, and this one has many";
            problems.add(&format!("{at}.introspection_endpoint_auth_method"), problem);
        }
    }
}
