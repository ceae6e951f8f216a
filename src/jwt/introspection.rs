//! An introspection answer, read as what it says of a token (RFC 7662 section 2.2).

use alloc::sync::Arc;

use super::{Claims, Profile, Rules, ValidatedToken, validate::validate_vouched};
use crate::{
    error::Error,
    json::{Object, Value},
    limits,
    time::UnixTime,
};

/// Reads the answer: `active` must be the boolean true, and what else it says must hold for this API as well. `iss` may be absent;
/// `aud` and `exp` may not, unless the rules say so.
///
/// # Errors
/// `introspection_unavailable` where it is no introspection answer; `token_inactive`; `claim_missing`, `claim_invalid`,
/// `issuer_unknown`, `audience_mismatch`, `token_expired`, `token_not_yet_valid`, `token_issued_in_future`, `token_too_old`,
/// `tenant_mismatch`, `claim_condition_unmet`, `proof_of_possession_missing`; `type_mismatch` where the answer is of another kind of
/// token, or the rules are for another kind than [`Profile::Introspection`].
pub fn read_introspection(text: &str, rules: &Rules, now: UnixTime) -> Result<ValidatedToken, Error> {
    // What a signed token of another kind has to say besides, such as a nonce, nobody would look at here.
    if rules.profile != Profile::Introspection {
        return Err(Error::TypeMismatch);
    }
    if text.len() > limits::MAX_INTROSPECTION_BYTES {
        return Err(Error::INTROSPECTION_UNAVAILABLE);
    }
    let claims = Object::parse(text.as_bytes())
        .map(|members| Claims::new(Arc::new(members)))
        .map_err(|_| Error::INTROSPECTION_UNAVAILABLE)?;
    match claims.get("active") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return Err(Error::TokenInactive),
        _ => return Err(Error::INTROSPECTION_UNAVAILABLE),
    }
    // A type of RFC 6749 section 5.1 (a refresh token is none for this door), or of RFC 9449 section 5 where proofs are taken.
    let kind = claims.string("token_type")?;
    let is_dpop = rules.taken_bindings.jkt && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("DPoP"));
    if !is_dpop && kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("Bearer")) {
        return Err(Error::TypeMismatch);
    }
    let token = validate_vouched(claims, rules, now)?;
    if is_dpop && token.confirmation()?.jkt.is_none() {
        return Err(Error::TypeMismatch);
    }
    Ok(token)
}
