//! Vectors of intervals: what no column and no limb may leave is checked in each operation.

use core::array::from_fn;

use super::interval::Interval;
use crate::rsa::simd::lanes::Lanes;

#[derive(Clone, Copy, Debug)]
pub struct IntervalLanes(pub [Interval; 4]);

pub type IntervalPairs = [[Interval; 2]; 4];

fn column(interval: Interval) -> Interval {
    interval.checked(i32::MIN.into(), i32::MAX.into(), "a column")
}

fn limb(interval: Interval) -> Interval {
    interval.checked(i16::MIN.into(), i16::MAX.into(), "a limb")
}

/// Rounds x/2^`bits`.
fn rounded(interval: Interval, bits: u32) -> Interval {
    column(interval.add(Interval::point(1 << (bits - 1)))).shift_right(bits)
}

impl Lanes for IntervalLanes {
    type Pairs = IntervalPairs;
    const ZERO: Self = Self([Interval::ZERO; 4]);
    const NO_PAIRS: IntervalPairs = [[Interval::ZERO; 2]; 4];

    fn of(columns: [i32; 4]) -> Self {
        Self(columns.map(|value| Interval::point(value.into())))
    }

    fn add(self, other: Self) -> Self {
        Self(from_fn(|lane| column(self.0[lane].add(other.0[lane]))))
    }

    fn split<const BITS: u32>(self) -> (Self, Self) {
        let carry = self.0.map(|interval| rounded(interval, BITS));
        let rest = |lane: usize| {
            let (interval, carry) = (self.0[lane], carry[lane]);
            if carry.low == carry.high {
                interval.add(Interval::point(-carry.low << BITS))
            } else {
                Interval::new(-(1 << (BITS - 1)), (1 << (BITS - 1)) - 1)
            }
        };
        (Self(from_fn(rest)), Self(carry))
    }

    fn moved_up(self, below: Self) -> Self {
        Self([below.0[3], self.0[0], self.0[1], self.0[2]])
    }

    fn multiple_of_radix<const BITS: u32>(self) -> Self {
        let last = column(self.0[3].add(self.0[2].shift_right(BITS)));
        Self([rounded(last, BITS), Interval::ZERO, Interval::ZERO, Interval::ZERO])
    }

    fn last_is_zero(self) -> bool {
        self.0[3] == Interval::ZERO
    }

    fn pairs(limbs: [Self; 4]) -> (IntervalPairs, IntervalPairs) {
        let limbs = limbs.map(|limbs| limbs.0.map(limb));
        (limbs.map(|[a, b, _, _]| [a, b]), limbs.map(|[_, _, a, b]| [a, b]))
    }

    fn with_previous(self, below: Self) -> IntervalPairs {
        let [a, b, c, d] = self.0.map(limb);
        [[a, limb(below.0[3])], [b, a], [c, b], [d, c]]
    }

    fn straddling(pairs: IntervalPairs, below: IntervalPairs) -> IntervalPairs {
        [below[2], below[3], pairs[0], pairs[1]]
    }

    fn without_previous([[first, _], b, c, d]: IntervalPairs) -> IntervalPairs {
        [[first, Interval::ZERO], b, c, d]
    }

    fn upper_without_previous([_, _, [third, _], d]: IntervalPairs) -> IntervalPairs {
        [[Interval::ZERO; 2], [Interval::ZERO; 2], [third, Interval::ZERO], d]
    }

    fn spread<const LANE: usize>(pairs: IntervalPairs) -> IntervalPairs {
        [pairs[LANE]; 4]
    }

    fn add_products(self, a: IntervalPairs, b: IntervalPairs) -> Self {
        let lane = |lane: usize| {
            let products = |half: usize| a[lane][half].multiply(b[lane][half]);
            column(self.0[lane].add(column(products(0).add(products(1)))))
        };
        Self(from_fn(lane))
    }
}
