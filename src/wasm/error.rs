//! Errors on their way to JavaScript.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::error::{Error, ServerError};

/// A JavaScript `Error` with `code`, and where there are any `subject` (the claim or member concerned) and the authorization
/// server's own `error` and `error_description`.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let object = js_sys::Error::new(&alloc::format!("{error}"));
        let set = |name: &str, value: &str| {
            // Setting a property of a fresh ordinary object can't fail.
            let _ = Reflect::set(&object, &name.into(), &value.into());
        };
        set("name", "EdgewardError");
        set("code", error.code());
        if let Some(subject) = error.subject() {
            set("subject", subject);
        }
        if let Error::AuthorizationRefused(answer) | Error::TokenRequestRefused(answer) = &error {
            let ServerError { error, error_description } = answer;
            set("error", error);
            if let Some(description) = error_description {
                set("error_description", description);
            }
        }
        object.into()
    }
}
