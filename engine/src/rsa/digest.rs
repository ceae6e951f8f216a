//! The hashes of RFC 7518 sections 3.3 and 3.5 (FIPS 180-4).

use alloc::vec::Vec;

use sha2::{Digest, Sha256};
#[cfg(feature = "sha512")]
use sha2::{Sha384, Sha512};

use crate::Hash;

/// The hash of what the parts are together; `None` where it was not compiled in.
#[cfg_attr(feature = "sha512", allow(clippy::unnecessary_wraps, reason = "a hash may be missing with other features"))]
pub(super) fn digest(hash: Hash, parts: &[&[u8]]) -> Option<Vec<u8>> {
    match hash {
        Hash::Sha256 => Some(digest_by::<Sha256>(parts)),
        #[cfg(feature = "sha512")]
        Hash::Sha384 => Some(digest_by::<Sha384>(parts)),
        #[cfg(feature = "sha512")]
        Hash::Sha512 => Some(digest_by::<Sha512>(parts)),
        #[cfg(not(feature = "sha512"))]
        Hash::Sha384 | Hash::Sha512 => None,
    }
}

fn digest_by<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}
