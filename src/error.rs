//! The one error type: a closed list, each with a stable code, the claim or member concerned, and what to do next.
//!
//! It is the *inner* layer, meant for logs, metrics and the developer. What a caller of the API gets to see is decided by
//! the exhaustive map in [`resource_server::challenge`](crate::resource_server::challenge), which tells far less.
//! No variant ever holds a piece of a token, a key or a secret.

mod problem;
mod ready;
mod sentence;
mod table;
mod unmet;

use alloc::{boxed::Box, string::String, vec::Vec};

pub use problem::Problem;
pub(crate) use problem::Problems;
pub(crate) use ready::whole_seconds;
pub use table::Reason;
pub use unmet::Unmet;

/// An error answer of the authorization server (RFC 6749 sections 4.1.2.1 and 5.2), cut to printable ASCII and a bounded length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The `error` code.
    pub error: String,
    /// The `error_description`, where there is one.
    pub error_description: Option<String>,
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    // — the token's form (RFC 7515)
    /// The token, its header or its payload is over a size bound.
    TokenTooLarge,
    /// The token is not a compact JWS as RFC 7515 sections 3.1 and 7.1 have it.
    TokenMalformed {
        /// Which rule it broke.
        reason: &'static str,
    },
    /// A header parameter is missing, of the wrong type, or one that is not taken (RFC 7515 section 4.1).
    HeaderInvalid {
        /// The parameter's name.
        parameter: &'static str,
    },
    /// The header has `crit`: an extension that must be understood, and none is (RFC 7515 section 4.1.11).
    CriticalHeaderUnsupported,
    /// `alg` is not one that is allowed for this issuer (RFC 8725 section 3.1).
    AlgorithmNotAllowed,

    // — keys and signature (RFC 7517, 7518)
    /// The key set is not a JWK set, or too large, or without a usable key.
    KeySetMalformed {
        /// Which rule it broke.
        reason: &'static str,
    },
    /// A JWK can't be used to verify signatures.
    KeyUnusable {
        /// Which rule it broke.
        reason: &'static str,
    },
    /// No key of the set fits the token's `kid` and `alg`.
    KeyUnknown,
    /// No key of the set has the token's `kid`, and the token may be younger than the set, which was fetched for another such token a moment ago.
    /// The key may have been published since, so the token was not judged.
    KeyNotYetKnown {
        /// After so many seconds the set may be fetched again.
        retry_after_seconds: u64,
    },
    /// More than one key of the set fits the token: it can't be said which is meant.
    KeyAmbiguous,
    /// The signature does not hold.
    SignatureInvalid,

    // — claims (RFC 7519, 9068, OIDC Core)
    /// A required claim is absent.
    ClaimMissing {
        /// The claim's name.
        claim: &'static str,
    },
    /// A claim has a type or form it must not have.
    ClaimInvalid {
        /// The claim's name.
        claim: &'static str,
    },
    /// `typ` says that this is another kind of token (RFC 8725 section 3.11).
    TypeMismatch,
    /// `iss` is none of the trusted issuers, or not the one expected.
    IssuerUnknown,
    /// `aud` names none of the expected audiences.
    AudienceMismatch,
    /// `exp` has passed.
    TokenExpired,
    /// `nbf` is still to come.
    TokenNotYetValid,
    /// `iat` lies in the future.
    TokenIssuedInFuture,
    /// `iat` lies further back than the greatest age that is taken.
    TokenTooOld,
    /// A claim does not say what the verifier's rules demand of it.
    ClaimConditionUnmet {
        /// The claim's path, as the rules name it.
        claim: String,
    },
    /// The token's tenant claim, its `iss` and the `issuer` of the key that signed it do not name one tenant.
    TenantMismatch,
    /// The token is a logout token and carries a `nonce` (OIDC Back-Channel Logout section 2.4).
    NonceForbidden,
    /// The access token is bound to a key (`cnf`, RFC 7800), and no proof of that key came with it.
    ProofOfPossessionMissing,
    /// The ID token's `nonce` is not the one sent (OIDC Core section 3.1.3.7).
    NonceMismatch,
    /// The ID token's `azp` is not this client (OIDC Core section 3.1.3.7).
    AuthorizedPartyMismatch,
    /// The user authenticated longer ago than `max_age` allows (OIDC Core section 3.1.3.7).
    AuthenticationTooOld,
    /// The authentication context `acr` is none of those asked for (OIDC Core section 3.1.3.7).
    AuthenticationContextMismatch,
    /// `at_hash` or `c_hash` is not the hash of what came with the ID token (OIDC Core sections 3.1.3.8 and 3.3.2.11).
    HashMismatch {
        /// Which of the two.
        claim: &'static str,
    },

    // — proof of possession (RFC 9449)
    /// The DPoP proof names another method or URL than the request's: `htm` or `htu` (RFC 9449 section 4.3).
    ProofRequestMismatch {
        /// Which of the two.
        claim: &'static str,
    },
    /// The DPoP proof's `ath` is not the hash of the access token it came with (RFC 9449 section 4.3).
    ProofTokenMismatch,
    /// The DPoP proof was made with another key than the access token is bound to (RFC 9449 section 4.3).
    ProofKeyMismatch,
    /// The DPoP proof was made too long ago.
    ProofTooOld,
    /// The DPoP proof lacks the `nonce` that the server gave out, or has another (RFC 9449 sections 8 and 9).
    ProofNonceMismatch,
    /// The token was sent with the DPoP scheme and no proof came with it (RFC 9449 section 7.1).
    ProofMissing,
    /// The DPoP proof itself is not good: its form, its key or its signature (RFC 9449 section 4.3).
    ProofInvalid {
        /// The code of what is wrong with it.
        reason: &'static str,
    },
    /// The token was sent with the DPoP scheme and is bound to no key (RFC 9449 section 7.1).
    TokenUnbound,
    /// The access token is bound to another certificate than the client has presented (RFC 8705 section 3).
    CertificateMismatch,
    /// The access token is bound to a certificate, and the one that the client has presented does not count: revoked, not verified, or not told
    /// as it should be.
    CertificateUntrusted,
    /// It can't be said whether the DPoP proof was used before: the memory of proofs is full, or can't be asked.
    ProofMemoryUnavailable,
    /// The DPoP proof has been used before (RFC 9449 section 11.1).
    ProofReplayed,

    // — the request at the gate (RFC 6750, 7662)
    /// No bearer token came with the request.
    CredentialsMissing,
    /// The Authorization header, or the way the token was sent, is malformed (RFC 6750 section 2).
    CredentialsMalformed {
        /// Which rule it broke.
        reason: &'static str,
    },
    /// The path can be read in more than one way, so a route can't be chosen safely.
    PathAmbiguous,
    /// No route of the policy matches the path.
    RouteUnknown,
    /// The route exists, but not for this method.
    MethodNotAllowed {
        /// The methods it takes, for the `Allow` header.
        allow: String,
    },
    /// The token lacks a scope that the route demands.
    ScopeMissing(Box<Unmet>),
    /// The token is good, and the route takes none of its issuer or audience.
    TokenNotForRoute(Box<Unmet>),
    /// The token lacks a role, group or entitlement that the route demands (RFC 9068 section 2.2.3.1), or a claim does not say what the
    /// route demands of it.
    RightsMissing(Box<Unmet>),
    /// The user has not authenticated in the way, or as lately, as the route demands (RFC 9470 section 3).
    AuthenticationInsufficient(Box<Unmet>),
    /// Introspection says that the token is not active (RFC 7662 section 2.2).
    TokenInactive,
    /// The deny list says that the token is revoked.
    TokenRevoked,
    /// The deny list can't be read, and the copy there is is too old to decide by.
    DenyListUnavailable {
        /// After so many seconds it may be read again.
        retry_after_seconds: u64,
    },
    /// The deny list takes no more entries.
    DenyListFull,
    /// The deny list has no entry of that name.
    RevocationUnknown,
    /// What was sent to the deny list is no entry.
    RevocationInvalid {
        /// Every problem found.
        problems: Vec<Problem>,
    },
    /// The issuer's keys can't be had: unreachable, or what came is no key set.
    KeySetUnavailable {
        /// After so many seconds it is tried again.
        retry_after_seconds: u64,
    },
    /// The introspection endpoint can't be asked, or its answer is none.
    IntrospectionUnavailable {
        /// After so many seconds it may be asked again.
        retry_after_seconds: u64,
    },
    /// The token that the origin is to get can't be had: its token endpoint can't be asked, or can't answer.
    UpstreamTokenUnavailable {
        /// After so many seconds it is asked for again.
        retry_after_seconds: u64,
    },
    /// The token endpoint's answer to the gate is none, or has no token that could be sent on (RFC 6749 section 5.1).
    UpstreamTokenInvalid {
        /// The member concerned.
        parameter: &'static str,
        /// After so many seconds it is asked for again.
        retry_after_seconds: u32,
    },
    /// The token endpoint gives the gate no token (RFC 6749 section 5.2).
    UpstreamTokenRefused {
        /// Its error code, where it is one of the standards'.
        error: &'static str,
        /// After so many seconds it is asked for again.
        retry_after_seconds: u32,
    },
    /// The token endpoint does not take the client's token in exchange for another: it is invalid, expired or revoked (RFC 6749 section 5.2).
    SubjectTokenInvalid,
    /// The token endpoint gives no token for the client's, or none for this target (RFC 8693 section 2.2.2).
    SubjectTokenRefused {
        /// Its error code.
        error: &'static str,
    },
    /// The origin behind the gate can't be reached.
    UpstreamUnavailable,
    /// The origin behind the gate has not begun to answer in time.
    UpstreamTimeout,
    /// The policy is not valid.
    PolicyInvalid {
        /// Every problem found.
        problems: Vec<Problem>,
    },

    // — the client (RFC 6749, 7636, 8414, 9207)
    /// The client's configuration is not valid.
    ConfigInvalid {
        /// Every problem found.
        problems: Vec<Problem>,
    },
    /// The authorization server's metadata is not usable (RFC 8414 section 2).
    MetadataInvalid {
        /// The member concerned.
        parameter: &'static str,
    },
    /// Too little randomness was handed in.
    RandomnessInvalid,
    /// The URL is no callback of this client, or has members twice, or is too long.
    CallbackMalformed {
        /// Which rule it broke.
        reason: &'static str,
    },
    /// The callback carries a token: the implicit grant is never accepted (RFC 9700 section 2.1.2).
    ImplicitResponseRefused,
    /// No sign-in of this browser tab is waiting for this callback, or it waited too long.
    TransactionUnknown,
    /// `state` is missing or not the one sent (RFC 6749 section 10.12).
    StateMismatch,
    /// The callback's `iss` is missing or another issuer's (RFC 9207 section 2.4).
    CallbackIssuerMismatch,
    /// The authorization server answered the sign-in with an error.
    AuthorizationRefused(Box<ServerError>),
    /// The authorization server did not take the pushed authorization request (RFC 9126 section 2.3).
    PushedRequestRefused(Box<ServerError>),
    /// The answer to the pushed authorization request is not one (RFC 9126 section 2.2).
    PushedResponseInvalid {
        /// The member concerned.
        parameter: &'static str,
    },
    /// The token endpoint's answer is not one (RFC 6749 section 5.1).
    TokenResponseInvalid {
        /// The member concerned.
        parameter: &'static str,
    },
    /// The token endpoint answered with an error.
    TokenRequestRefused(Box<ServerError>),
    /// The renewed tokens are not those of the user who is signed in (OIDC Core section 12.2).
    SessionMismatch {
        /// The claim that differs.
        claim: &'static str,
    },
    /// Nobody is signed in, or what was kept of a session is none of this client's.
    SessionUnknown,
}

impl core::error::Error for Error {}
