//! The gate for JavaScript: `GatePolicy` → `GateCore`, whose `authorize` and `resume` say where a request stands.

#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands texts and objects over as owned values")]
#![expect(
    clippy::float_cmp,
    reason = "what wasm-bindgen makes of an enum compares JavaScript's numbers with whole ones"
)]

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use wasm_bindgen::{JsError, prelude::wasm_bindgen};

use super::{
    gate_answer::{describe, describe_headers},
    gate_policy::GatePolicy,
    host_engine::{engine_with_host, number},
    input::Input,
    steps::{Steps, step_methods},
    token_text::token_text,
    unix_time,
    verdict::verdict as verdict_of,
};
use crate::{
    error::{Error, Problems},
    json::{Object, Value},
    resource_server::{ClientCertificate, Decision, Forward, Gate, Need, Pending, Progress, Refresh, Request},
    time::UnixTime,
};

/// Where a request stands after `authorize` and `resume`.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something is needed: `step`.
    Need,
    /// It goes to the origin, with `claimHeaders` and `responseHeaders`.
    Forward,
    /// It is answered: `response`.
    Respond,
    /// As `Forward`, and a key set is about to be due: `beginRefresh` is worth calling, for whoever can go on beside the request.
    ForwardAndRefresh,
    /// As `Forward`, with keys of a set that is due and could not be refreshed yet.
    ForwardStale,
    /// Both.
    ForwardStaleAndRefresh,
    /// The step has waited for so long that it was let go: nothing can be decided about its request any more.
    LetGo,
}

/// What a step goes on with.
enum Onward {
    Request(Pending),
    Refresh(Refresh),
}

/// A policy at work.
#[wasm_bindgen]
pub struct GateCore {
    pub(super) gate: Gate,
    input: Input,
    steps: Steps<Onward>,
    /// What the last call came to, until it is asked for: that has to be done before anything else is awaited.
    step: usize,
    pub(super) decision: Option<Decision>,
}

#[wasm_bindgen]
impl GateCore {
    /// Sets a policy to work; `secrets` is a JSON object of binding name and value. `host_algorithms` are those whose signatures the
    /// caller checks, when a step needs it: names separated by spaces.
    ///
    /// # Errors
    /// Throws `policy_invalid` where a secret is missing, or the policy names an algorithm that neither the core nor the host has.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: GatePolicy, secrets: &str, host_algorithms: &str) -> Result<Self, Error> {
        let engine = engine_with_host(host_algorithms)?;
        let secrets = read_secrets(secrets).ok_or_else(|| Error::PolicyInvalid {
            problems: Problems::of("(secrets)", "must be an object of texts"),
        })?;
        let gate = Gate::new(policy.0, secrets, engine)?;
        Ok(Self { gate, input: Input::default(), steps: Steps::default(), step: 0, decision: None })
    }

    /// Makes room for so many bytes of a request's text, and says where. It stays there until the next call of this function.
    #[wasm_bindgen(js_name = reserveInput)]
    pub fn reserve_input(&mut self, bytes: usize) -> *const u8 {
        self.input.reserve(bytes)
    }

    /// Starts on a request, whose text of so many bytes has been written: six lines, which are method, path, query without "?", and the
    /// headers `Authorization`, `Origin` and `Access-Control-Request-Method`, each empty where there is none; and where the scheme may be
    /// DPoP two more, the header `DPoP`, and scheme, host and port of the URL. Where there is a certificate of the client's, those two are there in
    /// any case and then two more: nothing and its thumbprint in base64url, or Cloudflare's `certRevoked` and `certVerified` with a space between,
    /// and `certFingerprintSHA256`. None of these can hold a line feed. `now` is in seconds since
    /// the epoch.
    ///
    /// # Errors
    /// Throws where the text is not of that form, which is a fault of the caller's code.
    pub fn authorize(&mut self, length: usize, now: f64) -> Result<Standing, JsError> {
        let malformed = || JsError::new("the request's text is not as the core reads it");
        let mut lines = self.input.text(length).ok_or_else(malformed)?.split('\n');
        let mut line = || lines.next().ok_or_else(malformed);
        let is_there = |text: &&str| !text.is_empty();
        let mut request = Request {
            method: line()?,
            path: line()?,
            query: Some(line()?).filter(is_there),
            authorization: Some(line()?).filter(is_there),
            origin: Some(line()?).filter(is_there),
            access_control_request_method: Some(line()?).filter(is_there),
            ..Request::default()
        };
        if let Some(dpop) = lines.next() {
            request.dpop = Some(dpop).filter(is_there);
            request.url_origin = Some(lines.next().ok_or_else(malformed)?);
        }
        if let Some(state) = lines.next() {
            let digest = lines.next().ok_or_else(malformed)?;
            request.client_certificate = Some(certificate(state, digest));
        }
        if lines.next().is_some() {
            return Err(malformed());
        }
        let now = unix_time(now);
        // What nobody goes on with takes room that this one may need.
        self.steps.sweep(now);
        let progress = self.gate.authorize(&request, now);
        Ok(self.keep(progress, now))
    }

    /// The number of the step that the last call said something is needed for. It goes on by `resume` or `conclude`, or has to be
    /// abandoned.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Goes on from a step with the text of the document that it needed, or without it where that could not be had.
    pub fn resume(&mut self, step: usize, answer: Option<String>, now: f64) -> Standing {
        self.go_on(step, answer.as_deref(), now)
    }

    /// Goes on from a step with the host's verdict on a signature: 0 where it fails, 1 where it holds, 2 where the host can't tell.
    pub fn conclude(&mut self, step: usize, verdict: u8, now: f64) -> Standing {
        self.go_on(step, Some(verdict_of(verdict)), now)
    }

    /// Begins to refresh a key set that is about to be due, beside the requests. Gives the number of a step, which goes on by `resumeRefresh`;
    /// nothing where there is nothing to do any more.
    #[wasm_bindgen(js_name = beginRefresh)]
    pub fn begin_refresh(&mut self, now: f64) -> Option<usize> {
        let now = unix_time(now);
        let next = self.gate.begin_refresh(now);
        self.keep_refresh(next, now)
    }

    /// Goes on with a refresh, given the text of the document that the step needed, or nothing where that could not be had. Gives the number of the
    /// next step; nothing where it has ended, or was let go because it took too long.
    #[wasm_bindgen(js_name = resumeRefresh)]
    pub fn resume_refresh(&mut self, step: usize, answer: Option<String>, now: f64) -> Option<usize> {
        let Some(Onward::Refresh(refresh)) = self.steps.take(step) else {
            return None;
        };
        let now = unix_time(now);
        let next = self.gate.resume_refresh(refresh, answer.as_deref(), now);
        self.keep_refresh(next, now)
    }

    /// Says that the runtime has a Cache API.
    #[wasm_bindgen(js_name = runtimeHasCacheApi)]
    pub fn runtime_has_cache_api(&mut self) {
        self.gate.runtime_has_cache_api();
    }

    /// The number of the grant that the last call decided on; 0 where there is none to keep anything under.
    #[wasm_bindgen(getter, js_name = grantSerial)]
    pub fn grant_serial(&self) -> f64 {
        self.forward().and_then(|forward| forward.grant.as_ref()?.serial()).map_or(0.0, number)
    }

    /// The headers for the origin that the last call decided on: a line for each name and one for its value, and no line feed in them. The
    /// same for the same `grantSerial`.
    #[wasm_bindgen(js_name = claimHeaders)]
    pub fn claim_headers(&self) -> String {
        let headers = self.forward().map(Forward::headers).unwrap_or_default();
        headers.into_iter().flat_map(|(name, value)| [name, value]).collect::<Vec<_>>().join("\n")
    }

    /// What the token says that the last call let through, as JSON text; `VerifiedToken` in `js/verifier.ts` is its type. Nothing on a public
    /// route. The same for the same `grantSerial`.
    #[wasm_bindgen(js_name = grantedToken)]
    pub fn granted_token(&self) -> Option<String> {
        Some(token_text(self.forward()?.grant.as_ref()?.token()))
    }

    /// The headers for the origin's answer that the last call decided on, as JSON text; nothing where there are none.
    #[wasm_bindgen(js_name = responseHeaders)]
    pub fn response_headers(&self) -> Option<String> {
        let headers = &self.forward()?.response_headers;
        if headers.is_empty() { None } else { Some(describe_headers(headers).to_string()) }
    }

    /// The answer that the last call decided on, as JSON text; `GateAnswer` in `js/needs.ts` is its type.
    pub fn response(&self) -> Option<String> {
        match &self.decision {
            Some(Decision::Respond(response)) => Some(describe(response)),
            _ => None,
        }
    }

    /// Whether the last call let a token through, and not a request on a public route.
    #[wasm_bindgen(getter, js_name = hasGrant)]
    pub fn has_grant(&self) -> bool {
        self.forward().is_some_and(|forward| forward.grant.is_some())
    }

    pub(super) fn forward(&self) -> Option<&Forward> {
        match &self.decision {
            Some(Decision::Forward(forward)) => Some(forward),
            _ => None,
        }
    }

    fn go_on(&mut self, step: usize, answer: Option<&str>, now: f64) -> Standing {
        let Some(Onward::Request(pending)) = self.steps.take(step) else {
            // What was decided last is another's.
            self.decision = None;
            return Standing::LetGo;
        };
        let now = unix_time(now);
        let progress = self.gate.resume(pending, answer, now);
        self.keep(progress, now)
    }

    fn keep_refresh(&mut self, next: Option<(Need, Refresh)>, now: UnixTime) -> Option<usize> {
        next.map(|(need, refresh)| self.steps.add(need, Onward::Refresh(refresh), now))
    }

    fn keep(&mut self, progress: Progress, now: UnixTime) -> Standing {
        self.decision = None;
        let (standing, decision) = match progress {
            Progress::Need(need, pending) => {
                self.step = self.steps.add(need, Onward::Request(pending), now);
                return Standing::Need;
            }
            Progress::Decided(Decision::Forward(forward)) => {
                let standing = match (forward.key_set_is_stale, self.gate.is_refresh_due()) {
                    (true, true) => Standing::ForwardStaleAndRefresh,
                    (true, false) => Standing::ForwardStale,
                    (false, true) => Standing::ForwardAndRefresh,
                    (false, false) => Standing::Forward,
                };
                (standing, Decision::Forward(forward))
            }
            Progress::Decided(decision @ Decision::Respond(_)) => (Standing::Respond, decision),
        };
        self.decision = Some(decision);
        standing
    }
}

step_methods!(GateCore);

fn certificate<'a>(state: &'a str, digest: &'a str) -> ClientCertificate<'a> {
    match state.split_once(' ') {
        Some((revoked, verified)) => ClientCertificate::TlsClientAuth { verified, revoked, fingerprint_sha256: digest },
        None => ClientCertificate::Thumbprint(digest),
    }
}

fn read_secrets(text: &str) -> Option<Vec<(String, String)>> {
    let secret = |(name, value)| match value {
        Value::String(secret) => Some((name, secret)),
        _ => None,
    };
    Object::parse(text.as_bytes()).ok()?.into_iter().map(secret).collect()
}
