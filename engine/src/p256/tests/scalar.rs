//! Numbers modulo n, and division steps, against big integers.

use alloc::{string::ToString, vec, vec::Vec};

use num_bigint::{BigInt, BigUint};

use super::{
    cases::{Random, number::special as number_to_trip_over},
    digits::check_digits,
    numbers::{bytes, limbs, modulus, number, r, reduced},
};
use crate::p256::{
    field::P,
    inverse::{Matrix, Modulus, division_steps, inverse},
    scalar::{N, R, Scalar, multiply},
};

fn n() -> BigInt {
    modulus(&N)
}

/// Numbers from 1 to n - 1 that an algorithm might trip over.
pub(super) fn special() -> Vec<BigUint> {
    let n = n().to_biguint().expect("positive");
    let mut numbers: Vec<BigUint> = (1u32..=33).flat_map(|small| [BigUint::from(small), &n - small]).collect();
    numbers.extend([(&n - 1u32) / 2u32, (&n + 1u32) / 2u32]);
    numbers.extend((1..256).flat_map(|bit| [BigUint::from(1u32) << bit, (BigUint::from(1u32) << bit) - 1u32]));
    let patterns: [u32; 8] =
        [0x5555_5555, 0xaaaa_aaaa, 0x8000_0000, 0x7fff_ffff, 0x8421_0842, 0x7bde_f7bd, 0x1000_0001, 0xefff_fffe];
    numbers.extend(patterns.map(|pattern| BigUint::new(vec![pattern; 8])));
    // Limbs of ones and zeros by turns.
    numbers.extend([0, 1].map(|odd| {
        (0..8)
            .filter(|limb| limb % 2 == odd)
            .fold(BigUint::ZERO, |sum, limb| sum + (BigUint::from((1u32 << 29) - 1) << (29 * limb)))
    }));
    numbers.into_iter().map(|number| number % &n).filter(|number| *number != BigUint::ZERO).collect()
}

#[test]
fn constants_are_what_they_are_called() {
    // SP 800-186 section 3.2.1.3 gives n in decimal.
    let decimal = "115792089210356248762697446949407573529996955224135760342422259061068512044369";
    assert_eq!(n().to_string(), decimal);
    assert_eq!((n() * N.negative_inverse + 1) % (1 << 29), BigInt::ZERO);
    assert_eq!(number(&R), r() % n());
}

#[test]
fn halves_of_signatures_are_from_1_to_n_minus_1() {
    let n = n().to_biguint().expect("positive");
    for (number, good) in [
        (BigUint::ZERO, false),
        (BigUint::from(1u32), true),
        (&n - 1u32, true),
        (n.clone(), false),
        (&n + 1u32, false),
        ((BigUint::from(1u32) << 256) - 1u32, false),
    ] {
        let scalar = Scalar::from_bytes(&bytes(&number));
        assert_eq!(scalar.is_some(), good, "{number}");
        if let Some(scalar) = scalar {
            assert_eq!(scalar.limbs(), &limbs(&number));
        }
    }
}

/// Dividing is all that scalars do: a / b, for a of 256 bits and b of 1 to n - 1.
fn check_quotients_by(divisor: &BigUint, random: &mut Random) {
    let n = n();
    let inverse = Scalar::from_bytes(&bytes(divisor)).expect("a scalar").inverse();
    let expected = BigInt::from(divisor.clone()).modinv(&n).expect("n is a prime");
    let all_ones = (BigUint::from(1u32) << 256) - 1u32;
    for number in [
        BigUint::ZERO,
        n.to_biguint().expect("positive"),
        all_ones,
        divisor.clone(),
        BigUint::from_bytes_be(&random.bytes()),
    ] {
        let quotient = inverse.times(&limbs(&number));
        assert_eq!(
            quotient.limbs(),
            &limbs(&reduced(&(&expected * BigInt::from(number.clone())), &n)),
            "{number} / {divisor}"
        );
    }
}

#[test]
fn quotients_are_right_and_reduced() {
    let (n, mut random) = (n(), Random::new(1));
    let mut divisors = special();
    divisors.extend((0..100).map(|_| reduced(&BigUint::from_bytes_be(&random.bytes()).into(), &n)));
    for divisor in divisors {
        check_quotients_by(&divisor, &mut random);
    }
}

/// What is computed with numbers modulo n, and with division steps: of numbers that something might trip over, and of limbs at their
/// bounds. Returns how many results were compared.
pub(super) fn check_at_bounds(seed: u64) -> u64 {
    let mut random = Random::new(seed);
    let divisor = number_to_trip_over(&mut random);
    check_quotients_by(&divisor, &mut random);
    for modulus in [&N, &P] {
        check_inverse(&divisor, modulus);
    }
    for _ in 0..3 {
        check_extreme_product(&mut random);
        let bits = |random: &mut Random| i64::try_from(random.next() & ((1 << 29) - 1)).expect("29 bits");
        let (f, g) = (bits(&mut random) | 1, bits(&mut random));
        check_batch(i64::try_from(random.next() % 41).expect("small") - 20, f, g);
    }
    check_digits(&Scalar::from_bytes(&bytes(&divisor)).expect("a scalar"));
    15
}

/// A product modulo n as verification has it: of an inverse's limbs and a number of 256 bits.
fn check_extreme_product(random: &mut Random) {
    let (n, r) = (n(), r());
    let signed = [(-(1 << 29), 1 << 29), (-(1 << 29), 1 << 29)];
    let number_256 = [(0, (1 << 29) - 1), (0, (1 << 24) - 1)];
    let a = super::numbers::extreme(signed, &mut || random.next());
    let b = super::numbers::extreme(number_256, &mut || random.next()).map(|limb| limb.max(0));
    let product = number(&a) * number(&b);
    assert_eq!(reduced(&(number(&multiply(&a, &b)) * &r), &n), reduced(&product, &n), "{a:?} · {b:?}");
}

#[test]
fn products_are_right_for_limbs_at_their_bounds() {
    let mut random = Random::new(2);
    for _ in 0..300 {
        check_extreme_product(&mut random);
    }
}

/// What the batches leave is within 27 times the modulus of 0, which the multiplication after it counts on.
fn check_inverse(x: &BigUint, modulus: &Modulus) {
    let of_modulus = super::numbers::modulus(modulus);
    let greatest: BigInt = &of_modulus * 27;
    let scale = limbs(&reduced(&BigInt::from(-1), &of_modulus));
    let inverse = number(&inverse(&limbs(x), modulus, &scale));
    assert_eq!(reduced(&(&inverse * BigInt::from(x.clone()) + 1), &of_modulus), BigUint::ZERO, "-1 / {x}");
    assert!(inverse.magnitude() <= greatest.magnitude(), "1 / {x}");
}

#[test]
fn inverses_are_within_27_moduli() {
    let mut random = Random::new(3);
    for modulus in [&N, &P] {
        for x in special().into_iter().chain((0..100).map(|_| BigUint::from_bytes_be(&random.bytes()) >> 1u32)) {
            check_inverse(&x, modulus);
        }
    }
}

/// A batch against single steps as the paper defines them, on whole numbers; and the sizes of a matrix's rows.
fn check_batch(start: i64, f: i64, g: i64) {
    let (counter, Matrix { u, v, q, r }) = division_steps(start, f, g);
    // The steps on numbers whose low 29 bits these are.
    let (mut delta, mut whole_f, mut whole_g) = (start, BigInt::from(f), BigInt::from(g));
    for _ in 0..29 {
        let odd = whole_g.bit(0);
        if delta > 0 && odd {
            (delta, whole_f, whole_g) = (1 - delta, whole_g.clone(), (whole_g - whole_f) / 2);
        } else {
            whole_g = if odd { whole_g + &whole_f } else { whole_g } / 2;
            delta += 1;
        }
    }
    assert_eq!(counter, delta, "{start} {f} {g}");
    assert_eq!(BigInt::from(u * f + v * g), whole_f << 29, "{start} {f} {g}");
    assert_eq!(BigInt::from(q * f + r * g), whole_g << 29, "{start} {f} {g}");
    assert!(u.abs() + v.abs() <= 1 << 29 && q.abs() + r.abs() <= 1 << 29, "{start} {f} {g}");
}

#[test]
fn batches_are_29_division_steps() {
    let mut random = Random::new(4);
    let mask = (1 << 29) - 1;
    for round in 0..2_000 {
        let bits = |random: &mut Random| i64::try_from(random.next() & mask).expect("29 bits");
        let extremes = [0, 1, (1 << 29) - 1, 1 << 28, (1 << 29) - 2];
        let (mut f, mut g) = (bits(&mut random) | 1, bits(&mut random));
        if round < 50 {
            (f, g) = (extremes[round % 5] | 1, extremes[round / 5 % 5]);
        }
        check_batch(i64::try_from(random.next() % 41).expect("small") - 20, f, g);
    }
}
