//! A trusted issuer: what its tokens must say and where its keys are.

use alloc::{format, string::String, vec::Vec};

use crate::{
    crypto::SignatureEngine,
    error::Problems,
    http_url::{HttpUrl, Transport},
    jose::{Algorithm, algorithm::ALGORITHMS},
    json::{Fields, Value},
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

const NO_ENDPOINT: &str = "must be an https URL without fragment";

/// What an issuer of a policy may say.
const MEMBERS: [&str; 7] =
    ["issuer", "audience", "algorithms", "jwks_uri", "token_profile", "clock_tolerance_seconds", "introspection"];

impl Issuer {
    /// Reads an element of a policy's `issuers`, at `path`.
    pub(super) fn read(value: &Value, path: String, transport: Transport, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_element(value, path, &MEMBERS, problems)?;
        let issuer = fields.text_as(
            "issuer",
            "must be an https URL without query and fragment (RFC 8414 section 2)",
            |text| HttpUrl::parse(text, transport).filter(|url| url.query().is_none()),
            problems,
        );
        let audience = fields.text_or_texts("audience", problems);
        if audience.as_ref().is_some_and(|audience| audience.is_empty() || audience.contains(&"")) {
            let problem = "must name at least one audience; a token for anybody is a token for nobody";
            fields.refuse("audience", problem, problems);
        }
        let algorithms = read_algorithms(&fields, problems);
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        let jwks_uri = fields.optional_text_as("jwks_uri", NO_ENDPOINT, endpoint, problems);
        let rules_of_profile = read_profile(&fields, problems);
        let tolerance = fields.optional_count("clock_tolerance_seconds", problems);
        let clock_tolerance_seconds = tolerance.unwrap_or(limits::DEFAULT_CLOCK_TOLERANCE_SECONDS);
        if clock_tolerance_seconds > limits::MAX_CLOCK_TOLERANCE_SECONDS {
            let problem = format!("must be at most {} seconds", limits::MAX_CLOCK_TOLERANCE_SECONDS);
            fields.refuse("clock_tolerance_seconds", &problem, problems);
        }
        let introspection = IntrospectionClient::read(&fields, transport, problems);

        let issuer: String = issuer?.as_str().into();
        let audience: Vec<String> = audience?.into_iter().map(Into::into).collect();
        let rules = |builder: RulesBuilder| {
            let builder = builder.issuer(&issuer).clock_tolerance_seconds(clock_tolerance_seconds);
            // Whatever could fail here is among the problems already.
            audience.iter().fold(builder, RulesBuilder::audience).build().ok()
        };
        let introspection_rules = rules(Rules::introspection())?;
        let rules = rules(rules_of_profile)?;
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

impl IntrospectionClient {
    fn read(issuer: &Fields<'_>, transport: Transport, problems: &mut Problems) -> Option<Self> {
        let known = ["client_id", "client_secret_binding", "introspection_endpoint"];
        let fields = issuer.optional_object("introspection", &known, problems)?;
        let client_id = fields.text("client_id", problems);
        let client_secret_binding = fields.text("client_secret_binding", problems);
        if client_id == Some("") || client_secret_binding == Some("") {
            let problem = "must name a \"client_id\" and a \"client_secret_binding\"";
            issuer.refuse("introspection", problem, problems);
        }
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        Some(Self {
            introspection_endpoint: fields.optional_text_as("introspection_endpoint", NO_ENDPOINT, endpoint, problems),
            client_id: client_id?.into(),
            client_secret_binding: client_secret_binding?.into(),
        })
    }
}

/// Which kind of access token the issuer makes: `at+jwt` is that of RFC 9068, `jwt` that of providers that predate it.
fn read_profile(fields: &Fields<'_>, problems: &mut Problems) -> RulesBuilder {
    match fields.defaulted_text("token_profile", problems) {
        Some("jwt") => return Rules::legacy_access_token(),
        None | Some("at+jwt") => {}
        Some(_) => fields.refuse("token_profile", "must be \"at+jwt\" or \"jwt\"", problems),
    }
    Rules::access_token()
}

fn read_algorithms(fields: &Fields<'_>, problems: &mut Problems) -> Vec<&'static Algorithm> {
    let Some(names) = fields.optional_texts("algorithms", problems) else {
        return Vec::new();
    };
    let algorithms: Vec<_> = names.iter().filter_map(|name| Algorithm::by_name(name)).collect();
    if algorithms.is_empty() || algorithms.len() != names.len() {
        let problem = format!("must be names of signature algorithms: {}", named(ALGORITHMS.iter().copied()));
        fields.refuse("algorithms", &problem, problems);
    }
    algorithms
}

fn named(algorithms: impl Iterator<Item = &'static Algorithm>) -> String {
    algorithms.map(Algorithm::name).collect::<Vec<_>>().join(", ")
}
