//! The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3, OIDC Core section 3.1.2.1).

use core::fmt;

use alloc::string::String;

use super::{AuthorizationServerMetadata, ClientConfig, FormRequest, Transaction, pkce, transaction::check_return_to};
use crate::{
    error::{Error, Problems},
    form::{self, Form},
    json::{Fields, Object, decimal_text},
    jwt::Scope,
    limits,
    time::UnixTime,
};

/// What one sign-in may choose.
#[derive(Clone, Default)]
pub struct Options {
    /// The path to go back to afterwards; "/" where it is absent.
    pub return_to: Option<String>,
    /// `prompt` (OIDC Core section 3.1.2.1): `login`, `consent`, `select_account` or `none`.
    pub prompt: Option<String>,
    /// `login_hint` (OIDC Core section 3.1.2.1).
    pub login_hint: Option<String>,
    /// Another `scope` than the configuration's; with "openid" in it.
    pub scope: Option<String>,
    /// `acr_values` (OIDC Core section 3.1.2.1): how the user has to authenticate, space-separated, in the order of preference. The ID token's `acr`
    /// must then be one of them.
    pub acr_values: Option<String>,
    /// `max_age` (OIDC Core section 3.1.2.1): how many seconds ago the user may have authenticated. The ID token's `auth_time` must then say so.
    pub max_age: Option<u64>,
}

impl Options {
    /// Reads a JSON object of any of `return_to`, `prompt`, `login_hint`, `scope`, `acr_values` and `max_age`.
    ///
    /// # Errors
    /// `config_invalid` with every problem and its place. What the texts say is checked by [`start`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let document = Object::parse(text.as_bytes())
            .map_err(|error| Error::ConfigInvalid { problems: Problems::of("(options)", error.sentence()) })?;
        let mut problems = Problems::default();
        let known = ["return_to", "prompt", "login_hint", "scope", "acr_values", "max_age"];
        let fields = Fields::of_document(&document, &known, &mut problems);
        let mut text = |member| fields.optional_text(member, &mut problems).map(String::from);
        let options = Self {
            return_to: text("return_to"),
            prompt: text("prompt"),
            login_hint: text("login_hint"),
            scope: text("scope"),
            acr_values: text("acr_values"),
            max_age: fields.optional_count("max_age", &mut problems),
        };
        if problems.is_empty() { Ok(options) } else { Err(Error::ConfigInvalid { problems: problems.into_vec() }) }
    }
}

/// An authorization request ready to be made.
pub struct Authorization {
    /// How it is made.
    pub step: Step,
    /// What to remember until the browser comes back.
    pub transaction: Transaction,
}

/// How an authorization request is made.
pub enum Step {
    /// By sending the browser to this URL.
    Redirect(String),
    /// By this request, from whose answer [`pushed_url`](super::pushed_url) makes the URL (RFC 9126). Where the server offers it there is no other way.
    Push(FormRequest),
}

impl fmt::Debug for Authorization {
    /// Leaves out the request, which holds `state` and `nonce`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}

/// The request's own parameters. An endpoint whose URL already has one of them would make it ambiguous (RFC 6749 section 3.1).
const PARAMETERS: [&str; 15] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "prompt",
    "login_hint",
    "acr_values",
    "max_age",
    "dpop_jkt",
    "request_uri",
];

/// How many random bytes [`start`] needs: for `state`, `nonce` and `code_verifier`.
pub const RANDOM_BYTES: usize = limits::RANDOM_BYTES * 3;

/// Makes an authorization request from `random`, which the platform's generator must have filled for this call alone. `dpop_jkt` is the
/// thumbprint of the key that the code and the tokens are to be bound to (RFC 9449 section 10).
///
/// # Errors
/// `config_invalid` for an option that is not good, `metadata_invalid`, `randomness_invalid`.
pub fn start(
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
    options: &Options,
    random: &[u8; RANDOM_BYTES],
    dpop_jkt: Option<&str>,
    now: UnixTime,
) -> Result<Authorization, Error> {
    let return_to = options.return_to.as_deref().unwrap_or("/");
    check_return_to(return_to)?;
    let scope = match &options.scope {
        None => config.scope.to_text(),
        Some(text) => check_scope(text)?,
    };
    // The values of OIDC Core; "create" is that of OIDC Prompt Create 1.0.
    let known = ["none", "login", "consent", "select_account", "create"];
    if options.prompt.as_ref().is_some_and(|prompt| !prompt.split(' ').all(|word| known.contains(&word))) {
        let problems = Problems::of("prompt", "must be none, login, consent, select_account or create");
        return Err(Error::ConfigInvalid { problems });
    }
    let acr_values = options.acr_values.as_deref().map(check_acr_values).transpose()?;
    let mut texts = random.chunks(limits::RANDOM_BYTES).map(pkce::random_text);
    let mut next_text = || texts.next().unwrap_or(Err(Error::RandomnessInvalid));
    let transaction = Transaction {
        issuer: metadata.issuer().into(),
        client_id: config.client_id.clone(),
        redirect_uri: config.redirect_uri.as_str().into(),
        state: next_text()?,
        nonce: next_text()?,
        code_verifier: next_text()?,
        scope,
        return_to: return_to.into(),
        started_at: now.as_seconds(),
        acr_values,
        max_age: options.max_age,
    };
    let Transaction { state, nonce, code_verifier, .. } = &transaction;
    if state == nonce || state == code_verifier || nonce == code_verifier {
        // A generator that repeats itself; and a verifier that stands in the URL as `state` would be none.
        return Err(Error::RandomnessInvalid);
    }
    let parameters = parameters(config, options, &transaction, dpop_jkt);
    let step = match metadata.pushed_authorization_request_endpoint() {
        Some(endpoint) => {
            Step::Push(FormRequest { url: endpoint.as_str().into(), authorization: None, body: parameters })
        }
        None => Step::Redirect(at_endpoint(metadata, &parameters)?),
    };
    Ok(Authorization { step, transaction })
}

/// The parameters as a query, or as a form.
fn parameters(config: &ClientConfig, options: &Options, transaction: &Transaction, dpop_jkt: Option<&str>) -> String {
    let mut query = Form::default();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &config.client_id)
        .append_pair("redirect_uri", config.redirect_uri.as_str())
        .append_pair("scope", &transaction.scope)
        .append_pair("state", &transaction.state)
        .append_pair("nonce", &transaction.nonce)
        .append_pair("code_challenge", &pkce::code_challenge(&transaction.code_verifier))
        .append_pair("code_challenge_method", "S256");
    let max_age = options.max_age.map(decimal_text);
    let optional = [
        ("resource", config.resource.as_deref()),
        ("prompt", options.prompt.as_deref()),
        ("login_hint", options.login_hint.as_deref()),
        ("acr_values", transaction.acr_values.as_deref()),
        ("max_age", max_age.as_deref()),
        ("dpop_jkt", dpop_jkt),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

/// The authorization endpoint with a query, after its own where it has one, which must stay (RFC 6749 section 3.1).
///
/// # Errors
/// `metadata_invalid`.
pub(super) fn at_endpoint(metadata: &AuthorizationServerMetadata, query: &str) -> Result<String, Error> {
    let endpoint = metadata.authorization_endpoint()?;
    let own_query = endpoint.query().unwrap_or_default();
    if form::pairs(own_query).iter().any(|(name, _)| PARAMETERS.contains(&name.as_str())) {
        return Err(Error::MetadataInvalid { parameter: "authorization_endpoint" });
    }
    let separator = if endpoint.query().is_some() { "&" } else { "?" };
    Ok([endpoint.as_str(), separator, query].concat())
}

fn check_scope(text: &str) -> Result<String, Error> {
    match Scope::parse(text) {
        Some(scope) if scope.iter().any(|word| word == "openid") => Ok(scope.to_text()),
        _ => {
            let problem = "must be space-separated scopes with \"openid\" among them";
            Err(Error::ConfigInvalid { problems: Problems::of("scope", problem) })
        }
    }
}

fn check_acr_values(text: &str) -> Result<String, Error> {
    match Scope::parse(text) {
        Some(values) if !values.is_empty() => Ok(values.to_text()),
        _ => {
            let problem = "must be space-separated contexts of authentication";
            Err(Error::ConfigInvalid { problems: Problems::of("acr_values", problem) })
        }
    }
}
