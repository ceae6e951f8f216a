//! What a validated token grants on a route: the stages between "the token is good" and "the request may pass".

use alloc::{borrow::ToOwned, string::String, sync::Arc};

use super::{
    Ground, issuer::Issuer, known_token::KnownToken, possession::Possession, requirement::Evidence, route::Route,
};
use crate::{
    error::Error,
    jwt::{Confirmation, ValidatedToken},
    time::UnixTime,
};

/// A token that is good and carries what the route demands. Whether the sender may use it is not yet said.
#[derive(Clone, Debug)]
pub(super) struct Entitled {
    token: Arc<ValidatedToken>,
    /// The place of its issuer in the policy.
    issuer: usize,
    serial: u64,
    /// What introspection has said that the token is bound to.
    introspected: Bound,
    /// The session that introspection has said it belongs to.
    session: Option<String>,
    ground: Ground,
}

/// What introspection has said that a token is bound to.
#[derive(Clone, Debug, Default)]
struct Bound {
    jkt: Option<String>,
    x5t_s256: Option<String>,
}

/// A token that is good, carries what the route demands, and comes from who may use it. Only the gate makes one.
#[derive(Clone, Debug)]
pub struct Grant {
    token: Arc<ValidatedToken>,
    issuer: usize,
    serial: u64,
    ground: Ground,
    /// The nonce that the client's next proof has to carry, where it needs another.
    pub(super) next_nonce: Option<String>,
}

impl Entitled {
    /// Holds the token against what the route demands; beside it stands how it was found good.
    ///
    /// # Errors
    /// `scope_missing`, `rights_missing`, `authentication_insufficient`, `token_not_for_route`.
    pub(super) fn new(
        (known, ground): (KnownToken, Ground),
        route: &Route,
        issuers: &[Issuer],
        now: UnixTime,
    ) -> Result<Self, Error> {
        let KnownToken { token, issuer, serial, .. } = known;
        Self { token, issuer, serial, introspected: Bound::default(), session: None, ground }
            .checked(route, None, issuers, now)
    }

    /// What is left once introspection has spoken: scopes may have been taken away since the token was made, what the answer says of other
    /// claims must meet the route's demands as well, and the token may be bound to a key by the answer alone (RFC 9449 section 6.2, RFC 8705 section 3.2). On what it
    /// is silent, it says nothing (RFC 7662 section 2.2).
    ///
    /// # Errors
    /// Those of [`Self::new`], where what is left is not enough for the route; `proof_of_possession_missing`.
    pub(super) fn limited_by(
        mut self,
        introspected: &ValidatedToken,
        route: &Route,
        issuers: &[Issuer],
        now: UnixTime,
    ) -> Result<Self, Error> {
        let bound = introspected.confirmation()?;
        self.introspected =
            Bound { jkt: bound.jkt.map(ToOwned::to_owned), x5t_s256: bound.x5t_s256.map(ToOwned::to_owned) };
        self.session = introspected.claims().string("sid").ok().flatten().map(ToOwned::to_owned);
        if introspected.claims().contains("scope") || introspected.claims().contains("scp") {
            // The token may be known to the gate by what it grants itself, so a copy is limited.
            self.token = Arc::new(Arc::unwrap_or_clone(self.token).limited_to(introspected.scope()));
            self.serial = 0;
        }
        self.checked(route, Some(introspected), issuers, now)
    }

    fn checked(
        self,
        route: &Route,
        introspected: Option<&ValidatedToken>,
        issuers: &[Issuer],
        now: UnixTime,
    ) -> Result<Self, Error> {
        let evidence = Evidence { token: &self.token, introspected, issuer: self.issuer, issuers, now };
        route.requirement.check(&evidence).map(|()| self)
    }

    /// That introspection has spoken for it, now or for an earlier request.
    pub(super) const fn introspected(mut self, ground: Ground) -> Self {
        self.ground = ground;
        self
    }

    /// The token behind it.
    pub(super) fn token(&self) -> &ValidatedToken {
        &self.token
    }

    /// The place of its issuer in the policy.
    pub(super) const fn issuer(&self) -> usize {
        self.issuer
    }

    /// The `sid` that introspection has stated.
    pub(super) fn introspected_session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// What it is bound to, by its own word and by introspection's, which must not differ.
    ///
    /// # Errors
    /// `proof_of_possession_missing` where no proof could be of both.
    pub(super) fn confirmation(&self) -> Result<Confirmation<'_>, Error> {
        let own = self.token.confirmation()?;
        let differ = |own: Option<&'_ str>, other: Option<&'_ str>| own.is_some() && other.is_some() && own != other;
        let Bound { jkt, x5t_s256 } = &self.introspected;
        if differ(own.jkt, jkt.as_deref()) || differ(own.x5t_s256, x5t_s256.as_deref()) {
            return Err(Error::ProofOfPossessionMissing);
        }
        Ok(Confirmation { jkt: own.jkt.or(jkt.as_deref()), x5t_s256: own.x5t_s256.or(x5t_s256.as_deref()) })
    }

    /// The grant, for a sender who may use the token.
    pub(super) fn granted(self, possession: Possession) -> Grant {
        let Self { token, issuer, serial, ground, .. } = self;
        Grant { token, issuer, serial, ground, next_nonce: possession.next_nonce }
    }
}

impl Grant {
    /// The token behind it.
    pub fn token(&self) -> &ValidatedToken {
        &self.token
    }

    /// The place of the token's issuer in the policy.
    pub const fn issuer(&self) -> usize {
        self.issuer
    }

    /// What it rests on.
    pub const fn ground(&self) -> Ground {
        self.ground
    }

    /// A number under which what was made of the grant can be kept: two grants of one gate that have the same say the same. `None`
    /// where the gate does not remember the token.
    pub fn serial(&self) -> Option<u64> {
        (self.serial != 0).then_some(self.serial)
    }
}
