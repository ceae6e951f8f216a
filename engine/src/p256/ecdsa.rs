//! Verification of ECDSA signatures (FIPS 186-5 section 6.4.2) in the form of RFC 7518 section 3.4.

use super::{
    complete,
    field::{Multiply, limbs_of},
    limbs::Element,
    multiples::Table,
    point::Point,
    scalar::{N, Scalar},
    sum::{self, Multiplicand},
};

/// p - n as bytes, greatest first.
const P_MINUS_N: [u8; 32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x43, 0x19, 0x05, 0x53, 0x58, 0xe8, 0x61, 0x7b, 0x0c, 0x46, 0x35,
    0x3d, 0x03, 0x9c, 0xda, 0xae,
];

/// The table of the base point G, which every key shares.
#[derive(Debug)]
pub(crate) struct Generator(Table);

impl Generator {
    /// Computes it: once, as it takes as long as some signatures.
    pub(crate) fn new() -> Self {
        Self(Table::new(&Point::generator()))
    }

    /// G with its table.
    pub(super) const fn multiplicand(&self) -> Multiplicand<'_> {
        Multiplicand::Table(&self.0)
    }
}

/// Whether `signature`, r and s of 32 bytes each, is one by `key` over a message whose hash is `digest`.
///
/// The digest is taken whole: it is to be one of 256 bits, as the order of the group is a number of 256 bits. Both s and n - s are good:
/// RFC 7518 has no rule against either.
/// The time it takes depends on all of the arguments.
pub(crate) fn verify(
    key: Multiplicand<'_>,
    generator: Option<&Generator>,
    digest: &[u8; 32],
    signature: &[u8; 64],
) -> bool {
    let ([r, s], []) = signature.as_chunks::<32>() else {
        return false;
    };
    let (Some(r_scalar), Some(s)) = (Scalar::from_bytes(r), Scalar::from_bytes(s)) else {
        return false;
    };
    let inverse = s.inverse();
    let (u1, u2) = (inverse.times(&limbs_of(digest)), inverse.times(r_scalar.limbs()));
    let base = Point::generator();
    let base = generator.map_or(Multiplicand::Point(&base), Generator::multiplicand);
    if let Some(sum) = sum::sum_of_multiples([(&u1, base), (&u2, key)]) {
        return is_r(&sum.x, &sum.z.squared(), r);
    }
    let sum = complete::sum_of_multiples(&u1, base.point(), &u2, key.point());
    !sum.z.is_zero() && is_r(&sum.x, &sum.z, r)
}

/// Whether the coordinate `x / denominator`, from 0 to p - 1, is r modulo n, without dividing: it is r itself, or r + n if that is
/// below p. `r` is below n.
fn is_r(x: &Element, denominator: &Element, r: &[u8; 32]) -> bool {
    let is = |number: &Element| number.times(denominator).equals(x);
    let number = limbs_of(r);
    is(&Element::from_number(&number)) || (r < &P_MINUS_N && is(&Element::from_sum(&number, &N.limbs)))
}
