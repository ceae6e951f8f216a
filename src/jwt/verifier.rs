//! The paved path for Rust: rules and algorithms once, then a token at a time.

use alloc::vec::Vec;

use super::{Rules, ValidatedToken, validate};
use crate::{
    crypto::{FastEngine, SignatureEngine},
    error::Error,
    jose::{self, Algorithm, JwkSet, UntrustedJws},
    time::UnixTime,
};

/// Checks tokens of one kind from one issuer: signature first, then claims.
///
#[cfg_attr(all(feature = "es256", feature = "serde"), doc = "```")]
#[cfg_attr(not(all(feature = "es256", feature = "serde")), doc = "```ignore")]
/// use edgeward::{UnixTime, Verifier, crypto::FastEngine, jose::{JwkSet, algorithm::ES256}, jwt::Rules};
///
/// # fn main() -> Result<(), edgeward::Error> {
/// # let key_set = include_str!("../../tests/vectors/example_key_set.json");
/// # let token = include_str!("../../tests/vectors/example_token.txt");
/// let rules = Rules::access_token().issuer("https://login.example").audience("https://api.example").build()?;
/// let verifier = Verifier::new(rules, [&ES256]);
/// let keys = JwkSet::parse(key_set.as_bytes(), &FastEngine)?;
///
/// #[derive(serde::Deserialize)]
/// struct Mine {
///     sub: String,
/// }
/// let token = verifier.verify(token, &keys, UnixTime::from_seconds(1_700_000_000))?;
/// assert_eq!(token.deserialize::<Mine>()?.sub, "ada");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    rules: Rules,
    algorithms: Vec<&'static Algorithm>,
}

impl Verifier {
    /// Takes tokens that fulfil the rules and are signed with one of these algorithms. None, and none are taken.
    pub fn new(rules: Rules, algorithms: impl IntoIterator<Item = &'static Algorithm>) -> Self {
        Self { rules, algorithms: algorithms.into_iter().collect() }
    }

    /// What the claims must say.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Which algorithms are taken.
    pub fn algorithms(&self) -> &[&'static Algorithm] {
        &self.algorithms
    }

    /// Checks a token at `now`, its signature with [`FastEngine`].
    ///
    /// # Errors
    /// Those of [`UntrustedJws::parse`], [`jose::verify`] and [`jwt::validate`](validate).
    pub fn verify(&self, token: &str, keys: &JwkSet, now: UnixTime) -> Result<ValidatedToken, Error> {
        self.verify_with(token, keys, &FastEngine, now)
    }

    /// The same with another engine.
    ///
    /// # Errors
    /// Those of [`Verifier::verify`].
    pub fn verify_with(
        &self,
        token: &str,
        keys: &JwkSet,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<ValidatedToken, Error> {
        let verified = jose::verify(&UntrustedJws::parse(token)?, keys, &self.algorithms, engine)?;
        validate(&verified, &self.rules, now)
    }
}
