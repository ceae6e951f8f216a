//! Reading registered claims with the types RFC 7519 section 4.1 gives them.

use core::fmt;

use alloc::{sync::Arc, vec::Vec};

use crate::{
    error::Error,
    jose::VerifiedJws,
    json::{Object, Value},
    time::NumericDate,
};

/// A claims set. A claim of the wrong type is an error, never taken for absent.
#[derive(Clone, Default)]
pub struct Claims(Arc<Object>);

impl Claims {
    pub(crate) const fn new(members: Arc<Object>) -> Self {
        Self(members)
    }

    /// The claims of a token whose signature has held.
    ///
    /// # Errors
    /// `token_malformed` where it is no claims set (RFC 7519 section 4).
    pub(crate) fn of(jws: &VerifiedJws) -> Result<Self, Error> {
        jws.claims().map(Self)
    }

    /// The claim as JSON.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All members.
    pub fn as_object(&self) -> &Object {
        &self.0
    }

    /// A claim that is a string where it is present.
    ///
    /// # Errors
    /// `claim_invalid` for any other type.
    pub fn string(&self, claim: &'static str) -> Result<Option<&str>, Error> {
        match self.0.get(claim) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error::ClaimInvalid { claim }),
        }
    }

    /// A claim that is a string or an array of strings where it is present, as `aud` is (RFC 7519 section 4.1.3).
    ///
    /// # Errors
    /// `claim_invalid` for any other type, and for an array with anything but strings in it.
    pub fn string_or_list(&self, claim: &'static str) -> Result<Option<Vec<&str>>, Error> {
        match self.0.get(claim) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some([text.as_str()].into())),
            Some(Value::Array(elements)) => elements
                .iter()
                .map(|element| element.as_str().ok_or_else(|| Error::ClaimInvalid { claim }))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(Error::ClaimInvalid { claim }),
        }
    }

    /// A claim that is a `NumericDate` where it is present (RFC 7519 section 2).
    ///
    /// # Errors
    /// `claim_invalid` for any other type, and for dates out of range.
    pub fn numeric_date(&self, claim: &'static str) -> Result<Option<NumericDate>, Error> {
        match self.0.get(claim) {
            None => Ok(None),
            Some(value) => NumericDate::from_json(value).map(Some).ok_or_else(|| Error::ClaimInvalid { claim }),
        }
    }

    /// Whether the claim is there, of whatever type.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl fmt::Debug for Claims {
    /// Shows the names only: values are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
