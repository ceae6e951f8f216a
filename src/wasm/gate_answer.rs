//! What the gate says for JavaScript to send: its own answers as JSON text, and which headers stay where they came from.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    gate::GateCore,
    host_engine::{number, serial_number},
};
use crate::{
    json::{Object, Value},
    limits,
    resource_server::{Decision, Forward, Ground, Response, StoreWrite},
};

#[wasm_bindgen]
impl GateCore {
    /// Whether a header of the origin's answer must be taken off before it goes to the client.
    #[wasm_bindgen(js_name = dropsResponseHeader)]
    pub fn drops_response_header(&self, name: &str) -> bool {
        self.gate.drops_response_header(name)
    }

    /// What the last call's decision rests on: a place in `js/ground-code.ts`. Nothing of a refusal.
    #[wasm_bindgen(getter)]
    pub fn ground(&self) -> Option<usize> {
        match &self.decision {
            Some(Decision::Forward(forward)) => Some(forward.ground().place()),
            Some(Decision::Respond(response)) => response.ground.map(Ground::place),
            None => None,
        }
    }

    /// The place in the policy of the route that the last call's decision is about.
    #[wasm_bindgen(getter)]
    pub fn route(&self) -> Option<usize> {
        self.decision.as_ref()?.about().route
    }

    /// The place in the policy of the issuer whose token the last call's decision is about.
    #[wasm_bindgen(getter)]
    pub fn issuer(&self) -> Option<usize> {
        self.decision.as_ref()?.about().issuer
    }

    /// What is to be kept in stores of the document that the last call was given, as JSON text: `StoreWrite` in `js/needs.ts`. Nothing where
    /// there is nothing to be kept, and no second time.
    #[wasm_bindgen(js_name = takeStoreWrite)]
    pub fn take_store_write(&mut self) -> Option<String> {
        self.gate.take_store_write().map(|write| describe_store_write(&write))
    }

    /// The number of the token that the origin gets for the request that the last call let through; 0 where it gets none of the gate's.
    #[wasm_bindgen(getter, js_name = upstreamTokenSerial)]
    pub fn upstream_token_serial(&self) -> f64 {
        self.forward().and_then(Forward::upstream_token_serial).map_or(0.0, number)
    }

    /// The `Authorization` header with that token. The same for the same number.
    #[wasm_bindgen(js_name = upstreamAuthorization)]
    pub fn upstream_authorization(&self) -> Option<String> {
        self.forward()?.authorization().map(ToOwned::to_owned)
    }

    /// How many such tokens it makes sense to keep: as many as this core does.
    #[wasm_bindgen(getter, js_name = upstreamTokensKept)]
    pub fn upstream_tokens_kept(&self) -> usize {
        limits::EXCHANGED_TOKENS
    }

    /// Says that the origin has answered 401 to a request with the token of this number.
    #[wasm_bindgen(js_name = upstreamTokenRejected)]
    pub fn upstream_token_rejected(&mut self, serial: f64) {
        self.gate.upstream_token_rejected(serial_number(serial));
    }

    /// The answer where the origin could not be reached, in the form of `response`.
    #[wasm_bindgen(js_name = upstreamFailed)]
    pub fn upstream_failed(&self) -> String {
        describe(&self.gate.upstream_failed())
    }

    /// The answer where the origin has not begun to answer in time, in the form of `response`.
    #[wasm_bindgen(js_name = upstreamTimedOut)]
    pub fn upstream_timed_out(&self) -> String {
        describe(&self.gate.upstream_timed_out())
    }

    /// Whether a header that `Connection` names must be taken off for it.
    #[wasm_bindgen(js_name = dropsConnectionOption)]
    pub fn drops_connection_option(&self, name: &str) -> bool {
        self.gate.drops_connection_option(name)
    }

    /// Whether a header of the client's must be taken off before the request goes to the origin.
    #[wasm_bindgen(js_name = dropsHeader)]
    pub fn drops_header(&self, name: &str) -> bool {
        self.gate.drops_header(name)
    }
}

/// An answer; `GateAnswer` in `js/needs.ts` is its type.
pub(super) fn describe(response: &Response) -> String {
    let reason = response
        .error
        .as_ref()
        .map(|error| Object::from([("code", error.code().into()), ("detail", error.to_string().into())]));
    let key_set = response.key_set_is_stale.then(|| Value::from("stale"));
    Object::from([
        ("status", response.status.into()),
        ("headers", describe_headers(&response.headers)),
        ("body", response.body.as_str().into()),
        ("reason", reason.into()),
        ("key_set", key_set.into()),
    ])
    .to_string()
}

/// What stores are to keep; `StoreWrite` in `js/needs.ts` is its type.
fn describe_store_write(write: &StoreWrite) -> String {
    let stores: Vec<Value> = write.stores.iter().map(|store| store.name().into()).collect();
    Object::from([
        ("stores", stores.into()),
        ("key", write.key.as_str().into()),
        ("text", write.text.as_str().into()),
        ("seconds", write.seconds.into()),
    ])
    .to_string()
}

/// A list of pairs.
pub(super) fn describe_headers<T: AsRef<str>>(headers: &[(T, String)]) -> Value {
    let pair = |(name, value): &(T, String)| Value::from(vec![name.as_ref().into(), value.as_str().into()]);
    headers.iter().map(pair).collect::<Vec<_>>().into()
}
