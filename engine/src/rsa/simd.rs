//! s^65537 mod n with 128-bit vectors: limbs of 12 or 13 bits, balanced around zero, so that eight 16-bit products come from one
//! instruction and sums of hundreds fit in 32 bits.
#![allow(
    clippy::inline_always,
    reason = "a product is one instruction or two: a call around it costs more, and a missed one loses the straight line"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "limbs have at most 13 bits and columns that are rippled 32, in 64; lengths are those of a modulus within the bounds"
)]

use alloc::vec::Vec;

pub(super) mod carries;
pub(super) mod columns;
pub(super) mod lanes;
pub(super) mod reduction;
mod square;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm_lanes;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use wasm_lanes::WasmLanes;

use carries::Width;
use columns::Right;
use lanes::{ConcreteLanes, Lanes};
use reduction::{GROUP_LIMBS, Reduction, is_in_bounds};

use super::{
    montgomery::{negated_inverse_modulo_radix, radix_squared},
    number::{is_less, mask, to_limbs, to_octets},
};

/// The one exponent: nearly every key has it, and it costs least of those that are safe everywhere.
pub(super) const EXPONENT: u64 = 65_537;

/// Squares that the exponent takes, 2^16 + 1.
const SQUARES: usize = 16;

/// The longest modulus in bits: for any of that length the sums of 12-bit limbs are in bounds.
const MAX_BITS: usize = 4_096;

/// Bits by which R is longer than the modulus, at least: R > 16n, as the reduction asks.
const SPARE_BITS: usize = 4;

/// The modulus, and what Montgomery's method needs of it.
pub(super) struct Modulus<L: Lanes> {
    pub(super) limbs: Vec<u32>,
    pub(super) reduction: Reduction<L>,
    radix_squared: Vec<L>,
}

impl<L: Lanes> Modulus<L> {
    /// From an odd modulus of `bits` bits; `None` if it is too long.
    pub(super) fn new(octets: &[u8], bits: usize) -> Option<Self> {
        if bits > MAX_BITS {
            return None;
        }
        Self::of_width(octets, bits, Width::Bits13).or_else(|| Self::of_width(octets, bits, Width::Bits12))
    }

    /// The same with limbs of that width; `None` if sums could leave their bounds.
    pub(super) fn of_width(octets: &[u8], bits: usize, width: Width) -> Option<Self> {
        let groups = group_count(bits, width);
        let limbs = to_limbs(octets, width.bits(), groups * GROUP_LIMBS);
        let modulus = balanced(&limbs, width);
        let negated_inverse = balanced(&negated_inverse_modulo_radix(&limbs, width.bits()), width);
        if !is_in_bounds(width, groups, [&modulus, &negated_inverse]) {
            return None;
        }
        let constant = |limbs: &[i32]| Right::new(&blocks(limbs));
        let reduction =
            Reduction { modulus: constant(&modulus), negated_inverse: constant(&negated_inverse), groups, width };
        let radix_squared = radix_squared(
            &limbs,
            bits,
            width.bits(),
            |limbs| blocks(&balanced(&limbs, width)),
            |power: Vec<L>| reduction.square(&power),
            |power| reduction.double(&power),
        );
        Some(Self { limbs, reduction, radix_squared })
    }
}

impl<L: ConcreteLanes> Modulus<L> {
    /// s^65537 mod n in `length` octets; `None` unless s < n.
    pub(super) fn power(&self, base: &[u8], length: usize) -> Option<Vec<u8>> {
        let width = self.reduction.width;
        let base = to_limbs(base, width.bits(), self.limbs.len());
        if !is_less(&base, &self.limbs) {
            return None;
        }
        let base = blocks(&balanced(&base, width));
        // s·R, then s^65536·R; multiplied with s itself and not s·R, the result is no longer times R.
        let mut power = self.reduction.multiply(&base, &self.radix_squared);
        for _ in 0..SQUARES {
            power = self.reduction.square(&power);
        }
        let power = self.reduction.multiply(&power, &base);
        Some(to_octets(&self.canonical(&power), width.bits(), length))
    }

    /// Bytes that the modulus keeps.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn heap_bytes(&self) -> usize {
        // R², and both constants in even and odd pairs with two groups more: a vector each for four limbs. And the limbs.
        let blocks = self.radix_squared.len();
        (blocks + 4 * (blocks + 8)) * size_of::<L>() + self.limbs.len() * size_of::<u32>()
    }

    /// The number from 0 to n, of one that is below n in size.
    fn canonical(&self, number: &[L]) -> Vec<u32> {
        let width = self.reduction.width.bits();
        let columns = || number.iter().flat_map(|block| block.columns()).map(i64::from);
        let (limbs, borrow) = ripple(columns(), width);
        if borrow == 0 {
            return limbs;
        }
        let modulus = self.limbs.iter().copied().map(i64::from);
        ripple(columns().zip(modulus).map(|(column, limb)| column + limb), width).0
    }
}

/// Groups of limbs of a modulus of `bits` bits. They hold as many octets as the modulus has, as a group ends with an octet.
pub(super) fn group_count(bits: usize, width: Width) -> usize {
    (bits + SPARE_BITS).div_ceil(width.bits() as usize).div_ceil(GROUP_LIMBS)
}

/// Carries from the first column to the last; what is carried out is −1 for a negative number, or else 0.
fn ripple(columns: impl Iterator<Item = i64>, width: u32) -> (Vec<u32>, i64) {
    let mut carry = 0;
    let limbs = columns
        .map(|column| {
            let column = column + carry;
            carry = column >> width;
            column as u32 & mask(width)
        })
        .collect();
    (limbs, carry)
}

/// The same number modulo R in limbs from −2^(w − 1) to 2^(w − 1).
fn balanced(limbs: &[u32], width: Width) -> Vec<i32> {
    let mut carry = 0;
    let balance = |limb: &u32| {
        let limb = *limb as i32 + carry;
        carry = (limb + (1 << (width.bits() - 1))) >> width.bits();
        limb - (carry << width.bits())
    };
    limbs.iter().map(balance).collect()
}

/// Limbs in vectors; there are whole groups of them.
fn blocks<L: Lanes>(limbs: &[i32]) -> Vec<L> {
    limbs.as_chunks().0.iter().copied().map(L::of).collect()
}
