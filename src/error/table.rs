//! What is known of each error beside its sentence, in one table: code, reason, the claim concerned, and where its rule is written.

use super::Error;
use crate::limits;

/// What kind of thing is wrong, for code that treats kinds alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The form is not the one the standard gives it.
    Malformed,
    /// Something is over a bound of [`limits`](crate::limits).
    TooLarge,
    /// Something required is absent.
    Missing,
    /// Something is there and is not what it must be.
    Mismatch,
    /// The clock decides: too late, too early, too old.
    Time,
    /// The form is good and is one that is never taken.
    Unsupported,
    /// The authorization server answered with an error of its own.
    Refused,
    /// Another server can't be had, so nothing was judged.
    Unavailable,
    /// What a person configured, or the caller handed in, can't be worked with.
    Misconfigured,
}

impl Reason {
    /// Its name, as it stands in logs and in TypeScript.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::Missing => "missing",
            Self::Mismatch => "mismatch",
            Self::Time => "time",
            Self::Unsupported => "unsupported",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The stable code.
    pub code: &'static str,
    /// The kind.
    pub reason: Reason,
    /// The claim, header parameter or member it is always about; empty where it depends.
    pub subject: &'static str,
    /// Where the rule is written.
    pub reference: &'static str,
}

// A `match` for each column, and none for whole rows: so a module comes without the columns that it does not show.
macro_rules! table {
    ($($variant:pat => $code:literal $reason:ident $subject:literal $reference:literal;)*) => {
        impl Error {
            /// Every code there is. The TypeScript union and `docs/errors.md` are made from it.
            pub const TABLE: &[Row] = &[$(
                Row { code: $code, reason: Reason::$reason, subject: $subject, reference: $reference },
            )*];

            /// The stable code, for logs, metrics and code that branches on it. Codes are never renamed.
            pub const fn code(&self) -> &'static str {
                match self {
                    $($variant => $code,)*
                }
            }

            /// What kind of thing is wrong.
            pub const fn reason(&self) -> Reason {
                match self {
                    $($variant => Reason::$reason,)*
                }
            }

            /// Where the rule that was broken is written, e.g. "RFC 7519 section 4.1.3".
            pub const fn reference(&self) -> &'static str {
                match self {
                    $($variant => $reference,)*
                }
            }

            /// What it is always about; empty where it depends.
            const fn usual_subject(&self) -> &'static str {
                match self {
                    $($variant => $subject,)*
                }
            }
        }
    };
}

table! {
    Self::TokenTooLarge => "token_too_large" TooLarge "" "README, \"Limits\"";
    Self::TokenMalformed { .. } => "token_malformed" Malformed "" "RFC 7515 section 7.1";
    Self::HeaderInvalid { .. } => "header_invalid" Malformed "" "RFC 7515 section 4.1";
    Self::CriticalHeaderUnsupported => "critical_header_unsupported" Unsupported "crit" "RFC 7515 section 4.1.11";
    Self::AlgorithmNotAllowed => "algorithm_not_allowed" Unsupported "alg" "RFC 8725 section 3.1";
    Self::KeySetMalformed { .. } => "key_set_malformed" Malformed "" "RFC 7517 section 5";
    Self::KeyUnusable { .. } => "key_unusable" Malformed "" "RFC 7517 section 4";
    Self::KeyUnknown => "key_unknown" Missing "kid" "RFC 7515 section 4.1.4";
    Self::KeyNotYetKnown { .. } => "key_not_yet_known" Unavailable "kid" "RFC 7517 section 5";
    Self::KeyAmbiguous => "key_ambiguous" Mismatch "kid" "RFC 7515 section 4.1.4";
    Self::SignatureInvalid => "signature_invalid" Mismatch "" "RFC 7515 section 5.2";
    Self::ClaimMissing { .. } => "claim_missing" Missing "" "RFC 7519 section 4";
    Self::ClaimInvalid { .. } => "claim_invalid" Malformed "" "RFC 7519 section 4.1";
    Self::TypeMismatch => "type_mismatch" Mismatch "typ" "RFC 8725 section 3.11";
    Self::IssuerUnknown => "issuer_unknown" Mismatch "iss" "RFC 7519 section 4.1.1";
    Self::AudienceMismatch => "audience_mismatch" Mismatch "aud" "RFC 7519 section 4.1.3";
    Self::TokenExpired => "token_expired" Time "exp" "RFC 7519 section 4.1.4";
    Self::TokenNotYetValid => "token_not_yet_valid" Time "nbf" "RFC 7519 section 4.1.5";
    Self::TokenIssuedInFuture => "token_issued_in_future" Time "iat" "RFC 7519 section 4.1.6";
    Self::TokenTooOld => "token_too_old" Time "iat" "RFC 7519 section 4.1.6";
    Self::ClaimConditionUnmet { .. } => "claim_condition_unmet" Mismatch "" "RFC 7519 section 4";
    Self::TenantMismatch => "tenant_mismatch" Mismatch "iss" "RFC 8725 section 3.8";
    Self::NonceForbidden => "nonce_forbidden" Mismatch "nonce" "OIDC Back-Channel Logout 1.0 section 2.4";
    Self::ProofOfPossessionMissing => "proof_of_possession_missing" Missing "cnf" "RFC 9449 section 7.2";
    Self::NonceMismatch => "nonce_mismatch" Mismatch "nonce" "OIDC Core 1.0 section 3.1.3.7";
    Self::AuthorizedPartyMismatch => "authorized_party_mismatch" Mismatch "azp" "OIDC Core 1.0 section 3.1.3.7";
    Self::AuthenticationTooOld => "authentication_too_old" Time "auth_time" "OIDC Core 1.0 section 3.1.3.7";
    Self::AuthenticationContextMismatch => "authentication_context_mismatch" Mismatch "acr" "OIDC Core 1.0 section 3.1.3.7";
    Self::HashMismatch { .. } => "hash_mismatch" Mismatch "" "OIDC Core 1.0 sections 3.1.3.8 and 3.3.2.11";
    Self::ProofRequestMismatch { .. } => "proof_request_mismatch" Mismatch "" "RFC 9449 section 4.3";
    Self::ProofTokenMismatch => "proof_token_mismatch" Mismatch "ath" "RFC 9449 section 4.3";
    Self::ProofKeyMismatch => "proof_key_mismatch" Mismatch "jkt" "RFC 9449 section 4.3";
    Self::ProofTooOld => "proof_too_old" Time "iat" "RFC 9449 section 4.3";
    Self::ProofNonceMismatch => "proof_nonce_mismatch" Mismatch "nonce" "RFC 9449 section 9";
    Self::ProofMissing => "proof_missing" Missing "DPoP" "RFC 9449 section 7.1";
    Self::ProofInvalid { .. } => "proof_invalid" Malformed "DPoP" "RFC 9449 section 4.3";
    Self::TokenUnbound => "token_unbound" Mismatch "cnf" "RFC 9449 section 7.1";
    Self::CertificateMismatch => "certificate_mismatch" Mismatch "cnf" "RFC 8705 section 3";
    Self::CertificateUntrusted => "certificate_untrusted" Mismatch "cnf" "RFC 8705 section 3";
    Self::ProofMemoryUnavailable => "proof_memory_unavailable" Unavailable "" "RFC 9449 section 11.1";
    Self::ProofReplayed => "proof_replayed" Mismatch "jti" "RFC 9449 section 11.1";
    Self::CredentialsMissing => "credentials_missing" Missing "" "RFC 6750 section 3.1";
    Self::CredentialsMalformed { .. } => "credentials_malformed" Malformed "" "RFC 6750 section 2";
    Self::PathAmbiguous => "path_ambiguous" Malformed "" "RFC 3986 section 6.2.2";
    Self::RouteUnknown => "route_unknown" Missing "" "RFC 9110 section 15.5.5";
    Self::MethodNotAllowed { .. } => "method_not_allowed" Unsupported "" "RFC 9110 section 15.5.6";
    Self::ScopeMissing(_) => "scope_missing" Missing "scope" "RFC 6750 section 3.1";
    Self::TokenNotForRoute(_) => "token_not_for_route" Mismatch "" "RFC 6750 section 3.1";
    Self::RightsMissing(_) => "rights_missing" Missing "" "RFC 9068 section 4";
    Self::AuthenticationInsufficient(_) => "authentication_insufficient" Mismatch "" "RFC 9470 section 3";
    Self::TokenInactive => "token_inactive" Mismatch "active" "RFC 7662 section 2.2";
    Self::KeySetUnavailable { .. } => "key_set_unavailable" Unavailable "" "RFC 9110 section 15.6.4";
    Self::TokenRevoked => "token_revoked" Mismatch "" "docs/policy.md, \"Revocation\"";
    Self::DenyListUnavailable { .. } => "deny_list_unavailable" Unavailable "" "docs/policy.md, \"Revocation\"";
    Self::DenyListFull => "deny_list_full" TooLarge "" "docs/policy.md, \"Revocation\"";
    Self::RevocationUnknown => "revocation_unknown" Missing "id" "docs/policy.md, \"Revocation\"";
    Self::RevocationInvalid { .. } => "revocation_invalid" Malformed "" "docs/policy.md, \"Revocation\"";
    Self::IntrospectionUnavailable { .. } => "introspection_unavailable" Unavailable "" "RFC 7662 section 2.3";
    Self::UpstreamTokenUnavailable { .. } => "upstream_token_unavailable" Unavailable "" "RFC 6749 section 4.4";
    Self::UpstreamTokenInvalid { .. } => "upstream_token_invalid" Malformed "" "RFC 6749 section 5.1";
    Self::UpstreamTokenRefused { .. } => "upstream_token_refused" Refused "" "RFC 6749 section 5.2";
    Self::SubjectTokenInvalid => "subject_token_invalid" Refused "" "RFC 6749 section 5.2";
    Self::SubjectTokenRefused { .. } => "subject_token_refused" Refused "" "RFC 8693 section 2.2.2";
    Self::UpstreamUnavailable => "upstream_unavailable" Unavailable "" "RFC 9110 section 15.6.3";
    Self::UpstreamTimeout => "upstream_timeout" Unavailable "" "RFC 9110 section 15.6.5";
    Self::PolicyInvalid { .. } => "policy_invalid" Misconfigured "" "docs/policy.md";
    Self::ConfigInvalid { .. } => "config_invalid" Misconfigured "" "README, \"A page in ten lines\"";
    Self::MetadataInvalid { .. } => "metadata_invalid" Malformed "" "RFC 8414 section 2";
    Self::RandomnessInvalid => "randomness_invalid" Misconfigured "" "RFC 7636 section 7.1";
    Self::CallbackMalformed { .. } => "callback_malformed" Malformed "" "RFC 6749 section 4.1.2";
    Self::ImplicitResponseRefused => "implicit_response_refused" Unsupported "" "RFC 9700 section 2.1.2";
    Self::TransactionUnknown => "transaction_unknown" Missing "" "RFC 9700 section 4.7";
    Self::StateMismatch => "state_mismatch" Mismatch "state" "RFC 6749 section 10.12";
    Self::CallbackIssuerMismatch => "callback_issuer_mismatch" Mismatch "iss" "RFC 9207 section 2.4";
    Self::AuthorizationRefused(_) => "authorization_refused" Refused "" "RFC 6749 section 4.1.2.1";
    Self::PushedRequestRefused(_) => "pushed_request_refused" Refused "" "RFC 9126 section 2.3";
    Self::PushedResponseInvalid { .. } => "pushed_response_invalid" Malformed "" "RFC 9126 section 2.2";
    Self::TokenResponseInvalid { .. } => "token_response_invalid" Malformed "" "RFC 6749 section 5.1";
    Self::TokenRequestRefused(_) => "token_request_refused" Refused "" "RFC 6749 section 5.2";
    Self::SessionMismatch { .. } => "session_mismatch" Mismatch "" "OIDC Core 1.0 section 12.2";
    Self::SessionUnknown => "session_unknown" Missing "" "README, \"A page in ten lines\"";
}

impl Error {
    /// After how many seconds asking again may help (RFC 9110 section 10.2.3).
    pub(crate) fn retry_after_seconds(&self) -> u64 {
        match self {
            Self::KeySetUnavailable { retry_after_seconds }
            | Self::KeyNotYetKnown { retry_after_seconds }
            | Self::DenyListUnavailable { retry_after_seconds }
            | Self::UpstreamTokenUnavailable { retry_after_seconds }
            | Self::IntrospectionUnavailable { retry_after_seconds } => *retry_after_seconds,
            Self::UpstreamTokenInvalid { retry_after_seconds, .. }
            | Self::UpstreamTokenRefused { retry_after_seconds, .. } => u64::from(*retry_after_seconds),
            _ => limits::FETCH_BACKOFF_SECONDS,
        }
    }

    /// The claim, header parameter or metadata member concerned, where it is one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::HeaderInvalid { parameter }
            | Self::MetadataInvalid { parameter }
            | Self::TokenResponseInvalid { parameter }
            | Self::PushedResponseInvalid { parameter }
            | Self::UpstreamTokenInvalid { parameter, .. } => Some(parameter),
            Self::ClaimMissing { claim }
            | Self::ClaimInvalid { claim }
            | Self::HashMismatch { claim }
            | Self::SessionMismatch { claim }
            | Self::ProofRequestMismatch { claim } => Some(claim),
            Self::ClaimConditionUnmet { claim } => Some(claim),
            _ => Some(self.usual_subject()).filter(|subject| !subject.is_empty()),
        }
    }
}
