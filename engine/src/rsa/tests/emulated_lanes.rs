//! Vectors as arrays of integers, by what each operation means; one that would wrap or saturate panics.

use core::array::from_fn;

use crate::rsa::simd::lanes::{ConcreteLanes, Lanes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmulatedLanes(pub [i32; 4]);

/// The first limb of a pair, and the second.
pub type EmulatedPairs = [[i16; 2]; 4];

fn narrow(column: i32) -> i16 {
    i16::try_from(column).expect("a limb fits 16 bits")
}

fn add(a: i32, b: i32) -> i32 {
    a.checked_add(b).expect("a sum fits 32 bits")
}

impl Lanes for EmulatedLanes {
    type Pairs = EmulatedPairs;
    const ZERO: Self = Self([0; 4]);
    const NO_PAIRS: EmulatedPairs = [[0; 2]; 4];

    fn of(columns: [i32; 4]) -> Self {
        Self(columns)
    }

    fn add(self, other: Self) -> Self {
        Self(from_fn(|lane| add(self.0[lane], other.0[lane])))
    }

    fn split<const BITS: u32>(self) -> (Self, Self) {
        let carry = self.0.map(|column| add(column, 1 << (BITS - 1)) >> BITS);
        (Self(from_fn(|lane| self.0[lane] - (carry[lane] << BITS))), Self(carry))
    }

    fn moved_up(self, below: Self) -> Self {
        Self([below.0[3], self.0[0], self.0[1], self.0[2]])
    }

    fn multiple_of_radix<const BITS: u32>(self) -> Self {
        Self([add(add(self.0[3], self.0[2] >> BITS), 1 << (BITS - 1)) >> BITS, 0, 0, 0])
    }

    fn last_is_zero(self) -> bool {
        self.0[3] == 0
    }

    fn pairs(limbs: [Self; 4]) -> (EmulatedPairs, EmulatedPairs) {
        let limbs = limbs.map(|limbs| limbs.0.map(narrow));
        (limbs.map(|[a, b, _, _]| [a, b]), limbs.map(|[_, _, a, b]| [a, b]))
    }

    fn with_previous(self, below: Self) -> EmulatedPairs {
        let [a, b, c, d] = self.0.map(narrow);
        [[a, narrow(below.0[3])], [b, a], [c, b], [d, c]]
    }

    fn straddling(pairs: EmulatedPairs, below: EmulatedPairs) -> EmulatedPairs {
        [below[2], below[3], pairs[0], pairs[1]]
    }

    fn without_previous([[first, _], b, c, d]: EmulatedPairs) -> EmulatedPairs {
        [[first, 0], b, c, d]
    }

    fn upper_without_previous([_, _, [third, _], d]: EmulatedPairs) -> EmulatedPairs {
        [[0; 2], [0; 2], [third, 0], d]
    }

    fn spread<const LANE: usize>(pairs: EmulatedPairs) -> EmulatedPairs {
        [pairs[LANE]; 4]
    }

    fn add_products(self, a: EmulatedPairs, b: EmulatedPairs) -> Self {
        let lane = |lane: usize| {
            let products = |half: usize| i32::from(a[lane][half]) * i32::from(b[lane][half]);
            add(self.0[lane], add(products(0), products(1)))
        };
        Self(from_fn(lane))
    }
}

impl ConcreteLanes for EmulatedLanes {
    fn columns(self) -> [i32; 4] {
        self.0
    }
}
