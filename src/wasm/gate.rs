//! The gate for JavaScript: `GatePolicy` → `GateCore`, whose `authorize` and `resume` give a `GateStep` each.

#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands texts and objects over as owned values")]

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use wasm_bindgen::prelude::wasm_bindgen;

use super::unix_time;
use crate::{
    crypto::{FastEngine, Host, SignatureEngine},
    error::{Error, Problems},
    json::{Object, Value},
    limits,
    resource_server::{Decision, Gate, Need, Policy, Progress, Request, Response},
};

/// A checked policy.
#[wasm_bindgen]
pub struct GatePolicy(Policy);

#[wasm_bindgen]
impl GatePolicy {
    /// Reads a policy document.
    ///
    /// # Errors
    /// Throws `policy_invalid`, which names every problem and its place.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Result<Self, Error> {
        Policy::parse(text).map(Self)
    }

    /// The names of the secret bindings it refers to.
    #[wasm_bindgen(js_name = secretBindings)]
    pub fn secret_bindings(&self) -> Vec<String> {
        self.0.secret_bindings().into_iter().map(ToOwned::to_owned).collect()
    }
}

/// A policy at work.
#[wasm_bindgen]
pub struct GateCore(Gate);

/// Where one request stands. `describe` tells; a step that needs something goes back into `GateCore.resume`.
#[wasm_bindgen]
pub struct GateStep(Progress);

#[wasm_bindgen]
impl GateCore {
    /// Sets a policy to work; `secrets` is a JSON object of binding name and value. `engine` is "webcrypto" where the caller
    /// answers steps that need a signature checked, and "wasm" where the core checks them all.
    ///
    /// # Errors
    /// Throws `policy_invalid` where a secret is missing, and where there is no such engine.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: GatePolicy, secrets: &str, engine: &str) -> Result<Self, Error> {
        let engine: Box<dyn SignatureEngine> = match engine {
            "webcrypto" => Box::new(Host(FastEngine)),
            "wasm" => Box::new(FastEngine),
            _ => {
                let problems = Problems::of("(engine)", "must be \"webcrypto\" or \"wasm\"");
                return Err(Error::PolicyInvalid { problems });
            }
        };
        let secrets = read_secrets(secrets).ok_or_else(|| Error::PolicyInvalid {
            problems: Problems::of("(secrets)", "must be an object of texts"),
        })?;
        Gate::new(policy.0, secrets, engine).map(Self)
    }

    /// Starts on a request. `now` is in seconds since the epoch.
    #[expect(clippy::too_many_arguments, reason = "each crosses to wasm as itself, without an object in between")]
    pub fn authorize(
        &mut self,
        method: &str,
        path: &str,
        query: Option<String>,
        authorization: Option<String>,
        origin: Option<String>,
        access_control_request_method: Option<String>,
        now: f64,
    ) -> GateStep {
        let request = Request {
            method,
            path,
            query: query.as_deref(),
            authorization: authorization.as_deref(),
            origin: origin.as_deref(),
            access_control_request_method: access_control_request_method.as_deref(),
        };
        GateStep(self.0.authorize(&request, unix_time(now)))
    }

    /// Goes on from a step with the text of what it needed, or without one where that could not be had.
    pub fn resume(&mut self, step: GateStep, answer: Option<String>, now: f64) -> GateStep {
        GateStep(match step.0 {
            Progress::Need(_, pending) => self.0.resume(pending, answer.as_deref(), unix_time(now)),
            decided @ Progress::Decided(_) => decided,
        })
    }

    /// Whether a header of the origin's answer must be taken off before it goes to the client.
    #[wasm_bindgen(js_name = dropsResponseHeader)]
    pub fn drops_response_header(&self, name: &str) -> bool {
        self.0.drops_response_header(name)
    }

    /// The answer where the origin could not be reached, as JSON text of a step "respond".
    #[wasm_bindgen(js_name = upstreamFailed)]
    pub fn upstream_failed(&self) -> String {
        describe_response(&self.0.upstream_failed()).to_string()
    }

    /// Whether a header of the client's must be taken off before the request goes to the origin.
    #[wasm_bindgen(js_name = dropsHeader)]
    pub fn drops_header(&self, name: &str) -> bool {
        self.0.drops_header(name)
    }
}

#[wasm_bindgen]
impl GateStep {
    /// The step as JSON text; `Step` in `js/types.ts` is its type.
    pub fn describe(&self) -> String {
        match &self.0 {
            Progress::Need(need, _) => describe_need(need),
            Progress::Decided(Decision::Forward(forward)) => Object::from([
                ("step", "forward".into()),
                ("url", forward.url.as_str().into()),
                ("headers", describe_headers(&forward.headers)),
                ("response_headers", describe_headers(&forward.response_headers)),
            ]),
            Progress::Decided(Decision::Respond(response)) => describe_response(response),
        }
        .to_string()
    }
}

fn read_secrets(text: &str) -> Option<BTreeMap<String, String>> {
    let secrets = Object::parse(text.as_bytes()).ok()?;
    let pair = |(name, value)| match value {
        Value::String(text) => Some((name, text)),
        _ => None,
    };
    secrets.into_iter().map(pair).collect()
}

fn describe_need(need: &Need) -> Object {
    let fetch = match need {
        Need::Metadata { url } => Object::from([("kind", "metadata".into()), ("url", url.as_str().into())]),
        Need::KeySet { url } => Object::from([("kind", "key_set".into()), ("url", url.as_str().into())]),
        Need::Signature { algorithm, jwk, message, signature } => Object::from([
            ("kind", "signature".into()),
            ("alg", algorithm.name().into()),
            ("jwk", jwk.as_str().into()),
            ("message", message.as_str().into()),
            ("signature", signature.as_str().into()),
        ]),
        Need::Introspection { url, authorization, body } => Object::from([
            ("kind", "introspection".into()),
            ("url", url.as_str().into()),
            ("authorization", authorization.as_str().into()),
            ("body", body.as_str().into()),
        ]),
    };
    Object::from([
        ("step", "need".into()),
        ("need", fetch.into()),
        ("max_bytes", need.max_bytes().into()),
        ("timeout_milliseconds", limits::FETCH_TIMEOUT_MILLISECONDS.into()),
    ])
}

fn describe_response(response: &Response) -> Object {
    let reason = response
        .error
        .as_ref()
        .map(|error| Object::from([("code", error.code().into()), ("detail", error.to_string().into())]));
    Object::from([
        ("step", "respond".into()),
        ("status", response.status.into()),
        ("headers", describe_headers(&response.headers)),
        ("body", response.body.as_str().into()),
        ("reason", reason.into()),
    ])
}

/// A list of pairs.
fn describe_headers<T: AsRef<str>>(headers: &[(T, String)]) -> Value {
    let pair = |(name, value): &(T, String)| Value::from(vec![name.as_ref().into(), value.as_str().into()]);
    headers.iter().map(pair).collect::<Vec<_>>().into()
}
