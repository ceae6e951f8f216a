//! Numbers modulo n that verification might trip over, one at a time and without end.

use num_bigint::BigUint;

use super::{Random, inverse, n, one};

/// A number up to a bound.
pub(crate) fn up_to(random: &mut Random, bound: u64) -> u64 {
    random.next() % (bound + 1)
}

/// 2^k for some k below 256, a little more or less.
fn about_a_power_of_two(random: &mut Random) -> BigUint {
    let power = one() << up_to(random, 255);
    let little = match up_to(random, 2) {
        0 => 0,
        1 => 1,
        _ => up_to(random, 40),
    };
    if up_to(random, 1) == 0 && power > BigUint::from(little) { power - little } else { power + little }
}

/// A number whose digits to base 2^`bits` are all at or beside where a digit turns over.
fn of_extreme_digits(random: &mut Random, bits: u64) -> BigUint {
    let half = 1_u32 << (bits - 1);
    let digits = [0, 1, half - 1, half, half + 1, 2 * half - 1];
    // Few different ones, so that runs come up.
    let chosen = [0; 3].map(|_| digits[usize::try_from(random.next() % 6).expect("small")]);
    let mut digit = || chosen[usize::try_from(random.next() % 3).expect("small")];
    (0..256 / bits).fold(BigUint::ZERO, |number, _| (number << bits) + digit())
}

/// A multiplier, digest or half of a signature, from 1 to n - 1: few are as they come.
pub(crate) fn special(random: &mut Random) -> BigUint {
    let number = match up_to(random, 9) {
        0 => BigUint::from(up_to(random, 70)),
        1 => n() - up_to(random, 70),
        2 | 3 => about_a_power_of_two(random),
        4 => n() * 2u32 - about_a_power_of_two(random),
        5 => of_extreme_digits(random, 5),
        6 => of_extreme_digits(random, 6),
        7 => of_extreme_digits(random, 29),
        8 => (n() + 1u32) / 2u32 + up_to(random, 40) - 20u32,
        _ => random.scalar(),
    } % n();
    if number == BigUint::ZERO { one() } else { number }
}

/// A private key: half of them are 1, 2, n - 1, 2^k and others of that kind.
pub(crate) fn private_key(random: &mut Random) -> BigUint {
    match up_to(random, 7) {
        0 => BigUint::from(1 + up_to(random, 40)),
        1 => n() - 1u32 - up_to(random, 40),
        2 => (one() << up_to(random, 255)) % n(),
        3 => match up_to(random, 2) {
            0 => inverse(&BigUint::from(2 + up_to(random, 40))),
            1 => n() - (one() << up_to(random, 255)) % n(),
            _ => special(random),
        },
        _ => random.scalar(),
    }
}
