//! Encodings of messages, right ones and some with a flaw that a lenient reader overlooks (RFC 8017 sections 9.1.1 and 9.2).

use alloc::{vec, vec::Vec};

use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::moduli::Random;

/// Which scheme, and the hash by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    pub is_pss: bool,
    pub hash_bits: usize,
}

impl Scheme {
    pub const ALL: [Self; 6] = [
        Self { is_pss: false, hash_bits: 256 },
        Self { is_pss: false, hash_bits: 384 },
        Self { is_pss: false, hash_bits: 512 },
        Self { is_pss: true, hash_bits: 256 },
        Self { is_pss: true, hash_bits: 384 },
        Self { is_pss: true, hash_bits: 512 },
    ];
}

/// What is wrong with an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Absent,
    OtherDigest,
    OtherSeparator,
    // Of EMSA-PKCS1-v1_5.
    DigestInfoWithoutNull,
    DigestInfoOfOtherHash,
    NoDigestInfo,
    OtherBlockType,
    FirstOctetNotZero,
    ZeroInPadding,
    ShortPadding,
    // Of EMSA-PSS.
    NoSalt,
    ShortSalt,
    LongSalt,
    OtherTrailer,
    PaddingNotZero,
    FirstBitsNotZero,
    /// An octet before the encoding where the modulus has one more (section 8.1.2, step 2c): the `rsa` crate overlooks it up to 0.9.
    SurplusOctet,
}

pub const FLAWS: [Flaw; 17] = [
    Flaw::Absent,
    Flaw::OtherDigest,
    Flaw::DigestInfoWithoutNull,
    Flaw::DigestInfoOfOtherHash,
    Flaw::NoDigestInfo,
    Flaw::OtherBlockType,
    Flaw::FirstOctetNotZero,
    Flaw::ZeroInPadding,
    Flaw::ShortPadding,
    Flaw::NoSalt,
    Flaw::ShortSalt,
    Flaw::LongSalt,
    Flaw::OtherTrailer,
    Flaw::OtherSeparator,
    Flaw::PaddingNotZero,
    Flaw::FirstBitsNotZero,
    Flaw::SurplusOctet,
];

pub fn digest(hash_bits: usize, parts: &[&[u8]]) -> Vec<u8> {
    let octets = parts.concat();
    match hash_bits {
        256 => Sha256::digest(octets).to_vec(),
        384 => Sha384::digest(octets).to_vec(),
        512 => Sha512::digest(octets).to_vec(),
        _ => panic!("SHA-{hash_bits}"),
    }
}

/// The encoding as a number, for a modulus of `bits` bits; `None` where the flaw is not one of this scheme and length.
pub fn encoding(scheme: Scheme, message: &[u8], bits: usize, flaw: Flaw, random: &mut Random) -> Option<BigUint> {
    let mut message_digest = digest(scheme.hash_bits, &[message]);
    if flaw == Flaw::OtherDigest {
        message_digest[random.below(scheme.hash_bits / 8)] ^= 1 << random.below(8);
    }
    let octets = if scheme.is_pss {
        pss(scheme.hash_bits, &message_digest, bits - 1, flaw, random)
    } else {
        pkcs1(scheme.hash_bits, &message_digest, bits.div_ceil(8), flaw, random)
    };
    octets.map(|octets| BigUint::from_bytes_be(&octets))
}

/// A `DigestInfo` up to the digest, as DER: SHA-256, SHA-384 and SHA-512 are 1, 2 and 3 below 2.16.840.1.101.3.4.2.
fn digest_info(hash_bits: usize, null: bool) -> Vec<u8> {
    let number = u8::try_from(hash_bits / 128 - 1).unwrap();
    let octets = u8::try_from(hash_bits / 8).unwrap();
    let identifier = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, number];
    let null: &[u8] = if null { &[0x05, 0x00] } else { &[] };
    let algorithm = u8::try_from(identifier.len() + null.len()).unwrap();
    [&[0x30, 4 + algorithm + octets, 0x30, algorithm], identifier.as_slice(), null, &[0x04, octets]].concat()
}

fn pkcs1(hash_bits: usize, digest: &[u8], length: usize, flaw: Flaw, random: &mut Random) -> Option<Vec<u8>> {
    let info = match flaw {
        Flaw::DigestInfoWithoutNull => digest_info(hash_bits, false),
        Flaw::DigestInfoOfOtherHash => digest_info(if hash_bits == 256 { 512 } else { hash_bits - 128 }, true),
        Flaw::NoDigestInfo => vec![],
        Flaw::Absent
        | Flaw::OtherDigest
        | Flaw::OtherSeparator
        | Flaw::OtherBlockType
        | Flaw::FirstOctetNotZero
        | Flaw::ZeroInPadding
        | Flaw::ShortPadding => digest_info(hash_bits, true),
        _ => return None,
    };
    let rest = length - 3 - info.len() - digest.len();
    let mut padding = vec![0xff; if flaw == Flaw::ShortPadding { 8 } else { rest }];
    let behind = random.octets(rest - padding.len());
    if flaw == Flaw::ZeroInPadding {
        padding[random.below(rest)] = 0;
    }
    let first = u8::from(flaw == Flaw::FirstOctetNotZero);
    let block_type = if flaw == Flaw::OtherBlockType { 2 } else { 1 };
    let separator = if flaw == Flaw::OtherSeparator { 0xff } else { 0 };
    Some([&[first, block_type], padding.as_slice(), &[separator], &info, digest, &behind].concat())
}

fn pss(hash_bits: usize, message_digest: &[u8], bits: usize, flaw: Flaw, random: &mut Random) -> Option<Vec<u8>> {
    let (length, hash_length) = (bits.div_ceil(8), hash_bits / 8);
    let zero_bits = length * 8 - bits;
    let salt_length = match flaw {
        Flaw::NoSalt => 0,
        Flaw::ShortSalt => hash_length - 1,
        Flaw::LongSalt => hash_length + 1,
        Flaw::FirstBitsNotZero if zero_bits == 0 => return None,
        // The number is below a modulus that has as many bits: the first of `zero_bits` can be one, and in the octet before, one bit.
        Flaw::SurplusOctet if zero_bits != 0 => return None,
        Flaw::Absent
        | Flaw::OtherDigest
        | Flaw::OtherTrailer
        | Flaw::OtherSeparator
        | Flaw::PaddingNotZero
        | Flaw::FirstBitsNotZero
        | Flaw::SurplusOctet => hash_length,
        _ => return None,
    };
    let salt = random.octets(salt_length);
    let salted_digest = digest(hash_bits, &[&[0; 8], message_digest, &salt]);
    let mut padding = vec![0; length - hash_length - salt_length - 2];
    if flaw == Flaw::PaddingNotZero {
        // Not the first octet, whose bits are cut off.
        let place = 1 + random.below(padding.len() - 1);
        padding[place] = 1 << random.below(8);
    }
    let separator = if flaw == Flaw::OtherSeparator { 2 } else { 1 };
    let mut block = [padding.as_slice(), &[separator], &salt].concat();
    let mask = (0_u32..).flat_map(|counter| digest(hash_bits, &[&salted_digest, &counter.to_be_bytes()]));
    for (octet, mask) in block.iter_mut().zip(mask) {
        *octet ^= mask;
    }
    block[0] &= 0xff >> zero_bits;
    if flaw == Flaw::FirstBitsNotZero {
        block[0] |= 0x80 >> (zero_bits - 1);
    }
    let surplus: &[u8] = if flaw == Flaw::SurplusOctet { &[1] } else { &[] };
    let trailer = if flaw == Flaw::OtherTrailer { 0xcc } else { 0xbc };
    Some([surplus, &block, &salted_digest, &[trailer]].concat())
}
