//! Sums of multiples by formulas without exceptions (Renes, Costello and Batina, "Complete addition formulas for prime order elliptic
//! curves", 2016): slow, and right for every pair of points, equal ones, opposite ones and infinity included.
//!
//! The fast sum ends here when it met a pair that its own formulas don't hold for. That takes a key or a signature made for it.

use super::{
    field::Multiply,
    limbs::Element,
    point::{B, Point},
    scalar::Scalar,
    word::{LIMB_BITS, Word},
};

/// A point in projective coordinates: (x / z, y / z), and the point at infinity if z is 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projective<W = i64> {
    pub(super) x: Element<W>,
    pub(super) y: Element<W>,
    pub(super) z: Element<W>,
}

impl<W: Word> Projective<W> {
    /// (0 : 1 : 0).
    pub(super) fn infinity() -> Self {
        let zero = Element::constant(&[0; 9]);
        Self { x: zero, y: Element::one(), z: zero }
    }

    /// A point by its coordinates.
    pub(super) fn from_affine(point: &Point<W>) -> Self {
        Self { x: point.x, y: point.y, z: Element::one() }
    }

    /// The sum with any point: what section 3.2 of the paper computes for a = -3, written as sums of products.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (Self { x: x1, y: y1, z: z1 }, Self { x: x2, y: y2, z: z2 }) = (self, other);
        let b = Element::constant(&B);
        let (xx, yy, zz) = (x1.times(x2), y1.times(y2), z1.times(z2));
        let xy = sum_of_products(x1, y2, x2, y1);
        let xz = sum_of_products(x1, z2, x2, z1);
        let yz = sum_of_products(y1, z2, y2, z1);

        let slope = triple(&xz.minus(&b.times(&zz)).carried());
        let (below, above) = (yy.minus(&slope).carried(), yy.loose().plus(&slope).carried());
        let three_zz = triple(&zz);
        let left = triple(&xx).minus(&three_zz).carried();
        let right = triple(&b.times(&xz).loose().minus(&xx).minus(&three_zz).carried());

        Self {
            x: xy.times(&above).minus(&yz.times(&right)).carried(),
            y: sum_of_products(&left, &right, &below, &above),
            z: sum_of_products(&yz, &below, &xy, &left),
        }
    }
}

// Out of line, as nothing here has to be fast.
#[inline(never)]
fn sum_of_products<W: Word>(a: &Element<W>, b: &Element<W>, c: &Element<W>, d: &Element<W>) -> Element<W> {
    a.times(b).loose().plus(&c.times(d)).carried()
}

#[inline(never)]
fn triple<W: Word>(element: &Element<W>) -> Element<W> {
    element.loose().plus(element).plus(element).carried()
}

/// `u1 · p1 + u2 · p2`, bit by bit from the greatest.
pub(super) fn sum_of_multiples(u1: &Scalar, p1: &Point, u2: &Scalar, p2: &Point) -> Projective {
    let (p1, p2) = (Projective::from_affine(p1), Projective::from_affine(p2));
    let mut sum = Projective::infinity();
    for (limb1, limb2) in u1.limbs().iter().zip(u2.limbs()).rev() {
        for bit in (0..LIMB_BITS).rev() {
            sum = sum.plus(&sum);
            for (limb, point) in [(limb1, &p1), (limb2, &p2)] {
                if (limb >> bit) & 1 == 1 {
                    sum = sum.plus(point);
                }
            }
        }
    }
    sum
}
