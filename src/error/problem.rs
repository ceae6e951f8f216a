//! Faults of a document that a person wrote, each with its place.

use alloc::{string::String, vec::Vec};

use crate::json::{Object, Value};

/// One fault in a policy or client configuration: where, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place in the document, e.g. `issuers[0].audience`.
    pub path: String,
    /// What is wrong there and what would be right.
    pub problem: String,
}

impl Problem {
    /// Both, as JSON has them.
    pub(crate) fn to_value(&self) -> Value {
        Object::from([("path", self.path.as_str().into()), ("problem", self.problem.as_str().into())]).into()
    }
}

/// Collects every problem, so that all can be mended at once.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// The one problem there is.
    pub(crate) fn of(path: &str, problem: impl Into<String>) -> Vec<Problem> {
        [Problem { path: path.into(), problem: problem.into() }].into()
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn add(&mut self, path: &str, problem: &str) {
        self.0.push(Problem { path: path.into(), problem: problem.into() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}
