//! Nine limbs to base 2^29, and what is known of their size, as types.
//!
//! A number is the sum of `limb[i] · 2^(29 i)`; limbs may be negative, and the last has what goes beyond 2^232. No class says that a
//! number is below the modulus: a residue has many forms.
//!
//! | class | limbs 0 to 7 | limb 8 | made by |
//! |---|---|---|---|
//! | [`Element`] | -2^4 to 2^29 + 2^4 | -2^24 to 2^25 | multiplication, carrying |
//! | [`Difference`] | within 2^29 + 2^5 of 0 | within 2^26 of 0 | an element minus another |
//! | [`Total`] | -2^5 to 2^30 + 2^5 | -2^25 to 2^26 | an element plus another |
//! | [`Loose`] | within 2^32 of 0 | within 2^30 of 0 | a few additions |
//!
//! A product has nine terms in a column at most. With a [`Difference`] on one side and a [`Total`] on the other they are under 9 ·
//! 2^59.01, which is under 2^62.2; two totals would not fit into `i64`, so [`Narrow`] leaves them out. The tests prove all of it.

#![allow(clippy::arithmetic_side_effects, reason = "every sum is of a class whose bounds the interval tests prove")]

use super::word::{LIMB_BITS, Word};

/// Nine limbs, least first.
pub(super) type Limbs<W> = [W; 9];

/// What is claimed of the limbs of a class: of the first eight, and of the last.
pub(super) type Bounds = [(i64, i64); 2];

/// Of an [`Element`].
pub(super) const ELEMENT: Bounds = [(-(1 << 4), (1 << 29) + (1 << 4)), (-(1 << 24), 1 << 25)];
/// Of a [`Difference`]: of two elements.
pub(super) const DIFFERENCE: Bounds = [(-(1 << 29) - (1 << 5), (1 << 29) + (1 << 5)), (-(1 << 26), 1 << 26)];
/// Of a [`Total`]: of two elements.
pub(super) const TOTAL: Bounds = [(-(1 << 5), (1 << 30) + (1 << 5)), (-(1 << 25), 1 << 26)];
/// Of what is [`Loose`]: far more than three or four elements come to, and the limbs of an inverse.
pub(super) const LOOSE: Bounds = [(-(1 << 32), 1 << 32), (-(1 << 30), 1 << 30)];

/// A residue modulo p in the form that everything else is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<W = i64>(Limbs<W>);

/// An element minus another, not carried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference<W = i64>(Limbs<W>);

/// An element plus another, not carried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Total<W = i64>(Limbs<W>);

/// Sums of a few of the above, to be carried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loose<W = i64>(Limbs<W>);

/// A class that can be a factor.
pub(super) trait Factor<W> {
    /// The limbs.
    fn limbs(&self) -> &Limbs<W>;
}

/// A factor whose limbs are small enough for the other factor to be any, a [`Total`] as well.
pub(super) trait Narrow<W>: Factor<W> {}

macro_rules! class {
    ($name:ident, $bounds:ident, $article:literal) => {
        impl<W: Word> $name<W> {
            #[doc = concat!("Claims that the limbs are those of ", $article, " [`", stringify!($name), "`].")]
            pub(super) fn new(limbs: Limbs<W>) -> Self {
                claim(&limbs, &$bounds);
                Self(limbs)
            }
        }

        impl<W> Factor<W> for $name<W> {
            fn limbs(&self) -> &Limbs<W> {
                &self.0
            }
        }
    };
}

class!(Element, ELEMENT, "an");
class!(Difference, DIFFERENCE, "a");
class!(Total, TOTAL, "a");

impl<W: Word> Narrow<W> for Element<W> {}
impl<W: Word> Narrow<W> for Difference<W> {}

impl<W: Word> Element<W> {
    /// This plus another.
    pub(super) fn plus(&self, other: &Self) -> Total<W> {
        Total::new(sum(self.0, &other.0))
    }

    /// This minus another.
    pub(super) fn minus(&self, other: &Self) -> Difference<W> {
        Difference::new(difference(self.0, &other.0))
    }

    /// This, or this with the other sign.
    pub(super) fn signed(&self, negative: bool) -> Difference<W> {
        Difference::new(if negative { self.0.map(|limb| -limb) } else { self.0 })
    }

    /// This as the first term of a sum that is to be carried.
    pub(super) fn loose(&self) -> Loose<W> {
        Loose(self.0)
    }
}

impl<W: Word> Difference<W> {
    /// This as the first term of a sum that is to be carried.
    pub(super) fn loose(&self) -> Loose<W> {
        Loose(self.0)
    }
}

impl<W: Word> Loose<W> {
    /// Claims that the limbs are few sums' worth.
    pub(super) fn new(limbs: Limbs<W>) -> Self {
        claim(&limbs, &LOOSE);
        Self(limbs)
    }

    /// With another term.
    pub(super) fn plus(self, term: &Element<W>) -> Self {
        Self::new(sum(self.0, &term.0))
    }

    /// With another term taken away.
    pub(super) fn minus(self, term: &Element<W>) -> Self {
        Self::new(difference(self.0, &term.0))
    }

    /// The limbs.
    pub(super) const fn limbs(&self) -> &Limbs<W> {
        &self.0
    }
}

fn claim<W: Word>(limbs: &Limbs<W>, [of_first, of_last]: &Bounds) {
    let [first @ .., last] = limbs;
    for limb in first {
        limb.claim(of_first.0, of_first.1);
    }
    last.claim(of_last.0, of_last.1);
}

/// Limb by limb, without carrying.
pub(super) fn sum<W: Word>(mut left: Limbs<W>, right: &Limbs<W>) -> Limbs<W> {
    for (limb, other) in left.iter_mut().zip(right) {
        *limb = *limb + *other;
    }
    left
}

/// Limb by limb, without carrying.
pub(super) fn difference<W: Word>(mut left: Limbs<W>, right: &Limbs<W>) -> Limbs<W> {
    for (limb, other) in left.iter_mut().zip(right) {
        *limb = *limb - *other;
    }
    left
}

/// Moves what a limb has beyond 29 bits into the next one, from the first to the last. The number stays the same, limbs 0 to 7 are then
/// from 0 to 2^29 - 1, and the last has the number's sign: a form that every number has once.
pub(super) fn carried_through<W: Word>(mut limbs: Limbs<W>) -> Limbs<W> {
    let [first @ .., last] = &mut limbs;
    let mut carry = W::of(0);
    for limb in first {
        let whole = *limb + carry;
        *limb = whole.low();
        carry = whole >> LIMB_BITS;
    }
    *last = *last + carry;
    limbs
}
