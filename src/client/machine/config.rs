//! What a machine must know of itself and of its authorization server.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    client::config::read_api_origins,
    error::{Error, Problems},
    http_url::{HttpUrl, Transport},
    json::{Fields, Object, Value},
    resource_server::{
        client_authentication::{ClientAuthentication, Method},
        upstream_token::{GrantType, TokenRequest, read_all_targets, read_scope},
    },
};

/// What a configuration may say.
const MEMBERS: [&str; 12] = [
    "issuer",
    "token_endpoint",
    "client_id",
    METHOD,
    SECRET,
    PRIVATE_KEY,
    "scope",
    "resource",
    "audience",
    "api_origins",
    "dpop",
    "allow_insecure_loopback",
];

const METHOD: &str = "token_endpoint_auth_method";
const SECRET: &str = "client_secret";
const PRIVATE_KEY: &str = "private_key";

/// A machine's configuration, checked.
pub(super) struct MachineConfig {
    /// `None` where the token endpoint is named and needs no metadata.
    pub(super) issuer: Option<HttpUrl>,
    pub(super) transport: Transport,
    /// The client secret, or the private key as a JWK.
    pub(super) secret: String,
    pub(super) api_origins: Vec<HttpUrl>,
    pub(super) dpop: bool,
}

impl MachineConfig {
    /// Reads a configuration, and what is asked for by it.
    ///
    /// # Errors
    /// `config_invalid` with every problem and its place.
    pub(super) fn parse(text: &str) -> Result<(Self, TokenRequest), Error> {
        let document = Object::parse(text.as_bytes())
            .map_err(|error| Error::ConfigInvalid { problems: Problems::of("(configuration)", error.to_string()) })?;
        let mut problems = Problems::default();
        let fields = Fields::of_document(&document, &MEMBERS, &mut problems);
        match Self::read(&fields, &mut problems) {
            Some(read) if problems.is_empty() => Ok(read),
            _ => Err(Error::ConfigInvalid { problems: problems.into_vec() }),
        }
    }

    /// Reads the members. Whoever adds one adds it to [`MEMBERS`] as well, or it is refused as unknown.
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<(Self, TokenRequest)> {
        let transport = Transport::from_switch(fields.switch("allow_insecure_loopback", problems));
        let plain = |text: &str| HttpUrl::parse(text, transport).filter(|url| url.query().is_none());
        let rule = "must be an https URL without query and fragment (RFC 8414 section 2)";
        let issuer = fields.optional_text_as("issuer", rule, plain, problems);
        let endpoint = |text: &str| HttpUrl::parse(text, transport);
        let rule = "must be an https URL without fragment";
        let token_endpoint = fields.optional_text_as("token_endpoint", rule, endpoint, problems);
        let is_absent = |member| fields.value(member).is_none_or(Value::is_null);
        if is_absent("issuer") && is_absent("token_endpoint") {
            fields.refuse("issuer", "is missing; there must be it or \"token_endpoint\"", problems);
        }
        let authentication = authentication(fields, problems);
        if is_absent("issuer") && !is_absent(PRIVATE_KEY) {
            let problem = "is missing; it is whom an assertion by \"private_key\" is for (RFC 7523 section 3)";
            fields.refuse("issuer", problem, problems);
        }
        let scope = read_scope(fields, problems);
        let [resource, audience] = read_all_targets(fields, problems);
        let api_origins = read_api_origins(fields, transport, problems);
        let dpop = fields.switch("dpop", problems);
        let (client, secret) = authentication?;
        let request = TokenRequest {
            grant_type: GrantType::ClientCredentials,
            client,
            issuer: issuer.as_ref().map(HttpUrl::as_str).unwrap_or_default().into(),
            issuer_place: None,
            token_endpoint,
            scope,
            resource,
            audience,
            token_type: if dpop { "DPoP" } else { "Bearer" },
        };
        Some((Self { issuer, transport, secret, api_origins, dpop }, request))
    }
}

/// Who asks, and with what secret. The method is told by what there is, unless it is named.
fn authentication(fields: &Fields<'_>, problems: &mut Problems) -> Option<(ClientAuthentication, String)> {
    let client_id = fields.text("client_id", problems);
    if client_id == Some("") {
        fields.refuse("client_id", "must not be empty", problems);
    }
    let key = fields.value(PRIVATE_KEY).filter(|key| !key.is_null());
    let usual = if key.is_some() { Method::PrivateKeyJwt } else { Method::ClientSecretBasic };
    let method = fields.optional_text_as(METHOD, Method::RULE, Method::by_name, problems).unwrap_or(usual);
    let secret = fields.optional_text(SECRET, problems);
    let (member, other, secret) = match method {
        Method::PrivateKeyJwt => (PRIVATE_KEY, secret.map(|_| SECRET), key.map(Value::to_string)),
        Method::ClientSecretBasic | Method::ClientSecretPost => {
            (SECRET, key.map(|_| PRIVATE_KEY), secret.map(String::from))
        }
    };
    if let Some(other) = other {
        fields.refuse(other, "is not what this method of authentication uses", problems);
    }
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
        fields.refuse(member, "is missing; it proves who asks", problems);
        return None;
    };
    let client = ClientAuthentication::new(client_id?.into(), method, member.into());
    if let Some(problem) = client.problem_with(&secret) {
        fields.refuse(member, problem, problems);
    }
    Some((client, secret))
}
