//! Keys and signatures of families that only the host has: what hosts overlook, told without any arithmetic on a curve.
//!
//! A host refuses points that are on no curve when it imports them. Not every one refuses what is of small order on edwards25519, with
//! which one signature fits many messages.

use crate::jose::PublicKey;

/// The y coordinates, little-endian and without the sign of x, that the points of small order can be encoded with: 0, 1, p - 1, the
/// two of order 8, and p and p + 1, which decoders may take for 0 and 1.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    below_sign([0xec, 0x7f]),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    below_sign([0xed, 0x7f]),
    below_sign([0xee, 0x7f]),
];

/// A number of 255 bits whose octets between the first and the last are all ones.
const fn below_sign([first, last]: [u8; 2]) -> [u8; 32] {
    const ONES: u8 = 0xff;
    [
        first, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES,
        ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES, last,
    ]
}

/// The order of the group on edwards25519, little-endian (RFC 8032 section 5.1).
pub(super) const ED25519_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Whether nothing is known against the key but what its import will show.
pub(super) fn may_be_usable(key: &PublicKey) -> bool {
    match key {
        PublicKey::Ed25519(key) => !is_of_small_order(key),
        _ => true,
    }
}

/// Whether a signature has a form that can hold: its length, and for Ed25519 an `R` not of small order and an `S` below the order.
pub(super) fn admits(key: &PublicKey, signature: &[u8]) -> bool {
    match key {
        PublicKey::EcP256(_) => signature.len() == 64,
        PublicKey::EcP384(_) => signature.len() == 96,
        PublicKey::EcP521(_) => signature.len() == 132,
        PublicKey::Ed25519(_) => signature.split_first_chunk::<32>().is_some_and(|(commitment, scalar)| {
            // Little-endian, so the greater number has the greater bytes from the end on.
            scalar.len() == ED25519_ORDER.len()
                && scalar.iter().rev().lt(ED25519_ORDER.iter().rev())
                && !is_of_small_order(commitment)
        }),
        PublicKey::Rsa { n, .. } => signature.len() == n.len(),
    }
}

fn is_of_small_order(encoded: &[u8; 32]) -> bool {
    let [y @ .., last] = encoded;
    SMALL_ORDER.iter().any(|[small @ .., small_last]| small == y && *small_last == last & 0x7f)
}

#[cfg(all(test, feature = "ed25519"))]
mod tests {
    use super::{ED25519_ORDER, SMALL_ORDER, is_of_small_order};
    use ed25519_dalek::VerifyingKey;

    /// Every encoding of the list is one of small order for the crate that computes it, and those beside them are not.
    #[test]
    fn the_list_is_that_of_the_points_of_small_order() {
        for y in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut encoded = y;
                encoded[31] |= sign;
                assert!(is_of_small_order(&encoded));
                if let Ok(key) = VerifyingKey::from_bytes(&encoded) {
                    assert!(key.is_weak(), "{encoded:02x?}");
                }
                let mut points = 0;
                for first in 0..=u8::MAX {
                    encoded[0] = first;
                    let Ok(key) = VerifyingKey::from_bytes(&encoded) else { continue };
                    points += 1;
                    assert_eq!(is_of_small_order(&encoded), key.is_weak(), "{encoded:02x?}");
                }
                assert!(points > 64, "about half of all y are those of a point");
            }
        }
        assert!(!is_of_small_order(&ED25519_ORDER));
    }
}
