//! The members of a JSON object.

use alloc::{string::String, vec::Vec};

use super::Value;

/// A JSON object (RFC 8259 section 4): members in the order in which they were written, no name twice.
///
/// It is a list: a claims set has a dozen members, and a dozen comparisons, most of which end at the length, take less time and room
/// than a tree or a table would.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An object without members.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The members must have been compared.
    pub(super) const fn of_distinct(members: Vec<(String, Value)>) -> Self {
        Self(members)
    }

    /// Apart from the conversion below, so that it is compiled once and not for each length.
    fn of_pairs(members: Vec<(&str, Value)>) -> Self {
        let mut object = Self(Vec::with_capacity(members.len()));
        for (name, value) in members {
            object.set(name.into(), value);
        }
        object
    }

    /// The value of a member. It takes time in proportion to the number of members.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Whether there is a member of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a member: in its place where it is there, whose value is then given back, and else at the end. It takes time in proportion
    /// to the number of members.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.set(name.into(), value.into())
    }

    fn set(&mut self, name: String, value: Value) -> Option<Value> {
        if let Some((_, own)) = self.0.iter_mut().find(|(own, _)| *own == name) {
            return Some(core::mem::replace(own, value));
        }
        self.0.push((name, value));
        None
    }

    /// Takes a member out. The others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    /// How many members there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members as they are in memory.
    pub(crate) const fn as_list(&self) -> &Vec<(String, Value)> {
        &self.0
    }

    /// The members, in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl PartialEq for Object {
    /// The order means nothing (RFC 8259 section 1). It takes time in proportion to the square of the number of members, which is the
    /// same on both sides; so let one side be your own.
    fn eq(&self, other: &Self) -> bool {
        // No name is there twice on either side, so as many members that are all found are the same members.
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<const COUNT: usize> From<[(&str, Value); COUNT]> for Object {
    /// For objects written out in code: `Object::from([("status", 401.into())])`. Where a name is there twice, its last value counts.
    fn from(members: [(&str, Value); COUNT]) -> Self {
        Self::of_pairs(members.into())
    }
}

impl IntoIterator for Object {
    type Item = (String, Value);
    type IntoIter = alloc::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
