//! EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). An encoding is made and compared, never parsed: every forgery of this padding so far was a
//! parser that forgave something.

use alloc::{vec, vec::Vec};

use super::digest::digest;
use crate::Hash;

// The `DigestInfo` of each hash up to the hash itself (RFC 8017 section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
#[cfg(feature = "sha512")]
const SHA384_DIGEST_INFO: [u8; 19] =
    [0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];
#[cfg(feature = "sha512")]
const SHA512_DIGEST_INFO: [u8; 19] =
    [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];

/// The one encoding of a message in `length` octets; `None` where the hash was not compiled in. The standard asks for eight octets of
/// padding: a modulus within the crate's bounds leaves 170 at least.
pub(super) fn encode(hash: Hash, message: &[u8], length: usize) -> Option<Vec<u8>> {
    let digest_info = match hash {
        Hash::Sha256 => SHA256_DIGEST_INFO,
        #[cfg(feature = "sha512")]
        Hash::Sha384 => SHA384_DIGEST_INFO,
        #[cfg(feature = "sha512")]
        Hash::Sha512 => SHA512_DIGEST_INFO,
        #[cfg(not(feature = "sha512"))]
        Hash::Sha384 | Hash::Sha512 => return None,
    };
    let digest = digest(hash, &[message])?;
    let around = digest_info.len().checked_add(digest.len())?.checked_add(3)?;
    let padding = length.checked_sub(around)?;
    Some([[0x00, 0x01].as_slice(), &vec![0xff; padding], &[0x00], &digest_info, &digest].concat())
}
