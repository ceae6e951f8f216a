//! Ed25519 (RFC 8032 section 5.1.7), strictly: keys and `R` of small order, with which one signature fits many messages, are
//! refused, and so are encodings that are not the canonical ones.

use ed25519_dalek::{Signature, VerifyingKey};

use super::InvalidSignature;

/// The order of the group, little-endian (RFC 8032 section 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Whether the bytes are a point of the curve, and not one of small order.
pub(super) fn is_usable(key: &[u8; 32]) -> bool {
    import(key).is_ok()
}

/// Checks a signature of 64 bytes.
pub(super) fn verify(key: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
    let signature = Signature::from_slice(signature).map_err(|_| InvalidSignature)?;
    import(key)?.verify_strict(message, &signature).map_err(|_| InvalidSignature)
}

/// Whether a signature's form can hold: 64 bytes, `R` a point of the curve that is not of small order, `S` below the order.
pub(super) fn admits(signature: &[u8]) -> bool {
    let Some((commitment, scalar)) = signature.split_first_chunk::<32>() else {
        return false;
    };
    // Little-endian, so the greater number has the greater bytes from the end on.
    scalar.len() == ORDER.len() && scalar.iter().rev().lt(ORDER.iter().rev()) && import(commitment).is_ok()
}

fn import(key: &[u8; 32]) -> Result<VerifyingKey, InvalidSignature> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| InvalidSignature)?;
    if key.is_weak() { Err(InvalidSignature) } else { Ok(key) }
}
