//! Montgomery's product by columns: x·y/R modulo n, four columns at a time.
//!
//! With x, y < 2n and R > 16n the result (x·y + q·n)/R with q < R is below n/4 + n, so below 2n: it may be used again as it is.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "of groups of the modulus and of twice as many tiles, both counted by the loops"
)]

use alloc::vec::Vec;

use super::{
    accumulator::Accumulator,
    columns::{Four, Shifted, add_products, product, square},
};

/// What a reduction needs of the modulus.
pub(in super::super) struct Reduction<A: Accumulator> {
    pub(in super::super) modulus: Shifted<A>,
    pub(in super::super) least_limbs: Four<A::Limb>,
    pub(in super::super) negated_inverse: u32,
    pub(in super::super) groups: usize,
}

impl<A: Accumulator> Reduction<A> {
    /// x·y/R.
    #[inline(never)]
    pub(in super::super) fn multiply(&self, x: &[Four<A::Limb>], y: &[Four<A::Limb>]) -> Vec<Four<A::Limb>> {
        let y = Shifted::new(y);
        self.reduce(|tile| product(tile, x, &y))
    }

    /// x²/R.
    #[inline(never)]
    pub(in super::super) fn square(&self, x: &[Four<A::Limb>]) -> Vec<Four<A::Limb>> {
        let shifted = Shifted::new(x);
        self.reduce(|tile| square(tile, x, &shifted))
    }

    /// Adds q·n to a product, given by tiles, so that its lower half vanishes; the upper half is what is left.
    #[inline(always)]
    fn reduce(&self, tiles: impl Fn(usize) -> Four<A>) -> Vec<Four<A::Limb>> {
        let groups = self.groups;
        let mut quotient = Vec::with_capacity(groups);
        let mut result = Vec::with_capacity(groups);
        let mut carry = A::ZERO;
        for tile in 0..groups {
            let sums = add_products(tiles(tile), tile, 0, &quotient, &self.modulus);
            let (limbs, above) = self.clear(sums, carry);
            quotient.push(limbs);
            carry = above;
        }
        for tile in groups..2 * groups {
            let from = tile - groups;
            let [s0, s1, s2, s3] = add_products(tiles(tile), tile, from, &quotient[from..], &self.modulus);
            let s0 = s0.add(carry);
            let s1 = s1.add(s0.carry());
            let s2 = s2.add(s1.carry());
            let s3 = s3.add(s2.carry());
            result.push([s0.limb(), s1.limb(), s2.limb(), s3.limb()]);
            carry = s3.carry();
        }
        debug_assert!(carry.is_zero(), "the result is below 2n, so below R");
        result
    }

    /// Chooses the next four limbs of q, each by the column it has to clear, and adds what they add to one another's columns.
    #[inline(always)]
    fn clear(&self, sums: Four<A>, carry: A) -> (Four<A::Limb>, A) {
        let [s0, s1, s2, s3] = sums;
        let [n0, n1, n2, n3] = self.least_limbs;
        let s0 = s0.add(carry);
        let q0 = s0.quotient(self.negated_inverse);
        let s1 = s1.add(s0.add_product(q0, n0).carry()).add_product(q0, n1);
        let q1 = s1.quotient(self.negated_inverse);
        let s2 = s2.add(s1.add_product(q1, n0).carry()).add_product(q0, n2).add_product(q1, n1);
        let q2 = s2.quotient(self.negated_inverse);
        let s3 = s3.add(s2.add_product(q2, n0).carry()).add_product(q0, n3).add_product(q1, n2).add_product(q2, n1);
        let q3 = s3.quotient(self.negated_inverse);
        ([q0, q1, q2, q3], s3.add_product(q3, n0).carry())
    }
}
