//! A range of integers in the place of one: the arithmetic run on ranges yields ranges that hold whatever it can yield on numbers.

use alloc::vec::Vec;
use core::ops::{Add, Mul, Neg, Shl, Shr, Sub};

use crate::p256::word::Word;

/// The greatest limb of 29 bits.
pub(super) const LIMB_MASK: i64 = (1 << 29) - 1;

/// Every integer from `low` to `high`. None is made that leaves `i64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Interval {
    /// From one integer to another, wherever they lie in.
    fn checked(low: i128, high: i128) -> Self {
        assert!(low <= high, "{low} is above {high}");
        let fit = |bound: i128| i64::try_from(bound).unwrap_or_else(|_| panic!("{low}..={high} leaves i64"));
        Self { low: fit(low), high: fit(high) }
    }

    pub(super) fn new(low: i64, high: i64) -> Self {
        Self::checked(low.into(), high.into())
    }

    /// The least range that holds both.
    pub(super) fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn wide(self) -> (i128, i128) {
        (self.low.into(), self.high.into())
    }
}

impl Add for Interval {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        Self::checked(a + c, b + d)
    }
}

impl Neg for Interval {
    type Output = Self;

    fn neg(self) -> Self {
        let (a, b) = self.wide();
        Self::checked(-b, -a)
    }
}

impl Sub for Interval {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        Self::checked(a - d, b - c)
    }
}

impl Mul for Interval {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        let corners = [a * c, a * d, b * c, b * d];
        Self::checked(corners.into_iter().min().expect("four"), corners.into_iter().max().expect("four"))
    }
}

impl Shl<u32> for Interval {
    type Output = Self;

    /// As a multiplication, so that no bit is lost.
    fn shl(self, bits: u32) -> Self {
        let (a, b) = self.wide();
        Self::checked(a << bits, b << bits)
    }
}

impl Shr<u32> for Interval {
    type Output = Self;

    fn shr(self, bits: u32) -> Self {
        Self { low: self.low >> bits, high: self.high >> bits }
    }
}

impl Word for Interval {
    fn of(value: i64) -> Self {
        Self::new(value, value)
    }

    fn low_bits(self, bits: u32) -> Self {
        let mask = (1 << bits) - 1;
        // Within one period the remainder grows with the number; otherwise it can be any.
        if self.low >> bits == self.high >> bits {
            Self::new(self.low & mask, self.high & mask)
        } else {
            Self::new(0, mask)
        }
    }

    fn claim(self, least: i64, greatest: i64) {
        assert!(least <= self.low && self.high <= greatest, "{self:?} is not in {least}..={greatest}");
    }
}

/// For ranges of small numbers, every operation holds each result on their members, and no bound is further out than it need be.
#[test]
fn operations_hold_the_results_on_all_members_and_are_tight() {
    let ranges = [(-3, 2), (-5, -2), (0, 0), (1, 4), (-1, 0)].map(|(low, high)| Interval::new(low, high));
    let hull =
        |values: Vec<i64>| Interval::new(*values.iter().min().expect("some"), *values.iter().max().expect("some"));
    for a in ranges {
        assert_eq!(-a, hull((a.low..=a.high).map(|x| -x).collect()));
        assert_eq!(a >> 1, hull((a.low..=a.high).map(|x| x >> 1).collect()));
        assert_eq!(a << 7, hull((a.low..=a.high).map(|x| x << 7).collect()));
        for b in ranges {
            let on_members = |operation: fn(i64, i64) -> i64| {
                hull((a.low..=a.high).flat_map(|x| (b.low..=b.high).map(move |y| operation(x, y))).collect())
            };
            assert_eq!(a + b, on_members(|x, y| x + y));
            assert_eq!(a - b, on_members(|x, y| x - y));
            assert_eq!(a * b, on_members(|x, y| x * y));
        }
    }
    assert_eq!(Interval::new(-1, 1).low(), Interval::new(0, LIMB_MASK));
    assert_eq!(Interval::new(LIMB_MASK + 3, LIMB_MASK + 9).low(), Interval::new(2, 8));
    assert_eq!(Interval::new(-9, -3).low(), Interval::new(LIMB_MASK - 8, LIMB_MASK - 2));
}

#[test]
#[should_panic(expected = "leaves i64")]
fn a_sum_that_can_leave_i64_fails() {
    let _ = Interval::new(0, i64::MAX) + Interval::of(1);
}

#[test]
#[should_panic(expected = "leaves i64")]
fn a_product_that_can_leave_i64_fails() {
    let _ = Interval::new(-1 << 32, 0) * Interval::new(0, (1 << 31) + 1);
}

#[test]
#[should_panic(expected = "leaves i64")]
fn a_shift_that_can_lose_a_bit_fails() {
    let _ = Interval::new(0, 1) << 63;
}

#[test]
#[should_panic(expected = "is not in")]
fn a_claim_that_does_not_hold_fails() {
    Interval::new(0, 5).claim(0, 4);
}
