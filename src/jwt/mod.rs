//! JSON Web Tokens: claims and the rules that decide whether they hold (RFC 7519, RFC 9068, OIDC Core, BCP 225).

mod claims;
mod condition;
mod confirmation;
mod id_token;
mod introspection;
mod issuer;
mod logout_token;
mod profile;
mod rules;
mod scope;
mod token;
mod validate;
mod verifier;

pub use claims::Claims;
pub use condition::{ClaimCondition, ClaimPath};
pub use confirmation::Confirmation;
pub(crate) use confirmation::TakenBindings;
pub use introspection::read_introspection;
pub use issuer::TenantTemplate;
pub use profile::Profile;
pub use rules::{Rules, RulesBuilder};
pub use scope::Scope;
pub use token::ValidatedToken;
pub(crate) use validate::check_times_again;
pub use validate::validate;
pub use verifier::Verifier;
