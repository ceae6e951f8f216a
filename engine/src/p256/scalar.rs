//! Numbers modulo n, the order of P-256's group (SP 800-186 section 3.2.1.3): what points are multiplied by.

#![allow(clippy::arithmetic_side_effects, reason = "the interval tests prove that nothing leaves i64")]

use super::{
    columns::{self, Columns},
    field::limbs_of,
    inverse::{self, Modulus},
    limbs::{Limbs, carried_through, difference, sum},
    word::{LIMB_BITS, Word},
};

/// n.
pub(super) const N: Modulus = Modulus {
    limbs: [
        0x1c63_2551,
        0x1dce_5617,
        0x5e7_a13c,
        0xdf5_5b4e,
        0x1fff_fbce,
        0x1fff_ffff,
        0x3_ffff,
        0x1fe0_0000,
        0xff_ffff,
    ],
    negative_inverse: 0xe00_bc4f,
};

/// n as bytes, greatest first.
const N_BYTES: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
    0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// 2^261 modulo n: what Montgomery's reduction divides by.
pub(super) const R: Limbs<i64> =
    [0x139b_55e0, 0x635_3d03, 0x30b_d862, 0x154_963a, 0x8632, 0, 0x1f80_0000, 0x3ff_ffff, 0];

/// A number from 0 to n - 1, its limbs from 0 to 2^29 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scalar(Limbs<i64>);

impl Scalar {
    /// A number from 1 to n - 1, big-endian: what a signature's halves have to be (FIPS 186-5 section 6.4.2, step 1).
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        (bytes != &[0; 32] && bytes < &N_BYTES).then(|| Self(limbs_of(bytes)))
    }

    /// The limbs.
    pub(super) const fn limbs(&self) -> &Limbs<i64> {
        &self.0
    }

    /// 1 divided by it, as a factor.
    pub(super) fn inverse(&self) -> Factor {
        Factor(inverse::inverse(&self.0, &N, &R))
    }
}

/// A number modulo n times 2^261, within 27 n of 0: see [`inverse::inverse`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor(Limbs<i64>);

impl Factor {
    /// Its product with a number below 2^256.
    pub(super) fn times(&self, number: &Limbs<i64>) -> Scalar {
        // |27 n · 2^256| / 2^261 is under 0.85 n, so the result lies between -0.85 n and 1.85 n.
        let limbs = carried_through(multiply(&self.0, number));
        let [.., last] = limbs;
        if last < 0 {
            return Scalar(carried_through(sum(limbs, &N.limbs)));
        }
        let less = carried_through(difference(limbs, &N.limbs));
        let [.., last] = less;
        Scalar(if last < 0 { limbs } else { less })
    }
}

/// a · b / 2^261 modulo n (Montgomery 1985), between the quotient and that plus n.
pub(super) fn multiply<W: Word>(a: &Limbs<W>, b: &Limbs<W>) -> Limbs<W> {
    reduce(columns::product(a, b))
}

/// Each limb of Montgomery's quotient is what makes a column divisible by 2^29 once its product with n is added.
fn reduce<W: Word>(columns: Columns<W>) -> Limbs<W> {
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16] = columns;
    let [n0, n1, n2, n3, n4, n5, n6, n7, n8] = N.limbs.map(W::of);
    let quotient = |column: W| (column.low() * W::of(N.negative_inverse)).low();
    let m0 = quotient(t0);
    let t0 = t0 + m0 * n0;
    let t1 = t1 + (t0 >> LIMB_BITS) + m0 * n1;
    let m1 = quotient(t1);
    let t1 = t1 + m1 * n0;
    let t2 = t2 + (t1 >> LIMB_BITS) + m0 * n2 + m1 * n1;
    let m2 = quotient(t2);
    let t2 = t2 + m2 * n0;
    let t3 = t3 + (t2 >> LIMB_BITS) + m0 * n3 + m1 * n2 + m2 * n1;
    let m3 = quotient(t3);
    let t3 = t3 + m3 * n0;
    let t4 = t4 + (t3 >> LIMB_BITS) + m0 * n4 + m1 * n3 + m2 * n2 + m3 * n1;
    let m4 = quotient(t4);
    let t4 = t4 + m4 * n0;
    let t5 = t5 + (t4 >> LIMB_BITS) + m0 * n5 + m1 * n4 + m2 * n3 + m3 * n2 + m4 * n1;
    let m5 = quotient(t5);
    let t5 = t5 + m5 * n0;
    let t6 = t6 + (t5 >> LIMB_BITS) + m0 * n6 + m1 * n5 + m2 * n4 + m3 * n3 + m4 * n2 + m5 * n1;
    let m6 = quotient(t6);
    let t6 = t6 + m6 * n0;
    let t7 = t7 + (t6 >> LIMB_BITS) + m0 * n7 + m1 * n6 + m2 * n5 + m3 * n4 + m4 * n3 + m5 * n2 + m6 * n1;
    let m7 = quotient(t7);
    let t7 = t7 + m7 * n0;
    let t8 = t8 + (t7 >> LIMB_BITS) + m0 * n8 + m1 * n7 + m2 * n6 + m3 * n5 + m4 * n4 + m5 * n3 + m6 * n2 + m7 * n1;
    let m8 = quotient(t8);
    let t8 = t8 + m8 * n0;
    let t9 = t9 + (t8 >> LIMB_BITS) + m1 * n8 + m2 * n7 + m3 * n6 + m4 * n5 + m5 * n4 + m6 * n3 + m7 * n2 + m8 * n1;
    let t10 = t10 + (t9 >> LIMB_BITS) + m2 * n8 + m3 * n7 + m4 * n6 + m5 * n5 + m6 * n4 + m7 * n3 + m8 * n2;
    let t11 = t11 + (t10 >> LIMB_BITS) + m3 * n8 + m4 * n7 + m5 * n6 + m6 * n5 + m7 * n4 + m8 * n3;
    let t12 = t12 + (t11 >> LIMB_BITS) + m4 * n8 + m5 * n7 + m6 * n6 + m7 * n5 + m8 * n4;
    let t13 = t13 + (t12 >> LIMB_BITS) + m5 * n8 + m6 * n7 + m7 * n6 + m8 * n5;
    let t14 = t14 + (t13 >> LIMB_BITS) + m6 * n8 + m7 * n7 + m8 * n6;
    let t15 = t15 + (t14 >> LIMB_BITS) + m7 * n8 + m8 * n7;
    let t16 = t16 + (t15 >> LIMB_BITS) + m8 * n8;
    [t9.low(), t10.low(), t11.low(), t12.low(), t13.low(), t14.low(), t15.low(), t16.low(), t16 >> LIMB_BITS]
}
