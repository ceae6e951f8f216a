//! What a row's label comes to for a verifier that offers the algorithms compiled in, and no others.

use edgeward::jose::Algorithm;
use serde_json::Value;

use super::row::Row;

/// What the verdict has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The row must be taken.
    Accepted,
    /// The row must be refused.
    Refused,
    /// The label leaves it open.
    Either,
    /// There is no label of the format.
    Unreadable(String),
}

impl Expected {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Either => "either",
            Self::Unreadable(problem) => problem,
        }
    }
}

/// The curves of registered algorithms that are not offered (RFC 8037 section 3, RFC 8812 section 3.1).
const CURVES_NOT_OFFERED: [&str; 4] = ["Ed448", "X25519", "X448", "secp256k1"];

/// The label; "invalid" wherever the row's algorithm is not offered.
pub(super) fn of(row: &Row) -> Expected {
    let expect = row.label("expect");
    let label = if expect == "acceptable" && row.raw("strict").is_some() { row.label("strict") } else { expect };
    match label.as_str() {
        "valid" | "acceptable" if !is_offered(row) => Expected::Refused,
        "valid" => Expected::Accepted,
        "invalid" => Expected::Refused,
        "acceptable" => Expected::Either,
        _ => Expected::Unreadable("\"expect\" or \"strict\" is no label".to_owned()),
    }
}

/// Whether everything that names the row's algorithm names one that is offered: the row, its token's header, its key or keys.
fn is_offered(row: &Row) -> bool {
    // Another value than a string is a note of the file's author.
    let named = row.optional_text("alg").ok().flatten();
    // Only the row can name it where there is no token.
    let must_be_named = matches!(row.label("layer").as_str(), "raw" | "jwk_import");
    let header = header(row);
    let in_header = header.get("alg").and_then(Value::as_str).map(str::to_owned);
    let [key, set] = ["jwk", "jwks"]
        .map(|name| row.raw(name).and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or(Value::Null));
    let is_named = named.is_some() || !must_be_named;
    is_named
        && !is_of_another_curve(&header, &set)
        && [named, in_header].into_iter().flatten().all(|name| is_available(&name))
        && [&key, header.get("jwk").unwrap_or(&Value::Null)].into_iter().all(is_asymmetric_and_offered)
}

fn is_available(name: &str) -> bool {
    Algorithm::by_name(name).is_some_and(Algorithm::is_available)
}

/// Whether the keys of a set that a header can mean are there, and all of curves that are not offered. `EdDSA` says nothing of
/// the curve (RFC 8037 section 3.1); every other algorithm's name settles it.
fn is_of_another_curve(header: &Value, set: &Value) -> bool {
    let meant = |key: &&Value| key["kty"] == "OKP" && (header["kid"].is_null() || header["kid"] == key["kid"]);
    let mut keys = set["keys"].as_array().into_iter().flatten().filter(meant).peekable();
    header["alg"] == "EdDSA" && keys.peek().is_some() && !keys.any(is_asymmetric_and_offered)
}

fn is_asymmetric_and_offered(key: &Value) -> bool {
    key["kty"] != "oct" && !CURVES_NOT_OFFERED.iter().any(|curve| key["crv"] == *curve)
}

/// The token's header, whatever it holds; null where it is no JSON.
fn header(row: &Row) -> Value {
    let token = row.label("token");
    let segment = token.split('.').next().unwrap_or_default();
    let is_readable = |text: &&str| text.len() <= edgeward::limits::MAX_TOKEN_BYTES;
    Some(segment)
        .filter(is_readable)
        .and_then(edgeward::jose::base64url::decode)
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or(Value::Null)
}
