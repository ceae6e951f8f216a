//! Points of P-256: y² = x³ - 3 x + b (SP 800-186 section 3.2.1.3), and the two formulas that verification spends its time in.

use super::{
    field::Multiply,
    limbs::{Difference, Element, Limbs},
    word::Word,
};

/// The curve's b, in Montgomery's form.
pub(super) const B: Limbs<i64> =
    [0x1897_bbfb, 0x1cdf_6229, 0x184_86c4, 0x173_2821, 0x1dad_59e0, 0xabf_7212, 0x1a06_d110, 0x1772_1d20, 0x86_00c3];

/// The base point's x, in Montgomery's form.
const GENERATOR_X: Limbs<i64> =
    [0x1522_8783, 0x730_d418, 0xdb0_0bcf, 0x57f_11fb, 0xa20_eb75, 0x12b7_7622, 0x330_fdb9, 0x1af4_dd57, 0x12_0bee];

/// The base point's y, in Montgomery's form.
const GENERATOR_Y: Limbs<i64> =
    [0x12aa_c150, 0x1253_57ce, 0xf22_e6ef, 0xe39_0e86, 0x64b_1695, 0x88d_d21f, 0x2a9_7443, 0x296_2176, 0xae_3fe3];

/// A point of the curve, given by its coordinates: not the point at infinity, which has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<W = i64> {
    pub(super) x: Element<W>,
    pub(super) y: Element<W>,
}

impl Point {
    /// The point with these coordinates, big-endian, if they are below p and on the curve (SEC 1 section 3.2.2.1). As the group's order
    /// is a prime, every such point is a good public key.
    pub(crate) fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let (x, y) = (Element::from_bytes(x)?, Element::from_bytes(y)?);
        let cube = x.squared().times(&x);
        let right = cube.loose().plus(&Element::constant(&B)).minus(&x).minus(&x).minus(&x).carried();
        y.squared().equals(&right).then_some(Self { x, y })
    }

    /// The base point G of ECDSA on P-256.
    pub(super) fn generator() -> Self {
        Self { x: Element::constant(&GENERATOR_X), y: Element::constant(&GENERATOR_Y) }
    }
}

/// A point in Jacobian coordinates: (x / z², y / z³), and the point at infinity if z is 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian<W = i64> {
    pub(super) x: Element<W>,
    pub(super) y: Element<W>,
    pub(super) z: Element<W>,
}

impl<W: Word> Jacobian<W> {
    /// A point by its coordinates.
    pub(super) fn from_affine(x: Element<W>, y: Element<W>) -> Self {
        Self { x, y, z: Element::one() }
    }

    /// Twice the point, for every point: z stays 0 where it is 0, and y is never 0, as no point has order 2.
    ///
    /// The formulas for a = -3 (Explicit-Formulas Database, `dbl-2001-b`), with the factors 2 and 4 put where a sum needs no carrying.
    #[inline(never)]
    pub(super) fn doubled(&self) -> Self {
        let Self { x, y, z } = self;
        let delta = z.squared();
        let twice_gamma = {
            let gamma = y.squared();
            gamma.loose().plus(&gamma).carried()
        };
        // 2 γ · 2 x: four times the paper's β.
        let four_beta = twice_gamma.times(&x.plus(x));
        let alpha = {
            let third = x.minus(&delta).times(&x.plus(&delta));
            third.loose().plus(&third).plus(&third).carried()
        };
        let x3 = alpha.squared().loose().minus(&four_beta).minus(&four_beta).carried();
        // 8 γ² is twice (2 γ)².
        let four_gamma_squared = twice_gamma.squared();
        let y3 = alpha.times(&four_beta.minus(&x3));
        Self {
            x: x3,
            y: y3.loose().minus(&four_gamma_squared).minus(&four_gamma_squared).carried(),
            z: z.times(&y.plus(y)),
        }
    }

    /// The sum with a point given by its coordinates, if the two are neither equal nor opposite and this is not infinity.
    ///
    /// Where that does not hold, z of the result is 0, and from then on it stays 0 in all that is added or doubled. So whoever adds up
    /// need only look at the end, and must not take that 0 for the point at infinity: the sum may be another one.
    /// (Explicit-Formulas Database, `madd`, without the factor 2 of its later forms.)
    #[inline(never)]
    pub(super) fn plus_affine(&self, other_x: &Element<W>, other_y: &Difference<W>) -> Self {
        let Self { x, y, z } = self;
        let zz = z.squared();
        let h = other_x.times(&zz).minus(x);
        let r = other_y.times(&z.times(&zz)).minus(y);
        let hh = h.squared();
        let hhh = h.times(&hh);
        let v = x.times(&hh);
        let x3 = r.squared().loose().minus(&hhh).minus(&v).minus(&v).carried();
        let y3 = r.times(&v.minus(&x3)).minus(&y.times(&hhh)).carried();
        Self { x: x3, y: y3, z: h.times(z) }
    }
}
