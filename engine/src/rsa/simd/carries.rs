//! Carries in all columns at once: each pass leaves what fits a limb and adds to the next column what does not.
//!
//! A column x is rounded without overflow, so it is below 2^31 − 2^(w − 1) for limbs of w bits, and not below −2^31 + 2^(w − 1). Then
//! the first pass carries less than 2^(31 − w), the second 2^(31 − 2w) at most, and [`Width::carried`] is left. Whoever asks for
//! limbs within ±2^(w − 1) would need as many passes as there are columns; products do with these.
#![allow(clippy::arithmetic_side_effects, reason = "of constants")]

use super::lanes::Lanes;

/// The width of a limb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Width {
    /// 12 bits: for any modulus.
    Bits12,
    /// 13 bits: fewer limbs, for a modulus whose limbs keep the sums in bounds.
    Bits13,
}

impl Width {
    /// In bits.
    pub(in super::super) const fn bits(self) -> u32 {
        match self {
            Self::Bits12 => 12,
            Self::Bits13 => 13,
        }
    }

    /// The greatest size of a limb after two passes.
    pub(in super::super) const fn carried(self) -> i32 {
        (1 << (self.bits() - 1)) + (1 << (31 - 2 * self.bits()))
    }
}

/// What becomes of a carry out of the last column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum LastCarry {
    /// There is none: the number ends below.
    Absent,
    /// It is dropped: the number counts modulo R.
    Dropped,
}

/// One pass: enough where sums are added before they are carried again.
pub(in super::super) fn carry_once<L: Lanes>(columns: &mut [L], width: Width) {
    match width {
        Width::Bits12 => once::<L, 12>(columns),
        Width::Bits13 => once::<L, 13>(columns),
    }
}

/// Two passes, which leave limbs of [`Width::carried`] at most.
pub(in super::super) fn carry<L: Lanes>(columns: &mut [L], width: Width, last: LastCarry) {
    match width {
        Width::Bits12 => twice::<L, 12>(columns, last),
        Width::Bits13 => twice::<L, 13>(columns, last),
    }
}

#[inline(never)]
fn once<L: Lanes, const BITS: u32>(columns: &mut [L]) {
    let mut below = L::ZERO;
    for column in columns {
        let (rest, carried) = column.split::<BITS>();
        *column = rest.add(carried.moved_up(below));
        below = carried;
    }
    debug_assert!(below.last_is_zero(), "a product is shorter than its columns");
}

#[inline(never)]
fn twice<L: Lanes, const BITS: u32>(columns: &mut [L], last: LastCarry) {
    let (mut first_below, mut second_below) = (L::ZERO, L::ZERO);
    for column in columns {
        let (rest, first) = column.split::<BITS>();
        let (rest, second) = rest.add(first.moved_up(first_below)).split::<BITS>();
        *column = rest.add(second.moved_up(second_below));
        (first_below, second_below) = (first, second);
    }
    debug_assert!(
        last == LastCarry::Dropped || first_below.last_is_zero() && second_below.last_is_zero(),
        "the number is shorter than its columns"
    );
}
