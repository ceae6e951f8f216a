//! What a route asks beyond the token itself: its scopes, and the issuer's own word by introspection.

use super::{
    Gate, Grant,
    gate::Outcome,
    introspection,
    key_fetch::next_place,
    known_token::KnownToken,
    progress::{InFlight, Need, Stage},
    token_validator::{Candidate, Step},
};
use crate::{
    error::Error,
    jwt::{self, ValidatedToken},
    time::UnixTime,
};

impl Gate {
    /// Goes on from a stage with what it waited for.
    pub(super) fn advance(
        &mut self,
        stage: Stage,
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        match stage {
            Stage::Token(wait) => {
                let step = self.validator.go_on(wait, request.candidate(), answer, now)?;
                self.judged(step, request, now)
            }
            Stage::IntrospectionMetadata(grant, others) => {
                let taken = self.validator.take_metadata(request.candidate(), answer, now)?;
                if let (false, Some((url, others))) = (taken, next_place(others)) {
                    return Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(grant, others)));
                }
                let need = self.introspection_request(request, now);
                if need.is_err() {
                    self.validator.cache(request.candidate())?.introspection_metadata_failed(now);
                }
                Ok(Outcome::need(need?, Stage::Introspection(grant)))
            }
            Stage::Introspection(grant) => {
                let text = answer.ok_or(Error::IntrospectionUnavailable)?;
                let rules = &self.validator.issuer(request.candidate())?.introspection_rules;
                let said = jwt::read_introspection(text, rules, now);
                let said = said.and_then(|token| match &grant {
                    Some(grant) if is_anothers(grant, &token) => Err(Error::TokenInactive),
                    _ => Ok(token),
                });
                // The issuer itself has spoken against the token, so nobody is let through by an earlier word of its.
                if said.as_ref().is_err_and(|error| *error != Error::IntrospectionUnavailable) {
                    self.validator.tokens.forget(request.token.expose());
                }
                let token = said?;
                let grant = match grant {
                    Some(grant) => grant.limited_by(&token, &request.route)?,
                    None => Grant::new(KnownToken::unkept(request.issuer, token), &request.route)?,
                };
                Ok(Outcome::Granted(grant))
            }
        }
    }

    /// Goes on from what the token itself has come to.
    pub(super) fn judged(&self, step: Step, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        match step {
            Step::Need(need, wait) => Ok(Outcome::need(need, Stage::Token(wait))),
            Step::Valid(known) => self.grant(known, request, now),
        }
    }

    /// Asks introspection about the request's token; `grant` is what the token has proved by itself.
    pub(super) fn ask_introspection(
        &self,
        grant: Option<Grant>,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        if let Ok(need) = self.introspection_request(request, now) {
            return Ok(Outcome::need(need, Stage::Introspection(grant)));
        }
        let cache = self.validator.caches.get(request.issuer);
        if cache.is_none_or(|cache| cache.is_introspection_backing_off(now)) {
            return Err(Error::IntrospectionUnavailable);
        }
        let (url, others) = self.validator.metadata_places(request.candidate())?;
        Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(grant, others)))
    }

    /// The route's scopes, then introspection where the route asks it.
    fn grant(&self, known: KnownToken, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let grant = Grant::new(known, &request.route)?;
        if request.route.introspection {
            self.ask_introspection(Some(grant), request, now)
        } else {
            Ok(Outcome::Granted(grant))
        }
    }

    fn introspection_request(&self, request: &InFlight, now: UnixTime) -> Result<Need, Error> {
        let need = || {
            let client = self.validator.issuer(request.candidate()).ok()?.introspection.as_ref()?;
            let cache = self.validator.caches.get(request.issuer)?;
            let endpoint = cache.introspection_endpoint(client.introspection_endpoint.as_ref(), now)?;
            let (_, secret) = self.secrets.iter().find(|(name, _)| *name == client.client_secret_binding)?;
            Some(introspection::request(&endpoint, client, secret, &request.token))
        };
        need().ok_or(Error::IntrospectionUnavailable)
    }
}

impl InFlight {
    /// Its token, as the validator takes it.
    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { text: self.token.expose(), issuer: self.issuer }
    }
}

/// Whether introspection speaks of another token than the one it was asked about.
fn is_anothers(grant: &Grant, introspected: &ValidatedToken) -> bool {
    let (own, said) = (grant.token(), introspected);
    let differs = |said: Option<&str>, own: Option<&str>| said.is_some() && said != own;
    differs(said.subject(), own.subject())
        || differs(said.client_id(), own.client_id())
        || differs(said.jti(), own.jti())
}
