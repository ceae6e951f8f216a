//! A key set refreshed ahead of its time, while all go on with the one that is there: no request waits for it, so it is fetched beside them.

use super::{
    Gate, Need, TokenValidator,
    key_cache::Lookup,
    key_fetch::{Fetched, KeyFetch, Purpose},
    token_validator::Candidate,
};
use crate::time::UnixTime;

/// A refresh under way, to be handed back with the answer to its [`Need`].
#[derive(Debug)]
pub struct Refresh {
    /// The place of the issuer in the policy.
    issuer: usize,
    fetch: KeyFetch,
}

impl TokenValidator {
    /// Whether a key set that was used a moment ago is about to be due, and nobody is fetching it: then [`Self::begin_refresh`] is worth calling.
    pub const fn is_refresh_due(&self) -> bool {
        self.refresh_due.is_some()
    }

    /// Begins to refresh the key set that was found to be about to be due. `None` where there is none any more. Whoever is told of a need goes on
    /// with [`Self::resume_refresh`]; others make no fetch meanwhile.
    pub fn begin_refresh(&mut self, now: UnixTime) -> Option<(Need, Refresh)> {
        let issuer = self.refresh_due.take()?;
        if self.caches.get(issuer)?.lookup(now) != Lookup::UseAndRefresh {
            return None;
        }
        let (need, fetch) = self.begin_fetch(Purpose::Refresh, nobodys(issuer), now).ok()?;
        Some((need, Refresh { issuer, fetch }))
    }

    /// Goes on with a refresh, given what it needed, or `None` where that could not be had. `None` where it has ended: the set is refreshed, or
    /// the endpoint is left alone for a while and the old set serves for the rest of its time.
    pub fn resume_refresh(&mut self, refresh: Refresh, answer: Option<&str>, now: UnixTime) -> Option<(Need, Refresh)> {
        let Refresh { issuer, fetch } = refresh;
        match self.go_on_fetching(fetch, nobodys(issuer), answer, now).ok()? {
            Fetched::Need(need, fetch) => Some((need, Refresh { issuer, fetch })),
            Fetched::Found(_) => {
                self.caches.get_mut(issuer)?.fetch_ended();
                None
            }
            Fetched::Shared(_) | Fetched::Stored | Fetched::Failed => None,
        }
    }
}

impl Gate {
    /// Whether a key set should be refreshed beside the requests: see [`TokenValidator::is_refresh_due`].
    pub const fn is_refresh_due(&self) -> bool {
        self.validator.is_refresh_due()
    }

    /// Begins it: see [`TokenValidator::begin_refresh`].
    pub fn begin_refresh(&mut self, now: UnixTime) -> Option<(Need, Refresh)> {
        self.validator.begin_refresh(now)
    }

    /// Goes on with it: see [`TokenValidator::resume_refresh`].
    pub fn resume_refresh(&mut self, refresh: Refresh, answer: Option<&str>, now: UnixTime) -> Option<(Need, Refresh)> {
        self.validator.resume_refresh(refresh, answer, now)
    }
}

/// An issuer of whom no token is judged.
const fn nobodys(issuer: usize) -> Candidate<'static> {
    Candidate { text: "", issuer, beside: 0 }
}
