//! Kinds of token, kept apart so that one never passes as another (RFC 8725 sections 3.11 and 3.12).

use alloc::string::String;

use super::Claims;
use crate::{error::Error, jose::Header};

/// Which kind of token is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// A JWT access token of RFC 9068: `typ` is "at+jwt", and its required claims are there.
    AccessToken,
    /// A JWT access token of a provider that predates RFC 9068: `typ` is absent or "JWT". Said explicitly, because by form alone
    /// such a token can hardly be told from an ID token; the audience has to do it.
    LegacyAccessToken,
    /// An ID token (OIDC Core section 2).
    IdToken,
    /// A logout token (OIDC Back-Channel Logout section 2.4).
    LogoutToken,
    /// What an introspection answer says of a token (RFC 7662 section 2.2). No JWT is ever one.
    Introspection,
    /// A JWT of another standard, told by its `typ` (RFC 8725 section 3.11): "secevent+jwt", for example.
    Typed(String),
    /// A JWT whose kind the caller knows by other means. Anything passes, so it must never stand where two kinds can come.
    AnyType,
}

/// The event that makes a security event token a logout token (OIDC Back-Channel Logout section 2.4).
pub(super) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Claims that only an ID token (`at_hash`, `c_hash`) or a security event such as a logout token (`events`) carries.
const MARKS_OF_OTHER_KINDS: [&str; 3] = ["at_hash", "c_hash", "events"];

impl Profile {
    /// RFC 9068 section 2.2, OIDC Core section 2, OIDC Back-Channel Logout section 2.4. `iss`, `aud` and `exp` are required of
    /// every profile already.
    pub(super) const fn required_claims(&self) -> &'static [&'static str] {
        match self {
            Self::AccessToken => &["sub", "client_id", "iat", "jti"],
            Self::IdToken => &["sub", "iat"],
            Self::LogoutToken => &["iat", "jti", "events"],
            Self::LegacyAccessToken | Self::Introspection | Self::Typed(_) | Self::AnyType => &[],
        }
    }

    /// Whether it opens an API. One bound to a key (`cnf`, RFC 7800) then needs a proof of that key, or whoever stole it could
    /// use it as a bearer token (RFC 9449 section 7.2).
    pub(super) const fn is_access_token(&self) -> bool {
        matches!(self, Self::AccessToken | Self::LegacyAccessToken | Self::Introspection)
    }

    /// Checks `typ`, compared as a media type is: without regard to case, "application/" optional (RFC 7515 section 4.1.9).
    pub(super) fn check_type(&self, header: &Header, claims: &Claims) -> Result<(), Error> {
        let is = |expected: &str| header.media_type().is_some_and(|typ| typ.eq_ignore_ascii_case(expected));
        let is_plain = header.media_type().is_none() || is("JWT");
        let fits = match self {
            Self::AccessToken => is("at+jwt"),
            Self::LegacyAccessToken => is_plain && !MARKS_OF_OTHER_KINDS.iter().any(|claim| claims.contains(claim)),
            Self::IdToken => is_plain && !claims.contains("events"),
            Self::LogoutToken => is_plain || is("logout+jwt"),
            Self::Introspection => false,
            Self::Typed(typ) => is(typ),
            Self::AnyType => true,
        };
        if fits { Ok(()) } else { Err(Error::TypeMismatch) }
    }
}
