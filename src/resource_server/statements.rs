//! What authorization servers have said of tokens a short time ago (RFC 7662 section 4), and about which tokens they are being asked.
//!
//! A statement is known by a digest of the server's place in the policy and the whole token, so no token has another's, and no server's word
//! counts for another server. The text of the token is not kept. Good statements and refusals have room of their own: whoever sends many bad
//! tokens drives out nothing but other refusals.

use alloc::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{
    moments::is_within,
    token_cache::{Digest, Index, Recency, weight},
    token_validator::Candidate,
};
use crate::{error::Error, jwt::ValidatedToken, limits, time::UnixTime};

/// What is known of a token.
pub(super) enum Statement {
    /// The server has said this of it.
    Good(Arc<ValidatedToken>),
    /// It was refused, or nothing was said.
    Refused(Error),
    /// Another request has asked and has no answer yet.
    Awaited,
    /// Nothing: the server has to be asked.
    None,
}

/// The statements of every issuer of a policy.
pub(super) struct Statements {
    good: Memory<Arc<ValidatedToken>>,
    refused: Memory<Error>,
    awaited: Memory<()>,
}

impl Statements {
    pub(super) const fn new() -> Self {
        let most = limits::INTROSPECTION_STATEMENTS;
        Self { good: Memory::new(most), refused: Memory::new(most), awaited: Memory::new(most) }
    }

    /// What is known at `now`. What a good statement says of times is not looked at here.
    pub(super) fn find(&mut self, token: Candidate<'_>, now: UnixTime) -> Statement {
        let key = key_of(token);
        if let Some(said) = self.good.find(&key, now) {
            return Statement::Good(said);
        }
        if let Some(error) = self.refused.find(&key, now) {
            return Statement::Refused(error);
        }
        if self.awaited.find(&key, now).is_some() { Statement::Awaited } else { Statement::None }
    }

    /// Notes that the server is asked: others wait for its answer.
    pub(super) fn asked(&mut self, token: Candidate<'_>, now: UnixTime) {
        self.awaited.insert(key_of(token), (), now, limits::FETCH_UNDER_WAY_SECONDS);
    }

    /// Notes that somebody waits no longer for whoever asked, unless that was only just.
    pub(super) fn given_up(&mut self, token: Candidate<'_>, now: UnixTime) {
        let key = key_of(token);
        if self.awaited.since(&key).is_some_and(|since| now.since(since).as_secs() >= limits::LATE_FETCH_SECONDS) {
            self.awaited.remove(&key);
        }
    }

    /// Notes that there is nobody any more who asks.
    pub(super) fn not_asked(&mut self, token: Candidate<'_>) {
        self.awaited.remove(&key_of(token));
    }

    /// Keeps what the server has answered at `now` to what it was asked at `asked_at`, a good word for so many seconds: a statement is as old
    /// as its question.
    pub(super) fn heard(
        &mut self,
        token: Candidate<'_>,
        said: Result<&Arc<ValidatedToken>, &Error>,
        cache_seconds: u64,
        asked_at: UnixTime,
        now: UnixTime,
    ) {
        let key = key_of(token);
        self.awaited.remove(&key);
        match said {
            // What was asked about later and refused since stays refused.
            Ok(_) if self.refused.since(&key).is_some_and(|since| since > asked_at) => {}
            Ok(said) => {
                self.refused.remove(&key);
                if cache_seconds > 0 && weight::of_entry("", said) <= limits::MAX_STATEMENT_BYTES {
                    self.good.insert(key, said.clone(), asked_at, cache_seconds);
                }
            }
            // Then nothing was said, and nothing taken back.
            Err(Error::IntrospectionUnavailable { .. }) => {
                let seconds = limits::INTROSPECTION_SILENCE_SECONDS;
                let unavailable = Error::IntrospectionUnavailable { retry_after_seconds: seconds };
                self.refused.insert(key, unavailable, now, seconds);
            }
            Err(error) => {
                self.good.remove(&key);
                self.refused.insert(key, error.clone(), asked_at, limits::INTROSPECTION_REFUSAL_SECONDS);
            }
        }
    }
}

type Key = [u8; 32];

fn key_of(token: Candidate<'_>) -> Key {
    // A number of fixed length before the text, so that no two pairs are written the same.
    Sha256::new().chain_update(token.issuer.to_le_bytes()).chain_update(token.text).finalize().into()
}

/// Values that serve for some seconds from a moment on; where there are too many, the one unused longest leaves first.
struct Memory<V> {
    most: usize,
    places: Index,
    entries: Recency<Entry<V>>,
}

struct Entry<V> {
    key: Key,
    since: UnixTime,
    seconds: u64,
    value: V,
}

impl<V: Clone> Memory<V> {
    const fn new(most: usize) -> Self {
        Self { most, places: Index::new(), entries: Recency::new() }
    }

    fn find(&mut self, key: &Key, now: UnixTime) -> Option<V> {
        let place = self.places.get(digest_of(key))?;
        let serves = |entry: &&Entry<V>| entry.key == *key && is_within(entry.since, entry.seconds, now);
        let value = self.entries.get(place).filter(serves)?.value.clone();
        self.entries.touch(place);
        Some(value)
    }

    fn since(&self, key: &Key) -> Option<UnixTime> {
        let entry = self.entries.get(self.places.get(digest_of(key))?)?;
        (entry.key == *key).then_some(entry.since)
    }

    fn insert(&mut self, key: Key, value: V, since: UnixTime, seconds: u64) {
        // Where another key has the same digest, which takes 2^32 tried tokens to bring about, the later one takes its place.
        self.remove_digest(digest_of(&key));
        while self.entries.len() >= self.most {
            let Some(oldest) = self.entries.oldest().and_then(|place| self.entries.get(place)) else { break };
            self.remove_digest(digest_of(&oldest.key));
        }
        let digest = digest_of(&key);
        let place = self.entries.insert(Entry { key, since, seconds, value });
        self.places.insert(digest, place);
    }

    fn remove(&mut self, key: &Key) {
        let place = self.places.get(digest_of(key)).and_then(|place| self.entries.get(place));
        if place.is_some_and(|entry| entry.key == *key) {
            self.remove_digest(digest_of(key));
        }
    }

    fn remove_digest(&mut self, digest: Digest) {
        if let Some(place) = self.places.get(digest) {
            self.entries.remove(place);
            self.places.remove(digest);
        }
    }
}

/// By what a key is looked for. Callers can choose tokens whose digests fall into one bucket; with so few entries that costs
/// microseconds.
fn digest_of(key: &Key) -> Digest {
    key.first_chunk().copied().map(Digest::from_le_bytes).unwrap_or_default()
}
