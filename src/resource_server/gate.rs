//! The gate: takes a request in, says what it needs, and ends with a decision. It never fetches anything itself.

use core::{fmt, mem};

use alloc::{boxed::Box, string::String, vec::Vec};

use super::{
    About, Grant, Ground, Need, Policy, StoreWrite,
    challenge::{refuse, refuse_by},
    credentials::{Scheme, Sent},
    crowd::Crowd,
    dpop_nonce::Nonces,
    forward::Forward,
    grant::Entitled,
    possession::Possession,
    progress::{Decision, Header, InFlight, Pending, Progress, Request, Response, Stage},
    proof_memory::ProofMemory,
    revocation::{Revocation, administration},
    statements::Statements,
    token_validator::TokenValidator,
    upstream_token::{UpstreamToken, UpstreamTokens},
};
use crate::{
    crypto::SignatureEngine,
    error::{Error, Problems},
    jose::UntrustedJws,
    time::UnixTime,
};

/// A policy at work, with the keys and the good tokens it has seen. One for each isolate or server.
pub struct Gate {
    pub(super) policy: Policy,
    /// By the name of their binding.
    pub(super) secrets: Vec<(String, String)>,
    pub(super) validator: TokenValidator,
    /// What introspection has said of tokens.
    pub(super) statements: Statements,
    pub(super) proofs: ProofMemory,
    /// `None` where proofs need no nonce.
    pub(super) nonces: Option<Nonces>,
    /// The deny list, where the policy names one.
    pub(super) revocation: Option<Revocation>,
    /// Those that the origin gets, where the policy has it get others than the clients'.
    pub(super) upstream_tokens: Option<UpstreamTokens>,
    pub(super) crowd: Crowd,
}

impl fmt::Debug for Gate {
    /// Leaves out the secrets and the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// What a stage ends with, where it does not refuse: the next thing needed, or a grant.
pub(super) enum Outcome {
    Need(Need, Box<Stage>),
    Granted(Grant),
    /// The same, with the token that the origin gets.
    Equipped(Grant, Option<UpstreamToken>),
}

impl Outcome {
    /// Something is needed, and then this stage goes on.
    pub(super) fn need(need: Need, then: Stage) -> Self {
        Self::Need(need, Box::new(then))
    }
}

impl Gate {
    /// Sets a policy to work. `secrets` holds each of [`Policy::secret_bindings`] with its value.
    ///
    /// # Errors
    /// `policy_invalid` where a secret is missing or empty, and where the engine lacks an algorithm that the policy names.
    pub fn new(
        mut policy: Policy,
        secrets: Vec<(String, String)>,
        engine: Box<dyn SignatureEngine>,
    ) -> Result<Self, Error> {
        let is_missing = |name: &&str| !secrets.iter().any(|(own, secret)| own == name && !secret.is_empty());
        let mut problems = Problems::default();
        for name in policy.secret_bindings().into_iter().filter(is_missing) {
            problems.add(name, "is named as a secret binding, and there is no such secret; set it and deploy again");
        }
        if let Some(dpop) = &mut policy.dpop {
            dpop.choose_algorithms(&*engine, &mut problems);
            if let Some(metadata) = &mut policy.resource_metadata {
                metadata.takes_proofs(dpop.algs(), policy.routes.take_dpop_alone());
            }
        }
        if let Some(metadata) = policy.resource_metadata.as_mut().filter(|_| policy.mtls.is_some()) {
            metadata.takes_certificates();
        }
        for (client, (name, secret)) in
            policy.clients().flat_map(|client| secrets.iter().map(move |secret| (client, secret)))
        {
            if let Some(problem) = client.problem_with(secret).filter(|_| client.secret_binding() == name) {
                problems.add(name, problem);
            }
        }
        let nonces = policy.dpop.as_ref().and_then(|dpop| Nonces::of(dpop, &secrets, &mut problems));
        if !problems.is_empty() {
            return Err(Error::PolicyInvalid { problems: problems.into_vec() });
        }
        let issuers = mem::take(&mut policy.issuers);
        let validator = TokenValidator::of(issuers, policy.keys, policy.token_cache, policy.transport, engine)?
            .with_stores(mem::take(&mut policy.stores));
        let (statements, proofs) = (Statements::new(), ProofMemory::default());
        let revocation = policy.revocation.clone().map(Revocation::new);
        let upstream_tokens = policy.upstream.token_request.take().map(UpstreamTokens::new);
        Ok(Self {
            policy,
            secrets,
            validator,
            statements,
            proofs,
            nonces,
            revocation,
            upstream_tokens,
            crowd: Crowd::default(),
        })
    }

    /// Says that the runtime has a Cache API: keys are then looked for there, unless the policy has `cache_api: false`.
    pub const fn runtime_has_cache_api(&mut self) {
        self.validator.stores.runtime_has_cache_api();
    }

    /// What is to be kept in stores, of what the last call has brought: see [`TokenValidator::take_store_write`].
    pub const fn take_store_write(&mut self) -> Option<StoreWrite> {
        self.validator.take_store_write()
    }

    /// Starts on a request at `now`.
    pub fn authorize(&mut self, request: &Request<'_>, now: UnixTime) -> Progress {
        self.validator.used_stale_keys = false;
        self.validator.whose = None;
        let response_headers = self.policy.cors.response_headers(request);
        let mut route = None;
        match self.start(request, &mut route, now) {
            Ok(progress) => progress,
            Err(error) => {
                let scheme = Scheme::of(request, &self.policy);
                let about = About { route, issuer: self.validator.whose };
                self.respond(scheme, error, (about, self.validator.used_stale_keys), &response_headers, now)
            }
        }
    }

    /// Goes on with a request, given the text of what it needed, or `None` where that could not be had: unreachable, too
    /// slow, too large, redirected, or with another status than 200.
    pub fn resume(&mut self, pending: Pending, answer: Option<&str>, now: UnixTime) -> Progress {
        self.validator.used_stale_keys = false;
        let Pending { request, stage } = pending;
        if stage.administers() {
            return self.administered(*stage, request, answer, now);
        }
        let outcome = self.advance(*stage, &request, answer, now);
        self.conclude(outcome, request, now)
    }

    /// The answer where a request was let through and the origin could not be reached.
    pub fn upstream_failed(&self) -> Response {
        refuse(Error::UpstreamUnavailable, &self.policy)
    }

    /// The answer where a request was let through and the origin has not answered within [`Policy::upstream_timeout_milliseconds`].
    pub fn upstream_timed_out(&self) -> Response {
        refuse(Error::UpstreamTimeout, &self.policy)
    }

    /// The stages before any key is needed: preflight, route, credentials, shape of the token, issuer. `found` becomes the place of the route.
    fn start(&mut self, request: &Request<'_>, found: &mut Option<usize>, now: UnixTime) -> Result<Progress, Error> {
        if let Some(metadata) = &self.policy.resource_metadata
            && let Some(answer) = metadata.answer(request)?
        {
            return Ok(Progress::Decided(Decision::Respond(answer)));
        }
        if self.policy.cors.is_preflight(request) {
            let method = request.access_control_request_method.unwrap_or_default();
            let about = About { route: Some(self.policy.routes.find(method, request.path)?.place), issuer: None };
            let answer = self.policy.cors.preflight(request, method);
            return Ok(Progress::Decided(Decision::Respond(Response { about, ..answer })));
        }
        let route = self.policy.routes.find(request.method, request.path)?.clone();
        *found = Some(route.place);
        let (mark, query) = request.query.map_or(("", ""), |query| ("?", query));
        let forward_to = [self.policy.upstream.origin(), request.path, mark, query].concat();
        let response_headers = self.policy.cors.response_headers(request);
        if route.public {
            return Ok(self.forward(forward_to, route.place, (None, false), (None, response_headers)));
        }
        let (token, sent) = Sent::read(request, &self.policy)?;
        if let Some(known) = self.validator.known_token(token.expose(), now)? {
            let issuer = known.issuer;
            // Most requests are of this kind, and need nothing kept of them.
            let is_plain = !route.introspection && !route.deny_list && sent.scheme() == Scheme::Bearer;
            if is_plain
                && self.deny_list_serves(now)
                && let Ok(upstream_token) = self.upstream_token_at_hand(token.expose(), now)
            {
                let entitled = Entitled::new((known, Ground::TokenKnown), &route, &self.validator.issuers, now)?;
                self.check_deny_list(&entitled, now)?;
                let possession = Possession::of_bearer(&entitled, &sent)?;
                let grant = entitled.granted(possession);
                let granted = (Some(grant), self.validator.used_stale_keys);
                return Ok(self.forward(forward_to, route.place, granted, (upstream_token, response_headers)));
            }
            let on_its_way = (forward_to, response_headers);
            let in_flight = self.in_flight((route, issuer, request.method), token, sent, on_its_way)?;
            let outcome = self.grant((known, Ground::TokenKnown), &in_flight, now);
            return Ok(self.conclude(outcome, in_flight, now));
        }
        // Only where introspection is asked can a token be anything but a JWT.
        let is_opaque = route.introspection && token.expose().matches('.').take(3).count() != 2;
        let jws = if is_opaque { None } else { Some(UntrustedJws::parse(token.expose())?) };
        let issuer = match &jws {
            Some(jws) => self.validator.issuer_of(jws)?,
            None => self.issuer_of_opaque(&route)?,
        };
        let on_its_way = (forward_to, response_headers);
        let in_flight = self.in_flight((route, issuer, request.method), token, sent, on_its_way)?;
        let outcome = match jws {
            Some(jws) => {
                let step = self.validator.judge(jws, in_flight.candidate(), now);
                step.and_then(|step| self.judged(step, &in_flight, now))
            }
            None => self.introspect(None, &in_flight, now),
        };
        Ok(self.conclude(outcome, in_flight, now))
    }

    pub(super) fn conclude(
        &mut self,
        outcome: Result<Outcome, Error>,
        mut request: InFlight,
        now: UnixTime,
    ) -> Progress {
        // What was found with keys that are due stays so, whatever else is asked afterwards.
        request.used_stale_keys |= self.validator.used_stale_keys;
        match outcome {
            Ok(Outcome::Need(need, stage)) => Progress::Need(need, Pending { request, stage }),
            Ok(Outcome::Granted(mut grant)) if request.route.deny_list => {
                request.gives(grant.next_nonce.take());
                let outcome = administration::begin(&request);
                self.conclude(outcome, request, now)
            }
            // After all that could refuse it: a request that is refused costs no token.
            Ok(Outcome::Granted(mut grant)) => {
                request.gives(grant.next_nonce.take());
                let outcome = self.equip(grant, &request, now);
                self.conclude(outcome, request, now)
            }
            Ok(Outcome::Equipped(grant, upstream_token)) => {
                let granted = (Some(grant), request.used_stale_keys);
                let headers = (upstream_token, request.response_headers);
                self.forward(request.forward_to, request.route.place, granted, headers)
            }
            Err(error) => {
                let scheme = request.sent.scheme();
                let about = About { route: Some(request.route.place), issuer: Some(request.issuer) };
                self.respond(scheme, error, (about, request.used_stale_keys), &request.response_headers, now)
            }
        }
    }

    fn respond(
        &self,
        scheme: Scheme,
        error: Error,
        (about, key_set_is_stale): (About, bool),
        response_headers: &[Header],
        now: UnixTime,
    ) -> Progress {
        let nonces = self.nonces.as_ref().filter(|_| error == Error::ProofNonceMismatch);
        let mut response = refuse_by(scheme, error, &self.policy);
        response.headers.extend(nonces.map(|nonces| ("dpop-nonce", nonces.at(now).into_present())));
        response.headers.extend_from_slice(response_headers);
        Progress::Decided(Decision::Respond(Response { about, key_set_is_stale, ..response }))
    }

    fn forward(
        &self,
        url: String,
        route: usize,
        (grant, key_set_is_stale): (Option<Grant>, bool),
        (upstream_token, response_headers): (Option<UpstreamToken>, Vec<Header>),
    ) -> Progress {
        let claim_headers = self.policy.upstream.claim_headers.clone();
        let about = About { route: Some(route), issuer: grant.as_ref().map(Grant::issuer) };
        let forward = Forward { url, response_headers, key_set_is_stale, grant, about, claim_headers, upstream_token };
        Progress::Decided(Decision::Forward(forward))
    }
}
