//! The bearer token of a request (RFC 6750 section 2).

use core::fmt;

use alloc::borrow::Cow;

use super::Request;
use crate::{error::Error, form, limits};

/// The credentials as they were sent: of good form, not checked, never shown.
pub struct BearerToken<'a>(Cow<'a, str>);

impl<'a> BearerToken<'a> {
    /// Takes the token from the Authorization header, the one place where it may travel (RFC 6750 section 2.1). It is not copied.
    ///
    /// A token in the URL is refused even beside a header: URLs are logged and shared (RFC 9700 section 4.3.2).
    /// Two Authorization headers reach us joined by a comma, which no token holds, and are refused by that.
    ///
    /// # Errors
    /// `credentials_missing`, `credentials_malformed`, `token_too_large`.
    pub fn from_request(request: &Request<'a>) -> Result<Self, Error> {
        Self::after_scheme(request, "Bearer")
    }

    /// The same after another scheme's name.
    ///
    /// # Errors
    /// Those of [`Self::from_request`].
    pub(super) fn after_scheme(request: &Request<'a>, name: &str) -> Result<Self, Error> {
        let malformed = |reason| Error::CredentialsMalformed { reason };
        let in_query = |query: &str| form::pairs(query).iter().any(|(name, _)| name == "access_token");
        if request.query.is_some_and(in_query) {
            return Err(malformed("the token is in the URL; send it in the Authorization header"));
        }
        let authorization = request.authorization.ok_or(Error::CredentialsMissing)?;
        // RFC 9110 section 11.4: the scheme, in any case, one or more spaces, the credentials.
        let (scheme, credentials) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if !scheme.eq_ignore_ascii_case(name) {
            return Err(Error::CredentialsMissing);
        }
        let token = credentials.trim_start_matches(' ');
        if token.len() > limits::MAX_TOKEN_BYTES {
            return Err(Error::TokenTooLarge);
        }
        if !is_b64token(token) {
            return Err(malformed("after the scheme comes one token of the characters A-Z a-z 0-9 - . _ ~ + / ="));
        }
        Ok(Self(Cow::Borrowed(token)))
    }

    /// The token's text, for parsing it and for asking introspection; nothing else may be done with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same with a copy of the text, for a request that has to wait.
    pub(super) fn into_owned(self) -> BearerToken<'static> {
        BearerToken(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Debug for BearerToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(..)")
    }
}

/// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 6750 section 2.1).
fn is_b64token(token: &str) -> bool {
    let characters = token.trim_end_matches('=');
    !characters.is_empty() && characters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}
