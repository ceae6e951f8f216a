//! A gate's policy for JavaScript: what it needs, and what its gate never has to ask the core for.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    error::Error,
    json::{Object, Value},
    limits,
    resource_server::{Binding, Policy},
};

/// A checked policy.
#[wasm_bindgen]
pub struct GatePolicy(pub(super) Policy);

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

    /// The same for who sends nothing on: `upstream` and its `origin` need not be there.
    ///
    /// # Errors
    /// Throws `policy_invalid`, which names every problem and its place.
    #[wasm_bindgen(js_name = forGuard)]
    pub fn for_guard(text: &str) -> Result<Self, Error> {
        Policy::parse_for_guard(text).map(Self)
    }

    /// No document longer than this is taken, in bytes.
    #[wasm_bindgen(js_name = maxBytes)]
    pub fn max_bytes() -> usize {
        limits::MAX_POLICY_BYTES
    }

    /// The names of the secret bindings it refers to.
    #[wasm_bindgen(js_name = secretBindings)]
    pub fn secret_bindings(&self) -> Vec<String> {
        self.0.secret_bindings().into_iter().map(ToOwned::to_owned).collect()
    }

    /// The bindings it refers to that are no secrets, as JSON text: `BindingNeed[]` in `js/needs.ts`.
    pub fn bindings(&self) -> String {
        let described = |binding: Binding<'_>| -> Value {
            let Binding { path, name, kind } = binding;
            Object::from([("path", path.into()), ("name", name.into()), ("kind", kind.into())]).into()
        };
        Value::from(self.0.bindings().into_iter().map(described).collect::<Vec<_>>()).to_string()
    }

    /// Whether proofs of possession are taken: then a request with the scheme DPoP has two lines more.
    #[wasm_bindgen(getter, js_name = takesDpop)]
    pub fn takes_dpop(&self) -> bool {
        self.0.takes_dpop()
    }

    /// Whether tokens are taken that are bound to the client's certificate: then a request that has one has its lines more.
    #[wasm_bindgen(getter, js_name = takesMtls)]
    pub fn takes_mtls(&self) -> bool {
        self.0.takes_mtls()
    }

    /// Whether proofs are held against the origin of the request's own URL.
    #[wasm_bindgen(getter, js_name = trustsUrlOrigin)]
    pub fn trusts_url_origin(&self) -> bool {
        self.0.trusts_url_origin()
    }

    /// Whether a claim can ever become a header for the origin.
    #[wasm_bindgen(getter, js_name = setsClaimHeaders)]
    pub fn sets_claim_headers(&self) -> bool {
        self.0.sets_claim_headers()
    }

    /// Whether a header of the origin's answer can ever be taken off that is not about the connection.
    #[wasm_bindgen(getter, js_name = dropsResponseHeaders)]
    pub fn drops_response_headers(&self) -> bool {
        self.0.drops_response_headers()
    }

    /// Whether the token that was found good goes on to the origin.
    #[wasm_bindgen(getter, js_name = forwardsToken)]
    pub fn forwards_token(&self) -> bool {
        self.0.forwards_token()
    }

    /// Whether the gate sends a token of another kind in place of the client's.
    #[wasm_bindgen(getter, js_name = replacesToken)]
    pub fn replaces_token(&self) -> bool {
        self.0.replaces_token()
    }

    /// Whether answers say how long each part of the way to them took.
    #[wasm_bindgen(getter, js_name = tellsTiming)]
    pub fn tells_timing(&self) -> bool {
        self.0.tells_timing()
    }

    /// How long the origin may take until its answer begins, in milliseconds.
    #[wasm_bindgen(getter, js_name = upstreamTimeoutMilliseconds)]
    pub fn upstream_timeout_milliseconds(&self) -> Option<u32> {
        self.0.upstream_timeout_milliseconds()
    }

    /// The origin that requests go to; empty where there is none.
    #[wasm_bindgen(getter, js_name = upstreamOrigin)]
    pub fn upstream_origin(&self) -> String {
        self.0.upstream_origin().to_owned()
    }
}
