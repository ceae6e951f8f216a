//! Signatures over messages by one key, many at little cost: their nonces are in an arithmetic progression, so that a point comes
//! from the one before it by an addition, and one inversion does for all nonces.

use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::{
    ProjectivePoint, Scalar, U256,
    elliptic_curve::{
        ops::{BatchInvert, Reduce},
        point::AffineCoordinates,
    },
};
use sha2::{Digest, Sha256};

use super::{Random, bytes, coordinates, multiple, n, number::private_key, one, scalar};

/// How many signatures a key has: most of them after it was worth a table.
const OF_ONE_KEY: usize = 48;

/// A key, and signatures that hold or don't under it.
pub(crate) struct Signed {
    pub(crate) x: [u8; 32],
    pub(crate) y: [u8; 32],
    pub(crate) signatures: Vec<Signature>,
}

/// A signature over a message, and whether it holds.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) what: &'static str,
    pub(crate) message: Vec<u8>,
    pub(crate) octets: Vec<u8>,
    pub(crate) holds: bool,
}

/// Signatures by one key, about half of them spoilt in some way.
pub(crate) fn signed(random: &mut Random) -> Signed {
    let private = private_key(random);
    let (x, y) = coordinates(&multiple(&private));
    let d = scalar(&private);
    let (mut k, step) = (scalar(&random.scalar()), scalar(&random.scalar()));
    let (mut point, point_step) = (ProjectivePoint::GENERATOR * k, ProjectivePoint::GENERATOR * step);
    let (nonces, points): (Vec<Scalar>, Vec<ProjectivePoint>) = (0..OF_ONE_KEY)
        .map(|_| {
            let both = (k, point);
            (k, point) = (k + step, point + point_step);
            both
        })
        .unzip();
    let nonces: [Scalar; OF_ONE_KEY] = nonces.try_into().expect("as many");
    let inverses: [Scalar; OF_ONE_KEY] = Option::from(Scalar::batch_invert(&nonces)).expect("no nonce is 0");
    let signatures = points.iter().map(ProjectivePoint::to_affine).zip(inverses).map(|(point, inverse)| {
        let message = random.bytes()[..8 + usize::try_from(random.next() % 24).expect("small")].to_vec();
        let e = <Scalar as Reduce<U256>>::reduce_bytes(&Sha256::digest(&message));
        let r = <Scalar as Reduce<U256>>::reduce_bytes(&point.x());
        let s = inverse * (e + r * d);
        spoilt(random, message, &r, &s)
    });
    Signed { x, y, signatures: signatures.collect() }
}

/// The signature as it is, or with something done to it.
fn spoilt(random: &mut Random, mut message: Vec<u8>, r: &Scalar, s: &Scalar) -> Signature {
    let (r, s): ([u8; 32], [u8; 32]) = (r.to_bytes().into(), s.to_bytes().into());
    let mut octets = [r, s].concat();
    let mut change = |octets: &mut [u8], from: usize, length: usize| {
        let at = from + usize::try_from(random.next()).expect("64 bits") % length;
        octets[at] ^= 1 << (random.next() % 8);
    };
    let choice = u64::from(s[31]) % 20;
    let (what, holds) = match choice {
        0..=1 => {
            let length = message.len();
            change(&mut message, 0, length);
            ("a bit of the message flipped", false)
        }
        2..=3 => {
            change(&mut octets, 0, 32);
            ("a bit of r flipped", false)
        }
        4..=5 => {
            change(&mut octets, 32, 32);
            ("a bit of s flipped", false)
        }
        6 => {
            octets.rotate_left(32);
            ("r and s in each other's place", false)
        }
        7 => {
            let other = n() - BigUint::from_bytes_be(&r);
            octets[..32].copy_from_slice(&bytes(&other));
            ("n - r", false)
        }
        8 => {
            octets[..32].copy_from_slice(&random.bytes());
            ("another r", false)
        }
        9 => {
            octets.truncate(63);
            ("an octet less", false)
        }
        10 => {
            octets.push(0);
            ("an octet more", false)
        }
        11 => {
            let s = BigUint::from_bytes_be(&s);
            octets[32..].copy_from_slice(&bytes(&(s + one())));
            ("s + 1", false)
        }
        12..=13 => {
            let other = n() - BigUint::from_bytes_be(&s);
            octets[32..].copy_from_slice(&bytes(&other));
            ("n - s", true)
        }
        _ => ("a good signature", true),
    };
    Signature { what, message, octets, holds }
}
