//! A token that holds, as JSON text for JavaScript.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    json::{Value, write_object},
    jwt::ValidatedToken,
    time::NumericDate,
};

/// `VerifiedToken` in `js/verifier.ts` is its type.
pub(super) fn token_text(token: &ValidatedToken) -> String {
    let scope = Value::from(token.scope().iter().map(Into::into).collect::<Vec<Value>>());
    let expires_at = Value::from(token.expires_at().map(NumericDate::as_seconds));
    // The claims are written in place: a copy of them would cost more than all of the text.
    let mut text = String::with_capacity(1_024);
    text.push_str("{\"claims\":");
    write_object(&mut text, token.claims().as_object());
    text.push_str(",\"scope\":");
    text.push_str(&scope.to_string());
    text.push_str(",\"expires_at\":");
    text.push_str(&expires_at.to_string());
    text.push('}');
    text
}
