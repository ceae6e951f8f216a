//! The resource server's side: from a request to a decision (RFC 6750, RFC 7662, RFC 9068).
//!
//! request → [`BearerToken`] → [`UntrustedJws`](crate::jose::UntrustedJws) → [`VerifiedJws`](crate::jose::VerifiedJws)
//! → [`ValidatedToken`](crate::jwt::ValidatedToken) → [`Grant`] → [`Decision`].
//! [`Gate`] runs the stages as a state machine that says what it needs and never fetches anything itself.

#[cfg(feature = "wasm-slim")]
mod alone;
mod authorize;
mod back_off;
pub mod bearer;
pub mod challenge;
mod check;
mod claim_headers;
mod claim_path;
pub(crate) mod client_authentication;
mod client_certificate;
mod cors;
mod credentials;
mod crowd;
mod demands;
mod document;
mod dpop;
mod dpop_nonce;
mod dpop_policy;
mod forward;
mod gate;
mod grant;
mod ground;
mod hop_by_hop;
mod introspection;
mod issuer;
mod key_cache;
pub(crate) mod key_fetch;
mod key_lookup;
mod key_policy;
mod key_stores;
mod known_token;
mod moments;
mod need;
mod policy;
mod possession;
mod progress;
mod proof_memory;
mod refresh;
mod requirement;
mod resource_metadata;
mod revocation;
mod route;
mod shared_fetch;
pub(crate) mod short_memory;
mod statements;
mod stored_keys;
mod tenants;
mod token_cache;
mod token_policy;
mod token_validator;
mod unknown_key;
mod upstream;
pub(crate) mod upstream_token;
mod validation;

#[cfg(feature = "wasm-slim")]
pub(crate) use alone::read_verifier;
pub use bearer::BearerToken;
pub use check::Check;
pub use client_authentication::ClientAssertion;
pub use client_certificate::ClientCertificate;
pub use dpop::{DpopProof, DpopRequest, DpopRules, UntrustedProof};
pub use forward::Forward;
pub use gate::Gate;
pub use grant::Grant;
pub use ground::{About, Ground};
pub use key_stores::{Store, StoreWrite};
pub use need::Need;
pub use policy::{Binding, Policy};
pub use progress::{Decision, Header, Pending, Progress, Request, Response};
pub use refresh::Refresh;
pub use token_policy::TokenPolicy;
pub use token_validator::TokenValidator;
pub use validation::{PendingToken, Validation};
