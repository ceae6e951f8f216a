//! What a caller of a machine's client does next, and what it comes back with.

use core::fmt;

use alloc::string::String;

#[cfg(doc)]
use super::MachineClient;
use crate::{
    resource_server::{ClientAssertion, upstream_token::UpstreamToken},
    time::UnixTime,
};

/// What a caller who needs a token does next.
#[derive(Debug)]
pub enum Step {
    /// This token serves.
    Token(MachineToken),
    /// Another caller is asking: wait so long and call [`MachineClient::token`] again.
    Moment {
        /// For how long.
        milliseconds: u32,
    },
    /// Ask the authorization server, and go on with [`MachineClient::answered`].
    Ask(Question),
    /// The authorization server can't be asked, or can't answer.
    Unavailable {
        /// After so many seconds it is asked again.
        retry_after_seconds: u64,
    },
}

/// A token that serves now. It can't be printed.
#[derive(Clone)]
pub struct MachineToken(pub(super) UpstreamToken);

/// What the authorization server is asked. No redirect may be followed.
pub struct Question {
    /// Where.
    pub url: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The form that is posted; `None` where a document is fetched.
    pub body: Option<String>,
    /// What is signed and added to the form as `client_assertion`.
    pub client_assertion: Option<ClientAssertion>,
    /// To be given back with the answer.
    pub asked: Asked,
}

/// What was asked, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The moment.
    pub at: UnixTime,
    /// Of the metadata's places which; of the token endpoint whether it was asked before, and demanded a nonce.
    pub round: usize,
    /// Whether it was the token endpoint.
    pub for_token: bool,
}

/// What a server has answered.
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The body.
    pub text: &'a str,
    /// `DPoP-Nonce` (RFC 9449 section 8).
    pub nonce: Option<&'a str>,
}

impl MachineToken {
    /// The whole `Authorization` header.
    pub fn authorization(&self) -> &str {
        &self.0.authorization
    }

    /// When it expires, where the server said.
    pub const fn expires_at(&self) -> Option<UnixTime> {
        self.0.expires_at
    }

    /// No other token of this client had the same.
    pub const fn serial(&self) -> u64 {
        self.0.serial
    }

    /// "Bearer" or "DPoP", and the token.
    pub fn parts(&self) -> (&str, &str) {
        self.0.authorization.split_once(' ').unwrap_or_default()
    }
}

impl fmt::Debug for MachineToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineToken").field("expires_at", &self.expires_at()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("url", &self.url).field("asked", &self.asked).finish_non_exhaustive()
    }
}
