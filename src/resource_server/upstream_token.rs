//! The token that the gate sends to the origin in place of the client's: its own (client credentials, RFC 6749 section 4.4), or one that it gets
//! for the client's (token exchange, RFC 8693).
//!
//! It is asked for last, once the client's token has been granted, so a request that is refused never costs the authorization server a
//! question. One request asks, the others wait for it; a token of the gate's own that is about to expire is asked for anew beside the requests.

mod answer;
mod cache;
mod policy;
mod request;

pub(crate) use self::{
    cache::{Found, UpstreamToken, UpstreamTokens},
    policy::{GrantType, TokenRequest, read_all_targets, read_scope},
    request::token_request,
};
use super::{
    Gate, Grant, Need,
    gate::Outcome,
    key_fetch::{OtherPlaces, next_moment, next_place},
    progress::{InFlight, Stage},
    refresh::nobodys,
};
use crate::{error::Error, limits, time::UnixTime};

/// What a request, or a refresh beside the requests, waits for on the way to a token.
#[derive(Debug)]
pub(super) enum TokenWait {
    /// The authorization server's metadata, or other places of it.
    Metadata(OtherPlaces),
    /// The token endpoint's answer to what was asked at that moment.
    Answer(UnixTime),
    /// What another request has asked for, since when, and looked for again after so many milliseconds.
    Moment(UnixTime, u32),
}

/// Whom a token is asked for: the client's token where one is exchanged. Of a token of the gate's own it says nothing.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    token: &'a str,
    expires_at: Option<UnixTime>,
}

impl Subject<'_> {
    /// For a token of the gate's own that no request waits for.
    pub(crate) const NOBODY: Self = Self { token: "", expires_at: None };
}

/// How far somebody has come on the way to a token.
enum Step {
    Need(Need, TokenWait),
    Token(UpstreamToken),
}

impl Gate {
    /// The token for the origin, where nothing has to be asked for it; `None` where the policy sends none.
    ///
    /// # Errors
    /// Where one has to be had first.
    pub(super) fn upstream_token_at_hand(&mut self, subject: &str, now: UnixTime) -> Result<Option<UpstreamToken>, ()> {
        let Some(tokens) = &mut self.upstream_tokens else {
            return Ok(None);
        };
        match tokens.find(&tokens.key_of(subject), now) {
            Found::Serves(token) => Ok(Some(token)),
            Found::Refused(_) | Found::Awaited | Found::None => Err(()),
        }
    }

    /// Gives a request that may pass the token that the origin is to get.
    pub(super) fn equip(&mut self, grant: Grant, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        self.equip_after((grant, now, 0), request, now)
    }

    /// Goes on with what a request has waited for.
    pub(super) fn equipped(
        &mut self,
        (grant, wait): (Grant, TokenWait),
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        if let TokenWait::Moment(since, waited) = wait {
            return self.equip_after((grant, since, waited.saturating_mul(2)), request, now);
        }
        let step = self.go_on_to_token(wait, subject_of(&grant, request), answer, now)?;
        Ok(outcome(grant, step))
    }

    fn equip_after(
        &mut self,
        (grant, since, waited): (Grant, UnixTime, u32),
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let subject = subject_of(&grant, request);
        let Some(tokens) = &mut self.upstream_tokens else {
            return Ok(Outcome::Equipped(grant, None));
        };
        let key = tokens.key_of(subject.token);
        if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS {
            tokens.given_up(&key, now);
        }
        match tokens.find(&key, now) {
            Found::Serves(token) => Ok(Outcome::Equipped(grant, Some(token))),
            Found::Refused(error) => Err(error),
            Found::Awaited => {
                let milliseconds = next_moment(waited);
                let stage = Stage::UpstreamToken(grant, TokenWait::Moment(since, milliseconds));
                Ok(Outcome::need(Need::Moment { milliseconds }, stage))
            }
            Found::None => {
                let (need, wait) = self.ask_for_token(subject, now)?;
                Ok(outcome(grant, Step::Need(need, wait)))
            }
        }
    }

    /// Begins to ask for a new token of the gate's own ahead of its time. `None` where there is no need any more.
    pub(super) fn begin_token_refresh(&mut self, now: UnixTime) -> Option<(Need, TokenWait)> {
        self.upstream_tokens.as_mut()?.take_refresh(now)?;
        self.ask_for_token(Subject::NOBODY, now).ok()
    }

    /// Goes on with it.
    pub(super) fn resume_token_refresh(
        &mut self,
        wait: TokenWait,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Option<(Need, TokenWait)> {
        match self.go_on_to_token(wait, Subject::NOBODY, answer, now) {
            Ok(Step::Need(need, wait)) => Some((need, wait)),
            Ok(Step::Token(_)) | Err(_) => None,
        }
    }

    /// Notes that the origin has answered 401 to a request with this token: once it is old enough for that not to be done all the time, the
    /// next request gets another.
    pub fn upstream_token_rejected(&mut self, serial: u64) {
        if let Some(tokens) = &mut self.upstream_tokens {
            tokens.rejected(serial);
        }
    }

    /// Asks the token endpoint, or first for the metadata that says where it is. Others wait from now on.
    fn ask_for_token(&mut self, subject: Subject<'_>, now: UnixTime) -> Result<(Need, TokenWait), Error> {
        let asked = self.token_request(subject, now).map(|need| (need, TokenWait::Answer(now)));
        let asked = match asked {
            Some(asked) => Some(asked),
            None => self.ask_for_token_metadata(now)?,
        };
        let tokens = self.upstream_tokens.as_mut().ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE)?;
        tokens.asked(tokens.key_of(subject.token), now);
        asked.ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE)
    }

    fn ask_for_token_metadata(&self, now: UnixTime) -> Result<Option<(Need, TokenWait)>, Error> {
        let Some((tokens, issuer)) = self.token_issuer() else {
            return Ok(None);
        };
        if let Some(retry_after_seconds) = tokens.back_off.seconds_left(now) {
            return Err(Error::UpstreamTokenUnavailable { retry_after_seconds });
        }
        let (url, others) = self.validator.metadata_places(nobodys(issuer))?;
        Ok(Some((Need::Metadata { url }, TokenWait::Metadata(others))))
    }

    fn go_on_to_token(
        &mut self,
        wait: TokenWait,
        subject: Subject<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let (answer, asked_at) = match wait {
            TokenWait::Metadata(others) => {
                let issuer = self.token_issuer().map(|(_, issuer)| issuer).ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE)?;
                let is_taken = self.validator.take_metadata(nobodys(issuer), answer, now)?;
                let next = match next_place(others).filter(|_| !is_taken) {
                    Some((url, others)) => Some((Need::Metadata { url }, TokenWait::Metadata(others))),
                    None => self.token_request(subject, now).map(|need| (need, TokenWait::Answer(now))),
                };
                if let (Some((need, wait)), Some(tokens)) = (next, &mut self.upstream_tokens) {
                    tokens.asked(tokens.key_of(subject.token), now);
                    return Ok(Step::Need(need, wait));
                }
                if let Some(tokens) = &mut self.upstream_tokens {
                    tokens.back_off.failed(now);
                }
                (None, now)
            }
            TokenWait::Answer(asked_at) => (answer, asked_at),
            TokenWait::Moment(..) => (None, now),
        };
        let tokens = self.upstream_tokens.as_mut().ok_or(Error::UPSTREAM_TOKEN_UNAVAILABLE)?;
        tokens.answered(subject, answer, asked_at, now).map(Step::Token)
    }

    /// The request to the token endpoint; `None` where it is not known where that is.
    fn token_request(&self, subject: Subject<'_>, now: UnixTime) -> Option<Need> {
        let request = &self.upstream_tokens.as_ref()?.request;
        let known = || self.validator.caches.get(request.issuer_place?)?.token_endpoint(now);
        let endpoint = request.token_endpoint.as_ref().or_else(known)?;
        let (_, secret) = self.secrets.iter().find(|(name, _)| name == request.client.secret_binding())?;
        token_request(request, endpoint, secret, subject.token, now)
    }

    /// The place of the issuer of the policy whose metadata names the token endpoint.
    fn token_issuer(&self) -> Option<(&UpstreamTokens, usize)> {
        let tokens = self.upstream_tokens.as_ref()?;
        Some((tokens, tokens.request.issuer_place?))
    }
}

fn subject_of<'a>(grant: &Grant, request: &'a InFlight) -> Subject<'a> {
    let expires_at = grant.token().expires_at().map(|date| UnixTime::from_seconds(date.as_seconds()));
    Subject { token: request.token.expose(), expires_at }
}

fn outcome(grant: Grant, step: Step) -> Outcome {
    match step {
        Step::Need(need, wait) => Outcome::need(need, Stage::UpstreamToken(grant, wait)),
        Step::Token(token) => Outcome::Equipped(grant, Some(token)),
    }
}
