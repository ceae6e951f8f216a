//! The integer that limbs are made of: `i64` where signatures are verified, a range of integers where bounds are proven.
//!
//! The arithmetic is written once for any `Word`. The tests run that very source on ranges, each of which holds every value that
//! a limb can have, and fail where one leaves `i64`. So in `i64` no operation can wrap, and none is written to.

#![allow(clippy::arithmetic_side_effects, reason = "a power of 2 less 1, for less than 63 bits")]

use core::{
    fmt::Debug,
    ops::{Add, Mul, Neg, Shl, Shr, Sub},
};

/// How many bits a limb stands for. Nine products of 29-bit limbs, one of them a sum of two, fit into 63 bits.
pub(super) const LIMB_BITS: u32 = 29;

/// A signed integer with the operations that the arithmetic is written in. `>>` rounds down, also below zero.
pub(super) trait Word:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// A known number.
    fn of(value: i64) -> Self;

    /// The number modulo a power of 2, from 0 on. With `>> bits` it makes up the number, whatever its sign.
    fn low_bits(self, bits: u32) -> Self;

    /// The number modulo 2^29.
    fn low(self) -> Self {
        self.low_bits(LIMB_BITS)
    }

    /// Claims that the number lies between the two, both included: checked in debug builds, and in every proof.
    fn claim(self, least: i64, greatest: i64);
}

impl Word for i64 {
    fn of(value: i64) -> Self {
        value
    }

    fn low_bits(self, bits: u32) -> Self {
        self & ((1 << bits) - 1)
    }

    fn claim(self, least: i64, greatest: i64) {
        debug_assert!((least..=greatest).contains(&self), "{self} is not in {least}..={greatest}");
    }
}
