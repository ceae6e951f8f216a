//! That a token is bound to who may send it (RFC 9449 section 6, RFC 8705 section 3). A bound token is made to prove possession on every route; where a route demands
//! that it is bound, no bearer token opens it, so one that was stolen does not either (RFC 9700 section 2.2.1).

use crate::jwt::Confirmation;

/// The ways of binding that a route takes, of which the token must have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SenderConstraint {
    dpop: bool,
    mtls: bool,
}

impl SenderConstraint {
    /// Each that there is, by its name and by the member of the policy that has its proofs taken.
    pub(super) const NAMES: [&'static str; 2] = ["dpop", "mtls"];

    /// Reads names; `None` of none.
    pub(super) fn of(names: &[&str]) -> Option<Self> {
        let constraint = Self { dpop: names.contains(&"dpop"), mtls: names.contains(&"mtls") };
        (constraint != Self::default()).then_some(constraint)
    }

    pub(super) const fn is_met_by(self, confirmation: Confirmation<'_>) -> bool {
        (self.dpop && confirmation.jkt.is_some()) || (self.mtls && confirmation.x5t_s256.is_some())
    }

    /// Whether DPoP alone meets it.
    pub(super) fn is_of_dpop_alone(self) -> bool {
        self == Self { dpop: true, mtls: false }
    }
}
