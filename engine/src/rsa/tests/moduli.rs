//! Moduli that a key may have, as they come and as an adversary would choose them; and the arithmetic that ours is compared with.

use alloc::vec::Vec;

use num_bigint::BigUint;

/// Without optimisation one modulus of so many is tested, as the arithmetic is slow there; three kinds of them take turns.
pub const THINNED: usize = if cfg!(debug_assertions) { 4 } else { 1 };

/// Random numbers of a seed, the same on every machine ("splitmix64", Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub fn octets(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.word() as u8).collect()
    }

    /// A number of at most `bits` bits.
    pub fn number(&mut self, bits: usize) -> BigUint {
        BigUint::from_bytes_be(&self.octets(bits.div_ceil(8))) & ones(bits)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.word() % bound as u64).unwrap()
    }
}

pub fn power_of_two(exponent: usize) -> BigUint {
    BigUint::from(1_u8) << exponent
}

/// 2^bits − 1.
pub fn ones(bits: usize) -> BigUint {
    power_of_two(bits) - 1_u8
}

/// A limb again and again, up to `bits` bits.
pub fn repeated(limb: u64, width: usize, bits: usize) -> BigUint {
    let sum = (0..bits.div_ceil(width)).fold(BigUint::ZERO, |sum, place| sum | BigUint::from(limb) << (place * width));
    sum & ones(bits)
}

/// The number with its first bit of `bits` and its last one set.
pub fn as_modulus(number: &BigUint, bits: usize) -> BigUint {
    (number & ones(bits)) | power_of_two(bits - 1) | BigUint::from(1_u8)
}

/// −1/n modulo 2^bits, for an odd n.
pub fn negated_inverse(n: &BigUint, bits: usize) -> BigUint {
    let mask = ones(bits);
    let mut inverse = BigUint::from(1_u8);
    for _ in 0..=bits.ilog2() {
        let error = (power_of_two(bits) + 2_u8 - ((n * &inverse) & &mask)) & &mask;
        inverse = (inverse * error) & &mask;
    }
    power_of_two(bits) - inverse
}

/// Limbs of 12, 13 and 27 bits at which something turns over: the greatest, and those around half of it, where balancing carries.
fn limbs() -> impl Iterator<Item = (u64, usize)> {
    [12, 13, 27].into_iter().flat_map(|width| {
        let half = 1 << (width - 1);
        [half - 1, half, half + 1, 2 * half - 1].map(|limb| (limb, width))
    })
}

/// Moduli of `bits` bits: the extremes; those with extreme limbs; those whose −1/n has extreme limbs; sparse and random ones.
pub fn moduli(bits: usize, random: &mut Random) -> Vec<BigUint> {
    let mut numbers = alloc::vec![
        ones(bits),
        ones(bits) - 2_u8,
        power_of_two(bits - 1) + 1_u8,
        power_of_two(bits - 1) + power_of_two(bits / 2) + 1_u8,
        power_of_two(bits - 1) + ones(bits / 2),
        random.number(bits),
    ];
    for (limb, width) in limbs() {
        let pattern = repeated(limb, width, bits);
        numbers.push(&pattern ^ (&pattern >> width));
        numbers.push(negated_inverse(&(&pattern | BigUint::from(1_u8)), bits));
        numbers.push(pattern);
    }
    numbers.iter().map(|number| as_modulus(number, bits)).collect()
}

/// Numbers below n: the least, the greatest, those around the half, those with extreme limbs, and a random one.
pub fn bases(n: &BigUint, random: &mut Random) -> Vec<BigUint> {
    let bits = usize::try_from(n.bits()).unwrap();
    let mut bases: Vec<BigUint> = [0_u8, 1, 2].map(BigUint::from).into();
    bases.extend([n - 1_u8, n - 2_u8, n >> 1, (n >> 1) + 1_u8, random.number(bits) % n]);
    bases.extend(limbs().map(|(limb, width)| repeated(limb, width, bits) % n));
    bases
}

/// Big-endian, in exactly `length` octets.
pub fn octets(number: &BigUint, length: usize) -> Vec<u8> {
    let octets = number.to_bytes_be();
    let significant = if *number == BigUint::ZERO { &[] } else { octets.as_slice() };
    let zeros = length.checked_sub(significant.len()).expect("the number fits");
    [alloc::vec![0; zeros].as_slice(), significant].concat()
}
