//! Signatures with what has to be made of them: random ones here, and [`crafted`] ones for the places where verification can go wrong.
//! [`related`] and [`boundary`] have them without end, for as many as are asked for.
//!
//! Points are multiplied by `RustCrypto`'s `p256` and numbers by `num-bigint`, so nothing here depends on what is tested.

pub(crate) mod boundary;
pub(crate) mod crafted;
pub(crate) mod number;
pub(crate) mod related;

use num_bigint::BigUint;
use p256::{
    AffinePoint, EncodedPoint, ProjectivePoint, Scalar,
    ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier},
    elliptic_curve::{
        PrimeField,
        sec1::{FromEncodedPoint, ToEncodedPoint},
    },
};

/// Numbers that are the same in every run: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_mut(8) {
            eight.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }

    /// From 1 to n - 1.
    pub(crate) fn scalar(&mut self) -> BigUint {
        BigUint::from_bytes_be(&self.bytes()) % (n() - 1u32) + 1u32
    }
}

/// A signature over a digest by a key, and what has to be made of it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) x: [u8; 32],
    pub(crate) y: [u8; 32],
    pub(crate) digest: [u8; 32],
    pub(crate) signature: [u8; 64],
    pub(crate) valid: bool,
}

impl Case {
    /// What `RustCrypto` makes of it.
    pub(crate) fn holds_for_rustcrypto(&self) -> bool {
        let point = EncodedPoint::from_affine_coordinates(&self.x.into(), &self.y.into(), false);
        let key = VerifyingKey::from_encoded_point(&point).expect("a key on the curve");
        Signature::from_slice(&self.signature)
            .is_ok_and(|signature| key.verify_prehash(&self.digest, &signature).is_ok())
    }
}

/// FIPS 186-5, SP 800-186 section 3.2.1.3.
pub(crate) fn p() -> BigUint {
    (one() << 256) - (one() << 224) + (one() << 192) + (one() << 96) - 1u32
}

/// SP 800-186 section 3.2.1.3.
pub(crate) fn n() -> BigUint {
    let low = BigUint::parse_bytes(b"bce6faada7179e84f3b9cac2fc632551", 16).expect("a number");
    (one() << 256) - (one() << 224) + (one() << 192) - (one() << 128) + low
}

fn one() -> BigUint {
    BigUint::from(1u32)
}

fn bytes(number: &BigUint) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().rev().zip(number.to_bytes_le()) {
        *to = from;
    }
    bytes
}

fn scalar(number: &BigUint) -> Scalar {
    Option::from(Scalar::from_repr(bytes(&(number % n())).into())).expect("below n")
}

fn negative(number: &BigUint) -> BigUint {
    (n() - number % n()) % n()
}

fn inverse(number: &BigUint) -> BigUint {
    let inverse: Scalar = Option::from(scalar(number).invert()).expect("not 0");
    BigUint::from_bytes_be(&inverse.to_bytes())
}

/// A multiple of G.
fn multiple(times: &BigUint) -> ProjectivePoint {
    ProjectivePoint::GENERATOR * scalar(times)
}

/// The point of even y with this x, if there is one.
pub(crate) fn lift(x: &BigUint) -> Option<ProjectivePoint> {
    let compressed = [&[2], bytes(x).as_slice()].concat();
    let point = EncodedPoint::from_bytes(compressed).expect("a compressed point");
    Option::<AffinePoint>::from(AffinePoint::from_encoded_point(&point)).map(Into::into)
}

/// The coordinates of a point that is not infinity.
pub(crate) fn coordinates(point: &ProjectivePoint) -> ([u8; 32], [u8; 32]) {
    let encoded = point.to_affine().to_encoded_point(false);
    (encoded.x().copied().expect("not infinity").into(), encoded.y().copied().expect("not infinity").into())
}

/// r of the point R: its x modulo n.
fn r_of(point: &ProjectivePoint) -> BigUint {
    BigUint::from_bytes_be(&coordinates(point).0) % n()
}

/// r and s may be any 256 bits here.
fn case(what: &'static str, key: &ProjectivePoint, digest: &BigUint, r: &BigUint, s: &BigUint, valid: bool) -> Case {
    let (x, y) = coordinates(key);
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&bytes(r));
    signature[32..].copy_from_slice(&bytes(s));
    Case { what, x, y, digest: bytes(digest), signature, valid }
}

/// Random signatures by random keys, four for each key, about half of them spoilt in some way.
pub(crate) fn random(count: u64, seed: u64) -> impl Iterator<Item = Case> {
    let mut random = Random::new(seed);
    let mut d = random.scalar();
    (0..count).map(move |index| {
        if index % 4 == 0 {
            d = random.scalar();
        }
        let (k, e) = (random.scalar(), BigUint::from_bytes_be(&random.bytes()));
        let r = r_of(&multiple(&k));
        let s = inverse(&k) * (&e + &r * &d) % n();
        let flipped = |number: &BigUint, random: &mut Random| number ^ (one() << (random.next() % 256));
        let key = multiple(&d);
        match random.next() % 10 {
            0 => case("a bit of the digest flipped", &key, &flipped(&e, &mut random), &r, &s, false),
            1 => case("a bit of r flipped", &key, &e, &flipped(&r, &mut random), &s, false),
            2 => case("a bit of s flipped", &key, &e, &r, &flipped(&s, &mut random), false),
            3 => case("r and s in each other's place", &key, &e, &s, &r, false),
            4 => case("another key", &multiple(&random.scalar()), &e, &r, &s, false),
            5 => case("n - s", &key, &e, &r, &(n() - &s), true),
            _ => case("a good signature", &key, &e, &r, &s, true),
        }
    })
}
