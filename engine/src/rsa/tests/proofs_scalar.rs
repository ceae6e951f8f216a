//! No 64-bit sum overflows, for any modulus and any factors: the arithmetic over intervals of all of them.
//!
//! The class of factors is closed: from limbs of it come limbs of it. It is larger than what is needed, numbers below 2n: all limbs
//! are free, and the last one is below 2^25 where it is below 2^24, as R > 16n leaves four of its 27 bits unused.

use alloc::{vec, vec::Vec};

use super::{interval::Interval, moduli::ones};
use crate::rsa::scalar::{
    Modulus,
    accumulator::{Accumulator, LIMB_BITS},
    columns::{Four, Shifted},
    limb_count,
    reduction::Reduction,
};

const LIMB: Interval = Interval::new(0, (1 << LIMB_BITS) - 1);
const LAST_OF_FACTOR: Interval = Interval::new(0, (1 << 25) - 1);
const LAST_OF_MODULUS: Interval = Interval::new(0, (1 << 23) - 1);

impl Accumulator for Interval {
    type Limb = Self;
    const ZERO: Self = Self::ZERO;
    const NO_LIMB: Self = Self::ZERO;

    fn limb_of(value: u32) -> Self {
        Self::point(value.into()).checked(LIMB.low, LIMB.high, "a limb")
    }

    fn add_product(self, a: Self, b: Self) -> Self {
        Accumulator::add(self, a.multiply(b))
    }

    fn add(self, other: Self) -> Self {
        Self::add(self, other).checked(0, u64::MAX.into(), "a sum")
    }

    fn double(self) -> Self {
        Accumulator::add(self, self)
    }

    fn limb(self) -> Self {
        if self.is_within(LIMB) { self } else { LIMB }
    }

    fn carry(self) -> Self {
        self.shift_right(LIMB_BITS)
    }

    fn quotient(self, _: u32) -> Self {
        LIMB
    }

    fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

fn number(groups: usize, last: Interval) -> Vec<Four<Interval>> {
    let mut number = vec![[LIMB; 4]; groups];
    number[groups - 1][3] = last;
    number
}

fn prove(groups: usize) {
    let modulus = number(groups, LAST_OF_MODULUS);
    let reduction =
        Reduction::<Interval> { modulus: Shifted::new(&modulus), least_limbs: modulus[0], negated_inverse: 0, groups };
    let factor = number(groups, LAST_OF_FACTOR);
    for result in [reduction.square(&factor), reduction.multiply(&factor, &factor)] {
        assert_eq!(result.len(), groups);
        let last = result[groups - 1][3];
        assert!(last.is_within(LAST_OF_FACTOR), "{groups} groups: {last:?}");
        assert!(result.as_flattened().iter().all(|limb| limb.is_within(LIMB)));
    }
}

/// 19 groups are 2,048 bits, 76 are 8,192.
#[test]
fn no_sum_leaves_64_bits_for_any_key() {
    assert_eq!([2048, 8192].map(limb_count), [4 * 19, 4 * 76]);
    for groups in 19..=76 {
        prove(groups);
    }
}

/// What the classes take for granted: 2,048 bits fill 76 limbs but for the four bits, and one more makes another group.
#[test]
fn the_last_limb_of_a_modulus_has_four_bits_unused() {
    for bits in [2048, 2049, 3078, 4096, 8181, 8192] {
        let limbs = Modulus::new(&ones(bits).to_bytes_be(), bits).limbs;
        assert!(i128::from(*limbs.last().unwrap()) <= LAST_OF_MODULUS.high, "{bits} bits in {} limbs", limbs.len());
    }
}

/// The proof can fail: 129 groups are more than 27 bits bear.
#[test]
#[should_panic(expected = "a sum leaves its word")]
fn sums_of_a_longer_modulus_would_leave_64_bits() {
    prove(129);
}
