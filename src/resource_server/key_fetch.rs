//! The way to an issuer's keys: metadata, the key set, and what is left where one of them can't be had. One request goes it, the others wait.

use alloc::{string::String, vec::Vec};

use super::{
    Need, TokenValidator,
    key_cache::Lookup,
    token_validator::{Candidate, Step, Wait},
};
use crate::{
    error::Error, http_url::HttpUrl, jose::UntrustedJws, limits, metadata::AuthorizationServerMetadata, time::UnixTime,
};

/// Where else the metadata may be, should this place have none that is good.
pub(super) type OtherPlaces = Vec<String>;

impl TokenValidator {
    /// Has the key set fetched, or waits for the request that is fetching it.
    pub(super) fn fetch_keys(&mut self, jws: UntrustedJws, token: Candidate<'_>, now: UnixTime) -> Result<Step, Error> {
        let cache = self.cache(token)?;
        if cache.is_being_fetched(now) {
            return if cache.admits_waiting(token.text.len().saturating_add(token.beside)) {
                Ok(moment(now, 0))
            } else {
                Err(self.key_set_unavailable(token, now))
            };
        }
        cache.fetch_begins(now);
        let issuer = self.issuer(token)?;
        let known = self.caches.get(token.issuer).and_then(|cache| cache.jwks_uri(issuer, now));
        if let Some(url) = known {
            return Ok(Step::Need(Need::KeySet { url }, Wait::KeySet(jws, now)));
        }
        let (url, others) = self.metadata_places(token)?;
        Ok(Step::Need(Need::Metadata { url }, Wait::Metadata(jws, others)))
    }

    /// A fetch failed: a set that is not too old still serves, else the token can't be judged.
    pub(super) fn after_failed_fetch(
        &mut self,
        jws: UntrustedJws,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let cache = self.cache(token)?;
        cache.fetch_failed(now);
        if cache.fallback(now) == Lookup::Unavailable {
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

    /// Keeps a metadata document, and says whether one came and it is good.
    pub(super) fn take_metadata(
        &mut self,
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<bool, Error> {
        let issuer = &self.issuer(token)?.issuer;
        let metadata = answer.and_then(|text| AuthorizationServerMetadata::parse(text, issuer, self.transport).ok());
        let is_good = metadata.is_some();
        if let Some(metadata) = metadata {
            self.cache(token)?.store_metadata(metadata, now);
        }
        Ok(is_good)
    }
}

/// A moment to wait, then the token is judged again.
pub(super) fn moment(since: UnixTime, milliseconds: u32) -> Step {
    let milliseconds = next_moment(milliseconds);
    Step::Need(Need::Moment { milliseconds }, Wait::Moment(since, milliseconds))
}

/// The length of a moment within its bounds.
pub(super) fn next_moment(milliseconds: u32) -> u32 {
    let (first, most) = limits::MOMENT_MILLISECONDS.into_inner();
    milliseconds.clamp(first, most)
}

/// The first of the places, and those that are left.
pub(super) fn next_place(mut places: OtherPlaces) -> Option<(String, OtherPlaces)> {
    if places.is_empty() { None } else { Some((places.remove(0), places)) }
}
