//! Multiples of a point, ready for a scalar's digits: few of them for a key's first signatures, a [`Table`] for a key that many
//! signatures come from.

#![allow(clippy::arithmetic_side_effects, reason = "what is computed with are constants")]

use alloc::{boxed::Box, vec::Vec};

use super::{
    digits::{COMB_BITS, COMB_DIGITS, COMB_GREATEST, NAF_ODD_DIGITS},
    field::Multiply,
    limbs::{Difference, Element},
    point::{Jacobian, Point},
};

/// Every how many digits of the comb there are multiples. What lies between is reached by doublings, which both terms of a sum share:
/// the more of them, the smaller the table.
pub(super) const COMB_SPACING: usize = 4;

/// How many digits have multiples: the first, the fifth and so on to the 41st.
const COMB_TEETH: usize = COMB_DIGITS.div_ceil(COMB_SPACING);

/// How many doublings lead from one of these digits to the next.
const DOUBLINGS: usize = COMB_SPACING * COMB_BITS;

/// A point with the multiples of it that the comb's digits call for, made once for all of a key's signatures.
#[derive(Debug)]
pub(crate) struct Table {
    point: Point,
    teeth: Box<[Tooth]>,
}

/// A digit's multiples: 1, 2, …, 32 times the point times the digit's weight.
pub(super) type Tooth = [Multiple; COMB_GREATEST];

impl Table {
    /// The memory that the multiples take.
    pub(crate) const BYTES: usize = COMB_TEETH * size_of::<Tooth>();

    /// Computes the multiples.
    pub(crate) fn new(point: &Point) -> Self {
        let mut weighted = Jacobian::from_affine(point.x, point.y);
        let weights: Vec<Jacobian> = (0..COMB_TEETH)
            .map(|_| {
                let weight = weighted;
                for _ in 0..DOUBLINGS {
                    weighted = weighted.doubled();
                }
                weight
            })
            .collect();
        let multiples: Vec<Jacobian> = normalised(&weights).iter().flat_map(first_multiples).collect();
        let packed: Vec<Multiple> = normalised(&multiples).iter().map(Multiple::new).collect();
        let (teeth, _) = packed.as_chunks();
        Self { point: *point, teeth: teeth.into() }
    }

    /// The point itself.
    pub(super) const fn point(&self) -> &Point {
        &self.point
    }

    /// The multiples of the first digit, the fifth and so on.
    pub(super) fn teeth(&self) -> impl Iterator<Item = &Tooth> {
        self.teeth.iter()
    }
}

/// 1, 2, …, 32 times a point. The group's order is a great prime, so no two of them are equal or opposite and none is infinity: the
/// formulas for the sum of different points hold.
fn first_multiples(point: &Point) -> [Jacobian; COMB_GREATEST] {
    let once = Jacobian::from_affine(point.x, point.y);
    let mut sum = once;
    core::array::from_fn(|index| {
        sum = match index {
            0 => once,
            1 => once.doubled(),
            _ => sum.plus_affine(&point.x, &point.y.signed(false)),
        };
        sum
    })
}

/// 1, 3, …, 15 times a point.
#[derive(Debug)]
pub(super) struct OddMultiples([Multiple; NAF_ODD_DIGITS]);

impl OddMultiples {
    /// Computes them.
    ///
    /// What is added each time is twice the point, and it would have to have z = 1. So the sums are taken on the curve whose points are
    /// those of ours with the coordinates (x · z², y · z³), z being that of twice the point: there it has z = 1. No formula for the
    /// sum of different points mentions the curve's constants, and multiplying the z of a sum by that z leads back.
    pub(super) fn new(point: &Point) -> Self {
        let twice = Jacobian::from_affine(point.x, point.y).doubled();
        let zz = twice.z.squared();
        let mut sum = Jacobian::from_affine(point.x.times(&zz), point.y.times(&zz.times(&twice.z)));
        let sums: [Jacobian; NAF_ODD_DIGITS] = core::array::from_fn(|index| {
            if index > 0 {
                sum = sum.plus_affine(&twice.x, &twice.y.signed(false));
            }
            Jacobian { z: sum.z.times(&twice.z), ..sum }
        });
        let mut multiples = [Multiple::new(point); NAF_ODD_DIGITS];
        for (multiple, point) in multiples.iter_mut().zip(normalised(&sums)) {
            *multiple = Multiple::new(&point);
        }
        Self(multiples)
    }

    /// All of them, least first.
    pub(super) const fn all(&self) -> &[Multiple; NAF_ODD_DIGITS] {
        &self.0
    }
}

/// A point by its coordinates, each in canonical form and in half the memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Multiple {
    x: [u32; 9],
    y: [u32; 9],
}

impl Multiple {
    fn new(point: &Point) -> Self {
        Self { x: pack(&point.x), y: pack(&point.y) }
    }

    /// The coordinates of the point, or of its opposite.
    pub(super) fn coordinates(&self, opposite: bool) -> (Element, Difference) {
        (Element::new(self.x.map(i64::from)), Element::new(self.y.map(i64::from)).signed(opposite))
    }
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "limbs in canonical form are from 0 to 2^29 - 1"
)]
fn pack(element: &Element) -> [u32; 9] {
    element.canonical().map(|limb| limb as u32)
}

/// The points by their coordinates, with one inverse for all of them (Montgomery 1987): that of the product of all z, from which each
/// single one follows by multiplications. None of the points may be infinity.
fn normalised(points: &[Jacobian]) -> Vec<Point> {
    let mut product = Element::one();
    let before: Vec<Element> = points
        .iter()
        .map(|point| {
            let before = product;
            product = product.times(&point.z);
            before
        })
        .collect();
    let mut inverse = product.inverse();
    let mut normalised: Vec<Point> = points
        .iter()
        .zip(before)
        .rev()
        .map(|(point, before)| {
            let own = inverse.times(&before);
            inverse = inverse.times(&point.z);
            let square = own.squared();
            Point { x: point.x.times(&square), y: point.y.times(&square.times(&own)) }
        })
        .collect();
    normalised.reverse();
    normalised
}
