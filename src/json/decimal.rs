//! What the text of a number amounts to, exactly: no double, no rounding.

use core::cmp::Ordering;

/// An exponent of ten beyond which no other is told apart. It is so far out that neither the digits of a text that fits into memory nor
/// any sum below can lead from there to where it would matter.
const FARTHEST: i64 = 1_000_000_000_000_000_000;

/// The first 20 digits of 2¹⁰²⁴ − 2⁹⁷⁰, which has 309: from there on rounding to the nearest double (IEEE 754-2019 section 4.3.1) gives
/// infinity. Numbers that share these digits are taken for too large as well, a sliver of one part in 10¹⁹.
const BEYOND_DOUBLES: &[u8] = b"17976931348623158079";

/// How many digits stand before the point of 2¹⁰²⁴.
const DIGITS_BEYOND_DOUBLES: i64 = 309;

/// A number as ± 0.d₁d₂d₃… × 10^`point`, where neither the first nor the last digit is 0; zero has no digits.
pub(super) struct Decimal<'a> {
    is_negative: bool,
    /// The digits: those that stand before the point in the text, then those after it.
    before: &'a [u8],
    after: &'a [u8],
    point: i64,
    /// Whether `point` is what was written, and not [`FARTHEST`].
    is_exact: bool,
}

impl<'a> Decimal<'a> {
    /// Reads a text that has the form of a JSON number.
    pub(super) fn of(text: &'a str) -> Self {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
        let clamped = exponent.clamp(-FARTHEST, FARTHEST);

        // The text has at most one leading zero before the point, and then nothing else there.
        let before = before.strip_prefix('0').unwrap_or(before).as_bytes();
        let leading = if before.is_empty() { leading_zeros(after.as_bytes()) } else { 0 };
        let after = without_trailing_zeros(after.as_bytes().get(leading..).unwrap_or_default());
        let point = clamped.saturating_add(signed(before.len())).saturating_sub(signed(leading));
        let before = if after.is_empty() { without_trailing_zeros(before) } else { before };
        Self { is_negative, before, after, point, is_exact: clamped == exponent }
    }

    const fn is_zero(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.before.iter().chain(self.after).copied()
    }

    /// Whether the nearest double is infinite: its magnitude is 1.7976931348623158079 × 10³⁰⁸ or more.
    pub(super) fn is_beyond_doubles(&self) -> bool {
        // Without a zero at the end, the digits of two fractions compare as texts do.
        let is_at_least = || self.digits().cmp(BEYOND_DOUBLES.iter().copied()) != Ordering::Less;
        !self.is_zero()
            && match self.point.cmp(&DIGITS_BEYOND_DOUBLES) {
                Ordering::Less => false,
                Ordering::Equal => is_at_least(),
                Ordering::Greater => true,
            }
    }

    /// Whether both amount to the same. Of exponents beyond [`FARTHEST`] it can't be said, so they are not.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        if self.is_zero() || other.is_zero() {
            return self.is_zero() && other.is_zero();
        }
        self.is_exact
            && other.is_exact
            && self.is_negative == other.is_negative
            && self.point == other.point
            && self.digits().eq(other.digits())
    }

    /// The whole part of a number that is not negative, and whether anything follows it. `None` for negative numbers and from 2⁶⁴ on.
    pub(super) fn whole_part(&self) -> Option<(u64, bool)> {
        if self.is_zero() {
            return Some((0, false));
        }
        if self.is_negative {
            return None;
        }
        let mut digits = self.digits();
        let mut whole: u64 = 0;
        // The first digit is not 0, so this overflows after 20 steps, however many there would be.
        for _ in 0..self.point {
            let digit = digits.next().map_or(0, |digit| digit.wrapping_sub(b'0'));
            whole = whole.checked_mul(10)?.checked_add(digit.into())?;
        }
        Some((whole, digits.next().is_some()))
    }
}

fn leading_zeros(digits: &[u8]) -> usize {
    digits.iter().take_while(|digit| **digit == b'0').count()
}

fn without_trailing_zeros(digits: &[u8]) -> &[u8] {
    let trailing = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    digits.get(..digits.len().saturating_sub(trailing)).unwrap_or_default()
}

/// A length. No text is longer than half of what can be addressed.
fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
