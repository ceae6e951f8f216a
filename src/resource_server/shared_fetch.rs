//! Documents that a Durable Object fetches for all isolates that are near to it: what it is asked, and what of its answers counts. Without a good
//! answer the server is asked as if there were no object.

use super::{
    Need, TokenValidator,
    key_fetch::{Fetched, OtherPlaces, Purpose, ask_directly, next_place},
    key_stores::{Entry, HAS_STORES, Kept},
    token_validator::{Candidate, Step},
};
use crate::{
    error::Error,
    jose::{JwkSet, UntrustedJws},
    limits,
    metadata::AuthorizationServerMetadata,
    time::UnixTime,
};

use alloc::string::String;

/// What an object answers that has nothing, because the server has failed it and is being left alone.
const UNAVAILABLE: &str = "unavailable";

impl Purpose {
    /// How old a key set may be that is not fetched anew, in seconds.
    const fn max_age_seconds(self) -> u64 {
        match self {
            Self::Serve | Self::Refresh => limits::KEY_SET_REFRESH_AHEAD_SECONDS.saturating_sub(1),
            // So that all isolates together have it fetched once in a cool-down.
            Self::UnknownKey => limits::UNKNOWN_KEY_COOLDOWN_SECONDS.saturating_sub(1),
        }
    }
}

impl TokenValidator {
    /// What the object is asked; `None` where there is none.
    pub(super) fn share_fetch(&self, purpose: Purpose, url: &str, is_metadata: bool) -> Option<Need> {
        self.stores.durable_object_binding().filter(|_| HAS_STORES)?;
        let max_age_seconds =
            if is_metadata { limits::METADATA_TTL_SECONDS.saturating_sub(1) } else { purpose.max_age_seconds() };
        Some(Need::Shared { url: url.into(), is_metadata, max_age_seconds, transport: self.transport })
    }

    /// Goes on with what the object has answered, or without it.
    pub(super) fn take_shared(
        &mut self,
        purpose: Purpose,
        (url, others, asked_at): (String, Option<OtherPlaces>, UnixTime),
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Fetched, Error> {
        if answer == Some(UNAVAILABLE) {
            return match others.and_then(next_place) {
                Some((url, others)) => {
                    let (need, fetch) = self.ask_at(purpose, url, Some(others), now);
                    Ok(Fetched::Need(need, fetch))
                }
                None => self.shared_failed(asked_at, token, now),
            };
        }
        let entry = answer.and_then(|text| aged(text, asked_at));
        let next = match (entry, &others) {
            (Some(entry), None) => self.take_shared_set(purpose, entry, asked_at, token, now)?,
            (Some(entry), Some(_)) => self.take_shared_metadata(purpose, entry, asked_at, token, now)?,
            (None, _) => None,
        };
        Ok(next.unwrap_or_else(|| {
            let (need, fetch) = ask_directly(purpose, url, others, now);
            Fetched::Need(need, fetch)
        }))
    }

    /// Judges a token by the set that an object had when it was asked at `since`: a key that it has not may have been published since it was fetched.
    pub(super) fn judge_by_shared(
        &mut self,
        jws: UntrustedJws,
        since: UnixTime,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let is_unknown = HAS_STORES && matches!(self.find_key(&jws, token), Err(Error::KeyUnknown));
        if !is_unknown {
            return self.judge_again(jws, token, now);
        }
        if self.cache(token)?.set_asked_at() >= Some(since) {
            return Err(Error::KeyUnknown);
        }
        self.judge_unknown_key(jws, token, now)
    }

    /// `None` where it is no key set with a key.
    fn take_shared_set(
        &mut self,
        purpose: Purpose,
        entry: Entry<'_>,
        asked_at: UnixTime,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Option<Fetched>, Error> {
        let set = JwkSet::parse(entry.document.as_bytes(), &*self.engine).ok().filter(|set| !set.is_empty());
        let Some(set) = set else { return Ok(None) };
        let is_taken = self.cache(token)?.take_stored_set(set, entry.document, entry.asked_at, now);
        if asked_at.since(entry.asked_at).as_secs() > purpose.max_age_seconds() {
            // It would have fetched a newer one if it could.
            return self.shared_failed(asked_at, token, now).map(Some);
        }
        if is_taken {
            self.keep_shared(Kept::KeySet, entry, asked_at, token, now);
        }
        self.cache(token)?.fetch_shared();
        Ok(Some(Fetched::Shared(asked_at)))
    }

    /// `None` where it is no metadata of the issuer's, or no longer good.
    fn take_shared_metadata(
        &mut self,
        purpose: Purpose,
        entry: Entry<'_>,
        asked_at: UnixTime,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Option<Fetched>, Error> {
        let (issuer, transport) = (&self.issuer(token)?.issuer, self.transport);
        let metadata = AuthorizationServerMetadata::parse(entry.document, issuer, transport).ok();
        if let Some(metadata) = metadata {
            self.cache(token)?.store_metadata(metadata, entry.asked_at);
            self.keep_shared(Kept::Metadata, entry, asked_at, token, now);
            if asked_at.since(entry.asked_at).as_secs() >= limits::METADATA_TTL_SECONDS {
                // It would have fetched a newer one if it could, and leaves the server alone for all.
                return self.shared_failed(asked_at, token, now).map(Some);
            }
        }
        let url = self.jwks_uri(token, now);
        Ok(url.map(|url| {
            let (need, fetch) = self.ask_at(purpose, url, None, now);
            Fetched::Need(need, fetch)
        }))
    }

    /// Has the stores keep what was fetched just now. What the object has had for long, whoever had it fetched has given them.
    fn keep_shared(&mut self, kept: Kept, entry: Entry<'_>, asked_at: UnixTime, token: Candidate<'_>, now: UnixTime) {
        if entry.asked_at >= asked_at {
            self.keep_in_stores(kept, entry, token, now);
        }
    }

    fn shared_failed(&mut self, asked_at: UnixTime, token: Candidate<'_>, now: UnixTime) -> Result<Fetched, Error> {
        self.cache(token)?.fetch_failed(asked_at, now);
        Ok(Fetched::Failed)
    }
}

/// What an object answers: the age of a document in seconds, a line feed, the document. Its clock is another's, so its date is found by ours.
fn aged(text: &str, asked_at: UnixTime) -> Option<Entry<'_>> {
    let age = Entry::read(text, UnixTime::from_seconds(u64::MAX))?;
    Some(Entry { asked_at: asked_at.minus(age.asked_at.as_seconds()), document: age.document })
}
