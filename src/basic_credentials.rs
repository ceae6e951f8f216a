//! A confidential client's credentials as HTTP Basic (RFC 6749 section 2.3.1, RFC 7617).

use alloc::{format, string::String};

use crate::{form, jose::base64url};

/// The `Authorization` header's value. Each part is form-encoded first, so that a colon in an id ends nothing.
pub(crate) fn basic_credentials(client_id: &str, client_secret: &str) -> String {
    let mut credentials = String::new();
    form::encode(&mut credentials, client_id);
    credentials.push(':');
    form::encode(&mut credentials, client_secret);
    format!("Basic {}", base64(credentials.as_bytes()))
}

/// base64 of RFC 4648 section 4: two characters are others, and it is padded.
fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
