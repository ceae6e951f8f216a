//! Every crafted signature on every path: with and without the tables of G and of the key.

use super::{
    cases::{Case, crafted},
    std::sync::OnceLock,
};
use crate::p256::{
    Generator, Multiplicand, Point, Table, field::limbs_of, scalar::Scalar, sum::sum_of_multiples, verify,
};

/// G's table takes longer than any case.
fn generator() -> &'static Generator {
    static GENERATOR: OnceLock<Generator> = OnceLock::new();
    GENERATOR.get_or_init(Generator::new)
}

/// Calls back with each case's four ways to be verified, a generator's table or none, a key's table or none.
fn on_every_path(cases: &[Case], mut check: impl FnMut(&Case, Multiplicand<'_>, Option<&Generator>)) {
    // Cases of a key come one after the other, and its table takes longer than they do.
    for cases in cases.chunk_by(|one, next| (one.x, one.y) == (next.x, next.y)) {
        let point = Point::from_coordinates(&cases[0].x, &cases[0].y).expect("a key on the curve");
        let table = Table::new(&point);
        for case in cases {
            for generator in [None, Some(generator())] {
                check(case, Multiplicand::Point(&point), generator);
                check(case, Multiplicand::Table(&table), generator);
            }
        }
    }
}

/// That each case comes out as it has to, here and for `RustCrypto`.
pub(super) fn judge(cases: &[Case]) {
    assert!(!cases.is_empty());
    on_every_path(cases, |case, key, generator| {
        let verdict = verify(key, generator, &case.digest, &case.signature);
        let tables = (matches!(key, Multiplicand::Table(_)), generator.is_some());
        assert_eq!(verdict, case.valid, "{}; tables of key and generator: {tables:?}; {case:?}", case.what);
    });
    for case in cases {
        assert_eq!(case.holds_for_rustcrypto(), case.valid, "by RustCrypto: {case:?}");
    }
}

#[test]
fn x_from_n_on_is_r_plus_n() {
    judge(&crafted::x_from_n_on());
}

#[test]
fn r_plus_n_from_p_on_is_no_coordinate() {
    judge(&crafted::r_plus_n_from_p_on());
}

#[test]
fn infinity_has_no_coordinate() {
    judge(&crafted::infinity());
}

#[test]
fn sums_that_meet_themselves_go_on() {
    judge(&crafted::collisions());
}

/// The cases are what they were made for: the fast sum gives up on each of them, on every path.
#[test]
fn the_fast_sum_gives_up_on_collisions() {
    on_every_path(&crafted::collisions(), |case, key, generator| {
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
    judge(&crafted::special_multipliers());
}

#[test]
fn special_digests_and_halves_come_out_right() {
    judge(&crafted::special_digests_and_halves());
}

#[test]
fn keys_of_extreme_limbs_come_out_right() {
    judge(&crafted::keys_of_extreme_limbs());
}
