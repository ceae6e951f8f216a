//! Scopes: a set of case-sensitive words (RFC 6749 section 3.3).

use core::fmt;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::Claims;
use crate::{error::Error, json::Value, limits};

/// A set of scopes, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// Reads a space-separated list. `None` where a word has a character that RFC 6749 section 3.3 does not allow,
    /// or the text is over the size bound. More than one space between words is tolerated, as servers send it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > limits::MAX_SCOPE_BYTES {
            return None;
        }
        let mut scope = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            if !is_scope_token(word) {
                return None;
            }
            scope.insert(word);
        }
        Some(scope)
    }

    /// The scopes of a token: `scope` as a string (RFC 9068 section 2.2.3, RFC 8693 section 4.2), or where that is absent
    /// `scp`, a string or an array, as providers that predate RFC 9068 write it.
    ///
    /// # Errors
    /// `claim_invalid` where the claim has another type or form.
    pub fn of_claims(claims: &Claims) -> Result<Self, Error> {
        let (claim, value) = match (claims.get("scope"), claims.get("scp")) {
            (Some(value), _) => ("scope", value),
            (None, Some(value)) => ("scp", value),
            (None, None) => return Ok(Self::default()),
        };
        let invalid = Error::ClaimInvalid { claim };
        match value {
            Value::String(text) => Self::parse(text).ok_or(invalid),
            Value::Array(words) if claim == "scp" => {
                let mut scope = Self::default();
                for word in words {
                    match word.as_str() {
                        Some(word) if is_scope_token(word) => scope.insert(word),
                        _ => return Err(invalid),
                    }
                }
                Ok(scope)
            }
            _ => Err(invalid),
        }
    }

    /// Whether every scope of `demanded` is in this set.
    pub fn contains_all(&self, demanded: &Self) -> bool {
        demanded.0.iter().all(|word| self.0.contains(word))
    }

    /// The scopes that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|word| other.0.contains(word)).cloned().collect())
    }

    /// Whether the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words as one text, with a space between them (RFC 6749 section 3.3).
    pub fn to_text(&self) -> String {
        self.0.join(" ")
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Adds those of another set that are not there yet.
    pub(crate) fn extend(&mut self, other: &Self) {
        other.0.iter().for_each(|word| self.insert(word));
    }

    fn insert(&mut self, word: &str) {
        if !self.0.iter().any(|present| present == word) {
            self.0.push(word.to_string());
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`: so a scope can stand in a quoted string of a challenge as it is.
fn is_scope_token(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}
