//! Residues modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the field of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3).
//!
//! They are kept in Montgomery's form: an [`Element`] for x holds x · 2^261 modulo p. As p is -1 modulo 2^96, Montgomery's quotient is
//! the low limb itself, and its product with p is four shifts; so reduction takes no multiplications.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "the interval tests prove that nothing leaves i64 for factors of any class"
)]

use super::{
    columns::{self, Columns},
    inverse::{self, Modulus},
    limbs::{Difference, Element, Factor, Limbs, Loose, Narrow, carried_through, difference, sum},
    word::{LIMB_BITS, Word},
};

/// p.
pub(super) const P: Modulus = Modulus {
    limbs: [0x1fff_ffff, 0x1fff_ffff, 0x1fff_ffff, 0x1ff, 0, 0, 0x4_0000, 0x1fe0_0000, 0xff_ffff],
    negative_inverse: 1,
};

/// p as bytes, greatest first.
const P_BYTES: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff,
];

/// 2^522 modulo p, which brings a number into Montgomery's form.
pub(super) const R_SQUARED: Limbs<i64> =
    [0xc00, 0, 0x1fff_0000, 0x1fdf_ffff, 0x1fbf_ffff, 0x1fff_ffff, 0x1fff_ffff, 0x1fff_fffe, 0x13];

/// 1 in Montgomery's form: 2^261 modulo p.
pub(super) const ONE: Limbs<i64> = [0x20, 0, 0, 0x1fff_c000, 0x1fff_ffff, 0x1fff_ffff, 0x1f7f_ffff, 0x3ff_ffff, 0];

impl<W: Word> Element<W> {
    /// The residue from -2^225 to 2^256 + 2^225, carried through: at most one addition or subtraction of p is left.
    ///
    /// An element goes from -2^256 to 2^257 and a little further, so 2^256 is in it minus two to two times. For each of them p is taken
    /// away, which is less than 2^256 by less than 2^224.
    pub(super) fn nearly_canonical(&self) -> Limbs<W> {
        carried_through(without_multiples_of_p(carried_through(*self.limbs())))
    }

    /// A constant, which is already in Montgomery's form.
    pub(super) fn constant(limbs: &Limbs<i64>) -> Self {
        Self::new(limbs.map(W::of))
    }

    /// 1.
    pub(super) fn one() -> Self {
        Self::constant(&ONE)
    }
}

impl Element {
    /// A number below p, big-endian.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        (bytes < &P_BYTES).then(|| Self::from_number(&limbs_of(bytes)))
    }

    /// A number below 2^256.
    pub(super) fn from_number(limbs: &Limbs<i64>) -> Self {
        Self::new(*limbs).times(&Self::constant(&R_SQUARED))
    }

    /// The sum of two numbers below 2^256, which is below p.
    pub(super) fn from_sum(left: &Limbs<i64>, right: &Limbs<i64>) -> Self {
        Self::from_number(&carried_through(sum(*left, right)))
    }

    /// The one form from 0 to p - 1, still Montgomery's: limbs of 29 bits, none negative.
    pub(super) fn canonical(&self) -> Limbs<i64> {
        let limbs = self.nearly_canonical();
        let [.., last] = limbs;
        if last < 0 {
            return carried_through(sum(limbs, &P.limbs));
        }
        let less = carried_through(difference(limbs, &P.limbs));
        let [.., last] = less;
        if last < 0 { limbs } else { less }
    }

    /// Whether it is 0 modulo p.
    pub(super) fn is_zero(&self) -> bool {
        self.canonical() == [0; 9]
    }

    /// Whether it is the same modulo p.
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.minus(other).carried().is_zero()
    }

    /// 1 divided by it, and 0 for 0.
    pub(super) fn inverse(&self) -> Self {
        // The form holds x · R, and R² divided by that is R / x.
        Loose::new(inverse::inverse(&self.canonical(), &P, &R_SQUARED)).carried()
    }
}

impl<W: Word> Loose<W> {
    /// Brings the limbs back to 29 bits, and the number to about 256.
    ///
    /// Each limb takes the carry of the one before it as that was, so no limb waits for another; that leaves limbs a little below 0 or
    /// above 2^29, which the classes allow for.
    pub(super) fn carried(self) -> Element<W> {
        let [l0, l1, l2, l3, l4, l5, l6, l7, l8] = without_multiples_of_p(*self.limbs());
        Element::new([
            l0.low(),
            l1.low() + (l0 >> LIMB_BITS),
            l2.low() + (l1 >> LIMB_BITS),
            l3.low() + (l2 >> LIMB_BITS),
            l4.low() + (l3 >> LIMB_BITS),
            l5.low() + (l4 >> LIMB_BITS),
            l6.low() + (l5 >> LIMB_BITS),
            l7.low() + (l6 >> LIMB_BITS),
            l8 + (l7 >> LIMB_BITS),
        ])
    }
}

impl<W: Word> Difference<W> {
    /// The same residue as an element.
    pub(super) fn carried(&self) -> Element<W> {
        self.loose().carried()
    }
}

/// Takes as many p away as there are 2^256 in the last limb, which has 24 bits of the 256.
fn without_multiples_of_p<W: Word>([l0, l1, l2, l3, l4, l5, l6, l7, l8]: Limbs<W>) -> Limbs<W> {
    let times = l8 >> 24;
    [l0 + times, l1, l2, l3 - (times << 9), l4, l5, l6 - (times << 18), l7 + (times << 21), l8.low_bits(24)]
}

/// Multiplication, for a [`Narrow`] first factor.
pub(super) trait Multiply<W>: Narrow<W> {
    /// The product.
    fn times(&self, other: &impl Factor<W>) -> Element<W>;

    /// The product with itself.
    fn squared(&self) -> Element<W>;
}

impl<W: Word, N: Narrow<W>> Multiply<W> for N {
    fn times(&self, other: &impl Factor<W>) -> Element<W> {
        multiply(self.limbs(), other.limbs())
    }

    fn squared(&self) -> Element<W> {
        square(self.limbs())
    }
}

// Two functions on limbs, so that the classes don't each get a copy of the rows.

#[inline(never)]
fn multiply<W: Word>(a: &Limbs<W>, b: &Limbs<W>) -> Element<W> {
    reduce(columns::product(a, b))
}

#[inline(never)]
fn square<W: Word>(a: &Limbs<W>) -> Element<W> {
    reduce(columns::square(a))
}

/// Divides by 2^261 modulo p (Montgomery 1985; the result lies between t / 2^261 and that plus p).
///
/// The quotient's limb `m` is what makes a column divisible by 2^29 once `m · p` is added. As -1/p is 1 modulo 2^29, `m` is the
/// column's own low limb, and adding `m · p` is adding `m · (p + 1)` and dropping that limb: p + 1 = 2^256 - 2^224 + 2^192 + 2^96
/// stands 8, 7, 6 and 3 limbs higher, shifted by 24, 21, 18 and 9 bits.
#[allow(clippy::inline_always, reason = "see the columns")]
#[inline(always)]
fn reduce<W: Word>(columns: Columns<W>) -> Element<W> {
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16] = columns;
    let m0 = t0.low();
    let t1 = t1 + (t0 >> LIMB_BITS);
    let m1 = t1.low();
    let t2 = t2 + (t1 >> LIMB_BITS);
    let m2 = t2.low();
    let t3 = t3 + (t2 >> LIMB_BITS) + (m0 << 9);
    let m3 = t3.low();
    let t4 = t4 + (t3 >> LIMB_BITS) + (m1 << 9);
    let m4 = t4.low();
    let t5 = t5 + (t4 >> LIMB_BITS) + (m2 << 9);
    let m5 = t5.low();
    let t6 = t6 + (t5 >> LIMB_BITS) + (m3 << 9) + (m0 << 18);
    let m6 = t6.low();
    let t7 = t7 + (t6 >> LIMB_BITS) + (m4 << 9) + (m1 << 18) - (m0 << 21);
    let m7 = t7.low();
    let t8 = t8 + (t7 >> LIMB_BITS) + (m5 << 9) + (m2 << 18) - (m1 << 21) + (m0 << 24);
    let m8 = t8.low();
    let t9 = t9 + (t8 >> LIMB_BITS) + (m6 << 9) + (m3 << 18) - (m2 << 21) + (m1 << 24);
    let t10 = t10 + (t9 >> LIMB_BITS) + (m7 << 9) + (m4 << 18) - (m3 << 21) + (m2 << 24);
    let t11 = t11 + (t10 >> LIMB_BITS) + (m8 << 9) + (m5 << 18) - (m4 << 21) + (m3 << 24);
    let t12 = t12 + (t11 >> LIMB_BITS) + (m6 << 18) - (m5 << 21) + (m4 << 24);
    let t13 = t13 + (t12 >> LIMB_BITS) + (m7 << 18) - (m6 << 21) + (m5 << 24);
    let t14 = t14 + (t13 >> LIMB_BITS) + (m8 << 18) - (m7 << 21) + (m6 << 24);
    let t15 = t15 + (t14 >> LIMB_BITS) - (m8 << 21) + (m7 << 24);
    let t16 = t16 + (t15 >> LIMB_BITS) + (m8 << 24);
    Element::new([
        t9.low(),
        t10.low(),
        t11.low(),
        t12.low(),
        t13.low(),
        t14.low(),
        t15.low(),
        t16.low(),
        t16 >> LIMB_BITS,
    ])
}

/// The limbs of a number given as bytes, greatest first.
pub(super) fn limbs_of(bytes: &[u8; 32]) -> Limbs<i64> {
    let (mut limbs, mut rest) = ([0; 9], bytes.iter().rev());
    let (mut buffer, mut bits): (i64, u32) = (0, 0);
    for limb in &mut limbs {
        while bits < LIMB_BITS
            && let Some(byte) = rest.next()
        {
            // At most 28 bits wait here, so the byte ends below bit 36.
            buffer += i64::from(*byte) << bits;
            bits += 8;
        }
        *limb = buffer.low();
        buffer >>= LIMB_BITS;
        bits = bits.saturating_sub(LIMB_BITS);
    }
    limbs
}
