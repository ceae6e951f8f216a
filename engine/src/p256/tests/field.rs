//! Residues modulo p against big integers, with limbs at the bounds of their classes.

use alloc::vec;

use num_bigint::{BigInt, BigUint};

use super::{
    cases::Random,
    numbers::{bytes, extreme, limbs, modulus, number, r, reduced, residue},
};
use crate::p256::{
    field::{Multiply, ONE, P, R_SQUARED, limbs_of},
    limbs::{Bounds, DIFFERENCE, Difference, ELEMENT, Element, Factor, LOOSE, Limbs, Loose, Narrow, TOTAL, Total},
};

fn p() -> BigInt {
    modulus(&P)
}

#[test]
fn constants_are_what_they_are_called() {
    let p_by_name =
        (BigInt::from(1) << 256) - (BigInt::from(1) << 224) + (BigInt::from(1) << 192) + (BigInt::from(1) << 96) - 1;
    assert_eq!(p(), p_by_name);
    assert_eq!((p() * P.negative_inverse + 1) % (1 << 29), BigInt::ZERO);
    assert_eq!(number(&ONE), r() % p());
    assert_eq!(number(&R_SQUARED), (r() * r()) % p());
}

#[test]
fn bytes_are_read_from_the_greatest_on() {
    let mut random = Random::new(1);
    for bytes in [[0; 32], [0xff; 32], random.bytes(), random.bytes(), random.bytes()] {
        let expected = BigUint::from_bytes_be(&bytes);
        assert_eq!(limbs_of(&bytes), limbs(&expected));
        assert_eq!(super::numbers::bytes(&expected), bytes);
    }
}

#[test]
fn coordinates_are_below_p() {
    let p = p().to_biguint().expect("positive");
    for (number, good) in
        [(p.clone() - 1u32, true), (p.clone(), false), (p.clone() + 1u32, false), (BigUint::ZERO, true)]
    {
        let element = Element::from_bytes(&bytes(&number));
        assert_eq!(element.is_some(), good, "{number}");
        if let Some(element) = element {
            assert_eq!(residue(&element, &self::p()), number);
        }
    }
    assert!(Element::from_bytes(&[0xff; 32]).is_none());
}

/// Whether a product and a square are those of big integers.
fn check_product<A: Narrow<i64>, B: Factor<i64>>(a: &A, b: &B) {
    let (p, r) = (p(), r());
    let product = number(a.limbs()) * number(b.limbs());
    let times = number(a.times(b).limbs()) * &r;
    assert_eq!(reduced(&times, &p), reduced(&product, &p), "{:?} · {:?}", a.limbs(), b.limbs());
}

fn check_square<A: Narrow<i64>>(a: &A) {
    let square = number(a.limbs()) * number(a.limbs());
    assert_eq!(reduced(&(number(a.squared().limbs()) * r()), &p()), reduced(&square, &p()), "{:?}²", a.limbs());
}

/// Everything that is computed with residues, of random limbs most of which are at or beside the bounds of their class. Returns how many
/// results were compared.
pub(super) fn check_at_bounds(seed: u64) -> u64 {
    let mut random = Random::new(seed);
    let mut extreme = |bounds| extreme(bounds, &mut || random.next());
    let (a, b) = (Element::new(extreme(ELEMENT)), Element::new(extreme(ELEMENT)));
    let (c, d) = (Difference::new(extreme(DIFFERENCE)), Difference::new(extreme(DIFFERENCE)));
    let (total, loose) = (Total::new(extreme(TOTAL)), Loose::new(extreme(LOOSE)));
    check_product(&a, &b);
    check_product(&a, &d);
    check_product(&a, &total);
    check_product(&c, &b);
    check_product(&c, &d);
    check_product(&c, &total);
    check_square(&a);
    check_square(&c);

    let (p, of_a, of_b) = (p(), number(a.limbs()), number(b.limbs()));
    assert_eq!(number(a.plus(&b).limbs()), &of_a + &of_b);
    assert_eq!(number(a.minus(&b).limbs()), &of_a - &of_b);
    assert_eq!(number(a.signed(true).limbs()), -&of_a);
    assert_eq!(number(a.signed(false).limbs()), of_a);
    assert_eq!(number(a.loose().plus(&b).plus(&b).limbs()), &of_a + &of_b * 2);
    assert_eq!(number(a.loose().minus(&b).minus(&b).minus(&b).limbs()), &of_a - &of_b * 3);
    assert_eq!(reduced(&number(loose.carried().limbs()), &p), reduced(&number(loose.limbs()), &p), "{loose:?}");
    assert_eq!(a.canonical(), limbs(&reduced(&of_a, &p)), "{a:?}");
    assert_eq!(a.equals(&b), reduced(&of_a, &p) == reduced(&of_b, &p), "{a:?} {b:?}");
    17
}

/// All limbs at one bound, and each alone at one.
#[test]
fn products_are_right_for_uniform_limbs() {
    let (p, r) = (p(), r());
    let at = |bounds: Bounds, pattern: u32| -> Limbs<i64> {
        core::array::from_fn(|index| {
            let (low, high) = bounds[usize::from(index == 8)];
            if (pattern >> index) & 1 == 1 { high } else { low }
        })
    };
    for pattern in
        (0..9).map(|bit| 1 << bit).chain([0, 511, 0b1_0101_0101, 0b0_1010_1010, 0b1_1111_0000, 0b0_0000_1111])
    {
        for other in [0, 511, pattern, 511 - pattern] {
            let a = Difference::new(at(DIFFERENCE, pattern));
            let b = Total::new(at(TOTAL, other));
            let product = number(a.limbs()) * number(b.limbs());
            assert_eq!(reduced(&(number(a.times(&b).limbs()) * &r), &p), reduced(&product, &p), "{pattern} {other}");
        }
    }
}

/// Forms of numbers at and beside each multiple of p that an element can be.
#[test]
fn zero_is_known_in_all_its_forms() {
    let p = p();
    for times in -1..=2 {
        for beside in -2..=2 {
            let shifted: BigInt = &p * times + beside;
            // Nine limbs with the sign in the last.
            let last: BigInt = &shifted >> 232;
            let rest: BigInt = &shifted - (&last << 232);
            let rest = rest.to_biguint().expect("a remainder");
            let mut form = limbs(&rest);
            form[8] = i64::try_from(last).expect("a limb");
            // The same number with the second limb's bit in the first one, too.
            let mut other_form = form;
            if other_form[1] > 0 && other_form[0] <= 16 {
                other_form[1] -= 1;
                other_form[0] += 1 << 29;
            }
            for form in [form, other_form] {
                let element = Element::new(form);
                assert_eq!(number(element.limbs()), shifted);
                assert_eq!(element.is_zero(), beside == 0, "{times} p + {beside}");
                assert_eq!(element.canonical(), limbs(&reduced(&shifted, &p)), "{times} p + {beside}");
            }
        }
    }
}

#[test]
fn equality_is_that_of_residues() {
    let mut random = Random::new(40);
    for _ in 0..50 {
        let a = Element::new(extreme(ELEMENT, &mut || random.next()));
        let same = Element::new(limbs(&reduced(&number(a.limbs()), &p())));
        assert!(a.equals(&same) && same.equals(&a));
        assert!(!a.equals(&a.loose().plus(&Element::one()).carried()));
    }
}

#[test]
fn inverses_are_right_and_zero_has_zero() {
    let (p, mut random) = (p(), Random::new(50));
    let mut numbers = vec![BigUint::from(1u32), BigUint::from(2u32), reduced(&BigInt::from(-1), &p), reduced(&r(), &p)];
    numbers
        .extend((0..256).step_by(15).flat_map(|bit| [BigUint::from(1u32) << bit, (BigUint::from(1u32) << bit) + 1u32]));
    numbers.extend((0..100).map(|_| reduced(&BigUint::from_bytes_be(&random.bytes()).into(), &p)));
    for number in numbers {
        let inverse = Element::from_number(&limbs(&number)).inverse();
        let expected = BigInt::from(number.clone()).modinv(&p).expect("p is a prime");
        assert_eq!(BigInt::from(residue(&inverse, &p)), expected, "1 / {number}");
    }
    assert!(Element::constant(&[0; 9]).inverse().is_zero());
}
