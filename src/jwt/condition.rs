//! What a verifier may demand of any claim: nested paths, lists, exact values.

use alloc::{string::String, vec::Vec};

use super::Claims;
use crate::{error::Error, json::Value};

/// A claim's place: the names of objects inside objects, the last being the claim's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath(Vec<String>);

impl ClaimPath {
    /// A path given name by name, for names with dots in them: `["https://api.example/roles"]`.
    pub fn new<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }

    /// A path whose names are separated by dots: `realm_access.roles`.
    pub fn parse(text: &str) -> Self {
        Self::new(text.split('.'))
    }

    /// Its name, where it stands in no other claim.
    pub(crate) fn only_name(&self) -> Option<&str> {
        match self.0.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }

    /// The claim there; `None` where it or an object on the way is absent.
    pub fn find<'a>(&self, claims: &'a Claims) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(claims.get(first)?, |value, name| value.as_object()?.get(name))
    }

    /// The words of the claim there: the elements of an array of strings, or the words of a space-separated string (as `scope` is,
    /// RFC 6749 section 3.3). `None` where there is neither.
    pub fn words<'a>(&self, claims: &'a Claims) -> Option<Vec<&'a str>> {
        match self.find(claims)? {
            Value::String(text) => Some(text.split(' ').filter(|word| !word.is_empty()).collect()),
            Value::Array(elements) => elements.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }
}

impl From<&str> for ClaimPath {
    /// See [`ClaimPath::parse`].
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

/// [`ClaimCondition::check_all`], or nothing of the kind.
pub(super) type CheckConditions = fn(&[ClaimCondition], &Claims) -> Result<(), Error>;

/// One demand on one claim.
///
/// ```
/// use edgeward::jwt::{ClaimCondition, ClaimPath, Rules};
///
/// let rules = Rules::access_token()
///     .issuer("https://login.example")
///     .audience("https://api.example")
///     .condition(ClaimCondition::any_of("realm_access.roles", ["editor", "admin"]))
///     .condition(ClaimCondition::equals(ClaimPath::new(["https://api.example/plan"]), "paid"))
///     .build()?;
/// # Ok::<(), edgeward::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimCondition {
    path: ClaimPath,
    demand: Demand,
}

#[derive(Clone, Debug, PartialEq)]
enum Demand {
    Present,
    Equals(Value),
    AnyOf(Vec<String>),
    AllOf(Vec<String>),
}

impl ClaimCondition {
    /// The claim is there and not null.
    pub fn present(path: impl Into<ClaimPath>) -> Self {
        Self { path: path.into(), demand: Demand::Present }
    }

    /// The claim is exactly this JSON value. Numbers are compared by what they amount to: 1 and 1.0 are equal, "1" is
    /// neither.
    pub fn equals(path: impl Into<ClaimPath>, value: impl Into<Value>) -> Self {
        Self { path: path.into(), demand: Demand::Equals(value.into()) }
    }

    /// One of these words is among the claim's (see [`ClaimPath::words`]).
    pub fn any_of<T: Into<String>>(path: impl Into<ClaimPath>, words: impl IntoIterator<Item = T>) -> Self {
        Self { path: path.into(), demand: Demand::AnyOf(words.into_iter().map(Into::into).collect()) }
    }

    /// All of these words are among the claim's (see [`ClaimPath::words`]).
    pub fn all_of<T: Into<String>>(path: impl Into<ClaimPath>, words: impl IntoIterator<Item = T>) -> Self {
        Self { path: path.into(), demand: Demand::AllOf(words.into_iter().map(Into::into).collect()) }
    }

    /// Holds all of them against claims.
    pub(super) fn check_all(conditions: &[Self], claims: &Claims) -> Result<(), Error> {
        conditions.iter().try_for_each(|condition| condition.check(claims))
    }

    /// Holds it against claims.
    ///
    /// # Errors
    /// `claim_condition_unmet`, with the path.
    pub fn check(&self, claims: &Claims) -> Result<(), Error> {
        if self.holds(claims) { Ok(()) } else { Err(Error::ClaimConditionUnmet { claim: self.path.0.join(".") }) }
    }

    /// The claim that it is about, or that the one it is about stands in.
    pub(crate) fn claim(&self) -> &str {
        self.path.0.first().map(String::as_str).unwrap_or_default()
    }

    /// Whether it is met.
    pub(crate) fn holds(&self, claims: &Claims) -> bool {
        let words = || self.path.words(claims).unwrap_or_default();
        match &self.demand {
            Demand::Present => self.path.find(claims).is_some_and(|value| !value.is_null()),
            Demand::Equals(value) => self.path.find(claims) == Some(value),
            Demand::AnyOf(demanded) => words().iter().any(|word| demanded.iter().any(|demanded| demanded == word)),
            Demand::AllOf(demanded) => {
                let words = words();
                !words.is_empty() && demanded.iter().all(|demanded| words.contains(&demanded.as_str()))
            }
        }
    }
}
