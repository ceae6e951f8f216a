//! OAuth 2.0 token validation for the edge, the server and the browser: one core that decides, and does nothing else.
//!
//! The core has no network, no clock and no randomness: documents, the time and random bytes are arguments. So the same code
//! gives the same verdict in a Worker, in a page, in a native server and in a test that injects every fault there is.
//!
//! # Scope
//! * [`json`]: JSON, read strictly and written (RFC 8259).
//! * [`jose`]: compact JWS verification from JWK sets, with the asymmetric algorithms (RFC 7515, 7517, 7518, 8037).
//! * [`jwt`]: claim rules and token profiles (RFC 7519, RFC 9068, OIDC Core).
//! * [`resource_server`]: a request judged against a policy, as a state machine (RFC 6750, RFC 7662).
//! * [`client`]: sign-in by authorization code and PKCE (RFC 6749, RFC 7636, RFC 9207).
//! * [`crypto`]: what checks a signature, behind one small trait.
//!
//! Not here: signing, encryption (JWE), HMAC, the implicit and password grants. They can't be switched on.
//!
//! # Design choices
//! * **One type for each stage, made only by the stage before.** Claims can't be read before a signature has held, because only
//!   [`jose::verify`] makes a [`jose::VerifiedJws`] and only [`jwt::validate`] a [`jwt::ValidatedToken`].
//! * **Strict where others forgive**: canonical base64url, no duplicate JSON members, dates that are numbers, exact comparison of
//!   issuer and audience, `typ` checked, unknown `crit` refused.
//! * **Two layers of errors**: [`Error`] says precisely why, for your log; [`resource_server::challenge`] says what the caller sees.
//! * **Everything bounded**, in [`limits`].
//!
//! # Features
//! | feature | default | what |
//! |---|---|---|
//! | `rs256` | yes | RSASSA-PKCS1-v1_5 with SHA-256 |
//! | `es256` | yes | ECDSA on P-256 with SHA-256 |
//! | `rs384-rs512` | no | RSASSA-PKCS1-v1_5 with SHA-384 and SHA-512 |
//! | `ps256` | no | RSASSA-PSS with SHA-256 |
//! | `ps384-ps512` | no | RSASSA-PSS with SHA-384 and SHA-512 |
//! | `es384`, `es512` | no | ECDSA on P-384 with SHA-384, on P-521 with SHA-512 |
//! | `ed25519` | no | Ed25519, by the names `EdDSA` and `Ed25519` |
//! | `all-algorithms` | no | all of them |
//! | `serde` | yes | claims as types of your own ([`jwt::ValidatedToken`]'s `deserialize`), `Serialize` for [`json::Value`] |
//! | `wasm` | no | the JavaScript surface; for the build script and the wasm tests only |
//!
//! The crate is `no_std` and needs `alloc`; there is no `std` feature because nothing would change.
//!
//! # Example
#![cfg_attr(all(feature = "rs256", feature = "es256"), doc = "```")]
#![cfg_attr(not(all(feature = "rs256", feature = "es256")), doc = "```ignore")]
//! use edgeward::{UnixTime, Verifier, crypto::FastEngine, jose::{JwkSet, algorithm::ES256}, jwt::Rules};
//!
//! # fn main() -> Result<(), edgeward::Error> {
//! # let key_set = include_str!("../tests/vectors/example_key_set.json");
//! # let token = include_str!("../tests/vectors/example_token.txt");
//! let keys = JwkSet::parse(key_set.as_bytes(), &FastEngine)?;
//! let rules = Rules::access_token().issuer("https://login.example").audience("https://api.example").build()?;
//! let verifier = Verifier::new(rules, [&ES256]);
//!
//! let token = verifier.verify(token, &keys, UnixTime::from_seconds(1_700_000_000))?;
//! assert_eq!(token.subject(), Some("ada"));
//! # Ok(())
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod basic_credentials;
pub mod client;
pub mod crypto;
pub mod error;
mod form;
pub mod http_url;
pub mod jose;
pub mod json;
pub mod jwt;
pub mod limits;
pub mod metadata;
pub mod resource_server;
pub mod time;
#[cfg(feature = "wasm")]
pub mod wasm;

pub use error::Error;
pub use jwt::Verifier;
pub use time::UnixTime;
