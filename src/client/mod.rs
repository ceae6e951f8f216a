//! The client's side without I/O: signing in by authorization code and PKCE (RFC 6749, RFC 7636, RFC 9700, OIDC Core).
//!
//! [`ClientConfig`] → [`AuthorizationServerMetadata`] → ([authorization URL](authorization::Authorization), [`Transaction`])
//! → [`AuthorizationCode`] → [`TokenSet`] → [`Session`].
//! The implicit grant, a sign-in without `state`, `nonce` or PKCE, and the method "plain" can't be expressed.

pub mod authorization;
mod callback;
mod challenge;
mod config;
mod dpop;
mod id_token;
mod kept_session;
pub mod machine;
pub mod pkce;
mod pushed;
mod server_error;
mod session;
mod token;
mod transaction;

pub use crate::metadata::AuthorizationServerMetadata;
pub use callback::{AuthorizationCode, state_of};
pub use challenge::Advice;
pub use config::ClientConfig;
pub use dpop::{DpopKey, ProofRequest, is_nonce, proof};
pub use pushed::pushed_url;
pub use session::{PendingSession, Session, end_session_url};
pub use token::{FormRequest, TokenSet, client_credentials_request, code_request, refresh_request, revocation_request};
pub use transaction::Transaction;
