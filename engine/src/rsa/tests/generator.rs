//! Signatures good and bad, made from a seed: by keys of every length, by encodings that come close, and by tampering.
//!
//! It needs nothing of the crate, so that whatever verifies can be held against it.
//!
//! Some keys are products of primes. Others are made for one signature: with e = 3 and any encoding m, a modulus n = s³ − m makes s
//! its signature, as long as n is longer than s; so every length has signatures, and they have hundreds of leading zeros.

use alloc::{vec, vec::Vec};

use num_bigint::BigUint;

use super::{
    flaws::{FLAWS, Flaw, Scheme, encoding},
    moduli::{Random, octets, power_of_two},
};

/// A signature and what is to be said of it.
#[derive(Debug)]
pub struct Case {
    pub n: Vec<u8>,
    pub e: Vec<u8>,
    pub scheme: Scheme,
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
    pub holds: bool,
    /// The flaw of its encoding.
    pub flaw: Flaw,
    /// What was done to the signature.
    pub what: &'static str,
}

/// The same number modulo n, which RFC 8017 refuses (section 5.2.2, step 1), but for PSS the `rsa` crate does not, up to 0.9.
pub const GREATER_BY_N: &str = "n + s";

/// What was not tampered with.
const UNTOUCHED: &str = "as it was made";

/// A key made of primes.
pub struct Signer {
    n: BigUint,
    e: u64,
    primes: Vec<(BigUint, BigUint)>,
}

impl Signer {
    /// Of primes by their places in the file: 1,024 bits at 0 and 1 to 8 for one bit more each, 1,536 at 9 and 10, 2,048 at 11 to 14.
    pub fn new(places: &[usize], e: u64) -> Self {
        let primes: Vec<BigUint> = include_str!("primes.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| BigUint::parse_bytes(line.as_bytes(), 16).expect("a hexadecimal number"))
            .collect();
        let primes = places.iter().map(|place| {
            let prime = primes[*place].clone();
            let order = &prime - 1_u8;
            let d = BigUint::from(e).modinv(&order).expect("an exponent of this prime");
            (prime, d)
        });
        let primes: Vec<_> = primes.collect();
        Self { n: primes.iter().map(|(prime, _)| prime).product(), e, primes }
    }

    /// m^d modulo n, by the primes and Garner's way of putting the parts together.
    fn sign(&self, m: &BigUint) -> BigUint {
        let (mut s, mut product) = (BigUint::ZERO, BigUint::from(1_u8));
        for (prime, d) in &self.primes {
            let part = m.modpow(d, prime);
            let missing = (part + prime - &s % prime) * product.modinv(prime).expect("other primes") % prime;
            s += missing * &product;
            product *= prime;
        }
        s
    }

    fn case(&self, scheme: Scheme, message: &[u8], signature: Vec<u8>, flaw: Flaw, what: &'static str) -> Case {
        let e = BigUint::from(self.e).to_bytes_be();
        let holds = flaw == Flaw::Absent && what == UNTOUCHED;
        Case { n: self.n.to_bytes_be(), e, scheme, message: message.to_vec(), signature, holds, flaw, what }
    }

    /// A good signature, some whose encoding has a flaw, and some that were tampered with.
    pub fn cases(&self, scheme: Scheme, random: &mut Random, flaws: usize) -> Vec<Case> {
        let message = message(random);
        let bits = usize::try_from(self.n.bits()).unwrap();
        let length = bits.div_ceil(8);
        let good = self.sign(&encoding(scheme, &message, bits, Flaw::Absent, random).expect("room for it"));
        let mut cases = vec![self.case(scheme, &message, octets(&good, length), Flaw::Absent, UNTOUCHED)];
        for _ in 0..flaws {
            let flaw = FLAWS[random.below(FLAWS.len())];
            if let Some(m) = encoding(scheme, &message, bits, flaw, random).filter(|m| *m < self.n) {
                let signature = octets(&self.sign(&m), length);
                cases.push(self.case(scheme, &message, signature, flaw, UNTOUCHED));
            }
        }
        let mut flipped = || &good ^ power_of_two(random.below(bits - 1));
        let zero = BigUint::ZERO;
        let numbers = [
            (flipped(), "one bit flipped"),
            (flipped(), "another bit flipped"),
            (flipped(), "a third bit flipped"),
            (&self.n - &good, "n - s"),
            (&self.n + &good, GREATER_BY_N),
            (zero, "0"),
            (BigUint::from(1_u8), "1"),
            (&self.n - 1_u8, "n - 1"),
            (self.n.clone(), "n"),
            (&self.n + 1_u8, "n + 1"),
        ];
        for (number, what) in numbers {
            if number < power_of_two(8 * length) {
                cases.push(self.case(scheme, &message, octets(&number, length), Flaw::Absent, what));
            }
        }
        let good = octets(&good, length);
        cases.push(self.case(scheme, &message, [&[0], good.as_slice()].concat(), Flaw::Absent, "an octet more before"));
        cases.push(self.case(scheme, &message, [good.as_slice(), &[0]].concat(), Flaw::Absent, "an octet more behind"));
        cases.push(self.case(scheme, &message, good[1..].to_vec(), Flaw::Absent, "an octet less before"));
        cases.push(self.case(scheme, &message, good[..length - 1].to_vec(), Flaw::Absent, "an octet less behind"));
        cases.push(self.case(scheme, &[&message, &[0][..]].concat(), good, Flaw::Absent, "another message"));
        cases
    }
}

/// A modulus of exactly `bits` bits made for one signature, with e = 3.
pub fn case_of_any_length(bits: usize, scheme: Scheme, flaw: Flaw, random: &mut Random) -> Option<Case> {
    let message = message(random);
    let length = bits.div_ceil(8);
    let m = encoding(scheme, &message, bits, flaw, random)?;
    // n is about three quarters of 2^bits; s has the parity that makes it odd.
    let mut s = (power_of_two(bits - 1) + power_of_two(bits - 2) + &m).cbrt() + random.number(64);
    if s.bit(0) == m.bit(0) {
        s += 1_u8;
    }
    let n = &s * &s * &s - &m;
    (m < n && n.bits() == bits as u64).then(|| Case {
        n: n.to_bytes_be(),
        e: vec![3],
        scheme,
        message,
        signature: octets(&s, length),
        holds: flaw == Flaw::Absent,
        flaw,
        what: UNTOUCHED,
    })
}

fn message(random: &mut Random) -> Vec<u8> {
    let length = random.below(300);
    random.octets(length)
}
