//! Four columns side by side in a vector, and the few operations that the arithmetic is made of.
//!
//! Three types have them: 128-bit vectors of WebAssembly; in the tests, integers that panic where a vector would wrap or saturate;
//! and, in the tests again, intervals, which show that no input at all makes it do so.

/// Four adjacent columns, or limbs, the least significant in lane 0: signed numbers of 32 bits.
pub(in super::super) trait Lanes: Copy {
    /// Four pairs of adjacent limbs, each limb of 16 bits.
    type Pairs: Copy;
    /// Four zeros.
    const ZERO: Self;
    /// Four pairs of zeros.
    const NO_PAIRS: Self::Pairs;

    /// Lanes of these values.
    fn of(columns: [i32; 4]) -> Self;
    /// Lane by lane, as is all that follows.
    fn add(self, other: Self) -> Self;
    /// Splits x into r and c with x = r + c · 2^`BITS` and −2^(`BITS` − 1) ≤ r < 2^(`BITS` − 1): what stays, and what is carried.
    fn split<const BITS: u32>(self) -> (Self, Self);
    /// Every lane one further up; lane 0 comes from lane 3 of the vector below.
    fn moved_up(self, below: Self) -> Self;
    /// Of the last four columns of a sum that is a multiple of R, in lane 0: how many times R it is. Columns below these four count
    /// for less than what is rounded away (see `reduction.rs`).
    fn multiple_of_radix<const BITS: u32>(self) -> Self;
    /// Whether lane 3 is zero.
    fn last_is_zero(self) -> bool;

    /// Of sixteen limbs the pairs (0, 1), (4, 5), (8, 9), (12, 13), and the pairs (2, 3), (6, 7), (10, 11), (14, 15).
    fn pairs(limbs: [Self; 4]) -> (Self::Pairs, Self::Pairs);
    /// Each limb with the limb before it: (x0, below 3), (x1, x0), (x2, x1), (x3, x2).
    fn with_previous(self, below: Self) -> Self::Pairs;
    /// The upper two pairs of `below` and the lower two of `pairs`.
    fn straddling(pairs: Self::Pairs, below: Self::Pairs) -> Self::Pairs;
    /// `pairs` without the first limb's previous one.
    fn without_previous(pairs: Self::Pairs) -> Self::Pairs;
    /// The upper two pairs, without the third limb's previous one.
    fn upper_without_previous(pairs: Self::Pairs) -> Self::Pairs;
    /// One pair in all lanes.
    fn spread<const LANE: usize>(pairs: Self::Pairs) -> Self::Pairs;
    /// Adds to each lane the two products of its pairs.
    fn add_products(self, a: Self::Pairs, b: Self::Pairs) -> Self;
}

/// Lanes that hold one number each, which can be read.
pub(in super::super) trait ConcreteLanes: Lanes {
    /// The columns, lane 0 first.
    fn columns(self) -> [i32; 4];
}
