//! A gate's copy of the deny list: how old it may be, who reads the next one, and what holds where it can't be read.

use super::{RevocationPolicy, list::DenyList};
use crate::{
    error::Error,
    jwt::ValidatedToken,
    limits,
    resource_server::moments::{is_within, seconds_left},
    time::UnixTime,
};

/// A copy, and what is known of the next one.
#[derive(Debug)]
pub(in crate::resource_server) struct Revocation {
    pub(super) policy: RevocationPolicy,
    /// The list, and when it was asked for: what was written since, it does not have.
    copy: Option<(DenyList, UnixTime)>,
    /// When some request asked for the next one, as long as there is no answer.
    asked_at: Option<UnixTime>,
    /// When it last could not be read.
    failed_at: Option<UnixTime>,
    /// When this gate itself has written to the list.
    written_at: Option<UnixTime>,
    /// Whether a request was decided by a copy that is about to be due.
    refresh_due: bool,
}

/// What can be done with the copy there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It decides.
    Serves,
    /// Another request has asked for the next one.
    Awaited,
    /// It has to be asked for.
    Ask,
    /// It can't be read, and what there is is too old.
    Unavailable { retry_after_seconds: u64 },
}

impl Revocation {
    pub(in crate::resource_server) const fn new(policy: RevocationPolicy) -> Self {
        Self { policy, copy: None, asked_at: None, failed_at: None, written_at: None, refresh_due: false }
    }

    /// Where the copy stands for a request at `now`.
    pub(super) fn standing(&mut self, now: UnixTime) -> Standing {
        let is_awaited = self.asked_at.is_some_and(|at| is_within(at, limits::DENY_LIST_UNDER_WAY_SECONDS, now));
        let fresh = self.policy.refresh_seconds;
        if self.written_at.is_none() && self.is_younger_than(fresh, now) {
            // Early enough that nobody has to wait, and not at every second request of a list that is refreshed each second.
            let is_due_soon = !self.is_younger_than(fresh.div_ceil(2).max(1), now);
            self.refresh_due |= is_due_soon && !is_awaited && self.back_off(now).is_none();
            return Standing::Serves;
        }
        // While the list can't be read, only who tries again waits.
        let serves = self.failed_at.is_some()
            && self.is_younger_than(fresh.saturating_add(self.policy.stale_if_error_seconds), now);
        match (is_awaited, self.back_off(now)) {
            (true, _) | (false, Some(_)) if serves => Standing::Serves,
            (true, _) => Standing::Awaited,
            (false, None) => Standing::Ask,
            (false, Some(retry_after_seconds)) => Standing::Unavailable { retry_after_seconds },
        }
    }

    /// Whether there is a copy that is so young. By a clock that was set back none is: nobody knows how old it is.
    fn is_younger_than(&self, seconds: u64, now: UnixTime) -> bool {
        self.copy.as_ref().is_some_and(|(_, at)| *at <= now && now.since(*at).as_secs() < seconds)
    }

    fn back_off(&self, now: UnixTime) -> Option<u64> {
        seconds_left(self.failed_at?, limits::DENY_LIST_BACKOFF_SECONDS, now)
    }

    /// Notes that the list is being asked for.
    pub(super) const fn asked(&mut self, now: UnixTime) {
        self.asked_at = Some(now);
        self.refresh_due = false;
    }

    /// Takes the list that was asked for at `asked_at`, or notes that it could not be read; says whether it was.
    pub(super) fn answered(&mut self, answer: Option<&str>, asked_at: UnixTime, now: UnixTime) -> bool {
        if self.asked_at == Some(asked_at) {
            self.asked_at = None;
        }
        let Some(list) = answer.and_then(DenyList::parse) else {
            self.failed_at = Some(now);
            return false;
        };
        // A slower answer to an earlier question must not undo a later one.
        if self.copy.as_ref().is_none_or(|(_, at)| *at <= asked_at || *at > now) {
            self.copy = Some((list, asked_at));
        }
        self.failed_at = None;
        self.written_at = self.written_at.filter(|written| *written > asked_at);
        true
    }

    /// Notes that this gate has written to the list, which the copy does not have yet.
    pub(super) const fn written(&mut self, now: UnixTime) {
        self.written_at = Some(now);
        self.asked_at = None;
    }

    /// Whether the list should be read ahead of its time, beside the requests.
    pub(in crate::resource_server) const fn is_refresh_due(&self) -> bool {
        self.refresh_due
    }

    /// Holds a token of this issuer against the copy; `session` is what else is known to be its `sid`.
    ///
    /// # Errors
    /// `token_revoked`.
    pub(super) fn check(
        &self,
        token: &ValidatedToken,
        session: Option<&str>,
        issuer: &str,
        now: UnixTime,
    ) -> Result<(), Error> {
        match &self.copy {
            Some((list, _)) if !list.denies(token, session, issuer, now) => Ok(()),
            Some(_) => Err(Error::TokenRevoked),
            None => Err(Error::DenyListUnavailable { retry_after_seconds: limits::DENY_LIST_BACKOFF_SECONDS }),
        }
    }
}
