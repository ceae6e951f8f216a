//! Single products and squares with limbs at the bounds of their classes, against num-bigint: what a chain of real powers
//! hardly meets.

use alloc::{vec, vec::Vec};

use num_bigint::{BigInt, BigUint};

use super::{
    emulated_lanes::EmulatedLanes,
    moduli::{Random, THINNED, moduli, ones, power_of_two, repeated},
};
use crate::rsa::{
    number::to_limbs,
    scalar::{self, accumulator::LIMB_BITS},
    simd::{self, carries::Width},
};

/// R·r ≡ x·y, and r is below 2n, for all of these factors with three of them; returns how many there were.
fn check_scalar_products(n: &BigUint, factors: &[BigUint]) -> u64 {
    let bits = usize::try_from(n.bits()).unwrap();
    let modulus = scalar::Modulus::new(&n.to_bytes_be(), bits);
    let count = modulus.reduction.groups * 4;
    let radix = power_of_two(count * LIMB_BITS as usize);
    let read = |number: &BigUint| -> Vec<[u32; 4]> {
        to_limbs(&number.to_bytes_be(), LIMB_BITS, count).as_chunks().0.to_vec()
    };
    let value = |limbs: &[[u32; 4]]| {
        let limbs = limbs.as_flattened().iter().rev();
        limbs.fold(BigUint::ZERO, |sum, limb| (sum << LIMB_BITS) + *limb)
    };
    for x in factors {
        let square = value(&modulus.reduction.square(&read(x)));
        assert_eq!(&square * &radix % n, x * x % n, "{x:x}² mod {n:x}");
        assert!(square < n + n, "{x:x}² mod {n:x}");
        for y in &factors[..3] {
            let product = value(&modulus.reduction.multiply(&read(x), &read(y)));
            assert_eq!(&product * &radix % n, x * y % n, "{x:x} · {y:x} mod {n:x}");
            assert!(product < n + n, "{x:x} · {y:x} mod {n:x}");
        }
    }
    4 * factors.len() as u64
}

/// For the greatest factors there are, and for those whose limbs are all ones.
#[test]
fn products_of_the_greatest_factors_by_64_bit_sums() {
    let mut random = Random(7);
    for bits in [2048, 2052, 2053, 3072, 4096, 8192] {
        for n in moduli(bits, &mut random).iter().step_by(THINNED) {
            let factors =
                [n + n - 1_u8, n + n - 2_u8, n.clone(), n - 1_u8, ones(bits - 1), BigUint::from(1_u8), BigUint::ZERO];
            check_scalar_products(n, &factors);
        }
    }
}

/// Products by a random modulus, or one with extreme limbs, in both ways of computing them; returns how many were compared.
pub fn check_products(seed: u64) -> u64 {
    let mut random = Random(seed);
    let spread = if random.below(4) == 0 { 2049 } else { 33 };
    let bits = 2048 + random.below(spread);
    let moduli = moduli(bits, &mut random);
    let n = &moduli[random.below(moduli.len())];
    let mut factors = vec![n + n - 1_u8 - random.number(64)];
    factors.extend((0..2).map(|_| random.number(bits + 64) % (n + n)));
    factors.extend((0..2).map(|_| {
        let (limb, width) = (random.word() & ((1 << LIMB_BITS) - 1), LIMB_BITS as usize);
        (repeated(limb, width, bits + 1) ^ (random.number(64) << random.below(bits - 64))) % (n + n)
    }));
    check_scalar_products(n, &factors) + check_vector_products(n, 3, &mut random).1
}

/// Limbs of the greatest size, with signs in patterns that make columns add up, or alternate. The upper limbs are zero, as in every
/// number of the modulus' size.
fn extreme_limbs(width: Width, bits: usize, count: usize, random: &mut Random) -> Vec<Vec<i32>> {
    let greatest = width.carried();
    let used = (bits - 1) / width.bits() as usize;
    let mut limbs = |limb: &mut dyn FnMut(usize, &mut Random) -> i32| -> Vec<i32> {
        (0..count).map(|place| if place < used { limb(place, random) } else { 0 }).collect()
    };
    vec![
        limbs(&mut |_, _| greatest),
        limbs(&mut |_, _| -greatest),
        limbs(&mut |place, _| if place % 2 == 0 { greatest } else { -greatest }),
        limbs(&mut |place, _| if place % 4 < 2 { greatest } else { -greatest }),
        limbs(&mut |place, _| if place < used / 2 { greatest } else { -greatest }),
        limbs(&mut |_, random| if random.below(2) == 0 { greatest } else { -greatest }),
        limbs(&mut |_, random| i32::try_from(random.below(2 * greatest as usize + 1)).unwrap() - greatest),
    ]
}

/// R·r ≡ x·y, and r is below n in size: for as many of the factors of extreme limbs. Returns the limbs' width, and how many there were.
fn check_vector_products(n: &BigUint, some: usize, random: &mut Random) -> (Width, u64) {
    let bits = usize::try_from(n.bits()).unwrap();
    let reduction = simd::Modulus::<EmulatedLanes>::new(&n.to_bytes_be(), bits).expect("within the bounds").reduction;
    let (width, count) = (reduction.width, reduction.groups * 16);
    let radix = BigInt::from(power_of_two(count * width.bits() as usize));
    let n = BigInt::from(n.clone());
    let value = |blocks: &[EmulatedLanes]| {
        let limbs = blocks.iter().flat_map(|block| block.0).rev();
        limbs.fold(BigInt::ZERO, |sum, limb| (sum << width.bits()) + limb)
    };
    let check = |result: &[EmulatedLanes], expected: BigInt, what: &str| {
        let result = value(result);
        assert_eq!((&result * &radix - expected) % &n, BigInt::ZERO, "{what} mod {n:x}");
        assert!(result.magnitude() < n.magnitude(), "{what} mod {n:x} is {result:x}");
    };
    let factors: Vec<Vec<EmulatedLanes>> = extreme_limbs(width, bits, count, random)
        .iter()
        .map(|limbs| limbs.as_chunks().0.iter().copied().map(EmulatedLanes).collect())
        .collect();
    let first = random.below(factors.len());
    for place in (0..factors.len()).map(|place| (first + place) % factors.len()).take(some) {
        let x = &factors[place];
        check(&reduction.square(x), value(x) * value(x), "a square");
        let y = &factors[(place + random.below(factors.len())) % factors.len()];
        check(&reduction.multiply(x, y), value(x) * value(y), "a product");
    }
    (width, 2 * some as u64)
}

#[test]
fn products_of_extreme_limbs_by_vectors() {
    let mut random = Random(8);
    let mut widths = Vec::new();
    for (bits, every) in [(2048, 1), (2912, 4), (3072, 4), (4096, 5)] {
        for n in moduli(bits, &mut random).iter().step_by(every * THINNED) {
            widths.push(check_vector_products(n, 7, &mut random).0);
        }
    }
    assert!(widths.contains(&Width::Bits12) && widths.contains(&Width::Bits13), "both widths are met");
}

/// The limbs' width follows from the modulus: 13 bits for those as they come, 12 where an adversary has made limbs great.
#[test]
fn moduli_with_great_limbs_get_narrow_ones() {
    let width = |n: &BigUint| {
        let bits = usize::try_from(n.bits()).unwrap();
        simd::Modulus::<EmulatedLanes>::new(&n.to_bytes_be(), bits).expect("within the bounds").reduction.width
    };
    let mut random = Random(9);
    let as_they_come = super::moduli::as_modulus(&random.number(2048), 2048);
    assert_eq!(width(&as_they_come), Width::Bits13);
    assert_eq!(width(&super::moduli::as_modulus(&random.number(4096), 4096)), Width::Bits12, "too long for 13 bits");
    for limb in [(1 << 12) - 1, 1 << 12] {
        let pattern = repeated(limb, 13, 2048);
        assert_eq!(width(&super::moduli::as_modulus(&pattern, 2048)), Width::Bits12, "limbs {limb}");
        let inverse = super::moduli::negated_inverse(&(pattern | BigUint::from(1_u8)), 2080);
        assert_eq!(width(&super::moduli::as_modulus(&inverse, 2048)), Width::Bits12, "limbs {limb} in −1/n");
    }
}
