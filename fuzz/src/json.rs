//! JSON. The input is the text.

#[path = "../../tests/core/json/reference.rs"]
mod reference;

use edgeward::json::{Fault, ParseError, Value};

use crate::{Verdict, text};

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    let verdict = text::twice(|| Value::parse(input));
    let other = reference::parse(input);
    match verdict {
        Err(error) => {
            check_refusal(&error, input);
            let is_edge = error.fault() == Fault::NumberTooLarge && other.as_ref().is_some_and(holds_a_huge_number);
            assert!(other.is_none() || is_edge, "another reader takes it: {error}");
            Err(code(error.fault()))
        }
        Ok(value) => {
            check_value(&value, other.as_ref());
            Ok(())
        }
    }
}

/// A refusal tells a place in the text.
fn check_refusal(error: &ParseError, input: &[u8]) {
    let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let line = lines.get(error.line() - 1).expect("a line of the text");
    assert!((1..=line.len() + 1).contains(&error.column()), "{error}");
}

/// Where both readers take a text they read the same, and so does either from what is written of it.
fn check_value(value: &Value, other: Option<&serde_json::Value>) {
    let written = value.to_string();
    assert_eq!(Value::parse(written.as_bytes()).as_ref(), Ok(value));
    let converted = serde_json::Value::from(value);
    match other {
        Some(other) => {
            let read: serde_json::Value = serde_json::from_str(&written).expect("JSON");
            assert_eq!(read, *other);
            assert!(are_alike(&converted, other), "{converted} and {other}");
        }
        None => assert!(holds_a_huge_number(&converted), "another reader refuses it"),
    }
}

/// The one place where the readers may differ: `serde_json` makes a double of digits and exponent in two steps, each of them rounded; so
/// near the greatest double it may take for infinite what is not, and the other way round.
fn holds_a_huge_number(value: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match value {
        Number(number) => number.as_f64().is_some_and(|number| number.abs() > 1.797e308),
        Array(elements) => elements.iter().any(holds_a_huge_number),
        Object(members) => members.values().any(holds_a_huge_number),
        _ => false,
    }
}

/// The same, where doubles may differ by what rounding in two steps does.
fn are_alike(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_alike(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| are_alike(one, other)))
        }
        (Number(one), Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
            (one - other).abs() <= other.abs() * 1e-14 + f64::MIN_POSITIVE
        }
        _ => one == other,
    }
}

/// As the other targets have one.
const fn code(fault: Fault) -> &'static str {
    match fault {
        Fault::NotUtf8 => "not_utf8",
        Fault::Incomplete => "incomplete",
        Fault::ValueExpected => "value_expected",
        Fault::NameExpected => "name_expected",
        Fault::ColonExpected => "colon_expected",
        Fault::CommaOrEndExpected => "comma_or_end_expected",
        Fault::TextAfterValue => "text_after_value",
        Fault::NumberMalformed => "number_malformed",
        Fault::NumberTooLarge => "number_too_large",
        Fault::ControlCharacter => "control_character",
        Fault::EscapeMalformed => "escape_malformed",
        Fault::SurrogateAlone => "surrogate_alone",
        Fault::DuplicateName => "duplicate_name",
        Fault::ReservedName => "reserved_name",
        Fault::TooDeep => "too_deep",
        Fault::NotAnObject => "not_an_object",
        Fault::NotAnArray => "not_an_array",
    }
}
