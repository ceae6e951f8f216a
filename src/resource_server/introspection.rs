//! The authorization server's own word about a token (RFC 7662): taken from what it has said a moment ago, awaited where another request has
//! asked, or asked for. What it says is read in `jwt/introspection.rs`.

use alloc::sync::Arc;

use super::{
    BearerToken, Gate, Ground, Need,
    client_authentication::{ClientAuthentication, Credentials},
    gate::Outcome,
    grant::Entitled,
    key_fetch::{next_moment, next_place},
    known_token::KnownToken,
    progress::{InFlight, Stage},
    route::Route,
    statements::Statement,
};
use crate::{
    error::Error,
    form::Form,
    http_url::HttpUrl,
    jwt::{self, ValidatedToken},
    limits,
    time::UnixTime,
};

impl Gate {
    /// An opaque token names no issuer: the one is asked that there is, or that the route takes tokens of. With several nobody may be asked,
    /// for a token is shown to nobody but who has made it.
    pub(super) fn issuer_of_opaque(&self, route: &Route) -> Result<usize, Error> {
        let only = if self.validator.issuers.len() == 1 { Some(0) } else { route.requirement.only_issuer() };
        only.ok_or(Error::TokenMalformed {
            reason: "it is opaque, and there are several issuers that could be asked; the route has to name one",
        })
    }

    /// Holds the server's word against the request; `entitled` is what the token has proved by itself.
    pub(super) fn introspect(
        &mut self,
        entitled: Option<Entitled>,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        match self.statements.find(request.candidate(), now) {
            Statement::Good(said) => {
                // It may have expired since.
                let rules = &self.validator.issuer(request.candidate())?.introspection_rules;
                jwt::check_times_again(&said, rules, now)?;
                self.entitled_by((entitled, Ground::IntrospectionKnown), said, request, now)
            }
            Statement::Refused(error) => Err(error),
            Statement::Awaited => Ok(moment(entitled, now, 0)),
            Statement::None => self.ask_introspection(entitled, request, now),
        }
    }

    /// Goes on when a moment has been waited for another request's answer.
    pub(super) fn introspect_after(
        &mut self,
        (entitled, since, waited): (Option<Entitled>, UnixTime, u32),
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS {
            self.statements.given_up(request.candidate(), now);
        }
        match self.statements.find(request.candidate(), now) {
            Statement::Awaited => Ok(moment(entitled, since, waited.saturating_mul(2))),
            _ => self.introspect(entitled, request, now),
        }
    }

    /// Asks the server, or first its metadata for the place where it is asked.
    fn ask_introspection(
        &mut self,
        entitled: Option<Entitled>,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let need = self.introspection_request(request, now);
        if need.is_err() {
            let cache = self.validator.caches.get(request.issuer).ok_or(Error::INTROSPECTION_UNAVAILABLE)?;
            if let Some(retry_after_seconds) = cache.seconds_to_introspection_metadata(now) {
                return Err(Error::IntrospectionUnavailable { retry_after_seconds });
            }
        }
        // An answer that is not kept is nobody's but his who asked, and nobody waits for it.
        if self.cache_seconds(request) > 0 {
            self.statements.asked(request.candidate(), now);
        }
        if let Ok(need) = need {
            return Ok(Outcome::need(need, Stage::Introspection(entitled, now)));
        }
        let (url, others) = self.validator.metadata_places(request.candidate())?;
        Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(entitled, others, now)))
    }

    /// Goes on with metadata on the way to the server, or without it.
    pub(super) fn introspection_metadata(
        &mut self,
        (entitled, others, asked_at): (Option<Entitled>, super::key_fetch::OtherPlaces, UnixTime),
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let taken = self.validator.take_metadata(request.candidate(), answer, asked_at)?;
        if let (false, Some((url, others))) = (taken, next_place(others)) {
            return Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(entitled, others, now)));
        }
        let need = self.introspection_request(request, now);
        let cache = self.validator.cache(request.candidate())?;
        if let Ok(need) = need {
            cache.introspection_back_off().succeeded();
            return Ok(Outcome::need(need, Stage::Introspection(entitled, now)));
        }
        cache.introspection_metadata_failed(asked_at, now);
        let retry_after_seconds = cache.seconds_to_introspection_metadata(now).unwrap_or_default();
        // Whoever waits for this one is told the same, while the metadata is left alone.
        self.statements.not_asked(request.candidate());
        Err(Error::IntrospectionUnavailable { retry_after_seconds })
    }

    /// Goes on with the server's answer to what it was asked at `asked_at`, or without one.
    pub(super) fn introspection_answered(
        &mut self,
        (entitled, asked_at): (Option<Entitled>, UnixTime),
        request: &InFlight,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let rules = &self.validator.issuer(request.candidate())?.introspection_rules;
        let said = answer.ok_or(Error::INTROSPECTION_UNAVAILABLE);
        let said = said.and_then(|text| jwt::read_introspection(text, rules, now)).and_then(|said| match &entitled {
            Some(entitled) if is_anothers(entitled, &said) => Err(Error::TokenInactive),
            _ => Ok(Arc::new(said)),
        });
        let cache_seconds = self.cache_seconds(request);
        self.statements.heard(request.candidate(), said.as_ref(), cache_seconds, asked_at, now);
        // The issuer itself has spoken against the token, so nobody is let through by an earlier word of its.
        if said.as_ref().is_err_and(|error| !matches!(error, Error::IntrospectionUnavailable { .. })) {
            self.validator.tokens.forget(request.token.expose());
        }
        self.entitled_by((entitled, Ground::TokenIntrospected), said?, request, now)
    }

    /// What the token has proved by itself within what the server has said, or what the server has said alone; then what it is bound to.
    fn entitled_by(
        &mut self,
        (entitled, ground): (Option<Entitled>, Ground),
        said: Arc<ValidatedToken>,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let (route, issuers) = (&request.route, &self.validator.issuers);
        // Without `iss` nothing would say which of the tenants has issued it.
        let is_of_tenants = issuers.get(request.issuer).is_some_and(|issuer| issuer.tenants.is_some());
        if is_of_tenants && entitled.is_none() && said.issuer().is_none() {
            return Err(Error::ClaimMissing { claim: "iss" });
        }
        let entitled = match entitled {
            Some(entitled) => entitled.limited_by(&said, route, issuers, now)?,
            None => Entitled::new((KnownToken::unkept(request.issuer, said), ground), route, issuers, now)?,
        };
        self.hold_against_deny_list(entitled.introspected(ground), request, now)
    }

    /// How long a good word of the server serves, in seconds.
    fn cache_seconds(&self, request: &InFlight) -> u64 {
        let client = self.validator.issuers.get(request.issuer).and_then(|issuer| issuer.introspection.as_ref());
        client.map_or(0, |client| client.cache_seconds)
    }

    fn introspection_request(&self, request: &InFlight, now: UnixTime) -> Result<Need, Error> {
        let need = || {
            let client = self.validator.issuer(request.candidate()).ok()?.introspection.as_ref()?;
            let cache = self.validator.caches.get(request.issuer)?;
            let endpoint = cache.introspection_endpoint(client.introspection_endpoint.as_ref(), now)?;
            let (_, secret) = self.secrets.iter().find(|(name, _)| name == client.client.secret_binding())?;
            let issuer = &self.validator.issuer(request.candidate()).ok()?.issuer;
            introspection_request(&endpoint, (&client.client, secret, issuer), &request.token, now)
        };
        need().ok_or(Error::INTROSPECTION_UNAVAILABLE)
    }
}

/// A moment to wait for another request's answer.
fn moment(entitled: Option<Entitled>, since: UnixTime, milliseconds: u32) -> Outcome {
    let milliseconds = next_moment(milliseconds);
    Outcome::need(Need::Moment { milliseconds }, Stage::IntrospectionMoment(entitled, since, milliseconds))
}

/// Whether introspection speaks of another token than the one it was asked about.
fn is_anothers(entitled: &Entitled, introspected: &ValidatedToken) -> bool {
    let (own, said) = (entitled.token(), introspected);
    let differs = |said: Option<&str>, own: Option<&str>| said.is_some() && said != own;
    differs(said.issuer(), own.issuer())
        || differs(said.subject(), own.subject())
        || differs(said.client_id(), own.client_id())
        || differs(said.jti(), own.jti())
}

/// The request: the token in a form body (RFC 7662 section 2.1), and who asks.
fn introspection_request(
    endpoint: &HttpUrl,
    (client, secret, issuer): (&ClientAuthentication, &str, &str),
    token: &BearerToken<'_>,
    now: UnixTime,
) -> Option<Need> {
    let mut form = Form::default();
    form.append_pair("token", token.expose()).append_pair("token_type_hint", "access_token");
    let Credentials { authorization, client_assertion } = client.authenticate(secret, issuer, &mut form, now)?;
    Some(Need::Introspection { url: endpoint.as_str().into(), authorization, body: form.finish(), client_assertion })
}
