//! What serves for some seconds from a moment on, found by a digest: where there is too much of it, what was unused longest leaves first.

use super::{
    moments::{is_within, seconds_left},
    token_cache::{Digest, Index, Recency},
};
use crate::time::UnixTime;

/// A SHA-256 digest.
pub(crate) type Key = [u8; 32];

/// Values, each for its seconds.
pub(super) struct Memory<V> {
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
    /// Room for so many.
    pub(super) const fn new(most: usize) -> Self {
        Self { most, places: Index::new(), entries: Recency::new() }
    }

    /// The value that serves at `now`. It has then been used.
    pub(super) fn find(&mut self, key: &Key, now: UnixTime) -> Option<V> {
        let place = self.places.get(digest_of(key))?;
        let serves = |entry: &&Entry<V>| entry.key == *key && is_within(entry.since, entry.seconds, now);
        let value = self.entries.get(place).filter(serves)?.value.clone();
        self.entries.touch(place);
        Some(value)
    }

    /// The moment from which on a value serves, or has served.
    pub(super) fn since(&self, key: &Key) -> Option<UnixTime> {
        let entry = self.entries.get(self.places.get(digest_of(key))?)?;
        (entry.key == *key).then_some(entry.since)
    }

    /// For how many seconds more a value serves.
    pub(super) fn seconds_left(&self, key: &Key, now: UnixTime) -> Option<u64> {
        let entry = self.entries.get(self.places.get(digest_of(key))?).filter(|entry| entry.key == *key)?;
        seconds_left(entry.since, entry.seconds, now)
    }

    /// The values, whether or not they still serve, to be changed.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.values_mut().map(|entry| &mut entry.value)
    }

    /// Keeps a value for so many seconds.
    pub(super) fn insert(&mut self, key: Key, value: V, since: UnixTime, seconds: u64) {
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

    /// Lets go of a value.
    pub(super) fn remove(&mut self, key: &Key) {
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
