//! A JSON value, and what can be asked of it.

use alloc::{string::String, vec::Vec};

use super::{Number, Object};

/// A JSON value (RFC 8259 section 3). [`Display`](core::fmt::Display) writes it as JSON, without white space.
///
/// Two values are equal where they mean the same: numbers by what they amount to (3, 3.0 and 30e-1 are equal), objects without regard
/// to the order of their members.
// Without `repr` the truth value stands right beside a tag of one byte, and every move of a value takes the bytes after it in odd
// pieces; a tag of a word's width makes reading a document some 8 % faster.
#[derive(Clone, Debug, PartialEq)]
#[repr(usize)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A string, its escapes replaced.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Value {
    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, where it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub const fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// See [`Number::as_u64`].
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number().and_then(Number::as_u64)
    }

    /// See [`Number::as_i64`].
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// See [`Number::as_f64`].
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The text, where it is one.
    pub const fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The elements, where it is an array.
    pub const fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements.as_slice()),
            _ => None,
        }
    }

    /// The members, where it is an object.
    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member of that name, where it is an object and has one.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<Self>> for Value {
    fn from(elements: Vec<Self>) -> Self {
        Self::Array(elements)
    }
}

impl From<Object> for Value {
    fn from(members: Object) -> Self {
        Self::Object(members)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    /// `null` where there is nothing.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! of_integers {
    ($($integer:ty)*) => {
        $(
            impl From<$integer> for Value {
                fn from(integer: $integer) -> Self {
                    Self::Number(integer.into())
                }
            }
        )*
    };
}

of_integers!(u8 u16 u32 u64 usize i8 i16 i32 i64);
