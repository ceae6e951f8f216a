//! A key set refreshed ahead of its time, while all go on with the one that is there: no request waits for it, so it is fetched beside them.

use super::{
    Gate, Need, TokenValidator,
    key_fetch::{Fetched, KeyFetch, Purpose},
    key_lookup::Lookup,
    revocation::Revocation,
    token_validator::Candidate,
    upstream_token::{TokenWait, UpstreamTokens},
};
use crate::time::UnixTime;

/// A refresh under way, to be handed back with the answer to its [`Need`].
#[derive(Debug)]
pub struct Refresh(Refreshed);

/// What is refreshed.
#[derive(Debug)]
enum Refreshed {
    /// The key set of the issuer at this place in the policy.
    KeySet(usize, KeyFetch),
    /// The deny list, and when it was asked for.
    DenyList(UnixTime),
    /// The gate's own token for the origin.
    UpstreamToken(TokenWait),
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
        Some((need, Refresh(Refreshed::KeySet(issuer, fetch))))
    }

    /// Goes on with a refresh, given what it needed, or `None` where that could not be had. `None` where it has ended: the set is refreshed, or
    /// the endpoint is left alone for a while and the old set serves for the rest of its time.
    pub fn resume_refresh(&mut self, refresh: Refresh, answer: Option<&str>, now: UnixTime) -> Option<(Need, Refresh)> {
        let Refresh(Refreshed::KeySet(issuer, fetch)) = refresh else {
            return None;
        };
        match self.go_on_fetching(fetch, nobodys(issuer), answer, now).ok()? {
            Fetched::Need(need, fetch) => Some((need, Refresh(Refreshed::KeySet(issuer, fetch)))),
            Fetched::Found(_) => {
                self.caches.get_mut(issuer)?.fetch_ended();
                None
            }
            Fetched::Shared(_) | Fetched::Stored | Fetched::Failed => None,
        }
    }
}

impl Gate {
    /// Whether a key set, the deny list or the token for the origin should be refreshed beside the requests: see
    /// [`TokenValidator::is_refresh_due`].
    pub fn is_refresh_due(&self) -> bool {
        self.validator.is_refresh_due()
            || self.revocation.as_ref().is_some_and(Revocation::is_refresh_due)
            || self.upstream_tokens.as_ref().is_some_and(UpstreamTokens::is_refresh_due)
    }

    /// Begins it, the deny list first: see [`TokenValidator::begin_refresh`].
    pub fn begin_refresh(&mut self, now: UnixTime) -> Option<(Need, Refresh)> {
        if let Some(need) = self.begin_deny_list_refresh(now) {
            return Some((need, Refresh(Refreshed::DenyList(now))));
        }
        match self.begin_token_refresh(now) {
            Some((need, wait)) => Some((need, Refresh(Refreshed::UpstreamToken(wait)))),
            None => self.validator.begin_refresh(now),
        }
    }

    /// Goes on with it: see [`TokenValidator::resume_refresh`].
    pub fn resume_refresh(&mut self, refresh: Refresh, answer: Option<&str>, now: UnixTime) -> Option<(Need, Refresh)> {
        match refresh {
            Refresh(Refreshed::DenyList(asked_at)) => {
                self.resume_deny_list_refresh(answer, asked_at, now);
                None
            }
            Refresh(Refreshed::UpstreamToken(wait)) => {
                let (need, wait) = self.resume_token_refresh(wait, answer, now)?;
                Some((need, Refresh(Refreshed::UpstreamToken(wait))))
            }
            Refresh(Refreshed::KeySet(..)) => self.validator.resume_refresh(refresh, answer, now),
        }
    }
}

/// An issuer of whom no token is judged.
pub(super) const fn nobodys(issuer: usize) -> Candidate<'static> {
    Candidate { text: "", issuer, beside: 0 }
}
