//! What a logout token must say beyond the rules of every JWT (OIDC Back-Channel Logout sections 2.4 and 2.6).

use super::{Claims, profile::LOGOUT_EVENT};
use crate::{error::Error, json::Value};

/// The logout event is there, a subject or a session is named, and no `nonce` is: with one it could pass as an ID token.
pub(super) fn check(claims: &Claims) -> Result<(), Error> {
    let event = claims.get("events").and_then(Value::as_object).and_then(|events| events.get(LOGOUT_EVENT));
    if event.and_then(Value::as_object).is_none() {
        return Err(Error::ClaimInvalid { claim: "events" });
    }
    if claims.contains("nonce") {
        return Err(Error::NonceForbidden);
    }
    if claims.string("sid")?.is_none() && claims.string("sub")?.is_none() {
        return Err(Error::ClaimMissing { claim: "sid" });
    }
    Ok(())
}
