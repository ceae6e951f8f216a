//! Every crafted signature on every path: with and without the tables of G and of the key.

use super::cases::{self, Case};
use crate::crypto::fast::p256::{
    Generator, Multiplicand, Point, Table, field::limbs_of, scalar::Scalar, sum::sum_of_multiples, verify,
};

/// Calls back with each case's four ways to be verified, a generator's table or none, a key's table or none.
fn on_every_path(cases: &[Case], mut check: impl FnMut(&Case, Multiplicand<'_>, Option<&Generator>)) {
    let generator = Generator::new();
    let mut last: Option<(([u8; 32], [u8; 32]), Point, Table)> = None;
    for case in cases {
        let coordinates = (case.x, case.y);
        // Cases of a key come one after the other, and its table takes longer than they do.
        let known = last.take().filter(|(known, ..)| *known == coordinates);
        let (_, point, table) = last.insert(known.unwrap_or_else(|| {
            let point = Point::from_coordinates(&case.x, &case.y).expect("a key on the curve");
            (coordinates, point, Table::new(&point))
        }));
        for generator in [None, Some(&generator)] {
            check(case, Multiplicand::Point(point), generator);
            check(case, Multiplicand::Table(table), generator);
        }
    }
}

/// That each case comes out as it has to, here and for RustCrypto.
pub(super) fn judge(cases: &[Case]) {
    assert!(!cases.is_empty());
    on_every_path(cases, |case, key, generator| {
        let verdict = verify(key, generator, &case.digest, &case.signature);
        assert_eq!(verdict, case.valid, "{} with {key:?} and {}: {case:?}", case.what, generator.is_some());
    });
    for case in cases {
        assert_eq!(case.holds_for_rustcrypto(), case.valid, "by RustCrypto: {case:?}");
    }
}

#[test]
fn x_from_n_on_is_r_plus_n() {
    judge(&cases::x_from_n_on());
}

#[test]
fn r_plus_n_from_p_on_is_no_coordinate() {
    judge(&cases::r_plus_n_from_p_on());
}

#[test]
fn infinity_has_no_coordinate() {
    judge(&cases::infinity());
}

#[test]
fn sums_that_meet_themselves_go_on() {
    judge(&cases::collisions());
}

/// The cases are what they were made for: the fast sum gives up on each of them, on every path.
#[test]
fn the_fast_sum_gives_up_on_collisions() {
    on_every_path(&cases::collisions(), |case, key, generator| {
        let ([r, s], []) = case.signature.as_chunks::<32>() else { unreachable!("64 bytes") };
        let inverse = Scalar::from_bytes(s).expect("a scalar").inverse();
        let (u1, u2) = (inverse.times(&limbs_of(&case.digest)), inverse.times(&limbs_of(r)));
        let g = Point::generator();
        let base = generator.map_or(Multiplicand::Point(&g), Generator::multiplicand);
        assert!(sum_of_multiples([(&u1, base), (&u2, key)]).is_none(), "{case:?}");
    });
}

#[test]
fn special_multipliers_come_out_right() {
    judge(&cases::special_multipliers());
}

#[test]
fn special_digests_and_halves_come_out_right() {
    judge(&cases::special_digests_and_halves());
}

#[test]
fn keys_of_extreme_limbs_come_out_right() {
    judge(&cases::keys_of_extreme_limbs());
}
