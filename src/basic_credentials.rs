//! A confidential client's credentials as HTTP Basic (RFC 6749 section 2.3.1, RFC 7617).

use alloc::{format, string::String};

use base64::{Engine, engine::general_purpose::STANDARD};

/// The `Authorization` header's value. Each part is form-encoded first, so that a colon in an id ends nothing.
pub(crate) fn basic_credentials(client_id: &str, client_secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(client_id), encode(client_secret))))
}
