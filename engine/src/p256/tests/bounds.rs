//! The proofs that nothing overflows: the source that verifies signatures, run on ranges that hold every number of a class.
//!
//! Each formula is given operands of which nothing is known but their class, and its results have to be of their class again. So what
//! holds of one step holds of any number of them.

use super::interval::{Interval, LIMB_MASK};
use crate::p256::{
    columns,
    complete::Projective,
    field::{Multiply, P},
    inverse::{self, Modulus},
    limbs::{Bounds, DIFFERENCE, Difference, ELEMENT, Element, LOOSE, Limbs, Loose, TOTAL, Total, carried_through},
    point::Jacobian,
    scalar::{self, N},
    word::Word,
};

/// Everything within the bounds of a class.
fn all([(low, high), (low_last, high_last)]: Bounds) -> Limbs<Interval> {
    let mut limbs = [Interval::new(low, high); 9];
    limbs[8] = Interval::new(low_last, high_last);
    limbs
}

fn element() -> Element<Interval> {
    Element::new(all(ELEMENT))
}

fn difference() -> Difference<Interval> {
    Difference::new(all(DIFFERENCE))
}

fn total() -> Total<Interval> {
    Total::new(all(TOTAL))
}

/// Every proof below hangs on it.
#[test]
#[should_panic(expected = "is not in")]
fn a_class_claims_its_bounds() {
    let _ = Element::new(all(TOTAL));
}

#[test]
#[should_panic(expected = "is not in")]
fn a_sum_claims_its_bounds() {
    let doubled = all(LOOSE).map(|limb| limb + limb);
    let _ = Loose::new(doubled);
}

/// The classes' constructors check what comes out.
#[test]
fn products_of_every_allowed_pair_of_classes_are_elements() {
    let _: [Element<Interval>; 8] = [
        element().times(&element()),
        element().times(&difference()),
        element().times(&total()),
        element().squared(),
        difference().times(&element()),
        difference().times(&difference()),
        difference().times(&total()),
        difference().squared(),
    ];
}

#[test]
#[should_panic(expected = "leaves i64")]
fn two_totals_are_no_pair() {
    let _ = columns::product(&all(TOTAL), &all(TOTAL));
}

#[test]
fn sums_are_of_their_classes_and_whatever_is_loose_carries_to_an_element() {
    let _: Total<Interval> = element().plus(&element());
    let _: [Difference<Interval>; 3] = [element().minus(&element()), element().signed(true), element().signed(false)];
    let _: [Element<Interval>; 2] = [difference().carried(), Loose::new(all(LOOSE)).carried()];
    // The longest sum there is: x³ + b - 3 x, of the curve's equation.
    let any = element();
    let _: Element<Interval> = any.loose().plus(&any).minus(&any).minus(&any).minus(&any).carried();
}

#[test]
fn doubling_leads_from_elements_to_elements() {
    let _ = Jacobian { x: element(), y: element(), z: element() }.doubled();
}

#[test]
fn adding_leads_from_elements_to_elements() {
    let _ = Jacobian { x: element(), y: element(), z: element() }.plus_affine(&element(), &difference());
}

#[test]
fn adding_without_exceptions_leads_from_elements_to_elements() {
    let any = Projective { x: element(), y: element(), z: element() };
    let _ = any.plus(&any);
}

/// What is left for the canonical form to add or subtract p from or to is carried, and its last limb is about the 24 bits of p's.
#[test]
fn an_element_is_nearly_canonical_after_one_step() {
    let [first @ .., last] = element().nearly_canonical();
    for limb in first {
        limb.claim(0, LIMB_MASK);
    }
    last.claim(-1, 1 << 24);
    let far = carried_through(all(ELEMENT))[8];
    assert!(far.low < -1 && far.high > 1 << 24, "there was something to do: {far:?}");
}

/// An inverse's limbs times any 256-bit number's: no column of Montgomery's reduction modulo n leaves `i64`, and what comes out can take
/// n once more.
#[test]
fn products_modulo_n_stay_in_range() {
    let inverse = [Interval::new(-(1 << 29), 1 << 29); 9];
    let [first @ .., last] = scalar::multiply(&inverse, &all([(0, LIMB_MASK), (0, (1 << 24) - 1)]));
    for limb in first {
        limb.claim(0, LIMB_MASK);
    }
    last.claim(-(1 << 25), 1 << 26);
}

/// All batches of division steps one after the other, from any number and scale below 2^256.
///
/// A row of a batch's matrix is a pair (a, b) with |a| + |b| up to 2^29. Its results are the floor of something affine in (a, b), for
/// whatever f, g, d, e and multiple of the modulus; so none is beyond those at the four corners (±2^29, 0) and (0, ±2^29). What is
/// taken from them modulo 2^29 can be anything already there.
fn run_all_batches(modulus: &Modulus) {
    let below_2_256 = all([(0, LIMB_MASK), (0, (1 << 24) - 1)]);
    let (mut f, mut g, mut d, mut e) = (below_2_256, below_2_256, below_2_256, below_2_256);
    let corners = [(1 << 29, 0), (-(1 << 29), 0), (0, 1 << 29), (0, -(1 << 29))];
    let at_corners = |step: &dyn Fn(Interval, Interval) -> Limbs<Interval>| {
        let results = corners.map(|(a, b)| step(Interval::of(a), Interval::of(b)));
        core::array::from_fn(|at| results.iter().map(|limbs| limbs[at]).reduce(Interval::or).expect("four"))
    };
    for _ in 0..inverse::MOST_BATCHES {
        // Both rows are of the same kind, so one result holds what either can be.
        let of_f: Limbs<Interval> = at_corners(&|a, b| inverse::apply(a, b, &f, &g));
        let of_d: Limbs<Interval> = at_corners(&|a, b| inverse::apply_modulo(a, b, &d, &e, modulus));
        assert_eq!(
            (&of_f[..8], &of_d[..8]),
            ([Interval::new(0, LIMB_MASK); 8].as_slice(), [Interval::new(0, LIMB_MASK); 8].as_slice())
        );
        (f, g, d, e) = (of_f, of_f, of_d, of_d);
    }
    let [first @ .., last] = d;
    for limb in first {
        limb.claim(0, LIMB_MASK);
    }
    last.claim(-(1 << 29), 1 << 29);
    let _: Element<Interval> = Loose::new(d.map(|limb| -limb)).carried();
    let _: Element<Interval> = Loose::new(d).carried();
}

#[test]
fn inverses_modulo_p_stay_in_range() {
    run_all_batches(&P);
}

#[test]
fn inverses_modulo_n_stay_in_range() {
    run_all_batches(&N);
}
