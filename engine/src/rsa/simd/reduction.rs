//! Montgomery's product in three, with the carries between them in all columns at once: T = x·y; q = T·N′ modulo R, where
//! N′ = −1/n modulo R; and (T + q·n)/R, of which only the upper half of q·n is computed.
//!
//! **Values.** With R > 16n, |q| < 0.54 R (limbs of 2,176 in base 4,096 at most) and |x|, |y| < 1.3 n, the result is below
//! 1.7 n²/R + 0.54 n in size, so below 0.65 n: it may be used again, and even doubled.
//!
//! **The lower half.** T + q·n is a multiple of R, so the lower columns together are c · R for a whole c. Column L − 2 counts
//! for 2^−w of column L − 1, and all columns below it for at most 2^(31 − 2w) · (1 + 2^−w) of it: 2^7 and a little, where
//! rounding takes 2^(w − 1). So c follows from two columns.
//!
//! **Sums.** What is multiplied with a constant is at most [`Width::carried`] in size, so no column is greater than that times the
//! sum of the constant's limbs: the modulus is asked for that once ([`is_in_bounds`]), and other limbs are used where it is more.
//! For the products of numbers `square.rs` and [`PRODUCT_GROUPS`] see to it.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "of blocks and groups of the modulus, all vectors here being made for it"
)]

use alloc::{vec, vec::Vec};

use super::{
    carries::{LastCarry, Width, carry, carry_once},
    columns::{Left, Right, last_low_block, product},
    lanes::Lanes,
    square,
};

/// The greatest size of a column before it is carried: room for what is added to it, which is a limb, the multiple of R (at most
/// 2^(31 − w) and a little) and half a limb for rounding.
pub(in super::super) const COLUMN_LIMIT: i64 = (1 << 31) - (1 << 20);

/// Limbs in a group.
pub(in super::super) const GROUP_LIMBS: usize = 16;

/// Groups of a factor that are multiplied before the columns are carried: 112 limbs of [`Width::carried`].
const PRODUCT_GROUPS: usize = 7;

/// What a reduction needs of the modulus.
pub(in super::super) struct Reduction<L: Lanes> {
    pub(in super::super) modulus: Right<L>,
    pub(in super::super) negated_inverse: Right<L>,
    pub(in super::super) groups: usize,
    pub(in super::super) width: Width,
}

impl<L: Lanes> Reduction<L> {
    /// x·y/R.
    pub(in super::super) fn multiply(&self, x: &[L], y: &[L]) -> Vec<L> {
        let (x, y) = (Left::new(x), Right::new(y));
        let mut sum = vec![L::ZERO; x.even.len() * 8];
        let mut part = sum.clone();
        for from in (0..self.groups).step_by(PRODUCT_GROUPS) {
            product(&mut part, &x, &y, 0..2 * self.groups, from..self.groups.min(from + PRODUCT_GROUPS));
            carry_once(&mut part, self.width);
            for (sum, part) in sum.iter_mut().zip(&part) {
                *sum = sum.add(*part);
            }
        }
        self.reduce(&mut sum)
    }

    /// x²/R.
    pub(in super::super) fn square(&self, x: &[L]) -> Vec<L> {
        let mut columns = vec![L::ZERO; x.len() * 2];
        square::square(&mut columns, &Left::new(x), &Right::new(x), self.width);
        self.reduce(&mut columns)
    }

    /// 2x.
    pub(in super::super) fn double(&self, x: &[L]) -> Vec<L> {
        let mut double: Vec<L> = x.iter().map(|block| block.add(*block)).collect();
        carry(&mut double, self.width, LastCarry::Absent);
        double
    }

    fn reduce(&self, columns: &mut [L]) -> Vec<L> {
        let blocks = columns.len() / 2;
        carry(columns, self.width, LastCarry::Absent);
        let (low, high) = columns.split_at(blocks);
        let mut quotient = vec![L::ZERO; blocks];
        product(&mut quotient, &Left::new(low), &self.negated_inverse, 0..self.groups, 0..self.groups);
        carry(&mut quotient, self.width, LastCarry::Dropped);
        let quotient = Left::new(&quotient);
        let mut result = vec![L::ZERO; blocks];
        product(&mut result, &quotient, &self.modulus, self.groups..2 * self.groups, 0..self.groups);
        let last = last_low_block(&quotient, &self.modulus).add(low[blocks - 1]);
        for (block, high) in result.iter_mut().zip(high) {
            *block = block.add(*high);
        }
        result[0] = result[0].add(match self.width {
            Width::Bits12 => last.multiple_of_radix::<12>(),
            Width::Bits13 => last.multiple_of_radix::<13>(),
        });
        carry(&mut result, self.width, LastCarry::Absent);
        result
    }
}

/// Whether all columns of a modulus stay in bounds: of a square, half of whose products are doubled after a carry, and of the
/// products with the constants.
pub(in super::super) fn is_in_bounds(width: Width, groups: usize, constants: [&[i32]; 2]) -> bool {
    let limb = i64::from(width.carried());
    let square = i64::try_from(groups * GROUP_LIMBS / 2).unwrap_or(i64::MAX).saturating_mul(limb * limb);
    let of_constant = |limbs: &[i32]| limbs.iter().map(|limb| i64::from(limb.unsigned_abs())).sum::<i64>() * limb;
    square <= COLUMN_LIMIT && constants.iter().all(|limbs| of_constant(limbs) <= COLUMN_LIMIT)
}
