//! Tokens for the origin in memory: how long each serves, when the gate's own is asked for anew, and what holds where none can be had.
//!
//! An exchanged token is known by a digest of the client's token, whose text is not kept, and ends with it. Refusals have room of their own.

use alloc::{format, sync::Arc};

use sha2::{Digest, Sha256};

use super::{
    Subject,
    answer::TokenAnswer,
    policy::{GrantType, TokenRequest},
};
use crate::{
    error::{Error, whole_seconds},
    limits,
    resource_server::{
        back_off::BackOff,
        short_memory::{Key, Memory},
    },
    time::UnixTime,
};

/// A token for the origin. It can't be printed.
#[derive(Clone)]
pub(crate) struct UpstreamToken {
    /// The value of the `Authorization` header.
    pub(crate) authorization: Arc<str>,
    /// No other token that the gate has got had the same.
    pub(crate) serial: u64,
    /// When it expires, where the server said.
    pub(crate) expires_at: Option<UnixTime>,
}

/// What is known of the token for a request.
pub(crate) enum Found {
    /// This one serves.
    Serves(UpstreamToken),
    /// There is none, and asking again has to wait.
    Refused(Error),
    /// Another request has asked and has no answer yet.
    Awaited,
    /// It has to be asked for.
    None,
}

/// The tokens of a gate.
pub(crate) struct UpstreamTokens {
    pub(crate) request: TokenRequest,
    good: Memory<Kept>,
    refused: Memory<Error>,
    awaited: Memory<()>,
    /// Of the way to a token of the gate's own; where tokens are exchanged, of metadata alone, for one client's token may fail where another's
    /// does not.
    pub(super) back_off: BackOff,
    refresh_due: bool,
    /// Of the token got last.
    serial: u64,
}

#[derive(Clone)]
struct Kept {
    token: UpstreamToken,
    /// How old it is when the next one is asked for, in seconds; `None` where nobody does ahead of its time.
    refresh_after: Option<u64>,
    /// Whether the origin has taken it for a bad one.
    is_rejected: bool,
}

impl UpstreamTokens {
    pub(crate) fn new(request: TokenRequest) -> Self {
        let most = match request.grant_type {
            GrantType::ClientCredentials => 1,
            GrantType::TokenExchange => limits::EXCHANGED_TOKENS,
        };
        let (good, refused, awaited) = (Memory::new(most), Memory::new(most), Memory::new(most));
        Self { request, good, refused, awaited, back_off: BackOff::new(), refresh_due: false, serial: 0 }
    }

    /// By what the token for a request is known.
    pub(super) fn key_of(&self, subject: &str) -> Key {
        match self.request.grant_type {
            GrantType::ClientCredentials => Key::default(),
            GrantType::TokenExchange => Sha256::digest(subject).into(),
        }
    }

    /// What is known at `now`.
    pub(crate) fn find(&mut self, key: &Key, now: UnixTime) -> Found {
        let kept = self.good.find(key, now);
        let age = self.good.since(key).map_or(0, |since| now.since(since).as_secs());
        // Only that old, so that neither an origin that takes no token nor a caller who brings it to that has one asked for all the time.
        let is_over = |kept: &Kept| kept.is_rejected && age >= limits::UPSTREAM_TOKEN_REPLACEMENT_SECONDS;
        if let Some(kept) = kept.as_ref().filter(|kept| !is_over(kept)) {
            if kept.refresh_after.is_some_and(|seconds| age >= seconds) {
                self.refresh_due |= self.may_ask(key, now);
            }
            return Found::Serves(kept.token.clone());
        }
        match (kept, self.refused.find(key, now), self.awaited.find(key, now)) {
            // One that the origin has refused, and maybe wrongly, before none at all; and who asks for another has to wait for it, and nobody
            // else.
            (Some(kept), Some(_), _) | (Some(kept), None, Some(())) => Found::Serves(kept.token),
            (None, Some(error), _) => {
                Found::Refused(after_seconds(error, self.refused.seconds_left(key, now).unwrap_or_default()))
            }
            (None, None, Some(())) => Found::Awaited,
            (_, None, None) => Found::None,
        }
    }

    fn may_ask(&mut self, key: &Key, now: UnixTime) -> bool {
        self.refused.find(key, now).is_none() && self.awaited.find(key, now).is_none()
    }

    /// Whether the gate's own token should be asked for anew beside the requests.
    pub(in crate::resource_server) const fn is_refresh_due(&self) -> bool {
        self.refresh_due
    }

    /// That somebody begins to; `None` where somebody else has meanwhile.
    pub(crate) fn take_refresh(&mut self, now: UnixTime) -> Option<()> {
        let was_due = core::mem::take(&mut self.refresh_due);
        (was_due && self.may_ask(&Key::default(), now)).then_some(())
    }

    /// Notes that the server is asked: others wait for its answer.
    pub(crate) fn asked(&mut self, key: Key, now: UnixTime) {
        self.awaited.insert(key, (), now, limits::FETCH_UNDER_WAY_SECONDS);
    }

    /// Notes that somebody waits no longer for whoever asked, unless that was only just.
    pub(crate) fn given_up(&mut self, key: &Key, now: UnixTime) {
        if self.awaited.since(key).is_some_and(|since| now.since(since).as_secs() >= limits::LATE_FETCH_SECONDS) {
            self.awaited.remove(key);
        }
    }

    /// Notes that the origin has taken a token for a bad one.
    pub(crate) fn rejected(&mut self, serial: u64) {
        for kept in self.good.values_mut().filter(|kept| kept.token.serial == serial) {
            kept.is_rejected = true;
        }
    }

    /// Takes the server's answer to what it was asked at `asked_at`, and gives the token that serves now.
    ///
    /// # Errors
    /// Those of [`TokenAnswer::read`], where there is no token that still serves.
    pub(crate) fn answered(
        &mut self,
        subject: Subject<'_>,
        answer: Option<&str>,
        asked_at: UnixTime,
        now: UnixTime,
    ) -> Result<UpstreamToken, Error> {
        let answer = answer.map(|answer| TokenAnswer::read(answer, &self.request));
        self.concluded(subject, answer, asked_at, now)
    }

    /// The same of an answer that was read, or of a reason why the server could not be asked.
    ///
    /// # Errors
    /// Those of the answer, where there is no token that still serves.
    pub(crate) fn concluded(
        &mut self,
        subject: Subject<'_>,
        answer: Option<Result<TokenAnswer, Error>>,
        asked_at: UnixTime,
        now: UnixTime,
    ) -> Result<UpstreamToken, Error> {
        let key = self.key_of(subject.token);
        let is_late = now.since(asked_at).as_secs() > limits::FETCH_UNDER_WAY_SECONDS;
        let is_overtaken = self.good.since(&key).is_some_and(|since| since > asked_at);
        // Who comes that late with nothing was given up, and a newer token is not given for an older one.
        if (answer.is_none() && is_late) || is_overtaken {
            return self.good.find(&key, now).map(|kept| kept.token).ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE);
        }
        self.awaited.remove(&key);
        match answer.unwrap_or(Err(Error::UPSTREAM_TOKEN_UNAVAILABLE)) {
            Ok(answer) => {
                self.refused.remove(&key);
                self.back_off.succeeded();
                Ok(self.keep(key, &answer, subject.expires_at, asked_at))
            }
            Err(error) => {
                let seconds = self.failed(&error, now);
                let error = after_seconds(error, seconds);
                self.refused.insert(key, error.clone(), now, seconds);
                // What the server says of the client's token ends what it gave for it.
                if matches!(error, Error::SubjectTokenInvalid | Error::SubjectTokenRefused { .. }) {
                    self.good.remove(&key);
                }
                self.good.find(&key, now).map(|kept| kept.token).ok_or(error)
            }
        }
    }

    /// Notes a failure, and says for how many seconds nothing is asked after it.
    fn failed(&mut self, error: &Error, now: UnixTime) -> u64 {
        match (self.request.grant_type, error) {
            (GrantType::ClientCredentials, _) => {
                self.back_off.failed(now);
                self.back_off.seconds_left(now).unwrap_or(limits::FETCH_BACKOFF_SECONDS)
            }
            (GrantType::TokenExchange, Error::SubjectTokenInvalid | Error::SubjectTokenRefused { .. }) => {
                limits::SUBJECT_TOKEN_REFUSAL_SECONDS
            }
            (GrantType::TokenExchange, _) => limits::FETCH_BACKOFF_SECONDS,
        }
    }

    /// Keeps a token as long as it serves: until it expires, less a margin, and no longer than the client's own.
    fn keep(
        &mut self,
        key: Key,
        answer: &TokenAnswer,
        subject_expires_at: Option<UnixTime>,
        asked_at: UnixTime,
    ) -> UpstreamToken {
        // At a million tokens a second it would take half a million years to come round.
        self.serial = self.serial.wrapping_add(1);
        let authorization = format!("{} {}", self.request.token_type, answer.access_token).into();
        let expires_at = answer.expires_in.map(|seconds| asked_at.plus(seconds));
        let token = UpstreamToken { authorization, serial: self.serial, expires_at };
        let seconds = answer.expires_in.map_or(limits::UPSTREAM_TOKEN_UNSTATED_SECONDS, |seconds| {
            let margin = limits::UPSTREAM_TOKEN_MARGIN_SECONDS.min(seconds.div_euclid(2));
            seconds.saturating_sub(margin).min(limits::MAX_UPSTREAM_TOKEN_SECONDS)
        });
        let (seconds, refresh_after) = match self.request.grant_type {
            // No sooner than after a second, however short they live.
            GrantType::ClientCredentials => (seconds, Some(seconds.saturating_mul(4).div_euclid(5).max(1))),
            GrantType::TokenExchange => {
                let left = subject_expires_at.map_or(u64::MAX, |expires_at| expires_at.since(asked_at).as_secs());
                (seconds.min(left), None)
            }
        };
        self.good.insert(key, Kept { token: token.clone(), refresh_after, is_rejected: false }, asked_at, seconds);
        token
    }
}

/// The same, to be asked about again after so many seconds.
fn after_seconds(error: Error, retry_after_seconds: u64) -> Error {
    match error {
        Error::UpstreamTokenUnavailable { .. } => Error::UpstreamTokenUnavailable { retry_after_seconds },
        Error::UpstreamTokenInvalid { parameter, .. } => {
            Error::UpstreamTokenInvalid { parameter, retry_after_seconds: whole_seconds(retry_after_seconds) }
        }
        Error::UpstreamTokenRefused { error, .. } => {
            Error::UpstreamTokenRefused { error, retry_after_seconds: whole_seconds(retry_after_seconds) }
        }
        other => other,
    }
}
