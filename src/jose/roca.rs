//! The fingerprint of RSA moduli from the generator of CVE-2017-15361 ("ROCA"), whose keys can be factored.
//!
//! Its primes have the form `k·M + (65537^a mod M)` with `M` a product of small primes, so modulo each of those small primes the
//! modulus is a power of 65537 (Nemec et al., "The Return of Coppersmith's Attack", ACM CCS 2017, section 5.2). A modulus from
//! elsewhere has that property for all of them by chance once in about 2^28.

/// The small primes: factors of `M` for every key size the generator knew.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// The generator of the powers.
const GENERATOR: u32 = 65_537;

/// Whether a big-endian modulus has the fingerprint.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power_of_generator(remainder(modulus, *prime), *prime))
}

/// `number mod prime`. No step exceeds `167 · 256 + 255`.
fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest: u32, byte| {
        rest.wrapping_mul(256).wrapping_add(u32::from(*byte)).checked_rem(prime).unwrap_or(0)
    })
}

fn is_power_of_generator(residue: u32, prime: u32) -> bool {
    let next = |power: u32| power.wrapping_mul(GENERATOR).checked_rem(prime);
    // The powers form a cycle that begins and ends with 1, of fewer steps than the prime.
    let mut power = Some(1);
    for _ in 0..prime {
        if power == Some(residue) {
            return true;
        }
        power = power.and_then(next);
    }
    false
}
