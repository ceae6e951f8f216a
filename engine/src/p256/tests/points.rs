//! Points against `RustCrypto`'s, in coordinates that are no canonical form.

use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::{ProjectivePoint, Scalar as TheirScalar};

use super::{
    cases::{self, Random, coordinates, lift, number::special},
    numbers::{bytes, modulus, residue},
};
use crate::p256::{
    Point, Table,
    complete::{self, Projective},
    field::{Multiply, P},
    limbs::Element,
    multiples::OddMultiples,
    point::{B, Jacobian},
    scalar::Scalar,
};

fn ours(point: &ProjectivePoint) -> Point {
    let (x, y) = coordinates(point);
    Point::from_coordinates(&x, &y).expect("a point on the curve")
}

fn pair(x: &Element, y: &Element) -> (BigUint, BigUint) {
    let p = modulus(&P);
    (residue(x, &p), residue(y, &p))
}

fn of_theirs(point: &ProjectivePoint) -> (BigUint, BigUint) {
    let (x, y) = coordinates(point);
    (BigUint::from_bytes_be(&x), BigUint::from_bytes_be(&y))
}

fn of_jacobian(point: &Jacobian) -> (BigUint, BigUint) {
    let inverse = point.z.inverse();
    let square = inverse.squared();
    pair(&point.x.times(&square), &point.y.times(&square.times(&inverse)))
}

fn of_projective(point: &Projective) -> Option<(BigUint, BigUint)> {
    let inverse = point.z.inverse();
    (!point.z.is_zero()).then(|| pair(&point.x.times(&inverse), &point.y.times(&inverse)))
}

fn some_points() -> Vec<ProjectivePoint> {
    let mut random = Random::new(1);
    let mut points: Vec<ProjectivePoint> =
        [1u64, 2, 3, 4].map(|d| ProjectivePoint::GENERATOR * TheirScalar::from(d)).into();
    points.extend(points.clone().into_iter().map(|point| -point));
    points.extend((0..4).map(|_| {
        loop {
            if let Some(point) = lift(&(BigUint::from_bytes_be(&random.bytes()) >> 1u32)) {
                break point;
            }
        }
    }));
    points
}

/// The same point with another z.
fn scaled(point: &Point, by: u32) -> Jacobian {
    let mut z = Element::one();
    for _ in 0..by {
        z = z.loose().plus(&Element::one()).plus(&z).carried();
    }
    let square = z.squared();
    Jacobian { x: point.x.times(&square), y: point.y.times(&square.times(&z)), z }
}

#[test]
fn constants_are_the_curves() {
    let (p, [x, y]) = (modulus(&P), [Point::generator().x, Point::generator().y]);
    assert_eq!(pair(&x, &y), of_theirs(&ProjectivePoint::GENERATOR));
    // SP 800-186 section 3.2.1.3.
    let b = BigUint::parse_bytes(b"5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    assert_eq!(Some(residue(&Element::constant(&B), &p)), b);
}

#[test]
fn points_off_the_curve_and_coordinates_from_p_on_are_refused() {
    let p = cases::p();
    for point in some_points() {
        let (x, y) = of_theirs(&point);
        let is_point = |x: &BigUint, y: &BigUint| Point::from_coordinates(&bytes(x), &bytes(y)).is_some();
        assert!(is_point(&x, &y) && is_point(&x, &(&p - &y)));
        assert!(!is_point(&x, &(&y ^ BigUint::from(1u32))) && !is_point(&(&x ^ BigUint::from(1u32)), &y));
        assert!(!is_point(&y, &x));
    }
    // A coordinate below 2^256 - p could be given a second time, with p added. (0, √b) is on the curve.
    let (x, y) = of_theirs(&lift(&BigUint::ZERO).expect("b is a square"));
    assert!(Point::from_coordinates(&bytes(&x), &bytes(&y)).is_some());
    assert!(Point::from_coordinates(&bytes(&(x + &p)), &bytes(&y)).is_none());
    assert!(Point::from_coordinates(&[0; 32], &[0; 32]).is_none());
}

#[test]
fn doubling_is_theirs_and_keeps_infinity() {
    for point in some_points() {
        for by in [0, 1, 5] {
            let doubled = scaled(&ours(&point), by).doubled();
            assert_eq!(of_jacobian(&doubled), of_theirs(&(point + point)));
            // And once more, from limbs as a doubling leaves them.
            assert_eq!(of_jacobian(&doubled.doubled()), of_theirs(&(point + point + point + point)));
        }
    }
    let zero = Element::constant(&[0; 9]);
    let infinity = Jacobian { x: Element::one(), y: Element::one(), z: zero };
    assert!(infinity.doubled().z.is_zero());
}

/// Sums of related points, equal and opposite ones among them, with z that are not 1. Returns how many results were compared.
pub(super) fn check_sums(seed: u64) -> u64 {
    let mut random = Random::new(seed);
    let start = ProjectivePoint::GENERATOR * their_scalar(&special(&mut random));
    let points: Vec<(ProjectivePoint, Point)> = core::iter::successors(Some(start), |point| Some(*point + start))
        .take(8)
        .flat_map(|point| [point, -point])
        .map(|point| (point, ours(&point)))
        .collect();
    let some = |random: &mut Random| points[usize::try_from(random.next()).expect("64 bits") % points.len()];
    for _ in 0..CHECKED_PAIRS {
        let (left, right) = (some(&mut random), some(&mut random));
        let jacobian = scaled(&left.1, u32::try_from(random.next() % 6).expect("small"));
        let expected = left.0 + right.0;
        let is_infinity = expected == ProjectivePoint::IDENTITY;
        let added = jacobian.plus_affine(&right.1.x, &right.1.y.signed(false));
        if is_infinity || left.0 == right.0 {
            assert!(added.z.is_zero(), "flagged");
        } else {
            assert_eq!(of_jacobian(&added), of_theirs(&expected));
            assert_eq!(of_jacobian(&added.doubled()), of_theirs(&(expected + expected)));
        }
        let complete = Projective::from_affine(&left.1).plus(&Projective::from_affine(&right.1));
        assert_eq!(of_projective(&complete), (!is_infinity).then(|| of_theirs(&expected)));
        let twice = complete.plus(&complete);
        assert_eq!(of_projective(&twice), (!is_infinity).then(|| of_theirs(&(expected + expected))));
    }
    // The two doublings are one case with what was added.
    3 * CHECKED_PAIRS
}

/// What [`check_sums`] adds of a seed's points.
const CHECKED_PAIRS: u64 = 40;

fn their_scalar(number: &BigUint) -> TheirScalar {
    let theirs = <TheirScalar as p256::elliptic_curve::PrimeField>::from_repr(bytes(number).into());
    Option::from(theirs).expect("a scalar")
}

#[test]
fn adding_is_theirs_and_flags_what_it_can_not_add() {
    let points = some_points();
    for (index, left) in points.iter().enumerate() {
        for right in &points {
            let (sum, point) = (scaled(&ours(left), u32::try_from(index).expect("few")), ours(right));
            for (opposite, right) in [(false, *right), (true, -*right)] {
                let added = sum.plus_affine(&point.x, &point.y.signed(opposite));
                if *left == right || *left == -right {
                    assert!(added.z.is_zero(), "flagged");
                    assert!(added.doubled().z.is_zero(), "and for good");
                    assert!(added.doubled().plus_affine(&Point::generator().x, &point.y.signed(false)).z.is_zero());
                } else {
                    assert_eq!(of_jacobian(&added), of_theirs(&(*left + right)));
                }
            }
        }
    }
}

#[test]
fn adding_without_exceptions_is_theirs_for_every_pair() {
    let mut points = some_points();
    points.push(ProjectivePoint::IDENTITY);
    let ours = |point: &ProjectivePoint| {
        if *point == ProjectivePoint::IDENTITY { Projective::infinity() } else { Projective::from_affine(&ours(point)) }
    };
    for left in &points {
        for right in &points {
            let expected = (*left + right != ProjectivePoint::IDENTITY).then(|| of_theirs(&(*left + right)));
            let sum = ours(left).plus(&ours(right));
            assert_eq!(of_projective(&sum), expected);
            // From z that are not 1.
            let (left_twice, right_twice) = (ours(left).plus(&ours(left)), ours(right).plus(&ours(right)));
            let twice = *left + left + right + right;
            let expected = (twice != ProjectivePoint::IDENTITY).then(|| of_theirs(&twice));
            assert_eq!(of_projective(&left_twice.plus(&right_twice)), expected);
        }
    }
}

#[test]
fn the_slow_sum_of_multiples_is_theirs() {
    let mut random = Random::new(2);
    let points = some_points();
    for (left, right) in points.iter().zip(points.iter().rev()) {
        let mut numbers = || {
            let number = random.scalar();
            (Scalar::from_bytes(&bytes(&number)).expect("a scalar"), their_scalar(&number))
        };
        let ((u1, their_u1), (u2, their_u2)): ((_, TheirScalar), (_, TheirScalar)) = (numbers(), numbers());
        let sum = complete::sum_of_multiples(&u1, &ours(left), &u2, &ours(right));
        assert_eq!(of_projective(&sum), Some(of_theirs(&(*left * their_u1 + *right * their_u2))));
    }
}

#[test]
fn a_table_holds_32_multiples_for_every_fourth_digit() {
    let point = ProjectivePoint::GENERATOR * TheirScalar::from(5u64);
    let table = Table::new(&ours(&point));
    assert_eq!((table.teeth().count(), Table::BYTES), (11, 25_344));
    let mut weighted = point;
    for tooth in table.teeth() {
        let mut expected = weighted;
        for multiple in tooth {
            let (x, y) = multiple.coordinates(false);
            assert_eq!(pair(&x, &y.carried()), of_theirs(&expected));
            let (x, y) = multiple.coordinates(true);
            assert_eq!(pair(&x, &y.carried()), of_theirs(&-expected));
            expected += weighted;
        }
        for _ in 0..24 {
            weighted += weighted;
        }
    }
}

#[test]
fn odd_multiples_are_eight() {
    for point in some_points() {
        let multiples = OddMultiples::new(&ours(&point));
        assert_eq!(multiples.all().len(), 8);
        let mut expected = point;
        for multiple in multiples.all() {
            let (x, y) = multiple.coordinates(false);
            assert_eq!(pair(&x, &y.carried()), of_theirs(&expected));
            expected = expected + point + point;
        }
    }
}
