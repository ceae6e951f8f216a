//! The authorization response at the redirect URI (RFC 6749 section 4.1.2, RFC 9207).

use core::fmt;

use alloc::{string::String, vec::Vec};

use subtle::ConstantTimeEq;

use super::{AuthorizationServerMetadata, ClientConfig, Transaction, server_error::server_error};
use crate::{
    error::Error,
    form,
    json::{Value, has_duplicate},
    limits,
    time::UnixTime,
};

/// An authorization code that came back to the sign-in that asked for it. Only [`AuthorizationCode::from_callback`] makes one.
pub struct AuthorizationCode(String);

impl AuthorizationCode {
    /// Checks a callback URL against the transaction that waits for it. Order: form, no tokens in it, `state`, age,
    /// issuer, then the answer itself: nothing of an answer is believed before it is known to belong here.
    ///
    /// # Errors
    /// `callback_malformed`, `implicit_response_refused`, `state_mismatch`, `transaction_unknown`,
    /// `callback_issuer_mismatch`, `authorization_refused`.
    pub fn from_callback(
        url: &str,
        transaction: &Transaction,
        config: &ClientConfig,
        metadata: &AuthorizationServerMetadata,
        now: UnixTime,
    ) -> Result<Self, Error> {
        if !config.is_redirect_uri(url) {
            return Err(Error::CallbackMalformed { reason: "it does not come to the redirect URI" });
        }
        let parameters = parameters(url)?;
        let parameter = |name: &str| value_of(&parameters, name);
        let state = parameter("state").ok_or_else(|| Error::StateMismatch)?;
        if !bool::from(state.as_bytes().ct_eq(transaction.state.as_bytes())) {
            return Err(Error::StateMismatch);
        }
        let is_this_clients = transaction.issuer == metadata.issuer()
            && transaction.client_id == config.client_id
            && transaction.redirect_uri == config.redirect_uri.as_str();
        if !is_this_clients || transaction.is_expired(now) {
            return Err(Error::TransactionUnknown);
        }
        match parameter("iss") {
            Some(issuer) if issuer == metadata.issuer() => {}
            None if !metadata.names_issuer_in_response() => {}
            _ => return Err(Error::CallbackIssuerMismatch),
        }
        match (parameter("error"), parameter("code")) {
            (Some(error), None) if !error.is_empty() => {
                Err(Error::AuthorizationRefused(server_error(error, parameter("error_description"))))
            }
            (None, Some(code)) if !code.is_empty() => Ok(Self(code.into())),
            _ => Err(Error::CallbackMalformed { reason: "it must have one of \"code\" and \"error\"" }),
        }
    }

    /// The code, for the token request alone.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(..)")
    }
}

/// The `state` of a callback URL, to find the transaction by. It is compared again by [`AuthorizationCode::from_callback`].
///
/// # Errors
/// `callback_malformed`, `implicit_response_refused`, `state_mismatch` where there is none.
pub fn state_of(url: &str) -> Result<String, Error> {
    value_of(&parameters(url)?, "state").map(String::from).ok_or_else(|| Error::StateMismatch)
}

fn value_of<'a>(parameters: &'a [(String, Value)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.as_str())
}

/// The query's parameters, none twice (RFC 6749 section 3.1), and no token anywhere: not in the query, not in the fragment,
/// where the implicit grant would put it.
fn parameters(url: &str) -> Result<Vec<(String, Value)>, Error> {
    let malformed = |reason| Error::CallbackMalformed { reason };
    if url.len() > limits::MAX_CALLBACK_BYTES {
        return Err(malformed("it is too long"));
    }
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let (query, fragment) = (form::pairs(query), form::pairs(fragment));
    if query.iter().chain(&fragment).any(|(name, _)| name == "access_token" || name == "id_token") {
        return Err(Error::ImplicitResponseRefused);
    }
    if has_duplicate(&query) {
        return Err(malformed("a parameter is there twice"));
    }
    Ok(query)
}
