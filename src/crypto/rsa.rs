//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 sections 8.1.2 and 8.2.2).
//!
//! Only the public operation of the `rsa` crate is used, so RUSTSEC-2023-0071, a timing leak of private keys, has nothing to leak.

use alloc::vec::Vec;

#[cfg(feature = "rs256")]
use rsa::Pkcs1v15Sign;
#[cfg(feature = "ps256")]
use rsa::Pss;
use rsa::{BigUint, RsaPublicKey, traits::SignatureScheme};
use sha2::{Digest, Sha256};
#[cfg(any(feature = "rs384-rs512", feature = "ps384-ps512"))]
use sha2::{Sha384, Sha512};

use super::InvalidSignature;
use crate::{jose::algorithm::Hash, limits};

// The `DigestInfo` of each hash up to the hash itself (RFC 8017 section 9.2, note 1).
#[cfg(feature = "rs256")]
const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
#[cfg(feature = "rs384-rs512")]
const SHA384_DIGEST_INFO: [u8; 19] =
    [0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];
#[cfg(feature = "rs384-rs512")]
const SHA512_DIGEST_INFO: [u8; 19] =
    [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];

/// An RSA public key's modulus and exponent, big-endian.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) n: &'a [u8],
    pub(super) e: &'a [u8],
}

impl Key<'_> {
    /// Whether the crate takes the key.
    pub(super) fn is_usable(self) -> bool {
        self.import().is_ok()
    }

    /// Checks an RSASSA-PKCS1-v1_5 signature.
    #[cfg(feature = "rs256")]
    pub(super) fn verify_pkcs1(self, hash: Hash, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let (prefix, hashed) = match hash {
            Hash::Sha256 => (SHA256_DIGEST_INFO, digest::<Sha256>(message)),
            #[cfg(feature = "rs384-rs512")]
            Hash::Sha384 => (SHA384_DIGEST_INFO, digest::<Sha384>(message)),
            #[cfg(feature = "rs384-rs512")]
            Hash::Sha512 => (SHA512_DIGEST_INFO, digest::<Sha512>(message)),
            #[cfg(not(feature = "rs384-rs512"))]
            Hash::Sha384 | Hash::Sha512 => return Err(InvalidSignature),
        };
        self.verify(Pkcs1v15Sign { hash_len: Some(hashed.len()), prefix: prefix.into() }, &hashed, signature)
    }

    /// Checks an RSASSA-PSS signature, whose salt must be as long as the hash.
    #[cfg(feature = "ps256")]
    pub(super) fn verify_pss(self, hash: Hash, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        match hash {
            Hash::Sha256 => self.verify(Pss::new_with_salt::<Sha256>(32), &digest::<Sha256>(message), signature),
            #[cfg(feature = "ps384-ps512")]
            Hash::Sha384 => self.verify(Pss::new_with_salt::<Sha384>(48), &digest::<Sha384>(message), signature),
            #[cfg(feature = "ps384-ps512")]
            Hash::Sha512 => self.verify(Pss::new_with_salt::<Sha512>(64), &digest::<Sha512>(message), signature),
            #[cfg(not(feature = "ps384-ps512"))]
            Hash::Sha384 | Hash::Sha512 => Err(InvalidSignature),
        }?;
        if self.spills(signature) { Err(InvalidSignature) } else { Ok(()) }
    }

    /// Whether what the signature stands for is a number that does not fit into the encoded message (RFC 8017 section 8.1.2, step 2c).
    /// That is one octet shorter than the modulus where this has one bit in its first octet; the crate then never looks at that octet.
    #[cfg(feature = "ps256")]
    fn spills(self, signature: &[u8]) -> bool {
        let number = BigUint::from_bytes_be;
        self.n.first() == Some(&1)
            && number(signature).modpow(&number(self.e), &number(self.n)).to_bytes_be().len() >= self.n.len()
    }

    /// A signature must be exactly as long as the modulus and, as a number, below it (RFC 8017 section 5.2.2, step 1): for PSS the crate
    /// does not look, and would take s + n for s.
    fn verify(self, scheme: impl SignatureScheme, hashed: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if signature.len() != self.n.len() || signature >= self.n {
            return Err(InvalidSignature);
        }
        self.import()?.verify(scheme, hashed, signature).map_err(|_| InvalidSignature)
    }

    fn import(self) -> Result<RsaPublicKey, InvalidSignature> {
        let (n, e) = (BigUint::from_bytes_be(self.n), BigUint::from_bytes_be(self.e));
        RsaPublicKey::new_with_max_size(n, e, limits::MAX_RSA_MODULUS_BITS).map_err(|_| InvalidSignature)
    }
}

fn digest<D: Digest>(message: &[u8]) -> Vec<u8> {
    D::digest(message).to_vec()
}
