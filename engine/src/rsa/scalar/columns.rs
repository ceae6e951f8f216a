//! Columns of products, sixteen products in a row without a branch: loops over single products are several times slower in wasm.
//!
//! Column c of a·b is the sum of `a[i]`·`b[c − i]`. A tile is the four columns from 4t on, a group the four limbs from 4g on. What
//! group g of `a` adds to tile t needs `b` from 4(t − g) − 3 to 4(t − g) + 3: one group of `b` kept three limbs further up, and three
//! limbs of the next. So one number is kept that way ([`Shifted`]), and is walked downwards while the other is walked upwards.
#![allow(
    clippy::indexing_slicing,
    reason = "groups run from max(0, t − groups) to min(t, groups − 1), and a shifted number has two groups more: the tests walk all sizes"
)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "of indices: t < 2 · groups, and no vector here is longer than a few hundred groups"
)]

use alloc::vec::Vec;

use super::accumulator::Accumulator;

/// Four limbs or, as sums, four columns.
pub(in super::super) type Four<T> = [T; 4];

/// A number with three zero limbs before it and five behind: the limb of place i is at i + 3.
pub(in super::super) struct Shifted<A: Accumulator>(Vec<Four<A::Limb>>);

impl<A: Accumulator> Shifted<A> {
    pub(in super::super) fn new(number: &[Four<A::Limb>]) -> Self {
        let zero = A::NO_LIMB;
        let mut groups = Vec::with_capacity(number.len() + 2);
        let mut below = [zero; 3];
        for [a, b, c, d] in number {
            groups.push([below[0], below[1], below[2], *a]);
            below = [*b, *c, *d];
        }
        groups.push([below[0], below[1], below[2], zero]);
        groups.push([zero; 4]);
        Self(groups)
    }
}

/// Adds to the columns of tile `tile` what the groups `from..` of `a` contribute, which must not go past the tile, nor begin
/// more than the length of `b` before it.
#[inline(always)]
pub(in super::super) fn add_products<A: Accumulator>(
    sums: Four<A>,
    tile: usize,
    from: usize,
    a: &[Four<A::Limb>],
    b: &Shifted<A>,
) -> Four<A> {
    if a.is_empty() {
        return sums;
    }
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    let (least, most) = (tile + 1 - from - a.len(), tile - from);
    let [mut b4, mut b5, mut b6, _] = b.0[most + 1];
    for ([a0, a1, a2, a3], [b0, b1, b2, b3]) in a.iter().zip(b.0[least..=most].iter().rev()) {
        (s0, s1) = (s0.add_product(*a0, *b3), s1.add_product(*a0, b4));
        (s2, s3) = (s2.add_product(*a0, b5), s3.add_product(*a0, b6));
        (s0, s1) = (s0.add_product(*a1, *b2), s1.add_product(*a1, *b3));
        (s2, s3) = (s2.add_product(*a1, b4), s3.add_product(*a1, b5));
        (s0, s1) = (s0.add_product(*a2, *b1), s1.add_product(*a2, *b2));
        (s2, s3) = (s2.add_product(*a2, *b3), s3.add_product(*a2, b4));
        (s0, s1) = (s0.add_product(*a3, *b0), s1.add_product(*a3, *b1));
        (s2, s3) = (s2.add_product(*a3, *b2), s3.add_product(*a3, *b3));
        (b4, b5, b6) = (*b0, *b1, *b2);
    }
    [s0, s1, s2, s3]
}

/// Tile `tile` of a·b.
#[inline(always)]
pub(in super::super) fn product<A: Accumulator>(tile: usize, a: &[Four<A::Limb>], b: &Shifted<A>) -> Four<A> {
    let from = tile.saturating_sub(a.len());
    add_products([A::ZERO; 4], tile, from, &a[from..a.len().min(tile + 1)], b)
}

/// Tile `tile` of a², whose column c is twice the products with i < c/2, and the square in the middle of an even column.
#[inline(always)]
pub(in super::super) fn square<A: Accumulator>(tile: usize, a: &[Four<A::Limb>], shifted: &Shifted<A>) -> Four<A> {
    // i < 2 · tile is below the middle of all four columns, and those limbs are whole groups, or whole groups and two limbs.
    let (from, half) = (tile.saturating_sub(a.len()), tile / 2);
    let [mut s0, mut s1, mut s2, mut s3] = add_products([A::ZERO; 4], tile, from, &a[from..half], shifted);
    let (m0, m1, m2, m3);
    if tile.is_multiple_of(2) {
        // The limbs from 2 · tile = 4 · half on.
        let ([_, _, _, l0], [l1, l2, l3, _]) = (shifted.0[half], shifted.0[half + 1]);
        (m0, m1, m2, m3) = (l0, l1, l2, l3);
    } else {
        // The two limbs, at 2 · tile − 2 = 4 · half, are l0 and l1.
        let ([_, _, _, l0], [l1, l2, l3, l4], [l5, l6, l7, _]) =
            (shifted.0[half], shifted.0[half + 1], shifted.0[half + 2]);
        (s0, s1) = (s0.add_product(l0, l4), s1.add_product(l0, l5));
        (s2, s3) = (s2.add_product(l0, l6), s3.add_product(l0, l7));
        (s0, s1) = (s0.add_product(l1, l3), s1.add_product(l1, l4));
        (s2, s3) = (s2.add_product(l1, l5), s3.add_product(l1, l6));
        (m0, m1, m2, m3) = (l2, l3, l4, l5);
    }
    (s1, s2) = (s1.add_product(m0, m1), s2.add_product(m0, m2));
    s3 = s3.add_product(m0, m3).add_product(m1, m2);
    [s0.double().add_product(m0, m0), s1.double(), s2.double().add_product(m1, m1), s3.double()]
}
