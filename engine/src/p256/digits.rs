//! Scalars as signed digits: by position where the multiples of a point at many distances are at hand, and as few as possible
//! where they are not.

#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "six bits fit into an i8, and 29 into a usize"
)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "sums of bits and digits below 2^7, and a buffer that is argued where it is filled"
)]

use super::{
    limbs::Limbs,
    scalar::Scalar,
    word::{self, Word},
};

/// How many bits a limb has.
const LIMB_BITS: usize = word::LIMB_BITS as usize;

/// How many bits a digit of the comb stands for.
pub(super) const COMB_BITS: usize = 6;

/// The greatest digit of the comb; the least is one above its opposite.
pub(super) const COMB_GREATEST: usize = 1 << (COMB_BITS - 1);

/// How many digits a scalar of 256 bits has in the comb, the carry out of the last bit included.
pub(super) const COMB_DIGITS: usize = 43;

/// How many bits a digit of the non-adjacent form comes from.
const NAF_BITS: usize = 5;

/// How many odd numbers there are up to the greatest digit of the non-adjacent form.
pub(super) const NAF_ODD_DIGITS: usize = 1 << (NAF_BITS - 2);

/// How many positions a scalar of 256 bits has in the non-adjacent form, the carry out of the last bit included.
pub(super) const NAF_DIGITS: usize = 257;

/// A scalar's digits to base 2^6, from -31 to 32, least first: the scalar is the sum of `digit[i] · 2^(6 i)`.
pub(super) fn comb(scalar: &Scalar) -> [i8; COMB_DIGITS] {
    let mut bits = Bits::of(scalar.limbs());
    let mut carry = 0;
    [0; COMB_DIGITS].map(|_: i8| {
        let digit = bits.next(COMB_BITS) + carry;
        carry = i8::from(digit > 1 << (COMB_BITS - 1));
        digit - (carry << COMB_BITS)
    })
}

/// A scalar's non-adjacent form of width 5 ("wNAF", Guide to Elliptic Curve Cryptography, algorithm 3.35): every digit is 0 or odd and
/// from -15 to 15, and of five neighbours at most one is not 0. The scalar is the sum of `digit[i] · 2^i`.
pub(super) fn non_adjacent(scalar: &Scalar) -> [i8; NAF_DIGITS] {
    let mut bits = Bits::of(scalar.limbs());
    // What five bits came to beyond their digit: 0 or 1, of the weight of the next bit.
    let mut carry = 0;
    let mut zeros_to_come = 0;
    [0; NAF_DIGITS].map(|_: i8| {
        let window = bits.peek(NAF_BITS);
        let bit = bits.next(1);
        if zeros_to_come > 0 {
            zeros_to_come -= 1;
            return 0;
        }
        if bit == carry {
            // Nothing, or two of this weight, which are one of the next: the carry stays.
            return 0;
        }
        let digit = window + carry;
        carry = i8::from(digit >= 1 << (NAF_BITS - 1));
        zeros_to_come = NAF_BITS - 1;
        digit - (carry << NAF_BITS)
    })
}

/// The bits of a number, least first, and zeros after them.
struct Bits<'a> {
    /// What is left.
    limbs: core::slice::Iter<'a, i64>,
    /// Bits that were taken from the limbs and not yet used.
    buffer: i64,
    /// How many these are.
    held: usize,
}

impl<'a> Bits<'a> {
    /// All bits of a number with carried limbs.
    fn of(limbs: &'a Limbs<i64>) -> Self {
        Self { limbs: limbs.iter(), buffer: 0, held: 0 }
    }

    /// The next `count` bits, up to 6, which stay.
    fn peek(&mut self, count: usize) -> i8 {
        if self.held < count {
            // At most five bits are held, so the limb ends below bit 34.
            self.buffer += self.limbs.next().map_or(0, |limb| limb.low()) << self.held;
            self.held += LIMB_BITS;
        }
        (self.buffer & ((1 << count) - 1)) as i8
    }

    /// The next `count` bits, up to 6.
    fn next(&mut self, count: usize) -> i8 {
        let bits = self.peek(count);
        self.buffer >>= count;
        self.held -= count;
        bits
    }
}
