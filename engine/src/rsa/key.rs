//! A public key made ready, and the verification of both schemes with it.

use alloc::vec::Vec;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::simd;
use super::{
    number::{bit_length, without_leading_zeros},
    pkcs1, pss, scalar,
};
use crate::{Hash, MAX_RSA_EXPONENT_BITS, MAX_RSA_MODULUS_BITS, MIN_RSA_MODULUS_BITS};

/// An RSA public key with what Montgomery's method needs of it, which takes about as long to make as a
/// verification does: it is kept with the key.
pub(crate) struct Key {
    /// The modulus' length in bits, without leading zeros: both encodings depend on it (RFC 8017 sections 8.1.2 and 8.2.2).
    bits: usize,
    exponent: u64,
    arithmetic: Arithmetic,
}

/// How the power is computed.
enum Arithmetic {
    Scalar(scalar::Modulus),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd(simd::Modulus<simd::WasmLanes>),
}

impl Key {
    /// Makes a key from modulus and exponent, big-endian; leading zeros change nothing. `None` if either is even or out of the
    /// bounds of this crate.
    pub(crate) fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        let n = without_leading_zeros(n);
        let bits = modulus_bits(n)?;
        let exponent = exponent(e)?;
        Some(Self { bits, exponent, arithmetic: Arithmetic::new(n, bits, exponent) })
    }

    /// Bytes that the key takes, for whoever keeps many.
    pub(crate) fn bytes(&self) -> usize {
        let heap = match &self.arithmetic {
            Arithmetic::Scalar(modulus) => modulus.heap_bytes(),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Arithmetic::Simd(modulus) => modulus.heap_bytes(),
        };
        heap.saturating_add(size_of::<Self>())
    }

    /// Whether `signature` is the message's by RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2).
    pub(crate) fn verify_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        pkcs1::encode(hash, message, self.length())
            .zip(self.power(signature))
            .is_some_and(|(expected, encoded)| expected == encoded)
    }

    /// Whether `signature` is the message's by RSASSA-PSS (RFC 8017 section 8.1.2) with a salt as long as the hash.
    pub(crate) fn verify_pss(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        self.power(signature).is_some_and(|encoded| pss::is_encoding(hash, message, &encoded, self.bits))
    }

    /// The modulus' length in octets, and every signature's (k of RFC 8017 section 8).
    fn length(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// s^e mod n (RSAVP1, RFC 8017 section 5.2.2) in as many octets as the modulus has; `None` if the signature's length is another,
    /// or it is not below n.
    pub(crate) fn power(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let length = self.length();
        if signature.len() != length {
            return None;
        }
        match &self.arithmetic {
            Arithmetic::Scalar(modulus) => modulus.power(signature, self.exponent, length),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Arithmetic::Simd(modulus) => modulus.power(signature, length),
        }
    }
}

/// Whether there is a key of this modulus and exponent (see [`Key::new`]), without making it.
pub(crate) fn is_usable(n: &[u8], e: &[u8]) -> bool {
    modulus_bits(without_leading_zeros(n)).is_some() && exponent(e).is_some()
}

/// The length of an odd modulus without leading zeros; `None` where it is even or out of bounds.
fn modulus_bits(n: &[u8]) -> Option<usize> {
    let bits = bit_length(n);
    let is_in_bounds = (MIN_RSA_MODULUS_BITS..=MAX_RSA_MODULUS_BITS).contains(&bits);
    (is_in_bounds && n.last()? & 1 == 1).then_some(bits)
}

impl Arithmetic {
    #[cfg_attr(
        not(all(target_arch = "wasm32", target_feature = "simd128")),
        allow(unused_variables, reason = "without vectors every key is computed with one by one")
    )]
    fn new(n: &[u8], bits: usize, exponent: u64) -> Self {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        if exponent == simd::EXPONENT
            && let Some(modulus) = simd::Modulus::new(n, bits)
        {
            return Self::Simd(modulus);
        }
        Self::Scalar(scalar::Modulus::new(n, bits))
    }
}

/// Reads an exponent: odd, from 3 on, and within its bound.
fn exponent(octets: &[u8]) -> Option<u64> {
    let octets = without_leading_zeros(octets);
    if bit_length(octets) > MAX_RSA_EXPONENT_BITS {
        return None;
    }
    let exponent = octets.iter().try_fold(0_u64, |exponent, octet| {
        exponent.checked_mul(256).and_then(|shifted| shifted.checked_add(u64::from(*octet)))
    })?;
    (exponent >= 3 && exponent & 1 == 1).then_some(exponent)
}
