//! A document that a person wrote, read member by member: each problem is noted with its place, none stops the reading, and no member
//! is passed over.

use alloc::{format, string::String, vec::Vec};

use super::{Object, Value};
use crate::error::Problems;

/// One object of a document, at its place. Reading a member of another type notes a problem and gives what an absent one gives; the
/// problem never shows the value, which could be a secret in the wrong place.
pub(crate) struct Fields<'a> {
    members: &'a Object,
    path: String,
}

impl<'a> Fields<'a> {
    /// The document itself. A member that is none of `known` is a problem: it could be one of them, misspelt.
    pub(crate) fn of_document(members: &'a Object, known: &[&str], problems: &mut Problems) -> Self {
        Self::of_object(members, String::new(), known, problems)
    }

    /// An element of a list, which must be an object.
    pub(crate) fn of_element(value: &'a Value, path: String, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let Value::Object(members) = value else {
            problems.add(&path, "must be an object");
            return None;
        };
        Some(Self::of_object(members, path, known, problems))
    }

    fn of_object(members: &'a Object, path: String, known: &[&str], problems: &mut Problems) -> Self {
        let fields = Self { members, path };
        for name in members.keys().filter(|name| !known.contains(name)) {
            let problem = format!("is not known; what may stand here: {}", known.join(", "));
            problems.add(&fields.at(name), &problem);
        }
        fields
    }

    /// The place of a member.
    pub(crate) fn at(&self, name: &str) -> String {
        let is_plain =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        match (is_plain, self.path.is_empty()) {
            (true, true) => name.into(),
            (true, false) => format!("{}.{name}", self.path),
            (false, _) => format!("{}[{}]", self.path, Value::from(name)),
        }
    }

    /// The place of an element of a member that is a list.
    pub(crate) fn at_element(&self, name: &str, index: usize) -> String {
        format!("{}[{index}]", self.at(name))
    }

    /// A text, which must be there.
    pub(crate) fn text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.required(name, "must be a text", Value::as_str, problems)
    }

    /// A text, which may be absent or null.
    pub(crate) fn optional_text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.optional(name, "must be a text", Value::as_str, problems)
    }

    /// A text, which must be there and be taken by `read`; the problem is `rule` where it is not.
    pub(crate) fn text_as<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.text(name, problems)?;
        self.ruled(name, rule, read(text), problems)
    }

    /// The same of a text that may be absent or null.
    pub(crate) fn optional_text_as<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.optional_text(name, problems)?;
        self.ruled(name, rule, read(text), problems)
    }

    /// A list of texts, which may be absent or null.
    pub(crate) fn optional_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        self.optional(name, "must be a list of texts", as_texts, problems)
    }

    /// A text or a list of texts, which must be there.
    pub(crate) fn text_or_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        let read = |value: &'a Value| value.as_str().map(|text| [text].into()).or_else(|| as_texts(value));
        self.required(name, "must be a text or a list of texts", read, problems)
    }

    /// A list, which must be there.
    pub(crate) fn list(&self, name: &str, problems: &mut Problems) -> Option<&'a [Value]> {
        self.required(name, "must be a list", Value::as_array, problems)
    }

    /// A list of texts, which must be there.
    pub(crate) fn texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        self.required(name, "must be a list of texts", as_texts, problems)
    }

    /// A switch; off where it is absent.
    pub(crate) fn switch(&self, name: &str, problems: &mut Problems) -> bool {
        self.defaulted(name, "must be true or false", Value::as_bool, problems).unwrap_or(false)
    }

    /// A text with a default: it may be absent, and not null.
    pub(crate) fn defaulted_text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.defaulted(name, "must be a text", Value::as_str, problems)
    }

    /// A list of texts with a default: it may be absent, and not null.
    pub(crate) fn defaulted_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        self.defaulted(name, "must be a list of texts", as_texts, problems)
    }

    /// A whole number from 0 on, which must be there.
    pub(crate) fn count(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        self.required(name, "must be a whole number, 0 or more", Value::as_u64, problems)
    }

    /// A whole number from 0 on, which may be absent or null.
    pub(crate) fn optional_count(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        self.optional(name, "must be a whole number, 0 or more", Value::as_u64, problems)
    }

    /// An object, which must be there.
    pub(crate) fn object(&self, name: &str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let members = self.required(name, "must be an object", Value::as_object, problems)?;
        Some(Self::of_object(members, self.at(name), known, problems))
    }

    /// An object, which may be absent or null.
    pub(crate) fn optional_object(&self, name: &str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let members = self.optional(name, "must be an object", Value::as_object, problems)?;
        Some(Self::of_object(members, self.at(name), known, problems))
    }

    /// An object whose names are free, which may be absent or null.
    pub(crate) fn optional_free_object(&self, name: &str, problems: &mut Problems) -> Option<Self> {
        let members = self.optional(name, "must be an object", Value::as_object, problems)?;
        Some(Self { members, path: self.at(name) })
    }

    /// The names of the members that are there.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.members.keys()
    }

    /// A member as it is.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    fn required<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        if self.value(name).is_none() {
            problems.add(&self.at(name), &format!("is missing; it {rule}"));
        }
        self.defaulted(name, rule, read, problems)
    }

    fn optional<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        if self.value(name).is_some_and(Value::is_null) {
            return None;
        }
        self.defaulted(name, rule, read, problems)
    }

    fn defaulted<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        self.ruled(name, rule, read(self.value(name)?), problems)
    }

    fn ruled<T>(&self, name: &str, rule: &str, read: Option<T>, problems: &mut Problems) -> Option<T> {
        if read.is_none() {
            problems.add(&self.at(name), rule);
        }
        read
    }
}

fn as_texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}
