//! Tokens of every kind and the verdict on them.
//!
//! These tests are about claims, so all but those of the verifier leave signatures to an engine that takes each: they run whatever
//! algorithms are compiled in, and for every `alg` there is.

use edgeward::{
    Error, UnixTime,
    jose::{Algorithm, JwkSet, algorithm::ALGORITHMS, algorithm::KeyType},
    jwt::{Rules, RulesBuilder, ValidatedToken, Verifier},
};
use serde_json::{Value, json};

use crate::engine::TakesAll;
use crate::signing::{EC_X, EC_Y, RSA_N, encode};

pub const NOW: u64 = 1_700_000_000;
pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "https://api.example";
pub const CLIENT_ID: &str = "app";
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A claims set with one claim set, or removed where `value` is `None`.
pub fn with(mut claims: Value, claim: &str, value: Option<Value>) -> Value {
    let members = claims.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(claim.into(), value),
        None => members.remove(claim),
    };
    claims
}

/// The claims of an RFC 9068 access token.
pub fn access_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "client_id": CLIENT_ID, "jti": "1", "iat": NOW - 10,
        "exp": NOW + 300, "scope": "read write",
    })
}

/// The claims of an ID token.
pub fn id_claims() -> Value {
    json!({"iss": ISSUER, "aud": CLIENT_ID, "sub": "ada", "iat": NOW - 10, "exp": NOW + 300})
}

/// The claims of a logout token.
pub fn logout_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": "ada", "sid": "s1", "jti": "1", "iat": NOW - 10, "exp": NOW + 120,
        "events": {LOGOUT_EVENT: {}},
    })
}

/// A token of this `alg`, with a signature that only [`TakesAll`] takes. `key` goes into the key's members.
pub fn judge_with_key(
    algorithm: &Algorithm,
    typ: Option<&str>,
    payload: &str,
    key: &Value,
    rules: &Rules,
    now: u64,
) -> Result<ValidatedToken, Error> {
    let mut header = json!({"alg": algorithm.name()});
    if let Some(typ) = typ {
        header["typ"] = typ.into();
    }
    let token =
        format!("{}.{}.{}", encode(header.to_string().as_bytes()), encode(payload.as_bytes()), encode(&[1; 64]));
    let mut jwk = match algorithm.key_type() {
        KeyType::EcP256 => json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y}),
        KeyType::EcP384 => json!({"kty": "EC", "crv": "P-384", "x": encode(&[7; 48]), "y": encode(&[7; 48])}),
        KeyType::EcP521 => json!({"kty": "EC", "crv": "P-521", "x": encode(&[0; 66]), "y": encode(&[0; 66])}),
        KeyType::Ed25519 => json!({"kty": "OKP", "crv": "Ed25519", "x": encode(&[7; 32])}),
        KeyType::Rsa => json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"}),
    };
    for (name, value) in key.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    let keys = JwkSet::parse(json!({"keys": [jwk]}).to_string().as_bytes(), &TakesAll).unwrap();
    Verifier::new(rules.clone(), ALGORITHMS.iter().copied()).verify_with(
        &token,
        &keys,
        &TakesAll,
        UnixTime::from_seconds(now),
    )
}

/// The verdict on an ES256 token with this `typ` and these claims.
pub fn judge_at(typ: Option<&str>, claims: &Value, rules: &Rules, now: u64) -> Result<ValidatedToken, Error> {
    judge_with_key(&edgeward::jose::algorithm::ES256, typ, &claims.to_string(), &json!({}), rules, now)
}

/// The same at [`NOW`].
pub fn judge(typ: Option<&str>, claims: &Value, rules: &Rules) -> Result<ValidatedToken, Error> {
    judge_at(typ, claims, rules, NOW)
}

/// What is wrong with rules.
pub fn problems(builder: RulesBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(Error::ConfigInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect(),
        Err(error) => panic!("not a problem of the rules: {error}"),
    }
}

/// Rules with issuer and audience of the access tokens here.
pub fn named(builder: RulesBuilder) -> RulesBuilder {
    builder.issuer(ISSUER).audience(AUDIENCE)
}

pub fn access_rules() -> Rules {
    named(Rules::access_token()).build().unwrap()
}
