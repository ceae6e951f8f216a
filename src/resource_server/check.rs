//! The checks that a request with a token goes through, in their order, and which of them each error belongs to: for whoever explains a decision.

use crate::error::Error;

/// One of the things that are looked at, one after another. What an earlier one refuses, no later one sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Path and method, and the route that governs them.
    Route,
    /// How the request carries its token.
    Credentials,
    /// The token's form and its header.
    Form,
    /// Whose token it claims to be.
    Issuer,
    /// The key that may have signed it, and the algorithm.
    Keys,
    /// The signature.
    Signature,
    /// What the token says, and when.
    Claims,
    /// What the route demands beyond it.
    Demands,
    /// The issuer's own word about the token.
    Introspection,
    /// The deny list.
    Revocation,
    /// That whoever sends the token may use it.
    Possession,
    /// The origin's answer, and before it the token that it is to get.
    Origin,
}

impl Check {
    /// All of them, in their order.
    pub const ALL: [Self; 12] = [
        Self::Route,
        Self::Credentials,
        Self::Form,
        Self::Issuer,
        Self::Keys,
        Self::Signature,
        Self::Claims,
        Self::Demands,
        Self::Introspection,
        Self::Revocation,
        Self::Possession,
        Self::Origin,
    ];

    /// The check that refuses for this reason; `None` for what no request at a gate is refused for. Exhaustive, so a new reason can't be
    /// forgotten here.
    pub const fn of(error: &Error) -> Option<Self> {
        Some(match error {
            Error::PathAmbiguous | Error::RouteUnknown | Error::MethodNotAllowed { .. } => Self::Route,
            Error::CredentialsMissing | Error::CredentialsMalformed { .. } | Error::ProofMissing => Self::Credentials,
            Error::TokenTooLarge
            | Error::TokenMalformed { .. }
            | Error::HeaderInvalid { .. }
            | Error::CriticalHeaderUnsupported => Self::Form,
            Error::IssuerUnknown => Self::Issuer,
            Error::AlgorithmNotAllowed
            | Error::KeySetMalformed { .. }
            | Error::KeyUnusable { .. }
            | Error::KeyUnknown
            | Error::KeyNotYetKnown { .. }
            | Error::KeyAmbiguous
            | Error::KeySetUnavailable { .. }
            | Error::MetadataInvalid { .. } => Self::Keys,
            Error::SignatureInvalid => Self::Signature,
            Error::ClaimMissing { .. }
            | Error::ClaimInvalid { .. }
            | Error::TypeMismatch
            | Error::AudienceMismatch
            | Error::TokenExpired
            | Error::TokenNotYetValid
            | Error::TokenIssuedInFuture
            | Error::TokenTooOld
            | Error::ClaimConditionUnmet { .. }
            | Error::TenantMismatch => Self::Claims,
            Error::ScopeMissing(_)
            | Error::TokenNotForRoute(_)
            | Error::RightsMissing(_)
            | Error::AuthenticationInsufficient(_) => Self::Demands,
            Error::TokenInactive | Error::IntrospectionUnavailable { .. } => Self::Introspection,
            Error::TokenRevoked
            | Error::DenyListUnavailable { .. }
            | Error::DenyListFull
            | Error::RevocationUnknown
            | Error::RevocationInvalid { .. } => Self::Revocation,
            Error::ProofOfPossessionMissing
            | Error::ProofInvalid { .. }
            | Error::ProofRequestMismatch { .. }
            | Error::ProofTokenMismatch
            | Error::ProofKeyMismatch
            | Error::ProofTooOld
            | Error::ProofNonceMismatch
            | Error::ProofReplayed
            | Error::ProofMemoryUnavailable
            | Error::CertificateMismatch
            | Error::CertificateUntrusted
            | Error::TokenUnbound => Self::Possession,
            Error::UpstreamTokenUnavailable { .. }
            | Error::UpstreamTokenInvalid { .. }
            | Error::UpstreamTokenRefused { .. }
            | Error::SubjectTokenInvalid
            | Error::SubjectTokenRefused { .. }
            | Error::UpstreamUnavailable
            | Error::UpstreamTimeout => Self::Origin,
            Error::NonceForbidden
            | Error::NonceMismatch
            | Error::AuthorizedPartyMismatch
            | Error::AuthenticationTooOld
            | Error::AuthenticationContextMismatch
            | Error::HashMismatch { .. }
            | Error::PolicyInvalid { .. }
            | Error::ConfigInvalid { .. }
            | Error::RandomnessInvalid
            | Error::CallbackMalformed { .. }
            | Error::ImplicitResponseRefused
            | Error::TransactionUnknown
            | Error::StateMismatch
            | Error::CallbackIssuerMismatch
            | Error::AuthorizationRefused(_)
            | Error::TokenResponseInvalid { .. }
            | Error::PushedRequestRefused(_)
            | Error::PushedResponseInvalid { .. }
            | Error::SessionMismatch { .. }
            | Error::SessionUnknown
            | Error::TokenRequestRefused(_) => return None,
        })
    }

    /// Its name, as `npx edgeward explain` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Credentials => "credentials",
            Self::Form => "form",
            Self::Issuer => "issuer",
            Self::Keys => "keys",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Demands => "demands",
            Self::Introspection => "introspection",
            Self::Revocation => "revocation",
            Self::Possession => "possession",
            Self::Origin => "origin",
        }
    }
}
