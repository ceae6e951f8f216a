//! Ed25519 (RFC 8032 section 5.1.7), strictly: keys and `R` of small order, with which one signature fits many messages, are
//! refused, and so are encodings that are not the canonical ones.

use ed25519_dalek::{Signature, VerifyingKey};

use super::InvalidSignature;

/// Whether the bytes are a point of the curve, and not one of small order.
pub(super) fn is_usable(key: &[u8; 32]) -> bool {
    import(key).is_ok()
}

/// Checks a signature of 64 bytes.
pub(super) fn verify(key: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
    let signature = Signature::from_slice(signature).map_err(|_| InvalidSignature)?;
    import(key)?.verify_strict(message, &signature).map_err(|_| InvalidSignature)
}

/// Whether `R` is a point of the curve, and not one of small order.
pub(super) fn admits_commitment(signature: &[u8]) -> bool {
    signature.first_chunk().is_some_and(|commitment| import(commitment).is_ok())
}

fn import(key: &[u8; 32]) -> Result<VerifyingKey, InvalidSignature> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| InvalidSignature)?;
    if key.is_weak() { Err(InvalidSignature) } else { Ok(key) }
}
