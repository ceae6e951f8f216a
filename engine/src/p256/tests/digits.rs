//! Digits make up their scalar, and are those that there are multiples for.

use alloc::vec::Vec;

use num_bigint::BigInt;

use super::{
    numbers::{bytes, limbs, number},
    scalar::special,
};
use crate::p256::{
    digits::{COMB_GREATEST, NAF_ODD_DIGITS, comb, non_adjacent},
    scalar::Scalar,
};

fn scalars() -> Vec<Scalar> {
    special().iter().map(|number| Scalar::from_bytes(&bytes(number)).expect("a scalar")).collect()
}

fn sum(digits: &[i8], bits: usize) -> BigInt {
    digits.iter().rev().fold(BigInt::ZERO, |sum, digit| (sum << bits) + *digit)
}

/// Both kinds of digits.
pub(super) fn check_digits(scalar: &Scalar) {
    let digits = comb(scalar);
    assert_eq!(sum(&digits, 6), number(scalar.limbs()), "{scalar:?}");
    assert!(digits.iter().all(|digit| usize::from(digit.unsigned_abs()) <= COMB_GREATEST), "{digits:?}");
    let digits = non_adjacent(scalar);
    assert_eq!(sum(&digits, 1), number(scalar.limbs()), "{scalar:?}");
    assert!(digits.iter().all(|digit| *digit == 0 || digit % 2 != 0), "{digits:?}");
    assert!(digits.iter().all(|digit| usize::from(digit.unsigned_abs()) / 2 < NAF_ODD_DIGITS), "{digits:?}");
    assert!(digits.windows(5).all(|five| five.iter().filter(|digit| **digit != 0).count() <= 1), "{digits:?}");
}

#[test]
fn digits_make_up_the_scalar_and_there_are_multiples_for_each() {
    for scalar in scalars() {
        check_digits(&scalar);
    }
}

/// Both ends of the range of digits come up, so both ends of the tables are needed.
#[test]
fn the_greatest_digits_come_up() {
    let all: Vec<i8> = scalars().iter().flat_map(comb).collect();
    assert_eq!((all.iter().min(), all.iter().max()), (Some(&-31), Some(&32)));
    let all: Vec<i8> = scalars().iter().flat_map(non_adjacent).collect();
    assert_eq!((all.iter().min(), all.iter().max()), (Some(&-15), Some(&15)));
}

#[test]
fn zero_has_no_digits() {
    let one = Scalar::from_bytes(&bytes(&1u32.into())).expect("a scalar");
    let zero = one.inverse().times(&limbs(&0u32.into()));
    assert_eq!(zero.limbs(), &[0; 9]);
    assert!(comb(&zero).iter().chain(&non_adjacent(&zero)).all(|digit| *digit == 0));
}
