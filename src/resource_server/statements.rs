//! What authorization servers have said of tokens a short time ago (RFC 7662 section 4), and about which tokens they are being asked.
//!
//! A statement is known by a digest of the server's place in the policy and the whole token, so no token has another's, and no server's word
//! counts for another server. The text of the token is not kept. Good statements and refusals have room of their own: whoever sends many bad
//! tokens drives out nothing but other refusals.

use alloc::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{
    short_memory::{Key, Memory},
    token_cache::weight,
    token_validator::Candidate,
};
use crate::{error::Error, jwt::ValidatedToken, limits, time::UnixTime};

/// What is known of a token.
pub(super) enum Statement {
    /// The server has said this of it.
    Good(Arc<ValidatedToken>),
    /// It was refused, or nothing was said.
    Refused(Error),
    /// Another request has asked and has no answer yet.
    Awaited,
    /// Nothing: the server has to be asked.
    None,
}

/// The statements of every issuer of a policy.
pub(super) struct Statements {
    good: Memory<Arc<ValidatedToken>>,
    refused: Memory<Error>,
    awaited: Memory<()>,
}

impl Statements {
    pub(super) const fn new() -> Self {
        let most = limits::INTROSPECTION_STATEMENTS;
        Self { good: Memory::new(most), refused: Memory::new(most), awaited: Memory::new(most) }
    }

    /// What is known at `now`. What a good statement says of times is not looked at here.
    pub(super) fn find(&mut self, token: Candidate<'_>, now: UnixTime) -> Statement {
        let key = key_of(token);
        if let Some(said) = self.good.find(&key, now) {
            return Statement::Good(said);
        }
        if let Some(error) = self.refused.find(&key, now) {
            return Statement::Refused(error);
        }
        if self.awaited.find(&key, now).is_some() { Statement::Awaited } else { Statement::None }
    }

    /// Notes that the server is asked: others wait for its answer.
    pub(super) fn asked(&mut self, token: Candidate<'_>, now: UnixTime) {
        self.awaited.insert(key_of(token), (), now, limits::FETCH_UNDER_WAY_SECONDS);
    }

    /// Notes that somebody waits no longer for whoever asked, unless that was only just.
    pub(super) fn given_up(&mut self, token: Candidate<'_>, now: UnixTime) {
        let key = key_of(token);
        if self.awaited.since(&key).is_some_and(|since| now.since(since).as_secs() >= limits::LATE_FETCH_SECONDS) {
            self.awaited.remove(&key);
        }
    }

    /// Notes that there is nobody any more who asks.
    pub(super) fn not_asked(&mut self, token: Candidate<'_>) {
        self.awaited.remove(&key_of(token));
    }

    /// Keeps what the server has answered at `now` to what it was asked at `asked_at`, a good word for so many seconds: a statement is as old
    /// as its question.
    pub(super) fn heard(
        &mut self,
        token: Candidate<'_>,
        said: Result<&Arc<ValidatedToken>, &Error>,
        cache_seconds: u64,
        asked_at: UnixTime,
        now: UnixTime,
    ) {
        let key = key_of(token);
        let is_late = now.since(asked_at).as_secs() > limits::FETCH_UNDER_WAY_SECONDS;
        if is_late && matches!(said, Err(Error::IntrospectionUnavailable { .. })) {
            // Nobody waits for it any more, and it says nothing of the server as it is now.
            return;
        }
        self.awaited.remove(&key);
        match said {
            // What was asked about later and refused since stays refused.
            Ok(_) if self.refused.since(&key).is_some_and(|since| since > asked_at) => {}
            Ok(said) => {
                self.refused.remove(&key);
                if cache_seconds > 0 && weight::of_entry("", said) <= limits::MAX_STATEMENT_BYTES {
                    self.good.insert(key, said.clone(), asked_at, cache_seconds);
                }
            }
            // Then nothing was said, and nothing taken back.
            Err(Error::IntrospectionUnavailable { .. }) => {
                let seconds = limits::INTROSPECTION_SILENCE_SECONDS;
                let unavailable = Error::IntrospectionUnavailable { retry_after_seconds: seconds };
                self.refused.insert(key, unavailable, now, seconds);
            }
            Err(error) => {
                self.good.remove(&key);
                self.refused.insert(key, error.clone(), asked_at, limits::INTROSPECTION_REFUSAL_SECONDS);
            }
        }
    }
}

fn key_of(token: Candidate<'_>) -> Key {
    // A number of fixed length before the text, so that no two pairs are written the same.
    Sha256::new().chain_update(token.issuer.to_le_bytes()).chain_update(token.text).finalize().into()
}
