//! JSON Web Tokens: claims and the rules that decide whether they hold (RFC 7519, RFC 9068, OIDC Core, BCP 225).

mod claims;
mod profile;
mod scope;
mod validate;

pub use claims::Claims;
pub use profile::Profile;
pub use scope::Scope;
pub(crate) use validate::validate_claims;
pub use validate::{Expectations, ValidatedToken, validate};
