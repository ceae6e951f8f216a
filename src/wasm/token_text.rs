//! A token that holds, as JSON text for JavaScript.

use alloc::{format, string::String, vec::Vec};

use crate::{json::Value, jwt::ValidatedToken, time::NumericDate};

/// `VerifiedToken` in `js/verifier.ts` is its type.
pub(super) fn token_text(token: &ValidatedToken) -> String {
    let scope = Value::from(token.scope().iter().map(Into::into).collect::<Vec<Value>>());
    let expires_at = Value::from(token.expires_at().map(NumericDate::as_seconds));
    // In one go: a copy of the claims would cost more than all of the text.
    format!("{{\"claims\":{},\"scope\":{scope},\"expires_at\":{expires_at}}}", token.claims().as_object())
}
