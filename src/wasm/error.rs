//! Errors on their way to JavaScript.

use alloc::{string::ToString, vec::Vec};

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::{
    error::{Error, Problem, ServerError},
    json::Value,
};

/// A JavaScript `Error` with `code`, and where there are any `subject` (the claim or member concerned), the authorization
/// server's own `error` and `error_description`, and `problems`: the problems of a document, as JSON text.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let object = js_sys::Error::new(&error.sentence());
        let set = |name: &str, value: &str| {
            // Setting a property of a fresh ordinary object can't fail.
            let _ = Reflect::set(&object, &name.into(), &value.into());
        };
        set("name", "EdgewardError");
        set("code", error.code());
        if let Some(subject) = error.subject() {
            set("subject", subject);
        }
        if let Error::AuthorizationRefused(answer)
        | Error::PushedRequestRefused(answer)
        | Error::TokenRequestRefused(answer) = &error
        {
            let ServerError { error, error_description } = &**answer;
            set("error", error);
            if let Some(description) = error_description {
                set("error_description", description);
            }
        }
        if let Error::PolicyInvalid { problems } | Error::ConfigInvalid { problems } = &error {
            set("problems", &Value::from(problems.iter().map(Problem::to_value).collect::<Vec<_>>()).to_string());
        }
        object.into()
    }
}
