//! The memory of tokens that were found good: whole tokens, bounded in number and in bytes, the one unused longest leaves first.
//!
//! Only a token whose signature and claims have held gets in, so no caller can fill it with anything but tokens that the
//! issuer has made. When an entry serves and when it has ended is decided in `known_token.rs`.
//!
//! An entry is looked for by 64 bits of a digest of the token's end, which is its signature, and then the whole token is compared. The
//! digest chooses a place and decides nothing: where two tokens had the same, the later one would take the place. What is
//! compared is another caller's secret, so no comparison may tell by its time how much of it was guessed: the index
//! compares digests, whose pieces lead nowhere, and the token is compared in constant time.

mod index;
mod recency;
pub(super) mod weight;

use core::ops::RangeInclusive;

use alloc::{boxed::Box, format};

pub(super) use index::{Digest, Index};
pub(super) use recency::Recency;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::known_token::KnownToken;
use crate::{
    error::Problems,
    json::{Fields, Value},
    limits,
};

/// The end of a token by which it is looked for, in characters: 192 bits of its signature, and one block for the digest.
const END_CHARACTERS: usize = 32;

/// How much may be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    max_entries: usize,
    /// 0 where nothing is kept: no entry is as light as that.
    max_bytes: usize,
}

impl Bounds {
    /// Reads `token_cache` of a policy: `false` for nothing, `true` for as much as is usual, or an object of bounds.
    pub(super) fn read(policy: &Fields<'_>, problems: &mut Problems) -> Self {
        let nothing = Self { max_entries: 0, max_bytes: 0 };
        let usual = Self { max_entries: limits::TOKEN_CACHE_ENTRIES, max_bytes: limits::TOKEN_CACHE_BYTES };
        match policy.value("token_cache") {
            None | Some(Value::Bool(true)) => usual,
            Some(Value::Bool(false)) => nothing,
            Some(Value::Object(_)) => {
                let Some(fields) = policy.optional_object("token_cache", &["max_entries", "max_bytes"], problems)
                else {
                    return nothing;
                };
                let mut bound = |member: &str, usual: usize, range: RangeInclusive<usize>| {
                    let said = fields.optional_count(member, problems).map(usize::try_from);
                    let bound = said.unwrap_or(Ok(usual)).ok().filter(|bound| range.contains(bound));
                    bound.unwrap_or_else(|| {
                        let problem = format!("must be from {} to {}", range.start(), range.end());
                        fields.refuse(member, &problem, problems);
                        usual
                    })
                };
                let entries = 1..=limits::MAX_TOKEN_CACHE_ENTRIES;
                let bytes = limits::MIN_TOKEN_CACHE_BYTES..=limits::MAX_TOKEN_CACHE_BYTES;
                Self {
                    max_entries: bound("max_entries", usual.max_entries, entries),
                    max_bytes: bound("max_bytes", usual.max_bytes, bytes),
                }
            }
            Some(_) => {
                policy.refuse("token_cache", "must be true, false or an object of bounds", problems);
                nothing
            }
        }
    }
}

/// Tokens that were found good, by their text.
pub(super) struct TokenCache {
    bounds: Bounds,
    places: Index,
    entries: Recency<Entry>,
    /// What the entries take, all together.
    bytes: usize,
    /// Of the entry made last.
    serial: u64,
}

struct Entry {
    text: Box<str>,
    end: Digest,
    bytes: usize,
    known: KnownToken,
}

impl TokenCache {
    pub(super) const fn new(bounds: Bounds) -> Self {
        Self { bounds, places: Index::new(), entries: Recency::new(), bytes: 0, serial: 0 }
    }

    /// How many tokens are kept at most.
    pub(super) const fn max_entries(&self) -> usize {
        self.bounds.max_entries
    }

    /// What is known of a token, which has then been used. Nothing that grows with the token is allocated.
    pub(super) fn find(&mut self, text: &str) -> Option<KnownToken> {
        let (place, entry) = self.entry(text)?;
        let known = entry.known.clone();
        self.entries.touch(place);
        Some(known)
    }

    /// Keeps a token that was found good, and lets go of those unused longest until the bounds hold. One that would not fit even
    /// alone is not kept, and costs no other its place. Gives back what is now known of it, with its serial number where it is kept.
    pub(super) fn insert(&mut self, text: &str, mut known: KnownToken) -> KnownToken {
        let bytes = weight::of_entry(text, &known.token);
        if bytes > self.bounds.max_bytes {
            return known;
        }
        let Some(end) = digest_of_end(text) else {
            return known;
        };
        if let Some(place) = self.places.get(end) {
            self.remove(place);
        }
        while self.entries.len() >= self.bounds.max_entries || self.bytes.saturating_add(bytes) > self.bounds.max_bytes
        {
            // While there is an oldest each round takes one out; without one both bounds hold.
            let Some(oldest) = self.entries.oldest() else { break };
            self.remove(oldest);
        }
        // At a million tokens a second it would take half a million years to come round.
        self.serial = self.serial.wrapping_add(1);
        known.serial = self.serial;
        let place = self.entries.insert(Entry { text: text.into(), end, bytes, known: known.clone() });
        self.places.insert(end, place);
        self.bytes = self.bytes.saturating_add(bytes);
        known
    }

    /// Ends a token's entry, where it has one.
    pub(super) fn forget(&mut self, text: &str) {
        if let Some((place, _)) = self.entry(text) {
            self.remove(place);
        }
    }

    /// The entry of exactly this token, and its place.
    fn entry(&self, text: &str) -> Option<(usize, &Entry)> {
        let place = self.places.get(digest_of_end(text)?)?;
        let entry = self.entries.get(place)?;
        bool::from(entry.text.as_bytes().ct_eq(text.as_bytes())).then_some((place, entry))
    }

    fn remove(&mut self, place: usize) {
        if let Some(entry) = self.entries.remove(place) {
            self.places.remove(entry.end);
            self.bytes = self.bytes.saturating_sub(entry.bytes);
        }
    }
}

/// 64 bits of the SHA-256 digest of a token's end. `None` for a text that is too short to be a signed token.
fn digest_of_end(text: &str) -> Option<Digest> {
    let end = text.as_bytes().last_chunk::<END_CHARACTERS>()?;
    <[u8; 32]>::from(Sha256::digest(end)).first_chunk().copied().map(Digest::from_le_bytes)
}
