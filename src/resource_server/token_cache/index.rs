//! Places by digest: chains of places, in as many buckets as there are places or more, so that finding one takes the same time however many
//! there are.
//!
//! A digest chooses a bucket by its lowest bits. No caller can choose digests: they are taken from signatures that have held.

use alloc::{vec, vec::Vec};

/// A digest of what is looked for.
pub(in super::super) type Digest = u64;

/// Which place a digest has, each at most one.
pub(in super::super) struct Index {
    /// The first place of each chain; none or a power of two of them.
    buckets: Vec<Option<usize>>,
    /// By place.
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    digest: Digest,
    next: Option<usize>,
}

impl Index {
    pub(in super::super) const fn new() -> Self {
        Self { buckets: Vec::new(), links: Vec::new() }
    }

    /// The place of a digest.
    pub(in super::super) fn get(&self, digest: Digest) -> Option<usize> {
        let mut place = *self.buckets.get(self.bucket(digest))?;
        loop {
            let link = self.links.get(place?)?;
            if link.digest == digest {
                return place;
            }
            place = link.next;
        }
    }

    /// Gives a digest that has none a place. Places are given out from 0 on without a gap, and a place again only when its digest was removed.
    pub(in super::super) fn insert(&mut self, digest: Digest, place: usize) {
        let link = Link { digest, next: None };
        match self.links.get_mut(place) {
            Some(free) => *free = link,
            None => self.links.push(link),
        }
        if self.links.len() > self.buckets.len() {
            // Twice as many: each place is moved once for as many as were added since.
            self.buckets = vec![None; self.links.len().next_power_of_two()];
            let there: Vec<_> = self.links.iter().map(|link| link.digest).collect();
            for (place, digest) in there.into_iter().enumerate() {
                self.chain(digest, place);
            }
        } else {
            self.chain(digest, place);
        }
    }

    /// Takes a digest out.
    pub(in super::super) fn remove(&mut self, digest: Digest) {
        let Some(place) = self.get(digest) else { return };
        let after = self.links.get(place).and_then(|link| link.next);
        let bucket = self.bucket(digest);
        let Some(first) = self.buckets.get_mut(bucket) else { return };
        if *first == Some(place) {
            *first = after;
            return;
        }
        let mut before = *first;
        while let Some(link) = before.and_then(|before| self.links.get_mut(before)) {
            if link.next == Some(place) {
                link.next = after;
                return;
            }
            before = link.next;
        }
    }

    /// Puts a place at the head of its digest's chain.
    fn chain(&mut self, digest: Digest, place: usize) {
        let bucket = self.bucket(digest);
        let Some(first) = self.buckets.get_mut(bucket) else { return };
        let next = first.replace(place);
        if let Some(link) = self.links.get_mut(place) {
            link.next = next;
        }
    }

    /// Where the chain of a digest begins; with no bucket there is none.
    fn bucket(&self, digest: Digest) -> usize {
        // Only as many of the lowest bits count as there are buckets, so no matter how many a word has.
        let [a, b, c, d, ..] = digest.to_le_bytes();
        let low = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or_default();
        low & self.buckets.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeMap, vec::Vec};

    use super::{Digest, Index};

    /// Few buckets and many digests in each, which no signatures would bring about.
    #[test]
    fn every_digest_keeps_its_own_place() {
        let (mut index, mut model, mut free) = (Index::new(), BTreeMap::new(), Vec::new());
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Three values of the low bits, so that chains are long.
            let digest: Digest = ((state >> 33) % 3) | ((state >> 40) % 64) << 32;
            assert_eq!(index.get(digest), model.get(&digest).copied());
            if let Some(place) = model.remove(&digest) {
                index.remove(digest);
                free.push(place);
            } else {
                let place = free.pop().unwrap_or(model.len());
                index.insert(digest, place);
                model.insert(digest, place);
            }
        }
        assert!(model.len() > 64 && model.iter().all(|(digest, place)| index.get(*digest) == Some(*place)));
    }
}
