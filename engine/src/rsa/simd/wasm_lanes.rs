//! Lanes as 128-bit vectors of WebAssembly. `i32x4.dot_i16x8_s` is what makes it fast: eight products and four sums at once.

use core::arch::wasm32::{
    i16x8_narrow_i32x4, i32x4, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_shl, i32x4_shr, i32x4_shuffle,
    i32x4_splat, i32x4_sub, u32x4, v128, v128_and, v128_or,
};

use super::lanes::{ConcreteLanes, Lanes};

/// One vector.
#[derive(Clone, Copy)]
pub(in super::super) struct WasmLanes(v128);

const ZERO: v128 = i32x4(0, 0, 0, 0);

impl Lanes for WasmLanes {
    type Pairs = v128;
    const ZERO: Self = Self(ZERO);
    const NO_PAIRS: v128 = ZERO;

    #[inline(always)]
    fn of([a, b, c, d]: [i32; 4]) -> Self {
        Self(i32x4(a, b, c, d))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    #[inline(always)]
    fn split<const BITS: u32>(self) -> (Self, Self) {
        let carry = i32x4_shr(i32x4_add(self.0, i32x4_splat(const { 1 << (BITS - 1) })), BITS);
        (Self(i32x4_sub(self.0, i32x4_shl(carry, BITS))), Self(carry))
    }

    #[inline(always)]
    fn moved_up(self, below: Self) -> Self {
        Self(i32x4_shuffle::<3, 4, 5, 6>(below.0, self.0))
    }

    #[inline(always)]
    fn multiple_of_radix<const BITS: u32>(self) -> Self {
        let carried = i32x4_extract_lane::<2>(self.0) >> BITS;
        let last = i32x4_extract_lane::<3>(self.0);
        Self::of([(last + carried + const { 1 << (BITS - 1) }) >> BITS, 0, 0, 0])
    }

    #[inline(always)]
    fn last_is_zero(self) -> bool {
        i32x4_extract_lane::<3>(self.0) == 0
    }

    #[inline(always)]
    fn pairs([a, b, c, d]: [Self; 4]) -> (v128, v128) {
        let (lower, upper) = (i16x8_narrow_i32x4(a.0, b.0), i16x8_narrow_i32x4(c.0, d.0));
        (i32x4_shuffle::<0, 2, 4, 6>(lower, upper), i32x4_shuffle::<1, 3, 5, 7>(lower, upper))
    }

    #[inline(always)]
    fn with_previous(self, below: Self) -> v128 {
        v128_or(v128_and(self.0, i32x4_splat(0xffff)), i32x4_shl(self.moved_up(below).0, 16))
    }

    #[inline(always)]
    fn straddling(pairs: v128, below: v128) -> v128 {
        i32x4_shuffle::<2, 3, 4, 5>(below, pairs)
    }

    #[inline(always)]
    fn without_previous(pairs: v128) -> v128 {
        v128_and(pairs, u32x4(0xffff, u32::MAX, u32::MAX, u32::MAX))
    }

    #[inline(always)]
    fn upper_without_previous(pairs: v128) -> v128 {
        v128_and(pairs, u32x4(0, 0, 0xffff, u32::MAX))
    }

    #[inline(always)]
    fn spread<const LANE: usize>(pairs: v128) -> v128 {
        i32x4_shuffle::<LANE, LANE, LANE, LANE>(pairs, pairs)
    }

    #[inline(always)]
    fn add_products(self, a: v128, b: v128) -> Self {
        Self(i32x4_add(self.0, i32x4_dot_i16x8(a, b)))
    }
}

impl ConcreteLanes for WasmLanes {
    fn columns(self) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(self.0),
            i32x4_extract_lane::<1>(self.0),
            i32x4_extract_lane::<2>(self.0),
            i32x4_extract_lane::<3>(self.0),
        ]
    }
}
