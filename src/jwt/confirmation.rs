//! What a token is bound to: its `cnf` claim (RFC 7800 section 3.1).

use super::Claims;
use crate::{
    error::Error,
    jose::base64url,
    json::{Object, Value},
};

/// Which bindings whoever reads the token will demand a proof of. A token with any other must not pass as an unbound one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenBindings {
    /// `jkt`: the thumbprint of a key of the client's (RFC 9449 section 6.1).
    pub(crate) jkt: bool,
    /// `x5t#S256`: the thumbprint of a certificate of the client's (RFC 8705 section 3.1).
    pub(crate) x5t_s256: bool,
}

/// The bindings of a token; all of them have to be proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmation<'a> {
    /// The SHA-256 thumbprint of the key that the sender has to prove with DPoP (RFC 9449 section 6.1).
    pub jkt: Option<&'a str>,
    /// The SHA-256 thumbprint of the certificate that the sender has to present in TLS, `x5t#S256` (RFC 8705 section 3.1).
    pub x5t_s256: Option<&'a str>,
}

impl TakenBindings {
    /// Each that there is.
    pub(super) const ALL: Self = Self { jkt: true, x5t_s256: true };
}

impl<'a> Confirmation<'a> {
    /// Reads `cnf`. None of its members may be one that nobody demands a proof of: the token would pass without.
    ///
    /// # Errors
    /// `proof_of_possession_missing`.
    pub(super) fn of(claims: &'a Claims, taken: TakenBindings) -> Result<Self, Error> {
        match claims.get("cnf") {
            None => Ok(Self::default()),
            Some(Value::Object(members)) => {
                Self::of_members(members, taken).ok_or_else(|| Error::ProofOfPossessionMissing)
            }
            Some(_) => Err(Error::ProofOfPossessionMissing),
        }
    }

    /// Whether it is bound to nothing.
    pub const fn is_unbound(&self) -> bool {
        self.jkt.is_none() && self.x5t_s256.is_none()
    }

    fn of_members(members: &'a Object, taken: TakenBindings) -> Option<Self> {
        let mut confirmation = Self::default();
        for name in members.keys() {
            match name {
                "jkt" if taken.jkt => confirmation.jkt = Some(members.get(name).and_then(thumbprint)?),
                "x5t#S256" if taken.x5t_s256 => {
                    confirmation.x5t_s256 = Some(members.get(name).and_then(thumbprint)?);
                }
                _ => return None,
            }
        }
        // An empty object says that there is a binding, and not which.
        (!confirmation.is_unbound()).then_some(confirmation)
    }
}

/// A SHA-256 digest in base64url.
fn thumbprint(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| base64url::decode(text).is_some_and(|digest| digest.len() == 32))
}
