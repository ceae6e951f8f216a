//! What a route demands of a good token: who issued it, what it may do, what it says, and how its user has authenticated. It is held
//! against the token on each request, so nothing of it is remembered.
//!
//! A requirement holds where all that it says holds; `any_of` in it needs one of its own to hold, `all_of` each of them. What a caller is
//! told follows from what is missing, by the table at [`Missing`].

mod authentication;
mod evidence;
mod membership;
mod reading;
mod sender_constraint;

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use authentication::Authentication;
pub(super) use evidence::Evidence;
use membership::Membership;
pub(super) use reading::Reader;
use sender_constraint::SenderConstraint;

use crate::{
    error::{Error, Unmet},
    jwt::{ClaimCondition, Scope},
};

/// What a token must have.
#[derive(Clone, Debug, Default)]
pub(super) struct Requirement {
    /// All of these.
    scope: Scope,
    /// Apart, so that a route without it, as most are, asks for no more than the scopes.
    further: Option<Box<Further>>,
}

/// What a requirement says beside scopes. What is empty was not said.
#[derive(Clone, Debug, Default)]
struct Further {
    /// One of these must have issued the token.
    issuers: Vec<NamedIssuer>,
    /// `aud` must name one of these.
    audience: Vec<String>,
    memberships: Vec<Membership>,
    conditions: Vec<ClaimCondition>,
    authentication: Option<Authentication>,
    sender_constraint: Option<SenderConstraint>,
    all_of: Vec<Requirement>,
    any_of: Vec<Requirement>,
}

/// An issuer that a requirement names.
#[derive(Clone, Debug)]
struct NamedIssuer {
    /// Its place in the policy.
    place: usize,
    /// What `iss` must be, where that place has many tenants and this is one of them.
    tenant: Option<String>,
}

/// What kinds of things are missing: of two, the greater is the worse, about which a client can do less.
///
/// | missing | answer |
/// |---|---|
/// | another token is needed (`issuer`, `audience`, `sender_constraint`) | 401 `invalid_token` |
/// | rights (`roles`, `groups`, `entitlements`, `claims`) | 403 `insufficient_scope` without `scope`, for no scope would do |
/// | scopes | 403 `insufficient_scope` with `scope` |
/// | scopes and an authentication | 401 `insufficient_user_authentication` with `scope` (RFC 9470 section 3) |
/// | an authentication | 401 `insufficient_user_authentication` |
///
/// A requirement misses all that its parts miss. Of `any_of` the alternative counts that misses least, the first of equals: so a caller is
/// asked for a scope or an authentication only where that would be enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Missing(u8);

impl Missing {
    const NOTHING: Self = Self(0);
    const AUTHENTICATION: Self = Self(1);
    const SCOPE: Self = Self(2);
    const RIGHTS: Self = Self(4);
    const TOKEN: Self = Self(8);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

/// What a token has to have to be let through by the nearest way.
#[derive(Default)]
struct Needed {
    scope: Scope,
    authentication: Option<Authentication>,
}

impl Requirement {
    /// Whether it says nothing, so that every good token meets it.
    pub(super) fn is_empty(&self) -> bool {
        self.scope.is_empty() && self.further.is_none()
    }

    /// The place of the issuer whose tokens alone can meet it, where it says so by itself.
    pub(super) fn only_issuer(&self) -> Option<usize> {
        let mut places = self.further.as_ref()?.issuers.iter().map(|issuer| issuer.place);
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }

    /// Whether no token meets it that is not bound by DPoP (RFC 9449 section 6).
    pub(super) fn is_met_by_dpop_alone(&self) -> bool {
        self.further.as_ref().is_some_and(|further| {
            further.sender_constraint.is_some_and(SenderConstraint::is_of_dpop_alone)
                || further.all_of.iter().any(Self::is_met_by_dpop_alone)
                || (!further.any_of.is_empty() && further.any_of.iter().all(Self::is_met_by_dpop_alone))
        })
    }

    /// Holds it against a token.
    ///
    /// # Errors
    /// `token_not_for_route`, `rights_missing`, `scope_missing`, `authentication_insufficient`: see [`Missing`].
    pub(super) fn check(&self, evidence: &Evidence<'_>) -> Result<(), Error> {
        let missing = self.missing(evidence);
        if missing == Missing::NOTHING { Ok(()) } else { Err(self.refusal(missing, evidence)) }
    }

    fn missing(&self, evidence: &Evidence<'_>) -> Missing {
        let mut missing = Missing::NOTHING;
        self.each_unmet(evidence, &mut |_, _, kind| missing = missing.and(kind));
        let Some(further) = &self.further else { return missing };
        let of_all = further.all_of.iter().map(|part| part.missing(evidence)).fold(missing, Missing::and);
        of_all.and(further.alternatives(evidence).min().unwrap_or_default())
    }

    /// Tells `unmet` of each demand of its own that does not hold: the member, the place in it where it is a list of demands, and
    /// what is missing by it.
    fn each_unmet(&self, evidence: &Evidence<'_>, unmet: &mut dyn FnMut(&'static str, Option<usize>, Missing)) {
        if !evidence.token.scope().contains_all(&self.scope) {
            unmet("scope", None, Missing::SCOPE);
        }
        let Some(further) = &self.further else { return };
        if !further.issuers.is_empty() && !further.issuers.iter().any(|issuer| evidence.is_of(issuer)) {
            unmet("issuer", None, Missing::TOKEN);
        }
        if !further.audience.is_empty() && !evidence.is_for(&further.audience) {
            unmet("audience", None, Missing::TOKEN);
        }
        if further.sender_constraint.is_some_and(|constraint| !evidence.is_bound_by(constraint)) {
            unmet("sender_constraint", None, Missing::TOKEN);
        }
        for membership in &further.memberships {
            if !evidence.holds(membership.claim(), |claims| membership.holds(claims)) {
                unmet(membership.claim(), None, Missing::RIGHTS);
            }
        }
        for (index, condition) in further.conditions.iter().enumerate() {
            if !evidence.holds(condition.claim(), |claims| condition.holds(claims)) {
                unmet("claims", Some(index), Missing::RIGHTS);
            }
        }
        if let Some(authentication) = &further.authentication {
            authentication.each_unmet(evidence, &mut |member| unmet(member, None, Missing::AUTHENTICATION));
        }
    }

    #[cold]
    #[inline(never)]
    fn refusal(&self, missing: Missing, evidence: &Evidence<'_>) -> Error {
        let mut places = Vec::new();
        self.name_unmet(evidence, "", &mut places);
        let mut needed = Needed::default();
        self.add_to(&mut needed, evidence);
        let mut unmet = Box::new(Unmet { demands: places.join(", "), ..Unmet::default() });
        if missing.has(Missing::SCOPE) {
            unmet.scope = Some(needed.scope.to_string());
        }
        if missing.has(Missing::AUTHENTICATION) {
            (unmet.acr_values, unmet.max_age) = needed.authentication.unwrap_or_default().into_parts();
        }
        if missing.has(Missing::TOKEN) {
            Error::TokenNotForRoute(unmet)
        } else if missing.has(Missing::RIGHTS) {
            Error::RightsMissing(unmet)
        } else if missing.has(Missing::AUTHENTICATION) {
            Error::AuthenticationInsufficient(unmet)
        } else {
            Error::ScopeMissing(unmet)
        }
    }

    /// The places of all that does not hold, below the place `at`.
    fn name_unmet(&self, evidence: &Evidence<'_>, at: &str, places: &mut Vec<String>) {
        self.each_unmet(evidence, &mut |member, index, _| {
            places.push(index.map_or_else(|| format!("{at}{member}"), |index| format!("{at}{member}[{index}]")));
        });
        let Some(further) = &self.further else { return };
        for (index, part) in further.all_of.iter().enumerate() {
            part.name_unmet(evidence, &format!("{at}all_of[{index}]."), places);
        }
        if further.alternatives(evidence).all(|missing| missing != Missing::NOTHING) {
            for (index, alternative) in further.any_of.iter().enumerate() {
                alternative.name_unmet(evidence, &format!("{at}any_of[{index}]."), places);
            }
        }
    }

    /// Adds what it asks for that a client could get, whether the token has it or not: a new token needs all of it.
    fn add_to(&self, needed: &mut Needed, evidence: &Evidence<'_>) {
        needed.scope.extend(&self.scope);
        let Some(further) = &self.further else { return };
        if let Some(own) = &further.authentication {
            needed.authentication = Some(needed.authentication.take().unwrap_or_default().and(own));
        }
        for part in &further.all_of {
            part.add_to(needed, evidence);
        }
        if let Some(nearest) = further.nearest(evidence) {
            nearest.add_to(needed, evidence);
        }
    }
}

impl Further {
    /// What each alternative misses.
    fn alternatives(&self, evidence: &Evidence<'_>) -> impl Iterator<Item = Missing> {
        self.any_of.iter().map(|alternative| alternative.missing(evidence))
    }

    /// The alternative that misses least, the first of equals. `None` without any.
    fn nearest(&self, evidence: &Evidence<'_>) -> Option<&Requirement> {
        self.any_of.iter().min_by_key(|alternative| alternative.missing(evidence))
    }
}
