//! A document that a person wrote, read member by member: each problem is noted with its place, none stops the reading, and no member
//! is passed over.

use alloc::{string::String, vec::Vec};

use super::{Object, Value, decimal_text};
use crate::error::Problems;

/// One object of a document, at its place. Reading a member of another type notes a problem and gives what an absent one gives; the
/// problem never shows the value, which could be a secret in the wrong place.
pub(crate) struct Fields<'a> {
    members: &'a Object,
    path: String,
}

/// What a member must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Texts,
    TextOrTexts,
    List,
    Switch,
    Count,
    Object,
}

impl Kind {
    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Text => value.as_str().is_some(),
            Self::Texts => texts_of(value).is_some(),
            Self::TextOrTexts => value.as_str().is_some() || texts_of(value).is_some(),
            Self::List => value.as_array().is_some(),
            Self::Switch => value.as_bool().is_some(),
            Self::Count => value.as_u64().is_some(),
            Self::Object => value.as_object().is_some(),
        }
    }

    const fn rule(self) -> &'static str {
        match self {
            Self::Text => "must be a text",
            Self::Texts => "must be a list of texts",
            Self::TextOrTexts => "must be a text or a list of texts",
            Self::List => "must be a list",
            Self::Switch => "must be true or false",
            Self::Count => "must be a whole number, 0 or more",
            Self::Object => "must be an object",
        }
    }
}

/// What holds where a member is not there.
#[derive(Clone, Copy, PartialEq)]
enum Absence {
    /// It must be there.
    Refused,
    /// It may be absent, and `null` is taken for that, as JavaScript's objects often have it.
    Free,
    /// Something stands in for it where it is absent. `null` is not: who wrote it may have meant anything.
    Defaulted,
}

impl<'a> Fields<'a> {
    /// The document itself. A member that is none of `known` is a problem: it could be one of them, misspelt.
    pub(crate) fn of_document(members: &'a Object, known: &[&str], problems: &mut Problems) -> Self {
        Self::of_object(members, String::new(), known, problems)
    }

    /// An element of a list, which must be an object.
    pub(crate) fn of_element(value: &'a Value, path: String, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let Value::Object(members) = value else {
            problems.add(&path, Kind::Object.rule());
            return None;
        };
        Some(Self::of_object(members, path, known, problems))
    }

    fn of_object(members: &'a Object, path: String, known: &[&str], problems: &mut Problems) -> Self {
        let fields = Self { members, path };
        for name in members.keys().filter(|name| !known.contains(name)) {
            fields.refuse(name, &["is not known; what may stand here: ", &known.join(", ")].concat(), problems);
        }
        fields
    }

    /// The place of a member.
    pub(crate) fn at(&self, name: &str) -> String {
        let is_plain = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'));
        match (is_plain, self.path.is_empty()) {
            (true, true) => name.into(),
            (true, false) => [&self.path, ".", name].concat(),
            (false, _) => [&self.path, "[", &Value::from(name).to_json(), "]"].concat(),
        }
    }

    /// The place of an element of a member that is a list.
    pub(crate) fn at_element(&self, name: &str, index: usize) -> String {
        [&self.at(name), "[", &Value::from(index).to_json(), "]"].concat()
    }

    /// Notes a problem of a member.
    #[cold]
    #[inline(never)]
    pub(crate) fn refuse(&self, name: &str, problem: &str, problems: &mut Problems) {
        problems.add(&self.at(name), problem);
    }

    /// A text, which must be there.
    pub(crate) fn text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.member(name, Kind::Text, Absence::Refused, problems)?.as_str()
    }

    /// A text, which may be absent or null.
    pub(crate) fn optional_text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.member(name, Kind::Text, Absence::Free, problems)?.as_str()
    }

    /// A text with a default: it may be absent, and not null.
    pub(crate) fn defaulted_text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        self.member(name, Kind::Text, Absence::Defaulted, problems)?.as_str()
    }

    /// A text, which must be there and be taken by `read`; the problem is `rule` where it is not.
    pub(crate) fn text_as<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let read = read(self.text(name, problems)?);
        if read.is_none() {
            self.refuse(name, rule, problems);
        }
        read
    }

    /// The same of a text that may be absent or null.
    pub(crate) fn optional_text_as<T>(
        &self,
        name: &str,
        rule: &str,
        read: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let read = read(self.optional_text(name, problems)?);
        if read.is_none() {
            self.refuse(name, rule, problems);
        }
        read
    }

    /// A list of texts, which must be there.
    pub(crate) fn texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        texts_of(self.member(name, Kind::Texts, Absence::Refused, problems)?)
    }

    /// A list of texts, which may be absent or null.
    pub(crate) fn optional_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        texts_of(self.member(name, Kind::Texts, Absence::Free, problems)?)
    }

    /// A list of texts with a default: it may be absent, and not null.
    pub(crate) fn defaulted_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        texts_of(self.member(name, Kind::Texts, Absence::Defaulted, problems)?)
    }

    /// A text or a list of texts, which must be there.
    pub(crate) fn text_or_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        text_or_texts_of(self.member(name, Kind::TextOrTexts, Absence::Refused, problems)?)
    }

    /// A text or a list of texts with a default: it may be absent, and not null.
    pub(crate) fn defaulted_text_or_texts(&self, name: &str, problems: &mut Problems) -> Option<Vec<&'a str>> {
        text_or_texts_of(self.member(name, Kind::TextOrTexts, Absence::Defaulted, problems)?)
    }

    /// A list with a default: it may be absent, and not null.
    pub(crate) fn defaulted_list(&self, name: &str, problems: &mut Problems) -> Option<&'a [Value]> {
        self.member(name, Kind::List, Absence::Defaulted, problems)?.as_array()
    }

    /// A list, which must be there.
    pub(crate) fn list(&self, name: &str, problems: &mut Problems) -> Option<&'a [Value]> {
        self.member(name, Kind::List, Absence::Refused, problems)?.as_array()
    }

    /// A switch; off where it is absent.
    pub(crate) fn switch(&self, name: &str, problems: &mut Problems) -> bool {
        self.member(name, Kind::Switch, Absence::Defaulted, problems).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A switch with a default: it may be absent, and not null.
    pub(crate) fn defaulted_switch(&self, name: &str, problems: &mut Problems) -> Option<bool> {
        self.member(name, Kind::Switch, Absence::Defaulted, problems)?.as_bool()
    }

    /// A whole number from 0 on, which must be there.
    pub(crate) fn count(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        self.member(name, Kind::Count, Absence::Refused, problems)?.as_u64()
    }

    /// A whole number from 0 on, which may be absent or null.
    pub(crate) fn optional_count(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        self.member(name, Kind::Count, Absence::Free, problems)?.as_u64()
    }

    /// A whole number from 0 on with a default: it may be absent, and not null.
    pub(crate) fn defaulted_count(&self, name: &str, problems: &mut Problems) -> Option<u64> {
        self.member(name, Kind::Count, Absence::Defaulted, problems)?.as_u64()
    }

    /// A number of seconds between two bounds; `usual` where it is absent or null.
    pub(crate) fn seconds(&self, name: &str, usual: u64, (least, most): (u64, u64), problems: &mut Problems) -> u64 {
        let seconds = self.optional_count(name, problems).unwrap_or(usual);
        if !(least..=most).contains(&seconds) {
            self.refuse(
                name,
                &["must be from ", &decimal_text(least), " to ", &decimal_text(most), " seconds"].concat(),
                problems,
            );
        }
        seconds
    }

    /// An object, which must be there.
    pub(crate) fn object(&self, name: &str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let members = self.member(name, Kind::Object, Absence::Refused, problems)?.as_object()?;
        Some(Self::of_object(members, self.at(name), known, problems))
    }

    /// An object, which may be absent or null.
    pub(crate) fn optional_object(&self, name: &str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let members = self.member(name, Kind::Object, Absence::Free, problems)?.as_object()?;
        Some(Self::of_object(members, self.at(name), known, problems))
    }

    /// An object whose names are free, which may be absent or null.
    pub(crate) fn optional_free_object(&self, name: &str, problems: &mut Problems) -> Option<Self> {
        let members = self.member(name, Kind::Object, Absence::Free, problems)?.as_object()?;
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

    /// A member that is there and of that kind. One function for all kinds and not a generic one, of which each would be compiled.
    #[inline(never)]
    fn member(&self, name: &str, kind: Kind, absence: Absence, problems: &mut Problems) -> Option<&'a Value> {
        let value = self.value(name).filter(|value| absence != Absence::Free || !value.is_null());
        match value {
            Some(value) if kind.is_of(value) => return Some(value),
            Some(_) => self.refuse(name, kind.rule(), problems),
            None if absence == Absence::Refused => {
                self.refuse(name, &["is missing; it ", kind.rule()].concat(), problems);
            }
            None => {}
        }
        None
    }
}

fn text_or_texts_of(value: &Value) -> Option<Vec<&str>> {
    value.as_str().map(|text| [text].into()).or_else(|| texts_of(value))
}

fn texts_of(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}
