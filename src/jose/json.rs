//! JSON read strictly: no member twice at any depth, bounded nesting, numbers that fit, nothing after the value.
//!
//! RFC 7515 section 4 and RFC 7519 section 4 let a parser choose between refusing a duplicate member and taking the last.
//! Two parsers that choose differently see two tokens in one signed text, so here it is refused.

use core::{fmt, marker::PhantomData};

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::limits;

/// The name by which `serde_json` knows a value of its own: read into a caller's type, an object with this member would become what
/// its text says, unchecked. No document has it by accident.
const PRIVATE_NAME: &str = "$serde_json::private::RawValue";

/// A JSON object's members.
pub type Object = Map<String, Value>;

/// Reads a text that is one JSON object. `None` where it is anything else, or breaks a rule above.
///
/// The caller bounds the text's length first; nesting is bounded by [`limits::MAX_JSON_DEPTH`].
pub fn parse_object(text: &[u8]) -> Option<Object> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = StrictValue { depth_left: limits::MAX_JSON_DEPTH }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// Reads a text that is one JSON object, and gives the one member asked for as a type of the caller's; the others are held to
/// the same rules and left out. `None` where the member is absent or of another type as well.
pub(super) fn parse_member<'de, T: Deserialize<'de>>(text: &'de [u8], member: &str) -> Option<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = deserializer.deserialize_map(OneMember { member, of: PhantomData }).ok()?;
    deserializer.end().ok()?;
    value
}

struct OneMember<'a, T> {
    member: &'a str,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneMember<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<T>, A::Error> {
        let inside = StrictValue { depth_left: limits::MAX_JSON_DEPTH }.inside()?;
        let mut names = BTreeSet::new();
        let mut found = None;
        while let Some(name) = members.next_key::<String>()? {
            if name == self.member {
                found = Some(members.next_value()?);
            } else {
                members.next_value_seed(inside)?;
            }
            if !names.insert(name) {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(found)
    }
}

#[derive(Clone, Copy)]
struct StrictValue {
    depth_left: usize,
}

impl StrictValue {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left }),
            None => Err(E::custom("nested too deeply")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for StrictValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inside)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == PRIVATE_NAME {
                return Err(A::Error::custom("reserved member"));
            }
            let value = members.next_value_seed(inside)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(object))
    }
}
