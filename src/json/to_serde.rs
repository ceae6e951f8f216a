//! The way from a value to serde and to `serde_json` (feature `serde`). There is none back: what the core decides by, it reads itself.

use serde::{Serialize, Serializer};

use super::{Number, Object, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for Number {
    /// As an integer where it was written as one and fits 64 bits, and else as the nearest double.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.as_i64(), self.as_u64()) {
            (Some(integer), _) if integer < 0 => serializer.serialize_i64(integer),
            (_, Some(integer)) => serializer.serialize_u64(integer),
            _ => serializer.serialize_f64(self.as_f64()),
        }
    }
}

impl From<&Value> for serde_json::Value {
    /// Numbers become what [`Number`]'s `Serialize` makes of them.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(integer), _) if integer < 0 => integer.into(),
                (_, Some(integer)) => integer.into(),
                _ => number.as_f64().into(),
            },
            Value::String(text) => Self::String(text.clone()),
            Value::Array(elements) => Self::Array(elements.iter().map(Self::from).collect()),
            Value::Object(members) => members.into(),
        }
    }
}

impl From<&Object> for serde_json::Value {
    fn from(members: &Object) -> Self {
        Self::Object(members.iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
