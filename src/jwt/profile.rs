//! Kinds of token, kept apart so that one never passes as another (RFC 8725 sections 3.11 and 3.12).

use super::Claims;
use crate::{error::Error, jose::Header};

/// Which kind of token is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// A JWT access token of RFC 9068: `typ` is "at+jwt", and its required claims are there.
    #[default]
    AccessToken,
    /// A JWT access token of a provider that predates RFC 9068: `typ` is absent or "JWT". Said explicitly in a policy,
    /// because by form alone such a token can hardly be told from an ID token; the audience has to do it.
    LegacyAccessToken,
    /// An ID token (OIDC Core section 2).
    IdToken,
    /// What an introspection answer says of a token (RFC 7662 section 2.2). No JWT is ever one.
    Introspection,
}

impl Profile {
    /// RFC 9068 section 2.2 and OIDC Core section 2. `iss`, `aud` and `exp` are required of every profile already.
    pub(super) const fn required_claims(self) -> &'static [&'static str] {
        match self {
            Self::AccessToken => &["sub", "client_id", "iat", "jti"],
            Self::LegacyAccessToken | Self::Introspection => &[],
            Self::IdToken => &["sub", "iat"],
        }
    }

    /// Whether it opens an API. One bound to a key (`cnf`, RFC 7800) then needs a proof of that key, or whoever stole it could
    /// use it as a bearer token (RFC 9449 section 7.2).
    pub(super) const fn is_access_token(self) -> bool {
        match self {
            Self::AccessToken | Self::LegacyAccessToken | Self::Introspection => true,
            Self::IdToken => false,
        }
    }

    /// Checks `typ`, compared as a media type is: without regard to case, "application/" optional (RFC 7515 section 4.1.9).
    pub(super) fn check_type(self, header: &Header, claims: &Claims) -> Result<(), Error> {
        let typ = header.typ().map(|typ| match typ.split_at_checked("application/".len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
            _ => typ,
        });
        let fits = match self {
            Self::AccessToken => typ.is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt")),
            Self::LegacyAccessToken => {
                is_plain(typ) && !MARKS_OF_OTHER_KINDS.iter().any(|claim| claims.contains(claim))
            }
            Self::IdToken => is_plain(typ) && !claims.contains("events"),
            Self::Introspection => false,
        };
        if fits { Ok(()) } else { Err(Error::TypeMismatch) }
    }
}

/// Claims that only an ID token (`at_hash`, `c_hash`) or a security event such as a logout token (`events`) carries.
const MARKS_OF_OTHER_KINDS: [&str; 3] = ["at_hash", "c_hash", "events"];

fn is_plain(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"))
}
