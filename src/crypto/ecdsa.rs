//! ECDSA on P-256 with SHA-256 (FIPS 186-5 section 6.4.2, signature form of RFC 7518 section 3.4).

use p256::{
    EncodedPoint,
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
};

use super::InvalidSignature;

/// Whether the coordinates are those of a point on the curve.
pub(super) fn is_on_curve(x: &[u8; 32], y: &[u8; 32]) -> bool {
    import(x, y).is_ok()
}

/// Checks `r || s`, 64 bytes. Both `s` and `n - s` are good in JOSE, so a signature identifies nothing.
pub(super) fn verify_p256_sha256(
    x: &[u8; 32],
    y: &[u8; 32],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let signature = Signature::from_slice(signature).map_err(|_| InvalidSignature)?;
    import(x, y)?.verify(message, &signature).map_err(|_| InvalidSignature)
}

fn import(x: &[u8; 32], y: &[u8; 32]) -> Result<VerifyingKey, InvalidSignature> {
    let point = EncodedPoint::from_affine_coordinates(x.into(), y.into(), false);
    VerifyingKey::from_encoded_point(&point).map_err(|_| InvalidSignature)
}
