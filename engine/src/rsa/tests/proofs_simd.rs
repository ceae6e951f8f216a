//! No 32-bit column and no 16-bit limb overflows, and no carry out of a last column is lost, for any factors: the arithmetic over
//! intervals of all of them.
//!
//! The class of factors is closed: from limbs of it come limbs of it. All limbs are what two carry passes leave; the last one is at
//! most 2^(w − 2) in size, as R > 16n leaves four of its bits unused.
//!
//! With 12-bit limbs the modulus is a class as well: any up to 4,096 bits. With 13-bit limbs a modulus is admitted by the sum of its
//! limbs, as no column of a product with it is greater than that sum times the greatest limb of the other factor. Intervals can't say
//! that of all moduli at once, so the sum is spent in the ways that differ most: evenly, on the first limbs, on the last.

use alloc::{vec, vec::Vec};

use super::{
    interval::Interval,
    interval_lanes::IntervalLanes,
    moduli::{Random, THINNED, moduli},
};
use crate::rsa::simd::{
    Modulus,
    carries::{LastCarry, Width, carry},
    columns::Right,
    group_count,
    reduction::{COLUMN_LIMIT, GROUP_LIMBS, Reduction, is_in_bounds},
};

fn blocks(limbs: &[Interval]) -> Vec<IntervalLanes> {
    limbs.as_chunks().0.iter().copied().map(IntervalLanes).collect()
}

/// Any factor.
fn factor(width: Width, groups: usize) -> Vec<Interval> {
    let mut limbs = vec![Interval::around_zero(width.carried().into()); groups * GROUP_LIMBS];
    *limbs.last_mut().unwrap() = Interval::around_zero(1 << (width.bits() - 2));
    limbs
}

fn prove_closed(reduction: &Reduction<IntervalLanes>) {
    let (width, groups) = (reduction.width, reduction.groups);
    let class = factor(width, groups);
    let any = blocks(&class);
    let (square, product) = (reduction.square(&any), reduction.multiply(&any, &any));
    // Only what was reduced is doubled.
    for result in [&square, &product, &reduction.double(&square), &reduction.double(&product)] {
        assert_eq!(result.len(), any.len());
        for (place, (limb, class)) in result.iter().flat_map(|block| block.0).zip(&class).enumerate() {
            assert!(limb.is_within(*class), "{width:?}, {groups} groups, limb {place}: {limb:?}");
        }
    }
}

/// The limb above which the modulus of a group count has none: R > 16n.
fn last_of_modulus(width: Width) -> i128 {
    (1 << (width.bits() - 4)) + 1
}

#[test]
fn no_column_of_12_bit_limbs_overflows_for_any_key() {
    let limb = Interval::around_zero(1 << 11);
    assert_eq!([2048, 4096].map(|bits| group_count(bits, Width::Bits12)), [11, 22]);
    for groups in 11..=22 {
        let mut modulus = vec![limb; groups * GROUP_LIMBS];
        let negated_inverse = Right::new(&blocks(&modulus));
        *modulus.last_mut().unwrap() = Interval::around_zero(last_of_modulus(Width::Bits12));
        let modulus = Right::new(&blocks(&modulus));
        prove_closed(&Reduction { modulus, negated_inverse, groups, width: Width::Bits12 });
        // And so the width is never refused.
        let greatest = vec![1 << 11; groups * GROUP_LIMBS];
        assert!(is_in_bounds(Width::Bits12, groups, [&greatest, &greatest]));
    }
}

#[test]
fn no_column_of_13_bit_limbs_overflows_for_any_sum_of_limbs_that_is_admitted() {
    let width = Width::Bits13;
    let sum = i128::from(COLUMN_LIMIT) / i128::from(width.carried());
    assert_eq!([2048, 3116].map(|bits| group_count(bits, width)), [10, 15]);
    assert!(!is_in_bounds(width, 16, [&[0; 256], &[0; 256]]), "16 groups are too many, whatever the modulus");
    for groups in 10..=15 {
        let limbs = groups * GROUP_LIMBS;
        // Until it is spent, at most so much on each limb; the first limb of n doesn't count for the upper half of a product.
        let spend = |limb: i128| {
            let mut left = sum;
            let mut sizes: Vec<i128> = (1..limbs)
                .map(|_| {
                    let size = left.min(limb);
                    left -= size;
                    size
                })
                .collect();
            assert_eq!(left, 0, "it is spent");
            sizes.insert(0, 0);
            sizes
        };
        let evenly = spend(sum / (limbs as i128 - 1) + 1);
        let first = spend(1 << 12);
        let last: Vec<i128> = first.iter().rev().copied().collect();
        for sizes in [evenly, first, last] {
            let mut modulus: Vec<Interval> = sizes.iter().copied().map(Interval::around_zero).collect();
            let negated_inverse = Right::new(&blocks(&modulus));
            *modulus.last_mut().unwrap() = Interval::around_zero(sizes[limbs - 1].min(last_of_modulus(width)));
            let modulus = Right::new(&blocks(&modulus));
            prove_closed(&Reduction { modulus, negated_inverse, groups, width });
        }
    }
}

/// The constants that are really made of moduli, for all factors.
#[test]
fn no_column_overflows_for_moduli_of_adversaries() {
    let mut random = Random(6);
    for (bits, every) in [(2048, 1), (2076, 4), (2079, 4), (2912, 4), (3072, 2), (3116, 4), (4028, 5), (4096, 5)] {
        for n in moduli(bits, &mut random).iter().step_by(every * THINNED) {
            let modulus = Modulus::<IntervalLanes>::new(&n.to_bytes_be(), bits).expect("a modulus within the bounds");
            // Before balancing, which may add one: what the classes above take for granted.
            let last = i128::from(*modulus.limbs.last().unwrap());
            assert!(last < last_of_modulus(modulus.reduction.width), "{n:x}");
            prove_closed(&modulus.reduction);
        }
    }
}

/// The check at import is needed: with more, a column overflows.
#[test]
#[should_panic(expected = "a column leaves its word")]
fn a_modulus_that_is_not_admitted_would_overflow() {
    let limbs = [1 << 12; 160];
    assert!(!is_in_bounds(Width::Bits13, 10, [&limbs, &limbs]), "it is refused");
    let constant = || Right::new(&blocks(&limbs.map(|limb: i32| Interval::point(limb.into()))));
    prove_closed(&Reduction { modulus: constant(), negated_inverse: constant(), groups: 10, width: Width::Bits13 });
}

/// 3,072 bits are the longest that 13-bit limbs are for: with 16 groups a square would overflow.
#[test]
#[should_panic(expected = "a column leaves its word")]
fn a_longer_square_of_13_bit_limbs_would_overflow() {
    assert!(!is_in_bounds(Width::Bits13, 16, [&[0; 256], &[0; 256]]), "it is refused");
    let constant = || Right::new(&blocks(&[Interval::ZERO; 256]));
    prove_closed(&Reduction { modulus: constant(), negated_inverse: constant(), groups: 16, width: Width::Bits13 });
}

/// An admitted modulus is near the bound: the next one is not admitted.
#[test]
fn the_sum_of_limbs_is_admitted_up_to_the_bound() {
    let sum = i32::try_from(COLUMN_LIMIT / i64::from(Width::Bits13.carried())).unwrap();
    for (limbs, admitted) in [([sum, 0], true), ([-sum, 0], true), ([sum, 1], false), ([-sum, -1], false)] {
        assert_eq!(is_in_bounds(Width::Bits13, 10, [&limbs, &[0]]), admitted, "{limbs:?}");
        assert_eq!(is_in_bounds(Width::Bits13, 10, [&[0], &limbs]), admitted, "{limbs:?}");
    }
}

#[test]
fn two_passes_leave_carried_limbs_of_any_columns() {
    for width in [Width::Bits12, Width::Bits13] {
        // Any that can be rounded.
        let half = 1 << (width.bits() - 1);
        let column = Interval::new(half - (1 << 31), (1 << 31) - 1 - half);
        let mut columns = blocks(&[column; 16]);
        carry(&mut columns, width, LastCarry::Dropped);
        let carried = i128::from(width.carried());
        let class = Interval::around_zero(carried);
        assert!(columns.iter().all(|block| block.0.iter().all(|limb| limb.is_within(class))), "{columns:?}");
        assert_eq!(columns[3].0[3], Interval::new(-carried, carried - 1), "the class is no larger than it has to be");
    }
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "a product is shorter than its columns")]
fn a_carry_out_of_the_last_column_is_noticed() {
    use crate::rsa::simd::{carries::carry_once, lanes::Lanes};

    carry_once(&mut [IntervalLanes::of([0, 0, 0, 1 << 12])], Width::Bits13);
}
