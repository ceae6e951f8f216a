//! The stages that need something from outside: the issuer's keys, and the answer of introspection.

use alloc::{string::String, sync::Arc};

use super::{
    Gate, Grant,
    gate::Outcome,
    introspection,
    issuer::Issuer,
    key_cache::{Generation, KeyCache, Lookup},
    known_token::KnownToken,
    progress::{InFlight, Need, OtherPlaces, Stage},
};
use crate::{
    crypto::HostVerdict,
    error::Error,
    http_url::HttpUrl,
    jose::{Jwk, JwkSet, SignatureCheck, UntrustedJws, VerifiedJws, base64url},
    jwt::{self, ValidatedToken},
    metadata::AuthorizationServerMetadata,
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
            Stage::Metadata(jws, others) => {
                if let (false, Some((url, others))) = (self.take_metadata(request, answer, now)?, next_place(others)) {
                    return Ok(Outcome::need(Need::Metadata { url }, Stage::Metadata(jws, others)));
                }
                let url =
                    self.caches.get(request.issuer).and_then(|cache| cache.jwks_uri(self.issuer(request).ok()?, now));
                match url {
                    Some(url) => Ok(Outcome::need(Need::KeySet { url }, Stage::KeySet(jws, now))),
                    None => self.after_failed_fetch(jws, request, now),
                }
            }
            Stage::KeySet(jws, asked_at) => {
                let set = answer.and_then(|text| Some((text, JwkSet::parse(text.as_bytes(), &*self.engine).ok()?)));
                let stored = set.map(|(text, set)| self.cache(request)?.store_set(set, text, asked_at));
                if matches!(stored, Some(Ok(()))) {
                    let key = self.find_key(&jws, request)?;
                    self.judge(jws, key, request, now)
                } else {
                    self.after_failed_fetch(jws, request, now)
                }
            }
            Stage::Signature(jws, key, generation) => {
                let check = SignatureCheck::with_key(&jws, &key, &self.issuer(request)?.algorithms)?;
                let verified = check.conclude(HostVerdict::from_answer(answer), &*self.engine)?;
                self.take(&verified, generation, request, now)
            }
            Stage::IntrospectionMetadata(grant, others) => {
                if let (false, Some((url, others))) = (self.take_metadata(request, answer, now)?, next_place(others)) {
                    return Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(grant, others)));
                }
                let need = self.introspection_request(request, now);
                if need.is_err() {
                    self.cache(request)?.introspection_metadata_failed(now);
                }
                Ok(Outcome::need(need?, Stage::Introspection(grant)))
            }
            Stage::Introspection(grant) => {
                let text = answer.ok_or(Error::IntrospectionUnavailable)?;
                let said = jwt::read_introspection(text, &self.issuer(request)?.introspection_rules, now);
                let said = said.and_then(|token| match &grant {
                    Some(grant) if is_anothers(grant, &token) => Err(Error::TokenInactive),
                    _ => Ok(token),
                });
                // The issuer itself has spoken against the token, so nobody is let through by an earlier word of its.
                if said.as_ref().is_err_and(|error| *error != Error::IntrospectionUnavailable) {
                    self.tokens.forget(request.token.expose());
                }
                let token = said?;
                let grant = match grant {
                    Some(grant) => grant.limited_by(&token, &request.route)?,
                    None => Grant::new(Arc::new(token), &request.route)?,
                };
                Ok(Outcome::Granted(grant))
            }
        }
    }

    /// Judges a token with the keys in memory, or says that they have to be fetched.
    pub(super) fn with_keys(&mut self, jws: UntrustedJws, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        match self.cache(request)?.lookup(now) {
            Lookup::Unavailable => Err(Error::KeySetUnavailable),
            Lookup::Fetch => self.fetch_keys(jws, request, now),
            Lookup::Use => match self.find_key(&jws, request) {
                Ok(key) => self.judge(jws, key, request, now),
                Err(Error::KeyUnknown) if self.cache(request)?.may_fetch_for_unknown_key(now) => {
                    self.fetch_keys(jws, request, now)
                }
                Err(Error::KeyUnknown) if self.cache(request)?.is_backing_off(now) => Err(Error::KeySetUnavailable),
                Err(error) => Err(error),
            },
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
        if self.caches.get(request.issuer).is_none_or(|cache| cache.is_introspection_backing_off(now)) {
            return Err(Error::IntrospectionUnavailable);
        }
        let (url, others) = self.metadata_places(request)?;
        Ok(Outcome::need(Need::Metadata { url }, Stage::IntrospectionMetadata(grant, others)))
    }

    /// The key in memory that may have signed the token.
    fn find_key(&self, jws: &UntrustedJws, request: &InFlight) -> Result<Arc<Jwk>, Error> {
        let keys = self.caches.get(request.issuer).and_then(KeyCache::set).ok_or(Error::KeySetUnavailable)?;
        Ok(SignatureCheck::select(jws, keys, &self.issuer(request)?.algorithms)?.key().clone())
    }

    /// The signature, by the engine or the host, unless the token is known and only the keys had to be fetched; then the rest.
    fn judge(&mut self, jws: UntrustedJws, key: Arc<Jwk>, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        if let Some(known) = self.known_token(request.token.expose(), now)? {
            return self.grant(known.token, request, now);
        }
        let generation = self.cache(request)?.generation();
        let check = SignatureCheck::with_key(&jws, &key, &self.issuer(request)?.algorithms)?;
        if !self.engine.asks_host() {
            let verified = check.verify(&*self.engine)?;
            return self.take(&verified, generation, request, now);
        }
        let need = Need::Signature {
            algorithm: check.algorithm(),
            jwk: key.key().to_jwk(),
            message: String::from_utf8_lossy(check.message()).into(),
            signature: base64url::encode(check.signature()),
        };
        Ok(Outcome::need(need, Stage::Signature(jws, key, generation)))
    }

    /// Claims; then the token is known, and the rest is the route's.
    fn take(
        &mut self,
        verified: &VerifiedJws,
        generation: Generation,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let token = Arc::new(jwt::validate(verified, &self.issuer(request)?.rules, now)?);
        // The generation is that of the signature's check: where the host has checked it, the set may be another by now.
        let known = KnownToken { issuer: request.issuer, generation, token: token.clone() };
        self.tokens.insert(request.token.expose(), known);
        self.grant(token, request, now)
    }

    /// The route's scopes, then introspection where the route asks it.
    fn grant(&self, token: Arc<ValidatedToken>, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let grant = Grant::new(token, &request.route)?;
        if request.route.introspection {
            self.ask_introspection(Some(grant), request, now)
        } else {
            Ok(Outcome::Granted(grant))
        }
    }

    fn fetch_keys(&self, jws: UntrustedJws, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let issuer = self.issuer(request)?;
        let known = self.caches.get(request.issuer).and_then(|cache| cache.jwks_uri(issuer, now));
        if let Some(url) = known {
            return Ok(Outcome::need(Need::KeySet { url }, Stage::KeySet(jws, now)));
        }
        let (url, others) = self.metadata_places(request)?;
        Ok(Outcome::need(Need::Metadata { url }, Stage::Metadata(jws, others)))
    }

    /// A fetch failed: a set that is not too old still serves, else the token can't be judged.
    fn after_failed_fetch(&mut self, jws: UntrustedJws, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let cache = self.cache(request)?;
        cache.fetch_failed(now);
        if cache.fallback(now) == Lookup::Unavailable {
            return Err(Error::KeySetUnavailable);
        }
        match self.find_key(&jws, request) {
            Ok(key) => self.judge(jws, key, request, now),
            // The key may be one that only the set we could not get has.
            Err(Error::KeyUnknown) => Err(Error::KeySetUnavailable),
            Err(error) => Err(error),
        }
    }

    fn metadata_places(&self, request: &InFlight) -> Result<(String, OtherPlaces), Error> {
        let issuer = self.issuer(request)?;
        let url = HttpUrl::parse(&issuer.issuer, self.policy.transport).ok_or(Error::IssuerUnknown)?;
        next_place(AuthorizationServerMetadata::urls(&url)).ok_or(Error::IssuerUnknown)
    }

    /// Keeps a metadata document, and says whether one came and it is good.
    fn take_metadata(&mut self, request: &InFlight, answer: Option<&str>, now: UnixTime) -> Result<bool, Error> {
        let transport = self.policy.transport;
        let issuer = &self.issuer(request)?.issuer;
        let metadata = answer.and_then(|text| AuthorizationServerMetadata::parse(text, issuer, transport).ok());
        let is_good = metadata.is_some();
        if let Some(metadata) = metadata {
            self.cache(request)?.store_metadata(metadata, now);
        }
        Ok(is_good)
    }

    fn introspection_request(&self, request: &InFlight, now: UnixTime) -> Result<Need, Error> {
        let need = || {
            let client = self.issuer(request).ok()?.introspection.as_ref()?;
            let cache = self.caches.get(request.issuer)?;
            let endpoint = cache.introspection_endpoint(client.introspection_endpoint.as_ref(), now)?;
            let secret = self.secrets.get(&client.client_secret_binding)?;
            Some(introspection::request(&endpoint, client, secret, &request.token))
        };
        need().ok_or(Error::IntrospectionUnavailable)
    }

    fn issuer(&self, request: &InFlight) -> Result<&Issuer, Error> {
        self.policy.issuers.get(request.issuer).ok_or(Error::IssuerUnknown)
    }

    fn cache(&mut self, request: &InFlight) -> Result<&mut KeyCache, Error> {
        self.caches.get_mut(request.issuer).ok_or(Error::IssuerUnknown)
    }
}

/// The first of the places, and those that are left.
fn next_place(mut places: OtherPlaces) -> Option<(String, OtherPlaces)> {
    if places.is_empty() { None } else { Some((places.remove(0), places)) }
}

/// Whether introspection speaks of another token than the one it was asked about.
fn is_anothers(grant: &Grant, introspected: &ValidatedToken) -> bool {
    let (own, said) = (grant.token(), introspected);
    let differs = |said: Option<&str>, own: Option<&str>| said.is_some() && said != own;
    differs(said.subject(), own.subject())
        || differs(said.client_id(), own.client_id())
        || differs(said.jti(), own.jti())
}
