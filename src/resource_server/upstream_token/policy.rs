//! How a policy says that the gate gets a token for the origin: `upstream.token` as an object.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
    json::{Fields, Value},
    jwt::Scope,
    limits,
    resource_server::{client_authentication::ClientAuthentication, issuer::Issuer},
};

/// What is asked for, whom, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct TokenRequest {
    pub(crate) grant_type: GrantType,
    /// The gate as a client of the authorization server.
    pub(crate) client: ClientAuthentication,
    /// The authorization server's identifier.
    pub(crate) issuer: String,
    /// Its place among the policy's issuers, where it is one of them.
    pub(crate) issuer_place: Option<usize>,
    /// `None` where metadata has to say it.
    pub(crate) token_endpoint: Option<HttpUrl>,
    pub(crate) scope: Option<String>,
    /// RFC 8707 section 2.
    pub(crate) resource: Vec<String>,
    /// RFC 8693 section 2.1.
    pub(crate) audience: Vec<String>,
    /// The type of token that is asked for, and no other is taken: "Bearer", or "DPoP" where the request proves a key (RFC 9449 section 5).
    pub(crate) token_type: &'static str,
}

/// How the token is got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantType {
    /// RFC 6749 section 4.4: the gate's own.
    ClientCredentials,
    /// RFC 8693: one for the client's.
    TokenExchange,
}

impl GrantType {
    /// As the request to the token endpoint has it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        [Self::ClientCredentials, Self::TokenExchange].into_iter().find(|grant_type| grant_type.name() == name)
    }
}

const METHOD: &str = "token_endpoint_auth_method";

impl TokenRequest {
    /// Reads `token` of a policy's `upstream`, which is an object.
    pub(in crate::resource_server) fn read(
        upstream: &Fields<'_>,
        issuers: &[Issuer],
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let [client_id, secret, key] = ClientAuthentication::MEMBERS;
        let known =
            ["grant_type", "issuer", "token_endpoint", client_id, METHOD, secret, key, "scope", "resource", "audience"];
        let fields = upstream.optional_object("token", &known, problems)?;
        let rule =
            format!("must be \"{}\" or \"{}\"", GrantType::ClientCredentials.name(), GrantType::TokenExchange.name());
        let grant_type = fields.text_as("grant_type", &rule, GrantType::by_name, problems);
        let issuer = fields.text_as(
            "issuer",
            "must be an https URL without query and fragment (RFC 8414 section 2)",
            |text| HttpUrl::parse(text, transport).filter(|url| url.query().is_none()),
            problems,
        );
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        let rule = "must be an https URL without fragment";
        let token_endpoint = fields.optional_text_as("token_endpoint", rule, endpoint, problems);
        let issuer_place =
            issuer.as_ref().and_then(|url| issuers.iter().position(|known| known.issuer == url.as_str()));
        let is_silent = fields.value("token_endpoint").is_none_or(Value::is_null);
        if issuer.is_some() && issuer_place.is_none() && is_silent {
            let problem = "is missing; the issuer is none of the policy's, whose metadata would say it";
            fields.refuse("token_endpoint", problem, problems);
        }
        let client = ClientAuthentication::read(&fields, METHOD, problems);
        let scope = read_scope(&fields, problems);
        let [resource, audience] = read_all_targets(&fields, problems);
        Some(Self {
            grant_type: grant_type?,
            client: client?,
            issuer: issuer?.as_str().into(),
            issuer_place,
            token_endpoint,
            scope,
            resource,
            audience,
            token_type: "Bearer",
        })
    }
}

/// Whom the token is for: `resource` and `audience`, each a text or some texts.
pub(crate) fn read_all_targets(fields: &Fields<'_>, problems: &mut Problems) -> [Vec<String>; 2] {
    let rule = "must be absolute URIs without fragment (RFC 8707 section 2)";
    let resource = read_targets("resource", rule, is_absolute_uri, fields, problems);
    let audience = read_targets("audience", "must not be empty", |text| !text.is_empty(), fields, problems);
    [resource, audience]
}

/// `scope`, where it is there.
pub(crate) fn read_scope(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let scope = |text: &str| Scope::parse(text).filter(|scope| !scope.is_empty()).map(|_| text.to_owned());
    fields.optional_text_as("scope", "must be scopes with spaces between them", scope, problems)
}

fn read_targets(
    member: &str,
    rule: &str,
    is_good: impl Fn(&str) -> bool,
    fields: &Fields<'_>,
    problems: &mut Problems,
) -> Vec<String> {
    let Some(texts) = fields.defaulted_text_or_texts(member, problems) else {
        return Vec::new();
    };
    if !texts.iter().all(|text| is_good(text)) {
        fields.refuse(member, rule, problems);
    }
    if texts.is_empty() || texts.len() > limits::MAX_TOKEN_TARGETS {
        let problem = format!("must be a text, or from 1 to {} of them", limits::MAX_TOKEN_TARGETS);
        fields.refuse(member, &problem, problems);
    }
    texts.into_iter().map(ToOwned::to_owned).collect()
}

/// RFC 3986 section 4.3, as far as it takes to see a mistake: a scheme, and nothing that no URI has.
fn is_absolute_uri(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    };
    is_plain && text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
}
