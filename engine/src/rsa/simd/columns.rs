//! Columns of products, eight products in an instruction and 64 or 128 in a row without a branch.
//!
//! Column c of a·b is the sum of `a[i]`·`b[c − i]`. A block is the four columns or limbs from 4k on, in a vector; a tile is
//! four blocks of columns, a group four blocks of limbs. A pair of `a` in all lanes, (`a[2j]`, `a[2j + 1]`), times
//! (`b[c − 2j]`, `b[c − 2j − 1]`) adds two products to each column c of a block. For an even j that takes the pairs of `b` which
//! begin at a block's own limbs, for an odd j those that begin two limbs lower: so both are kept, and `a` is kept in its even
//! and its odd pairs.
#![allow(
    clippy::indexing_slicing,
    reason = "groups run from max(0, t − groups) to min(t, groups − 1), and the pairs of b have two groups more: the tests walk all sizes"
)]
#![allow(clippy::arithmetic_side_effects, reason = "of indices: no vector here is longer than a few hundred blocks")]

use alloc::{vec, vec::Vec};
use core::ops::Range;

use super::lanes::Lanes;

/// Four blocks.
pub(in super::super) type Four<T> = [T; 4];

/// Zero blocks before the first of a [`Right`] factor, so that what a group meets begins at a group's bounds.
const ZEROS: usize = 3;

/// A factor by pairs, a group in each vector.
pub(in super::super) struct Left<L: Lanes> {
    /// Of limbs 4k and 4k + 1.
    pub(in super::super) even: Vec<L::Pairs>,
    /// Of limbs 4k + 2 and 4k + 3.
    pub(in super::super) odd: Vec<L::Pairs>,
}

impl<L: Lanes> Left<L> {
    pub(in super::super) fn new(number: &[L]) -> Self {
        let (even, odd) = number.as_chunks().0.iter().copied().map(L::pairs).unzip();
        Self { even, odd }
    }
}

/// A factor by pairs of each limb with the one before it, with zero blocks around it: block k is at `ZEROS` + k.
pub(in super::super) struct Right<L: Lanes> {
    /// From limb 4k on.
    pub(in super::super) even: Vec<Four<L::Pairs>>,
    /// From limb 4k − 2 on.
    pub(in super::super) odd: Vec<Four<L::Pairs>>,
}

impl<L: Lanes> Right<L> {
    pub(in super::super) fn new(number: &[L]) -> Self {
        let zeros = || vec![[L::NO_PAIRS; 4]; number.len() / 4 + 2];
        let (mut even, mut odd) = (zeros(), zeros());
        let (mut limbs_below, mut pairs_below) = (L::ZERO, L::NO_PAIRS);
        let places = even.as_flattened_mut().iter_mut().zip(odd.as_flattened_mut()).skip(ZEROS);
        // The last limb is the previous one of a place past the number's end.
        for (limbs, (even, odd)) in number.iter().copied().chain([L::ZERO]).zip(places) {
            let pairs = limbs.with_previous(limbs_below);
            *even = pairs;
            *odd = L::straddling(pairs, pairs_below);
            (limbs_below, pairs_below) = (limbs, pairs);
        }
        Self { even, odd }
    }
}

/// Adds to the blocks of a tile what `a`'s pairs contribute. `b` holds what the groups of `a` meet, upwards, while `a`'s groups
/// meet it downwards; `top` is the group after it.
#[inline(always)]
fn add_groups<L: Lanes>(sums: Four<L>, a: &[L::Pairs], b: &[Four<L::Pairs>], top: &Four<L::Pairs>) -> Four<L> {
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    let [mut b4, mut b5, mut b6, _] = *top;
    for (pairs, [b0, b1, b2, b3]) in a.iter().zip(b.iter().rev()) {
        let a0 = L::spread::<0>(*pairs);
        (s0, s1) = (s0.add_products(a0, *b3), s1.add_products(a0, b4));
        (s2, s3) = (s2.add_products(a0, b5), s3.add_products(a0, b6));
        let a1 = L::spread::<1>(*pairs);
        (s0, s1) = (s0.add_products(a1, *b2), s1.add_products(a1, *b3));
        (s2, s3) = (s2.add_products(a1, b4), s3.add_products(a1, b5));
        let a2 = L::spread::<2>(*pairs);
        (s0, s1) = (s0.add_products(a2, *b1), s1.add_products(a2, *b2));
        (s2, s3) = (s2.add_products(a2, *b3), s3.add_products(a2, b4));
        let a3 = L::spread::<3>(*pairs);
        (s0, s1) = (s0.add_products(a3, *b0), s1.add_products(a3, *b1));
        (s2, s3) = (s2.add_products(a3, *b2), s3.add_products(a3, *b3));
        (b4, b5, b6) = (*b0, *b1, *b2);
    }
    [s0, s1, s2, s3]
}

/// What the groups `groups` of `a` contribute to tile `tile` of a·b. They must not go past the tile.
#[inline(always)]
pub(in super::super) fn tile_sums<L: Lanes>(a: &Left<L>, b: &Right<L>, tile: usize, groups: Range<usize>) -> Four<L> {
    if groups.is_empty() {
        return [L::ZERO; 4];
    }
    let (least, most) = (tile + 1 - groups.end, tile - groups.start);
    let even = add_groups([L::ZERO; 4], &a.even[groups.clone()], &b.even[least..=most], &b.even[most + 1]);
    add_groups(even, &a.odd[groups], &b.odd[least..=most], &b.odd[most + 1])
}

/// The tiles `tiles` of a·b, as far as the groups `groups` of `a` contribute.
#[inline(never)]
pub(in super::super) fn product<L: Lanes>(
    out: &mut [L],
    a: &Left<L>,
    b: &Right<L>,
    tiles: Range<usize>,
    groups: Range<usize>,
) {
    let size = a.even.len();
    for (blocks, tile) in out.as_chunks_mut().0.iter_mut().zip(tiles) {
        let from = tile.saturating_sub(size).max(groups.start);
        *blocks = tile_sums(a, b, tile, from..groups.end.min(tile + 1).max(from));
    }
}

/// The last block of the lower half of a·b: what the upper half's first column gets carried depends on it.
#[inline(never)]
pub(in super::super) fn last_low_block<L: Lanes>(a: &Left<L>, b: &Right<L>) -> L {
    let size = a.even.len();
    last_block::<L>(&a.even, &b.even[..size], &b.even[size]).add(last_block(&a.odd, &b.odd[..size], &b.odd[size]))
}

/// As [`add_groups`], for the last block of the tile alone.
#[inline(always)]
fn last_block<L: Lanes>(a: &[L::Pairs], b: &[Four<L::Pairs>], top: &Four<L::Pairs>) -> L {
    let mut sum = L::ZERO;
    let [mut b4, mut b5, mut b6, _] = *top;
    for (pairs, [b0, b1, b2, b3]) in a.iter().zip(b.iter().rev()) {
        sum = sum.add_products(L::spread::<0>(*pairs), b6).add_products(L::spread::<1>(*pairs), b5);
        sum = sum.add_products(L::spread::<2>(*pairs), b4).add_products(L::spread::<3>(*pairs), *b3);
        (b4, b5, b6) = (*b0, *b1, *b2);
    }
    sum
}
