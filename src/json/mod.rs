//! JSON, read strictly and written compactly (RFC 8259).
//!
//! What a token says is JSON, and so is every document the core decides by. Two readers that differ on a text see two tokens in one
//! signed text; so this one takes a text only where there is nothing to differ about:
//!
//! * one value and nothing after it, in the grammar of RFC 8259, in UTF-8;
//! * no member twice in an object, at any depth, however its name is spelt (RFC 7515 section 4 and RFC 7519 section 4 leave a reader
//!   the choice between refusing it and taking the last);
//! * no half of a surrogate pair, which no text can hold;
//! * no number that a double (IEEE 754 binary64) reads as infinite;
//! * objects and arrays no deeper than [`MAX_JSON_DEPTH`](crate::limits::MAX_JSON_DEPTH).
//!
//! A [`Number`] keeps what was written, so nothing is rounded here. The caller bounds a text's length before it is read.
//!
//! ```
//! use edgeward::json::{Fault, Object, Value};
//!
//! let claims = Object::parse(br#"{"sub": "ada", "aud": ["https://api.example"]}"#)?;
//! assert_eq!(claims.get("sub").and_then(Value::as_str), Some("ada"));
//! assert_eq!(Value::from(claims).to_string(), r#"{"sub":"ada","aud":["https://api.example"]}"#);
//!
//! let twice = Object::parse(br#"{"sub": "ada", "s\u0075b": "eve"}"#).unwrap_err();
//! assert_eq!(twice.fault(), Fault::DuplicateName);
//! # Ok::<(), edgeward::json::ParseError>(())
//! ```

mod cursor;
mod decimal;
mod duplicates;
mod fault;
mod fields;
mod number;
mod object;
mod parse;
mod raw;
mod text;
#[cfg(feature = "serde")]
mod to_serde;
mod value;
mod write;

pub(crate) use duplicates::has_duplicate;
pub use fault::{Fault, ParseError};
pub(crate) use fields::Fields;
pub use number::Number;
pub(crate) use number::decimal_text;
pub use object::Object;
pub(crate) use raw::elements_of;
pub use value::Value;
#[cfg(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-slim"))]
pub(crate) use write::write_object;
