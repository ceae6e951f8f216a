//! What waits for something from outside: a document, or the host's verdict on a signature. JavaScript knows each by a number, because an
//! object of its own for each would cost more than all that is done with it.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

#[cfg(feature = "wasm-gate")]
use crate::http_url::Transport;
use crate::{
    json::{Object, Value},
    limits,
    resource_server::{ClientAssertion, Need},
    time::UnixTime,
};

/// What is needed, and what then goes on, by number. A number is given again once what had it has gone on.
///
/// A caller's runtime may drop a request in the middle, and then nobody goes on: what has waited too long is let go. Its number is not given
/// again, because somebody may come late after all, and must not go on with another's.
pub(super) struct Steps<P> {
    places: Vec<Option<Box<Waiting<P>>>>,
    free: Vec<usize>,
    swept_at: UnixTime,
}

struct Waiting<P> {
    need: Need,
    pending: P,
    since: UnixTime,
}

impl<P> Default for Steps<P> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new(), swept_at: UnixTime::from_seconds(0) }
    }
}

impl<P> Steps<P> {
    /// Keeps what waits from `now` on, and gives its number.
    pub(super) fn add(&mut self, need: Need, pending: P, now: UnixTime) -> usize {
        self.sweep(now);
        let step = self.free.pop().unwrap_or(self.places.len());
        let waiting = Some(Box::new(Waiting { need, pending, since: now }));
        match self.places.get_mut(step) {
            Some(place) => *place = waiting,
            None => self.places.push(waiting),
        }
        step
    }

    /// Lets go of what has waited too long. All are looked at, so it is done only now and then.
    pub(super) fn sweep(&mut self, now: UnixTime) {
        let is_over = |since: UnixTime| now.since(since).as_secs() >= limits::STEP_MAX_AGE_SECONDS;
        if !is_over(self.swept_at) {
            return;
        }
        self.swept_at = now;
        for step in &mut self.places {
            step.take_if(|waiting| is_over(waiting.since));
        }
    }

    /// What is to go on. It no longer has a number.
    pub(super) fn take(&mut self, step: usize) -> Option<P> {
        let waiting = self.places.get_mut(step)?.take()?;
        self.free.push(step);
        Some(waiting.pending)
    }

    fn need(&self, step: usize) -> Option<&Need> {
        self.places.get(step)?.as_ref().map(|waiting| &waiting.need)
    }

    /// Whether it waits for a signature's verdict.
    pub(super) fn needs_signature(&self, step: usize) -> bool {
        matches!(self.need(step), Some(Need::Signature { .. }))
    }

    /// The place of the signature's algorithm among [`ALGORITHMS`](crate::jose::algorithm::ALGORITHMS).
    pub(super) fn algorithm(&self, step: usize) -> usize {
        match self.need(step) {
            Some(Need::Signature { jws, .. }) => jws.header().algorithm().place(),
            _ => usize::MAX,
        }
    }

    /// Whether this module can check the signature by itself.
    pub(super) fn is_own(&self, step: usize) -> bool {
        matches!(self.need(step), Some(Need::Signature { jws, .. }) if jws.header().algorithm().is_available())
    }

    /// The number of the signature's key.
    pub(super) fn key_id(&self, step: usize) -> usize {
        match self.need(step) {
            Some(Need::Signature { key, .. }) => key.prepared().id(),
            _ => usize::MAX,
        }
    }

    /// The signature's key as JSON text.
    pub(super) fn jwk(&self, step: usize) -> String {
        match self.need(step) {
            Some(Need::Signature { key, .. }) => key.key().to_jwk(),
            _ => String::new(),
        }
    }

    /// What was signed, and the signature.
    pub(super) fn signed(&self, step: usize) -> (&[u8], &[u8]) {
        match self.need(step) {
            Some(Need::Signature { jws, .. }) => (jws.signing_input(), jws.signature()),
            _ => (&[], &[]),
        }
    }

    /// The document or the moment that is needed, as JSON text.
    pub(super) fn document(&self, step: usize) -> String {
        let Some(need) = self.need(step) else {
            return Value::Null.to_string();
        };
        let mut described = match need {
            Need::Metadata { url } => Object::from([("kind", "metadata".into()), ("url", url.as_str().into())]),
            Need::KeySet { url } => Object::from([("kind", "key_set".into()), ("url", url.as_str().into())]),
            Need::Stored { .. } | Need::Shared { .. } => return describe_shared(need).to_string(),
            Need::Introspection { url, authorization, body, client_assertion }
            | Need::Token { url, authorization, body, client_assertion } => {
                let is_token = matches!(need, Need::Token { .. });
                let mut described = Object::from([
                    ("kind", if is_token { "token" } else { "introspection" }.into()),
                    ("url", url.as_str().into()),
                    ("body", body.as_str().into()),
                ]);
                if let Some(authorization) = authorization {
                    described.insert("authorization", authorization.as_str());
                }
                if let Some(assertion) = client_assertion {
                    described.insert("client_assertion", describe_assertion(assertion));
                }
                described
            }
            Need::Moment { milliseconds } => {
                return Object::from([("kind", "moment".into()), ("milliseconds", (*milliseconds).into())]).to_string();
            }
            Need::ProofUse { jkt, proof, until } => Object::from([
                ("kind", "proof_use".into()),
                ("jkt", jkt.as_str().into()),
                ("proof", proof.as_str().into()),
                ("until", until.as_seconds().into()),
                ("most", limits::MAX_PROOFS_IN_OBJECT.into()),
            ]),
            Need::DenyList => Object::from([("kind", "deny_list".into())]),
            Need::DenyListPut { id, entry, expires_at } => Object::from([
                ("kind", "deny_list_put".into()),
                ("id", id.as_str().into()),
                ("entry", entry.as_str().into()),
                ("expires_at", expires_at.as_seconds().into()),
                ("most", limits::MAX_DENY_ENTRIES.into()),
                ("most_bytes", limits::MAX_DENY_LIST_BYTES.into()),
            ]),
            Need::DenyListRemove { id } => {
                Object::from([("kind", "deny_list_remove".into()), ("id", id.as_str().into())])
            }
            Need::RequestBody => Object::from([("kind", "request_body".into())]),
            Need::Signature { .. } => return Value::Null.to_string(),
        };
        described.insert("max_bytes", need.max_bytes());
        described.insert("timeout_milliseconds", need.timeout_milliseconds());
        described.to_string()
    }
}

/// What is asked of stores and Durable Objects, which a gate alone has.
#[cfg(feature = "wasm-gate")]
fn describe_shared(need: &Need) -> Object {
    let mut described = match need {
        Need::Stored { store, key, .. } => Object::from([
            ("kind", "stored".into()),
            ("store", store.name().into()),
            ("key", key.as_str().into()),
            ("timeout_milliseconds", limits::STORE_TIMEOUT_MILLISECONDS.into()),
        ]),
        Need::Shared { url, is_metadata, max_age_seconds, transport } => Object::from([
            ("kind", "shared".into()),
            ("url", url.as_str().into()),
            ("document", if *is_metadata { "metadata" } else { "key_set" }.into()),
            ("max_age_seconds", (*max_age_seconds).into()),
            ("allow_insecure_loopback", (*transport == Transport::InsecureLoopback).into()),
            ("fetch_timeout_milliseconds", limits::FETCH_TIMEOUT_MILLISECONDS.into()),
            ("back_off_seconds", limits::FETCH_BACKOFF_SECONDS.into()),
            ("max_back_off_seconds", limits::MAX_FETCH_BACKOFF_SECONDS.into()),
            ("timeout_milliseconds", limits::SHARED_FETCH_TIMEOUT_MILLISECONDS.into()),
        ]),
        _ => Object::from([]),
    };
    described.insert("max_bytes", need.max_bytes());
    described
}

#[cfg(not(feature = "wasm-gate"))]
fn describe_shared(_need: &Need) -> Value {
    Value::Null
}

fn describe_assertion(assertion: &ClientAssertion) -> Object {
    Object::from([
        ("private_key_binding", assertion.private_key_binding.as_str().into()),
        ("alg", assertion.algorithm.name().into()),
        ("header", assertion.header.as_str().into()),
        ("claims", assertion.claims.as_str().into()),
    ])
}

/// What both cores say of their steps. wasm-bindgen knows no generic types.
macro_rules! step_methods {
    ($core:ident) => {
        #[wasm_bindgen]
        impl $core {
            /// Whether a step waits for the host's verdict on a signature, and not for a document.
            #[wasm_bindgen(js_name = needsSignature)]
            pub fn needs_signature(&self, step: usize) -> bool {
                self.steps.needs_signature(step)
            }

            /// The document or the moment that a step needs, as JSON text; its types are in `js/needs.ts`. Null
            /// for a signature.
            pub fn document(&self, step: usize) -> String {
                self.steps.document(step)
            }

            /// Which algorithm the signature has: a place in `js/algorithm-name.ts`.
            pub fn algorithm(&self, step: usize) -> usize {
                self.steps.algorithm(step)
            }

            /// Whether the core can check the signature by itself: so it does where the verdict is "unable".
            #[wasm_bindgen(js_name = isOwn)]
            pub fn is_own(&self, step: usize) -> bool {
                self.steps.is_own(step)
            }

            /// A number that the signature's key has and no other key of this module.
            #[wasm_bindgen(js_name = keyId)]
            pub fn key_id(&self, step: usize) -> usize {
                self.steps.key_id(step)
            }

            /// The signature's key: JSON text of a JWK with its required members alone; empty for a document.
            pub fn jwk(&self, step: usize) -> String {
                self.steps.jwk(step)
            }

            /// Where in memory what was signed is, until the step goes on.
            #[wasm_bindgen(js_name = messageAddress)]
            pub fn message_address(&self, step: usize) -> *const u8 {
                self.steps.signed(step).0.as_ptr()
            }

            /// How many bytes it has.
            #[wasm_bindgen(js_name = messageLength)]
            pub fn message_length(&self, step: usize) -> usize {
                self.steps.signed(step).0.len()
            }

            /// Where in memory the signature is, until the step goes on.
            #[wasm_bindgen(js_name = signatureAddress)]
            pub fn signature_address(&self, step: usize) -> *const u8 {
                self.steps.signed(step).1.as_ptr()
            }

            /// How many bytes it has.
            #[wasm_bindgen(js_name = signatureLength)]
            pub fn signature_length(&self, step: usize) -> usize {
                self.steps.signed(step).1.len()
            }

            /// Lets go of a step that nobody will go on with.
            pub fn abandon(&mut self, step: usize) {
                self.steps.take(step);
            }
        }
    };
}
pub(super) use step_methods;
