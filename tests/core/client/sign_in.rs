//! A sign-in under way, the good case that every hostile one departs from by a single detail.

use edgeward::{
    UnixTime,
    client::{
        AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction,
        authorization::{self, Authorization, Options, RANDOM_BYTES, Step},
    },
    error::Error,
};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://as.example";
pub const CLIENT_ID: &str = "spa";
pub const REDIRECT_URI: &str = "https://app.example/callback";
pub const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

/// A configuration with only what is required.
pub fn config_document() -> Value {
    json!({"issuer": ISSUER, "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI, "scope": "openid notes"})
}

/// Metadata with everything a client may use.
pub fn metadata_document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "https://as.example/token",
        "jwks_uri": "https://as.example/jwks",
        "userinfo_endpoint": "https://as.example/userinfo",
        "revocation_endpoint": "https://as.example/revoke",
        "end_session_endpoint": "https://as.example/logout",
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

/// The document with other members; a member of `null` is taken out.
pub fn with(mut document: Value, changes: Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (&mut document, changes) else { panic!("two objects") };
    for (name, value) in changes {
        if value.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value);
        }
    }
    document
}

pub fn config_with(changes: Value) -> ClientConfig {
    ClientConfig::parse(&with(config_document(), changes).to_string()).expect("a good configuration")
}

pub fn config() -> ClientConfig {
    config_with(json!({}))
}

pub fn metadata_with(changes: Value) -> AuthorizationServerMetadata {
    config().read_metadata(&with(metadata_document(), changes).to_string()).expect("good metadata")
}

pub fn metadata() -> AuthorizationServerMetadata {
    metadata_with(json!({}))
}

/// No byte twice, so that whatever is made from a part of it can be traced back to that part.
pub fn random() -> [u8; RANDOM_BYTES] {
    core::array::from_fn(|index| u8::try_from(index).expect("less than 256 bytes"))
}

pub fn start_with(options: &Options) -> Result<Authorization, Error> {
    authorization::start(&config(), &metadata(), options, &random(), None, NOW)
}

/// Where the browser is sent.
pub fn url_of(authorization: &Authorization) -> String {
    match &authorization.step {
        Step::Redirect(url) => url.clone(),
        Step::Push(request) => panic!("{request:?}"),
    }
}

pub fn transaction() -> Transaction {
    start_with(&Options::default()).expect("a sign-in can start").transaction
}

/// A member of the transaction's stored form.
pub fn stored(transaction: &Transaction, member: &str) -> String {
    let members: Value = serde_json::from_str(&transaction.to_json()).unwrap();
    members[member].as_str().expect("a text").to_owned()
}

/// The parameters of a URL's query, or of a form body, in their order.
pub fn parameters(text: &str) -> Vec<(String, String)> {
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The one parameter of this name.
pub fn parameter(url: &str, name: &str) -> String {
    let values: Vec<_> = parameters(url).into_iter().filter(|(found, _)| found == name).collect();
    assert_eq!(values.len(), 1, "{name} in {url}");
    values[0].1.clone()
}

/// A callback URL with these parameters.
pub fn callback_with(parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    format!("{REDIRECT_URI}?{}", query.finish())
}

/// The callback that the authorization server sends when all went well.
pub fn good_callback(transaction: &Transaction) -> String {
    callback_with(&[("code", "SplxlOBeZQQYbYS6WxSbIA"), ("state", transaction.state()), ("iss", ISSUER)])
}

pub fn code(transaction: &Transaction) -> AuthorizationCode {
    AuthorizationCode::from_callback(&good_callback(transaction), transaction, &config(), &metadata(), NOW)
        .expect("a good callback")
}
