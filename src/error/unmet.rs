//! What a route demands and a good token does not have.

use alloc::string::String;

/// Which of a route's demands are not met, and what another token would need to be let through. Nothing in it is the token's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmet {
    /// The members of the route that are not met, separated by commas: `scope`, `any_of[0].claims[1]`.
    pub demands: String,
    /// All scopes that it would need, space-separated, where one is missing.
    pub scope: Option<String>,
    /// The authentication contexts of which it would need one, space-separated, where they or the age are not met (RFC 9470 section 3).
    pub acr_values: Option<String>,
    /// How many seconds ago its user could have authenticated, likewise.
    pub max_age: Option<u64>,
}
