//! What a core needs from outside, for JavaScript: a document, or the host's verdict on a signature.

use alloc::string::{String, ToString};

use crate::{
    json::{Object, Value},
    limits,
    resource_server::Need,
};

/// What both kinds of steps can be asked. wasm-bindgen knows no generic types.
macro_rules! step {
    ($name:ident, $pending:ty, $doc:literal) => {
        #[doc = $doc]
        #[wasm_bindgen]
        pub struct $name {
            pub(super) need: Need,
            pub(super) pending: $pending,
        }

        #[wasm_bindgen]
        impl $name {
            /// Whether it waits for the host's verdict on a signature, and not for a document.
            #[wasm_bindgen(getter, js_name = needsSignature)]
            pub fn needs_signature(&self) -> bool {
                matches!(self.need, Need::Signature { .. })
            }

            /// The document that is needed, as JSON text; `DocumentNeed` in `js/types.ts` is its type. Null for a signature.
            pub fn document(&self) -> String {
                step::document(&self.need)
            }

            /// The `alg` of the signature that is needed; empty for a document.
            #[wasm_bindgen(getter)]
            pub fn alg(&self) -> String {
                step::alg(&self.need)
            }

            /// A number that the signature's key has and no other key of this module.
            #[wasm_bindgen(getter, js_name = keyId)]
            pub fn key_id(&self) -> usize {
                step::key_id(&self.need)
            }

            /// The signature's key: JSON text of a JWK with its required members alone; empty for a document.
            pub fn jwk(&self) -> String {
                step::jwk(&self.need)
            }

            /// Where in memory what was signed is, until the step goes back.
            #[wasm_bindgen(getter, js_name = messageAddress)]
            pub fn message_address(&self) -> *const u8 {
                step::signed(&self.need).0.as_ptr()
            }

            /// How many bytes it has.
            #[wasm_bindgen(getter, js_name = messageLength)]
            pub fn message_length(&self) -> usize {
                step::signed(&self.need).0.len()
            }

            /// Where in memory the signature is, until the step goes back.
            #[wasm_bindgen(getter, js_name = signatureAddress)]
            pub fn signature_address(&self) -> *const u8 {
                step::signed(&self.need).1.as_ptr()
            }

            /// How many bytes it has.
            #[wasm_bindgen(getter, js_name = signatureLength)]
            pub fn signature_length(&self) -> usize {
                step::signed(&self.need).1.len()
            }
        }
    };
}
pub(super) use step;

pub(super) fn document(need: &Need) -> String {
    let mut described = match need {
        Need::Metadata { url } => Object::from([("kind", "metadata".into()), ("url", url.as_str().into())]),
        Need::KeySet { url } => Object::from([("kind", "key_set".into()), ("url", url.as_str().into())]),
        Need::Introspection { url, authorization, body } => Object::from([
            ("kind", "introspection".into()),
            ("url", url.as_str().into()),
            ("authorization", authorization.as_str().into()),
            ("body", body.as_str().into()),
        ]),
        Need::Signature { .. } => return Value::Null.to_string(),
    };
    described.insert("max_bytes", need.max_bytes());
    described.insert("timeout_milliseconds", limits::FETCH_TIMEOUT_MILLISECONDS);
    described.to_string()
}

pub(super) fn alg(need: &Need) -> String {
    match need {
        Need::Signature { jws, .. } => jws.header().algorithm().name().into(),
        _ => String::new(),
    }
}

pub(super) fn key_id(need: &Need) -> usize {
    match need {
        Need::Signature { key, .. } => key.prepared().id(),
        _ => usize::MAX,
    }
}

pub(super) fn jwk(need: &Need) -> String {
    match need {
        Need::Signature { key, .. } => key.key().to_jwk(),
        _ => String::new(),
    }
}

/// What was signed, and the signature.
pub(super) fn signed(need: &Need) -> (&[u8], &[u8]) {
    match need {
        Need::Signature { jws, .. } => (jws.signing_input(), jws.signature()),
        _ => (&[], &[]),
    }
}
