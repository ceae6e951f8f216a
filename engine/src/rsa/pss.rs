//! EMSA-PSS with MGF1 on the same hash and a salt as long as the hash (RFC 8017 sections 9.1.2 and B.2.1, RFC 7518 section 3.5).

use alloc::vec::Vec;

use super::digest::digest;
use crate::Hash;

/// The last octet of every encoding.
const TRAILER: u8 = 0xbc;

/// Whether `encoded`, the octets of s^e mod n, is an encoding of the message for a modulus of `modulus_bits` bits. It has one octet
/// more than the encoding where the modulus has one bit in its first octet: that octet must then be zero (section 8.2.2, step 2c).
pub(super) fn is_encoding(hash: Hash, message: &[u8], encoded: &[u8], modulus_bits: usize) -> bool {
    matches(hash, message, encoded, modulus_bits).unwrap_or(false)
}

/// The steps of section 9.1.2, numbered as there; `None` is "inconsistent".
fn matches(hash: Hash, message: &[u8], encoded: &[u8], modulus_bits: usize) -> Option<bool> {
    // emBits of section 8.2.2; the octets that hold them, and the bits of the first of them that must be zero.
    let bits = modulus_bits.checked_sub(1)?;
    let length = bits.div_ceil(8);
    let zero_bits = length.checked_mul(8)?.checked_sub(bits)?;
    let (surplus, encoded) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
    if surplus.iter().any(|octet| *octet != 0) {
        return None;
    }
    let message_digest = digest(hash, &[message])?; // 2
    let digest_length = message_digest.len();
    let (encoded, trailer) = encoded.split_at_checked(length.checked_sub(1)?)?;
    if trailer != [TRAILER] {
        return None; // 4
    }
    let (masked, salted_digest) = encoded.split_at_checked(encoded.len().checked_sub(digest_length)?)?; // 5
    let padding_mask = 0xff_u8.checked_shr(u32::try_from(zero_bits).ok()?)?;
    if masked.first()? & !padding_mask != 0 {
        return None; // 6
    }
    let mask = mask(hash, salted_digest, masked.len())?; // 7
    let mut block: Vec<u8> = masked.iter().zip(mask).map(|(octet, mask)| octet ^ mask).collect(); // 8
    *block.first_mut()? &= padding_mask; // 9
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(digest_length)?)?; // 3 and 11
    let (one, zeros) = padding.split_last()?;
    if *one != 0x01 || zeros.iter().any(|octet| *octet != 0) {
        return None; // 10
    }
    Some(digest(hash, &[&[0; 8], &message_digest, salt])? == salted_digest) // 12 to 14
}

/// MGF1 (section B.2.1).
fn mask(hash: Hash, seed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut mask = Vec::with_capacity(length);
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(digest(hash, &[seed, &counter.to_be_bytes()])?);
        counter = counter.checked_add(1)?;
    }
    mask.truncate(length);
    Some(mask)
}
