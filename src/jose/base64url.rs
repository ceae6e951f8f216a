//! base64url without padding, in its one canonical form (RFC 7515 section 2, RFC 4648 sections 3.5 and 5).
//!
//! Padding, white space, the `+/` alphabet and non-zero trailing bits are refused, so no two texts decode to the same bytes.

use alloc::{string::String, vec::Vec};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes text that is in the canonical form; `None` for any other.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
