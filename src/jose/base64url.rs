//! base64url without padding, in its one canonical form (RFC 7515 section 2, RFC 4648 sections 3.5 and 5).
//!
//! Padding, white space, the `+/` alphabet and non-zero trailing bits are refused, so no two texts decode to the same bytes.

use alloc::{string::String, vec, vec::Vec};

/// The characters by what they stand for (RFC 4648 section 5, table 2).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// In [`VALUES`], what is no character of the alphabet. The values themselves have six bits.
const NONE: u8 = 0x80;

/// What each octet stands for.
const VALUES: [u8; 256] = values();

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    reason = "computed by the compiler, which would stop; the greatest number is 63"
)]
const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
}

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for group in bytes.chunks(3) {
        let mut characters = [0; 4];
        encode_group(group, characters.iter_mut());
        // One octet takes two characters, two take three, three take four.
        text.extend(characters.into_iter().take(group.len().saturating_add(1)).map(char::from));
    }
    text
}

/// Encodes 32 bytes, a digest or a random value: always 43 characters, and nothing is allocated for them.
pub(crate) fn encode_32(bytes: &[u8; 32]) -> [u8; 43] {
    let mut text = [0; 43];
    for (group, characters) in bytes.chunks(3).zip(text.chunks_mut(4)) {
        encode_group(group, characters.iter_mut());
    }
    text
}

fn encode_group<'a>(group: &[u8], characters: impl Iterator<Item = &'a mut u8>) {
    let octet = |place: usize| u32::from(group.get(place).copied().unwrap_or_default());
    let bits = (octet(0) << 16) | (octet(1) << 8) | octet(2);
    for (shift, place) in [18, 12, 6, 0].into_iter().zip(characters) {
        *place = character(bits >> shift);
    }
}

/// The character of the lowest six bits.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "six bits are under 64, and fit into every usize")]
const fn character(bits: u32) -> u8 {
    ALPHABET[(bits & 0x3f) as usize]
}

/// Decodes text that is in the canonical form; `None` for any other.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    let whole = groups.len().checked_mul(3)?;
    let mut bytes = vec![0; whole.checked_add(rest.len().saturating_sub(1))?];
    let (triples, tail) = bytes.as_chunks_mut::<3>();
    // All characters are looked at together at the end: a branch for each would take longer than the rest.
    let mut all = 0;
    for (group, triple) in groups.iter().zip(triples) {
        let [first, second, third, fourth] = group.map(value);
        all |= first | second | third | fourth;
        let [_, one, two, three] = ((first << 18) | (second << 12) | (third << 6) | fourth).to_be_bytes();
        *triple = [one, two, three];
    }
    match (rest, tail) {
        ([], []) => {}
        ([first, second], [one]) => {
            let (first, second) = (value(*first), value(*second));
            all |= first | second;
            let [_, octet, left, _] = ((first << 18) | (second << 12)).to_be_bytes();
            *one = octet;
            all |= spare(left);
        }
        ([first, second, third], [one, two]) => {
            let [first, second, third] = [*first, *second, *third].map(value);
            all |= first | second | third;
            let [_, octet, next, left] = ((first << 18) | (second << 12) | (third << 6)).to_be_bytes();
            (*one, *two) = (octet, next);
            all |= spare(left);
        }
        _ => return None,
    }
    (all & u32::from(NONE) == 0).then_some(bytes)
}

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "there is a value for every octet; all are widened"
)]
const fn value(octet: u8) -> u32 {
    VALUES[octet as usize] as u32
}

/// Bits after the last octet: they have to be zero, or another text would stand for the same bytes.
fn spare(bits: u8) -> u32 {
    if bits == 0 { 0 } else { u32::from(NONE) }
}
