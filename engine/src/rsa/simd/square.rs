//! Columns of a square: of the products `a[i]`·`a[j]` with i ≠ j one of two is computed, and doubled.
//!
//! The block k of columns 4k to 4k + 3 holds `a[i]`·`a[j]` for i + j in that range. With H = ⌊k/2⌋, a limb of a block below H meets
//! only limbs from 4H on, so these products are doubled and stand for both orders. What is left has both limbs from 4H on: in an
//! even k = 2H, block H with itself; in an odd k, block H with H + 1 and H + 1 with H, both orders. Where a pair reaches
//! below limb 4H by its previous limb, that one is masked out: its product was doubled already.
//!
//! | block of tile t, h = 2t | doubled | as it is |
//! |---|---|---|
//! | 2h | blocks below h | h · masked h |
//! | 2h + 1 | blocks below h | h · (h + 1), (h + 1) · masked h |
//! | 2h + 2 | and h · (h + 2) | (h + 1) · masked (h + 1) |
//! | 2h + 3 | and h · (h + 3) | (h + 1) · (h + 2), (h + 2) · masked (h + 1) |
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a tile is below twice the groups, so block h + 3 is at most one group past the number; the tests walk all sizes"
)]

use super::{
    carries::Width,
    columns::{Four, Left, Right, tile_sums},
    lanes::Lanes,
};

/// All columns of a², carried once in part so that doubling stays in bounds.
pub(in super::super) fn square<L: Lanes>(out: &mut [L], a: &Left<L>, b: &Right<L>, width: Width) {
    match width {
        Width::Bits12 => tiles::<L, 11>(out, a, b),
        Width::Bits13 => tiles::<L, 12>(out, a, b),
    }
}

/// `HALF` is one bit less than a limb: of a sum s = r + c · 2^`HALF`, twice r stays in its column and c is carried, as 2 ·
/// 2^`HALF` is the next column's one.
#[inline(never)]
fn tiles<L: Lanes, const HALF: u32>(out: &mut [L], a: &Left<L>, b: &Right<L>) {
    let mut below = L::ZERO;
    for (tile, blocks) in out.as_chunks_mut().0.iter_mut().enumerate() {
        let from = tile.saturating_sub(a.even.len());
        let sums = Sums { doubled: tile_sums(a, b, tile, from..tile / 2), plain: [L::ZERO; 4] };
        let sums = sums.add_middle(tile, &a.even, &b.even, L::without_previous);
        let Sums { doubled: [s0, s1, s2, s3], plain: [p0, p1, p2, p3] } =
            sums.add_middle(tile, &a.odd, &b.odd, L::upper_without_previous);
        let mut double = |sum: L, plain: L| {
            let (rest, carried) = sum.split::<HALF>();
            let column = rest.add(rest).add(plain).add(carried.moved_up(below));
            below = carried;
            column
        };
        *blocks = [double(s0, p0), double(s1, p1), double(s2, p2), double(s3, p3)];
    }
    debug_assert!(below.last_is_zero(), "a square is shorter than its columns");
}

/// A tile's sums that are doubled, and those that are not.
struct Sums<L> {
    doubled: Four<L>,
    plain: Four<L>,
}

impl<L: Lanes> Sums<L> {
    /// Adds what the table says beyond the whole groups below block h, for the even or for the odd pairs.
    #[inline(always)]
    fn add_middle(
        self,
        tile: usize,
        a: &[L::Pairs],
        b: &[Four<L::Pairs>],
        masked: impl Fn(L::Pairs) -> L::Pairs,
    ) -> Self {
        let Self { doubled: [mut s0, mut s1, mut s2, mut s3], plain: [mut p0, mut p1, mut p2, mut p3] } = self;
        // Blocks h = 2 · tile to h + 2 of `a`, and from h on of `b`, which has three blocks before its first.
        let group = a[tile / 2];
        let (a0, a1, a2);
        let (b0, b1, b2, b3);
        if tile.is_multiple_of(2) {
            (a0, a1, a2) = (L::spread::<0>(group), L::spread::<1>(group), L::spread::<2>(group));
            ([_, _, _, b0], [b1, b2, b3, _]) = (b[tile / 2], b[tile / 2 + 1]);
        } else {
            let next = a.get(tile / 2 + 1).copied().unwrap_or(L::NO_PAIRS);
            (a0, a1, a2) = (L::spread::<2>(group), L::spread::<3>(group), L::spread::<0>(next));
            let (b4, b5);
            ([_, b0, b1, b2], [b3, b4, b5, _]) = (b[tile / 2 + 1], b[tile / 2 + 2]);
            // Blocks h − 2 and h − 1, which are no whole group.
            let a = L::spread::<0>(group);
            (s0, s1) = (s0.add_products(a, b2), s1.add_products(a, b3));
            (s2, s3) = (s2.add_products(a, b4), s3.add_products(a, b5));
            let a = L::spread::<1>(group);
            (s0, s1) = (s0.add_products(a, b1), s1.add_products(a, b2));
            (s2, s3) = (s2.add_products(a, b3), s3.add_products(a, b4));
        }
        let (masked0, masked1) = (masked(b0), masked(b1));
        (s2, s3) = (s2.add_products(a0, b2), s3.add_products(a0, b3));
        (p0, p1) = (p0.add_products(a0, masked0), p1.add_products(a0, b1).add_products(a1, masked0));
        (p2, p3) = (p2.add_products(a1, masked1), p3.add_products(a1, b2).add_products(a2, masked1));
        Self { doubled: [s0, s1, s2, s3], plain: [p0, p1, p2, p3] }
    }
}
