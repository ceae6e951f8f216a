//! Reading a row. Each member stays the text it was until it is asked for, so that a key reaches the crate as it stands in the
//! file: with its duplicate members, its depth and its numbers.

use std::collections::BTreeMap;

use edgeward::UnixTime;
use serde_json::{Value, value::RawValue};

use super::Stop;

/// One row: a JSON object, read one level deep.
pub(super) struct Row(BTreeMap<String, Box<RawValue>>);

impl Row {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| format!("it is no JSON object: {error}"))
    }

    /// The member as its text; `None` where it is absent or null.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.get()).filter(|text| *text != "null")
    }

    /// A string; `None` where it is absent or null.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, Stop> {
        match self.raw(name) {
            None => Ok(None),
            Some(text) => string(text).map(Some).ok_or_else(|| unreadable(name, "is no string")),
        }
    }

    /// A string that the row can't be judged without.
    pub(super) fn text(&self, name: &str) -> Result<String, Stop> {
        self.optional_text(name)?.ok_or_else(|| unreadable(name, "is missing"))
    }

    /// A string for people to read; empty where it is none.
    pub(super) fn label(&self, name: &str) -> String {
        self.raw(name).and_then(string).unwrap_or_default()
    }

    /// The token. Another JSON value in its place, null too, is handed on as its text: no compact form, so the crate has to
    /// refuse it.
    pub(super) fn token(&self) -> Result<String, Stop> {
        let raw = self.0.get("token").map(|value| value.get()).ok_or_else(|| unreadable("token", "is missing"))?;
        Ok(string(raw).unwrap_or_else(|| raw.to_owned()))
    }

    /// Bytes in hexadecimal.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Stop> {
        hexadecimal(&self.text(name)?).ok_or_else(|| unreadable(name, "is no hexadecimal"))
    }

    /// The moment of judging. The crate takes whole seconds.
    pub(super) fn now(&self) -> Result<UnixTime, Stop> {
        let raw = self.raw("now").ok_or_else(|| unreadable("now", "is missing"))?;
        let value: Option<Value> = serde_json::from_str(raw).ok();
        value.as_ref().and_then(seconds).map(UnixTime::from_seconds).ok_or_else(|| unreadable("now", "is no moment"))
    }

    /// A member that is an object; an empty one where it is absent or null.
    pub(super) fn object(&self, name: &'static str) -> Result<Members, Stop> {
        let Some(raw) = self.raw(name) else {
            return Ok(Members { of: name, members: Value::Null });
        };
        match value(raw) {
            Some(members @ Value::Object(_)) => Ok(Members { of: name, members }),
            _ => Err(unreadable(name, "is no object")),
        }
    }
}

/// The members of `options` or `request`.
pub(super) struct Members {
    of: &'static str,
    members: Value,
}

impl Members {
    /// The member; `None` where it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, Stop> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or_else(|| self.unreadable(name, "is no string")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<&str, Stop> {
        self.optional_text(name)?.ok_or_else(|| self.unreadable(name, "is missing"))
    }

    /// A string, or a list of them; `None` where it is absent or null.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, Stop> {
        let texts = match self.get(name) {
            None => return Ok(None),
            Some(Value::Array(elements)) => elements.iter().map(Value::as_str).collect(),
            Some(value) => value.as_str().map(|text| vec![text]),
        };
        texts.map(Some).ok_or_else(|| self.unreadable(name, "is neither a string nor a list of them"))
    }

    pub(super) fn flag(&self, name: &str, otherwise: bool) -> Result<bool, Stop> {
        match self.get(name) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| self.unreadable(name, "is neither true nor false")),
        }
    }

    pub(super) fn seconds(&self, name: &str) -> Result<Option<u64>, Stop> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => seconds(value).map(Some).ok_or_else(|| self.unreadable(name, "is no number of seconds")),
        }
    }

    pub(super) fn unreadable(&self, name: &str, problem: &str) -> Stop {
        unreadable(&format!("{}.{name}", self.of), problem)
    }
}

pub(super) fn unreadable(name: &str, problem: &str) -> Stop {
    Stop::Unreadable(format!("\"{name}\" {problem}"))
}

/// Whole seconds; a fraction is cut off.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|seconds| *seconds >= 0.0).map(|seconds| seconds as u64))
}

/// A JSON string's text.
fn string(raw: &str) -> Option<String> {
    match value(raw) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// A JSON value. Half a surrogate pair is no character, and whoever hands texts to WebAssembly or reads UTF-8 gets a replacement
/// character in its place; so does the crate here.
fn value(raw: &str) -> Option<Value> {
    serde_json::from_str(raw).ok().or_else(|| serde_json::from_str(&without_lone_surrogates(raw)).ok())
}

fn without_lone_surrogates(raw: &str) -> String {
    let mut whole = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        whole.push_str(before);
        let low = after.get(5..).and_then(|next| next.strip_prefix("\\")).and_then(escaped_unit);
        let (escape, length) = match (escaped_unit(after), low) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (after.get(..11), 11),
            (Some(0xd800..=0xdfff), _) => (Some("ufffd"), 5),
            // Another escape; its first character must not be read as the start of the next.
            _ => {
                let length = after.chars().next().map_or(0, char::len_utf8);
                (after.get(..length), length)
            }
        };
        whole.push('\\');
        whole.push_str(escape.unwrap_or_default());
        rest = after.get(length..).unwrap_or_default();
    }
    whole + rest
}

/// The code unit of `uXXXX`, which follows a back slash.
fn escaped_unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok()
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
