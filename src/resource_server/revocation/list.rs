//! The deny list as a gate holds it in memory: read as a whole, and asked about each token.

use core::fmt;

use alloc::vec::Vec;

use super::entry::{Claim, DenyEntry};
use crate::{
    json::{Object, Value},
    jwt::ValidatedToken,
    limits,
    resource_server::token_cache::{Digest, Index},
    time::{NumericDate, UnixTime},
};

/// A copy of the list, as it was at some moment.
pub(super) struct DenyList {
    /// By what entries name, the place of those that name the same.
    places: Index,
    entries: Vec<Vec<DenyEntry>>,
}

impl fmt::Debug for DenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenyList").field("places", &self.entries.len()).finish_non_exhaustive()
    }
}

impl DenyList {
    /// Reads the list as a store gives it: `{"entries": […]}`. `None` where any of it can't be read, because what is passed over could be what
    /// matters.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let document = Object::parse(text.as_bytes()).ok()?;
        let entries = document.get("entries").and_then(Value::as_array)?;
        if entries.len() > limits::MAX_DENY_ENTRIES {
            return None;
        }
        let mut list = Self { places: Index::new(), entries: Vec::new() };
        for entry in entries {
            list.insert(DenyEntry::of_store(entry)?);
        }
        Some(list)
    }

    fn insert(&mut self, entry: DenyEntry) {
        let digest = digest_of(&entry.iss, entry.claim());
        if let Some(same) = self.places.get(digest).and_then(|place| self.entries.get_mut(place)) {
            same.push(entry);
        } else {
            self.places.insert(digest, self.entries.len());
            self.entries.push([entry].into());
        }
    }

    /// Whether a token of this issuer is denied at `now`; `session` is what else is known to be its `sid`.
    pub(super) fn denies(&self, token: &ValidatedToken, session: Option<&str>, issuer: &str, now: UnixTime) -> bool {
        let own = token.claims().string("sid").ok().flatten();
        let said = [(Claim::Jti, token.jti()), (Claim::Sub, token.subject()), (Claim::Sid, own), (Claim::Sid, session)];
        let said = said.into_iter().filter_map(|(claim, value)| Some((claim, value?)));
        // A token that does not say when it was issued may have been at any time.
        let issued_at = token.claims().numeric_date("iat").ok().flatten().map(NumericDate::as_seconds);
        said.map(Some).chain([None]).any(|claim| {
            let place = self.places.get(digest_of(issuer, claim));
            // Two that are looked for in one place need not be the same.
            let hits = |entry: &DenyEntry| {
                let is_old = |moment| issued_at.is_none_or(|issued_at| issued_at < moment);
                entry.iss == issuer
                    && entry.claim() == claim
                    && now <= entry.expires_at
                    && entry.issued_before.is_none_or(is_old)
            };
            place.and_then(|place| self.entries.get(place)).is_some_and(|entries| entries.iter().any(hits))
        })
    }
}

/// By what tokens of an issuer are looked for: 64 bits of FNV-1a (Fowler, Noll and Vo). It chooses a place and decides nothing.
fn digest_of(issuer: &str, claim: Option<(Claim, &str)>) -> Digest {
    let (name, value) = claim.map_or(("", ""), |(claim, value)| (claim.name(), value));
    let bytes = [issuer, name, value].into_iter().flat_map(str::bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
