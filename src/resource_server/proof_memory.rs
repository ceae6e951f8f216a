//! The proofs that were used and could be used again: those of one gate, in its own memory (RFC 9449 section 11.1).
//!
//! It is bounded, and nothing that could be used again ever makes room: a key or a memory that is full takes no more proofs until some
//! are over. So no flood of proofs brings an old one back, and one key's fills its own share alone; with many keys a
//! client can fill the whole.

use core::fmt;

use alloc::{borrow::ToOwned, collections::BTreeMap, string::String, vec::Vec};

use sha2::{Digest, Sha256};

use super::DpopProof;
use crate::{error::Error, limits, time::UnixTime};

/// The first half of the SHA-256 of a `jti`. Two of one key that collide, which nobody finds, would cost that key a proof.
type Jti = [u8; 16];

/// What has been used.
#[derive(Default)]
pub(super) struct ProofMemory {
    /// By the thumbprint of the key that made them.
    keys: BTreeMap<String, Used>,
    /// Of all keys.
    count: usize,
    swept_at: Option<UnixTime>,
}

/// The proofs of one key, in the order of their identifiers, each with the last moment at which it would be taken.
#[derive(Default)]
struct Used {
    proofs: Vec<(Jti, UnixTime)>,
    swept_at: Option<UnixTime>,
}

impl fmt::Debug for ProofMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProofMemory").field("count", &self.count).finish_non_exhaustive()
    }
}

impl ProofMemory {
    /// Notes that a proof is used now.
    ///
    /// # Errors
    /// `proof_replayed` where it was before; `proof_memory_unavailable` where there is no room.
    pub(super) fn remember(&mut self, proof: &DpopProof, now: UnixTime) -> Result<(), Error> {
        if self.count >= limits::MAX_REMEMBERED_PROOFS || is_due(self.swept_at, now, limits::PROOF_SWEEP_SECONDS) {
            self.sweep(now);
        }
        let jti = digest(proof.jti());
        let has_room = self.count < limits::MAX_REMEMBERED_PROOFS;
        let Some(used) = self.keys.get_mut(proof.thumbprint()) else {
            if !has_room {
                return Err(Error::ProofMemoryUnavailable);
            }
            let used = Used { proofs: [(jti, proof.good_until())].into(), swept_at: Some(now) };
            self.keys.insert(proof.thumbprint().to_owned(), used);
            self.count = self.count.saturating_add(1);
            return Ok(());
        };
        if used.proofs.len() >= limits::MAX_PROOFS_OF_ONE_KEY && is_due(used.swept_at, now, 1) {
            self.count = self.count.saturating_sub(used.sweep(now));
        }
        match used.proofs.binary_search_by(|(own, _)| own.cmp(&jti)) {
            Ok(_) => Err(Error::ProofReplayed),
            Err(_) if !has_room || used.proofs.len() >= limits::MAX_PROOFS_OF_ONE_KEY => {
                Err(Error::ProofMemoryUnavailable)
            }
            Err(place) => {
                used.proofs.insert(place, (jti, proof.good_until()));
                self.count = self.count.saturating_add(1);
                Ok(())
            }
        }
    }

    /// Lets go of what is over. All are looked at, so at most once a second.
    fn sweep(&mut self, now: UnixTime) {
        if !is_due(self.swept_at, now, 1) {
            return;
        }
        self.swept_at = Some(now);
        self.keys.retain(|_, used| {
            used.sweep(now);
            !used.proofs.is_empty()
        });
        self.count = self.keys.values().map(|used| used.proofs.len()).sum();
    }
}

impl Used {
    /// Lets go of what is over, and says how many that were.
    fn sweep(&mut self, now: UnixTime) -> usize {
        let before = self.proofs.len();
        self.swept_at = Some(now);
        self.proofs.retain(|(_, good_until)| *good_until >= now);
        before.saturating_sub(self.proofs.len())
    }
}

/// A clock that was set back makes nothing due: what it would bring back is still remembered.
fn is_due(swept_at: Option<UnixTime>, now: UnixTime, seconds: u64) -> bool {
    swept_at.is_none_or(|swept_at| now.since(swept_at).as_secs() >= seconds)
}

fn digest(jti: &str) -> Jti {
    Sha256::digest(jti).first_chunk().copied().unwrap_or_default()
}
