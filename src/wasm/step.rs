//! What the gate needs from outside, for JavaScript.

use alloc::string::{String, ToString};

use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    limits,
    resource_server::{Need, Pending},
};

/// A request that waits for something. It goes back into `GateCore.resume`.
#[wasm_bindgen]
pub struct GateStep {
    pub(super) need: Need,
    pub(super) pending: Pending,
}

#[wasm_bindgen]
impl GateStep {
    /// Whether it waits for the host's verdict on a signature, and not for a document.
    #[wasm_bindgen(getter, js_name = needsSignature)]
    pub fn needs_signature(&self) -> bool {
        matches!(self.need, Need::Signature { .. })
    }

    /// The document that is needed, as JSON text; `DocumentNeed` in `js/types.ts` is its type. Null for a signature.
    pub fn document(&self) -> String {
        match &self.need {
            Need::Metadata { url } => document(&self.need, json!({ "kind": "metadata", "url": url })),
            Need::KeySet { url } => document(&self.need, json!({ "kind": "key_set", "url": url })),
            Need::Introspection { url, authorization, body } => document(
                &self.need,
                json!({ "kind": "introspection", "url": url, "authorization": authorization, "body": body }),
            ),
            Need::Signature { .. } => Value::Null.to_string(),
        }
    }

    /// The `alg` of the signature that is needed; empty for a document.
    #[wasm_bindgen(getter)]
    pub fn alg(&self) -> String {
        match &self.need {
            Need::Signature { jws, .. } => jws.header().algorithm().name().into(),
            _ => String::new(),
        }
    }

    /// A number that the signature's key has and no other key of this module.
    #[wasm_bindgen(getter, js_name = keyId)]
    pub fn key_id(&self) -> usize {
        match &self.need {
            Need::Signature { key, .. } => key.prepared().id(),
            _ => usize::MAX,
        }
    }

    /// The signature's key: JSON text of a JWK with its required members alone; empty for a document.
    pub fn jwk(&self) -> String {
        match &self.need {
            Need::Signature { key, .. } => key.key().to_jwk(),
            _ => String::new(),
        }
    }

    /// Where in memory what was signed is, until the step goes back.
    #[wasm_bindgen(getter, js_name = messageAddress)]
    pub fn message_address(&self) -> *const u8 {
        self.signed().0.as_ptr()
    }

    /// How many bytes it has.
    #[wasm_bindgen(getter, js_name = messageLength)]
    pub fn message_length(&self) -> usize {
        self.signed().0.len()
    }

    /// Where in memory the signature is, until the step goes back.
    #[wasm_bindgen(getter, js_name = signatureAddress)]
    pub fn signature_address(&self) -> *const u8 {
        self.signed().1.as_ptr()
    }

    /// How many bytes it has.
    #[wasm_bindgen(getter, js_name = signatureLength)]
    pub fn signature_length(&self) -> usize {
        self.signed().1.len()
    }

    fn signed(&self) -> (&[u8], &[u8]) {
        match &self.need {
            Need::Signature { jws, .. } => (jws.signing_input(), jws.signature()),
            _ => (&[], &[]),
        }
    }
}

/// The need with its bounds.
fn document(need: &Need, mut described: Value) -> String {
    if let Value::Object(members) = &mut described {
        members.insert("max_bytes".into(), need.max_bytes().into());
        members.insert("timeout_milliseconds".into(), limits::FETCH_TIMEOUT_MILLISECONDS.into());
    }
    described.to_string()
}
