//! Numbers as limbs: least significant first, each of a chosen width, the last ones zero where the number is shorter.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a limb has at most 28 bits, so sums of two fit in 32 and accumulators in 64; indices come from the slice's own length"
)]

use alloc::{vec, vec::Vec};

/// The octets of a big-endian number from its first significant one on.
pub(super) fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// The bit length of a big-endian number, whatever zeros it begins with.
pub(super) fn bit_length(octets: &[u8]) -> usize {
    let octets = without_leading_zeros(octets);
    octets.first().map_or(0, |first| octets.len() * 8 - first.leading_zeros() as usize)
}

/// Reads a big-endian number (OS2IP, RFC 8017 section 4.2). It must fit in them, as a number of as many octets as a modulus fits
/// in the modulus' limbs: bits that don't would be lost.
pub(super) fn to_limbs(octets: &[u8], width: u32, count: usize) -> Vec<u32> {
    debug_assert!(bit_length(octets) <= width as usize * count, "the number fits");
    let mut limbs = Vec::with_capacity(count);
    let mut octets = octets.iter().rev();
    // Fewer than `width` bits wait here before an octet is added, so 36 at most.
    let (mut waiting, mut bits) = (0_u64, 0_u32);
    while limbs.len() < count {
        while bits < width {
            waiting |= u64::from(octets.next().copied().unwrap_or_default()) << bits;
            bits += 8;
        }
        limbs.push(waiting as u32 & mask(width));
        waiting >>= width;
        bits -= width;
    }
    limbs
}

/// Writes a number in `length` octets, big-endian (I2OSP, RFC 8017 section 4.1). It must fit in them.
pub(super) fn to_octets(limbs: &[u32], width: u32, length: usize) -> Vec<u8> {
    let mut octets = vec![0; length];
    let mut limbs = limbs.iter();
    let (mut waiting, mut bits) = (0_u64, 0_u32);
    for octet in octets.iter_mut().rev() {
        if bits < 8 {
            waiting |= u64::from(limbs.next().copied().unwrap_or_default()) << bits;
            bits += width;
        }
        *octet = waiting as u8;
        waiting >>= 8;
        bits -= 8;
    }
    debug_assert!(waiting == 0 && limbs.all(|limb| *limb == 0), "the number fits");
    octets
}

/// All bits of a limb.
pub(super) const fn mask(width: u32) -> u32 {
    (1 << width) - 1
}

/// Whether `a < b`, both of as many limbs.
pub(super) fn is_less(a: &[u32], b: &[u32]) -> bool {
    debug_assert_eq!(a.len(), b.len(), "numbers of one size");
    a.iter().rev().lt(b.iter().rev())
}

/// Takes `b` from `a`, which must be at least as great.
pub(super) fn subtract(a: &mut [u32], b: &[u32], width: u32) {
    let mut borrow = 0;
    for (a, b) in a.iter_mut().zip(b) {
        let difference = a.wrapping_sub(*b).wrapping_sub(borrow);
        *a = difference & mask(width);
        borrow = difference >> 31;
    }
    debug_assert_eq!(borrow, 0, "the difference is not negative");
}

/// Doubles `a < n` modulo `n`, which must leave the last limb's uppermost bit free.
pub(super) fn double_modulo(a: &mut [u32], n: &[u32], width: u32) {
    let mut carry = 0;
    for limb in a.iter_mut() {
        let double = *limb << 1 | carry;
        *limb = double & mask(width);
        carry = double >> width;
    }
    debug_assert_eq!(carry, 0, "the double has as many limbs");
    if !is_less(a, n) {
        subtract(a, n, width);
    }
}
