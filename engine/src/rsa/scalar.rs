//! s^e mod n with 64-bit sums, for every modulus and exponent the crate takes.
#![allow(
    clippy::inline_always,
    reason = "a product is one instruction or two: a call around it costs more, and a missed one loses the straight line"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "of bits and limbs of a modulus whose length the key has compared with the bounds"
)]

use alloc::vec::Vec;

pub(super) mod accumulator;
pub(super) mod columns;
pub(super) mod reduction;

use accumulator::{Accumulator, LIMB_BITS};
use columns::{Four, Shifted};
use reduction::Reduction;

use super::{
    montgomery::{negated_inverse, radix_squared},
    number::{double_modulo, is_less, subtract, to_limbs, to_octets},
};

/// Bits by which R is longer than the modulus, at least: R > 16n, as the reduction asks.
const SPARE_BITS: usize = 4;

/// The modulus, and what Montgomery's method needs of it.
pub(super) struct Modulus {
    pub(super) limbs: Vec<u32>,
    pub(super) reduction: Reduction<u64>,
    radix_squared: Vec<Four<u32>>,
}

impl Modulus {
    /// From an odd modulus of `bits` bits.
    pub(super) fn new(octets: &[u8], bits: usize) -> Self {
        let limbs = to_limbs(octets, LIMB_BITS, limb_count(bits));
        let reduction = Reduction::new(&limbs);
        let square = |power: Vec<u32>| canonical(&reduction.square(&groups::<u64>(&power)), &limbs);
        let double = |mut power: Vec<u32>| {
            double_modulo(&mut power, &limbs, LIMB_BITS);
            power
        };
        let radix_squared = groups::<u64>(&radix_squared(&limbs, bits, LIMB_BITS, |power| power, square, double));
        Self { limbs, reduction, radix_squared }
    }

    /// s^e mod n in `length` octets, for an odd e from 3 on; `None` unless s < n.
    pub(super) fn power(&self, base: &[u8], exponent: u64, length: usize) -> Option<Vec<u8>> {
        let base = to_limbs(base, LIMB_BITS, self.limbs.len());
        if !is_less(&base, &self.limbs) {
            return None;
        }
        let base = groups::<u64>(&base);
        // x·R for x = s; then x²·R by squaring x·R, and x·s·R by multiplying with s·R.
        let multiplied = self.reduction.multiply(&base, &self.radix_squared);
        let mut power = multiplied.clone();
        // Left to right below the uppermost bit, which the start stands for. The last bit is one, as e is odd: multiplied with s
        // itself and not s·R, the result is no longer times R.
        for bit in (1..exponent.ilog2()).rev() {
            power = self.reduction.square(&power);
            if exponent >> bit & 1 == 1 {
                power = self.reduction.multiply(&power, &multiplied);
            }
        }
        power = self.reduction.multiply(&self.reduction.square(&power), &base);
        Some(to_octets(&canonical(&power, &self.limbs), LIMB_BITS, length))
    }

    /// Bytes that the modulus keeps.
    pub(super) fn heap_bytes(&self) -> usize {
        // The limbs, the same shifted by three with two groups more, and R².
        (3 * self.limbs.len() + 8) * size_of::<u32>()
    }
}

impl<A: Accumulator> Reduction<A> {
    fn new(limbs: &[u32]) -> Self {
        let number = groups::<A>(limbs);
        let negated_inverse = limbs.first().copied().map_or(0, negated_inverse);
        let least_limbs = number.first().copied().unwrap_or([A::NO_LIMB; 4]);
        Self { modulus: Shifted::new(&number), least_limbs, negated_inverse, groups: number.len() }
    }
}

/// Limbs of a modulus of `bits` bits, in whole groups. They hold as many octets as the modulus has, so a signature loses no
/// bit: a group ends at a multiple of four bits, where four spare bits reach as far as the next octet does, or further.
pub(super) fn limb_count(bits: usize) -> usize {
    (bits + SPARE_BITS).div_ceil(LIMB_BITS as usize).next_multiple_of(4)
}

/// A number's limbs by groups; it has whole groups of them.
fn groups<A: Accumulator>(limbs: &[u32]) -> Vec<Four<A::Limb>> {
    limbs.as_chunks().0.iter().map(|group: &Four<u32>| group.map(A::limb_of)).collect()
}

/// The number below n, of one below 2n.
fn canonical(number: &[Four<u32>], modulus: &[u32]) -> Vec<u32> {
    let mut limbs = number.as_flattened().to_vec();
    if !is_less(&limbs, modulus) {
        subtract(&mut limbs, modulus, LIMB_BITS);
    }
    limbs
}
