//! The word that columns are summed in, apart from the arithmetic on it: `u64` here, an interval in the tests.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the tests prove over intervals that no sum leaves 64 bits; what is truncated has been masked to a limb"
)]

use super::super::number::mask;

/// The width of a limb. A column holds at most two products for each limb of the modulus, so 27 bits are sound to 511 limbs, far
/// past the greatest modulus (304 limbs). 28 bits are sound to 127 (3,556 bits), and in whole groups of limbs save none at 2,048.
pub(in super::super) const LIMB_BITS: u32 = 27;

/// A sum of products of limbs.
pub(in super::super) trait Accumulator: Copy {
    /// What is multiplied: at most [`LIMB_BITS`] bits.
    type Limb: Copy;
    /// Of no products.
    const ZERO: Self;
    /// The limb zero.
    const NO_LIMB: Self::Limb;
    /// A limb of that value.
    fn limb_of(value: u32) -> Self::Limb;
    /// The sum with one more product.
    fn add_product(self, a: Self::Limb, b: Self::Limb) -> Self;
    /// The sum of two.
    fn add(self, other: Self) -> Self;
    /// Twice the sum.
    fn double(self) -> Self;
    /// The bits that stay in the column.
    fn limb(self) -> Self::Limb;
    /// The bits above, for the next column.
    fn carry(self) -> Self;
    /// The multiple of the modulus that makes the column's limb zero: the sum times −1/n modulo the limb's size.
    fn quotient(self, negated_inverse: u32) -> Self::Limb;
    /// Whether nothing is left to carry.
    fn is_zero(self) -> bool;
}

impl Accumulator for u64 {
    type Limb = u32;
    const ZERO: Self = 0;
    const NO_LIMB: u32 = 0;

    #[inline(always)]
    fn limb_of(value: u32) -> u32 {
        value
    }

    #[inline(always)]
    fn add_product(self, a: u32, b: u32) -> Self {
        self + Self::from(a) * Self::from(b)
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn double(self) -> Self {
        self + self
    }

    #[inline(always)]
    fn limb(self) -> u32 {
        self as u32 & mask(LIMB_BITS)
    }

    #[inline(always)]
    fn carry(self) -> Self {
        self >> LIMB_BITS
    }

    #[inline(always)]
    fn quotient(self, negated_inverse: u32) -> u32 {
        (self as u32).wrapping_mul(negated_inverse) & mask(LIMB_BITS)
    }

    #[inline(always)]
    fn is_zero(self) -> bool {
        self == 0
    }
}
