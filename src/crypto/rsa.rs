//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2).
//!
//! Only the public operation of the `rsa` crate is used, so RUSTSEC-2023-0071, a timing leak of private keys, has nothing to leak.

use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

use super::InvalidSignature;
use crate::limits;

/// The `DigestInfo` of a SHA-256 hash up to the hash itself (RFC 8017 section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Whether the crate takes the key.
pub(super) fn is_usable(n: &[u8], e: &[u8]) -> bool {
    import(n, e).is_ok()
}

/// Checks a signature, which must be exactly as long as the modulus.
pub(super) fn verify_pkcs1_sha256(
    n: &[u8],
    e: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    if signature.len() != n.len() {
        return Err(InvalidSignature);
    }
    let padding = Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_DIGEST_INFO.into() };
    let hashed = Sha256::digest(message);
    import(n, e)?.verify(padding, &hashed, signature).map_err(|_| InvalidSignature)
}

fn import(n: &[u8], e: &[u8]) -> Result<RsaPublicKey, InvalidSignature> {
    let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
    RsaPublicKey::new_with_max_size(n, e, limits::MAX_RSA_MODULUS_BITS).map_err(|_| InvalidSignature)
}
