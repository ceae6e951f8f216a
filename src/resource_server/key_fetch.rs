//! The way to an issuer's keys: metadata, the key set, and what is left where one of them can't be had. One request goes it, the others wait.

use alloc::{string::String, vec::Vec};

use super::{
    Need, TokenValidator,
    key_stores::{Entry, HAS_STORES, Kept, Store},
    token_validator::{Candidate, Step, Wait},
};
use crate::{
    error::Error,
    http_url::HttpUrl,
    jose::{JwkSet, UntrustedJws},
    limits,
    metadata::AuthorizationServerMetadata,
    time::UnixTime,
};

/// Where else the metadata may be, should this place have none that is good.
pub(super) type OtherPlaces = Vec<String>;

/// A way to an issuer's keys that somebody goes.
#[derive(Debug)]
pub(super) struct KeyFetch {
    pub(super) purpose: Purpose,
    pub(super) leg: Leg,
}

/// What a key set is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// There is none that serves.
    Serve,
    /// The one there is is about to be due.
    Refresh,
    /// A key is not in the one there is.
    UnknownKey,
}

/// What was asked for last on that way.
#[derive(Debug)]
pub(super) enum Leg {
    /// What a store has of it.
    Stored(Kept, Store),
    /// Metadata, asked for at that moment.
    Metadata(OtherPlaces, UnixTime),
    /// The key set, asked for at that moment.
    KeySet(UnixTime),
    /// Either of them, which a Durable Object was asked for at that moment: the place, and for metadata where else it may be.
    Shared(String, Option<OtherPlaces>, UnixTime),
}

/// How far somebody has come on that way.
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart by whoever called, and never kept; small where words are"
)]
pub(super) enum Fetched {
    /// This is needed next.
    Need(Need, KeyFetch),
    /// A store had a key set that is good enough by its age; it is in memory, and the way is not ended.
    Found(Store),
    /// A Durable Object that was asked at that moment had a key set that is good enough; it is in memory.
    Shared(UnixTime),
    /// The key set is in memory.
    Stored,
    /// It can't be had.
    Failed,
}

impl TokenValidator {
    /// Has the key set fetched, or waits for the request that is fetching it.
    pub(super) fn fetch_keys(
        &mut self,
        jws: UntrustedJws,
        purpose: Purpose,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let cache = self.cache(token)?;
        if cache.is_being_fetched(now) {
            return if cache.admits_waiting(token.text.len().saturating_add(token.beside)) {
                Ok(moment(now, 0))
            } else {
                Err(self.key_set_unavailable(token, now))
            };
        }
        let (need, fetch) = self.begin_fetch(purpose, token, now)?;
        Ok(Step::Need(need, Wait::Keys(jws, fetch)))
    }

    /// Begins the way to the keys of a token's issuer.
    pub(super) fn begin_fetch(
        &mut self,
        purpose: Purpose,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<(Need, KeyFetch), Error> {
        self.cache(token)?.fetch_begins(now);
        match self.ask_store(Kept::KeySet, None, purpose, token) {
            Some(next) => Ok(next),
            None => self.ask_issuer(purpose, token, now),
        }
    }

    /// Goes to the issuer, as no store had its keys: by metadata that is in memory or in a store, or else by that which its server has.
    pub(super) fn ask_issuer(
        &mut self,
        purpose: Purpose,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<(Need, KeyFetch), Error> {
        if self.jwks_uri(token, now).is_none()
            && let Some(next) = self.ask_store(Kept::Metadata, None, purpose, token)
        {
            return Ok(next);
        }
        self.ask_server(purpose, token, now)
    }

    /// Asks the authorization server itself: for the key set, or for metadata where it is not known where that is.
    pub(super) fn ask_server(
        &mut self,
        purpose: Purpose,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<(Need, KeyFetch), Error> {
        if let Some(url) = self.jwks_uri(token, now) {
            return Ok(self.ask_at(purpose, url, None, now));
        }
        let (url, others) = self.metadata_places(token)?;
        Ok(self.ask_at(purpose, url, Some(others), now))
    }

    /// Asks for the document at a place, by itself or by the Durable Object that does it for many. With other places it is metadata.
    pub(super) fn ask_at(
        &self,
        purpose: Purpose,
        url: String,
        others: Option<OtherPlaces>,
        now: UnixTime,
    ) -> (Need, KeyFetch) {
        match self.share_fetch(purpose, &url, others.is_some()) {
            Some(need) => (need, KeyFetch { purpose, leg: Leg::Shared(url, others, now) }),
            None => ask_directly(purpose, url, others, now),
        }
    }

    /// Goes on with what was asked for, or without it where it could not be had.
    pub(super) fn go_on_fetching(
        &mut self,
        fetch: KeyFetch,
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Fetched, Error> {
        let KeyFetch { purpose, leg } = fetch;
        match leg {
            Leg::Stored(..) | Leg::Shared(..) if !HAS_STORES => {}
            Leg::Stored(kept, store) => {
                self.cache(token)?.fetch_goes_on(now);
                return match kept {
                    Kept::KeySet => self.take_stored_set((store, purpose), token, answer, now),
                    Kept::Metadata => self.take_stored_metadata((store, purpose), token, answer, now),
                };
            }
            Leg::Metadata(others, asked_at) => {
                self.cache(token)?.fetch_goes_on(now);
                match (self.take_metadata(token, answer, asked_at)?, answer, next_place(others)) {
                    (true, Some(document), _) => {
                        self.keep_in_stores(Kept::Metadata, Entry { asked_at, document }, token, now);
                    }
                    (_, _, Some((url, others))) => {
                        let (need, fetch) = self.ask_at(purpose, url, Some(others), now);
                        return Ok(Fetched::Need(need, fetch));
                    }
                    _ => {}
                }
                if let Some(url) = self.jwks_uri(token, now) {
                    let (need, fetch) = self.ask_at(purpose, url, None, now);
                    return Ok(Fetched::Need(need, fetch));
                }
                self.cache(token)?.fetch_failed(asked_at, now);
            }
            Leg::Shared(url, others, asked_at) => {
                self.cache(token)?.fetch_goes_on(now);
                return self.take_shared(purpose, (url, others, asked_at), token, answer, now);
            }
            Leg::KeySet(asked_at) => {
                let set = answer.and_then(|text| Some((text, JwkSet::parse(text.as_bytes(), &*self.engine).ok()?)));
                if let Some((document, set)) = set
                    && let Ok(is_kept) = self.cache(token)?.store_set(set, document, asked_at)
                {
                    // One that a newer has overtaken is nobody's to find.
                    if is_kept {
                        self.keep_in_stores(Kept::KeySet, Entry { asked_at, document }, token, now);
                    }
                    return Ok(Fetched::Stored);
                }
                self.cache(token)?.fetch_failed(asked_at, now);
            }
        }
        Ok(Fetched::Failed)
    }

    /// A fetch failed: a set that is not too old still serves, else the token can't be judged.
    pub(super) fn after_failed_fetch(
        &mut self,
        jws: UntrustedJws,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        if !self.cache(token)?.fallback(now).serves() {
            return Err(self.key_set_unavailable(token, now));
        }
        match self.judge_again(jws, token, now) {
            // The key may be one that only the set we could not get has.
            Err(Error::KeyUnknown) => Err(self.key_set_unavailable(token, now)),
            judged => judged,
        }
    }

    /// That the keys can't be had, and when it is worth asking again.
    pub(super) fn key_set_unavailable(&self, token: Candidate<'_>, now: UnixTime) -> Error {
        let wait = self.caches.get(token.issuer).and_then(|cache| cache.seconds_to_next_fetch(now));
        Error::KeySetUnavailable { retry_after_seconds: wait.unwrap_or(1) }
    }

    /// Where the metadata of a token's issuer may be: the first place, and the others.
    pub(super) fn metadata_places(&self, token: Candidate<'_>) -> Result<(String, OtherPlaces), Error> {
        let issuer = self.issuer(token)?;
        let url = HttpUrl::parse(&issuer.issuer, self.transport).ok_or(Error::IssuerUnknown)?;
        next_place(AuthorizationServerMetadata::urls(&url)).ok_or(Error::IssuerUnknown)
    }

    /// Keeps a metadata document that was asked for at `asked_at`, and says whether one came and it is good.
    pub(super) fn take_metadata(
        &mut self,
        token: Candidate<'_>,
        answer: Option<&str>,
        asked_at: UnixTime,
    ) -> Result<bool, Error> {
        let issuer = &self.issuer(token)?.issuer;
        let metadata = answer.and_then(|text| AuthorizationServerMetadata::parse(text, issuer, self.transport).ok());
        let is_good = metadata.is_some();
        if let Some(metadata) = metadata {
            self.cache(token)?.store_metadata(metadata, asked_at);
        }
        Ok(is_good)
    }

    /// Where the key set is, as far as it is known.
    pub(super) fn jwks_uri(&self, token: Candidate<'_>, now: UnixTime) -> Option<String> {
        self.caches.get(token.issuer)?.jwks_uri(self.issuer(token).ok()?, now)
    }
}

/// Asks the server for the document at a place. With other places it is metadata.
pub(super) fn ask_directly(
    purpose: Purpose,
    url: String,
    others: Option<OtherPlaces>,
    now: UnixTime,
) -> (Need, KeyFetch) {
    match others {
        Some(others) => (Need::Metadata { url }, KeyFetch { purpose, leg: Leg::Metadata(others, now) }),
        None => (Need::KeySet { url }, KeyFetch { purpose, leg: Leg::KeySet(now) }),
    }
}

/// A moment to wait, then the token is judged again.
pub(super) fn moment(since: UnixTime, milliseconds: u32) -> Step {
    let milliseconds = next_moment(milliseconds);
    Step::Need(Need::Moment { milliseconds }, Wait::Moment(since, milliseconds))
}

/// The length of a moment within its bounds.
pub(crate) fn next_moment(milliseconds: u32) -> u32 {
    let (first, most) = limits::MOMENT_MILLISECONDS.into_inner();
    milliseconds.clamp(first, most)
}

/// The first of the places, and those that are left.
pub(super) fn next_place(mut places: OtherPlaces) -> Option<(String, OtherPlaces)> {
    if places.is_empty() { None } else { Some((places.remove(0), places)) }
}
