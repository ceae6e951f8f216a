//! Writing a value as JSON, without white space (RFC 8259).

use core::fmt;

use alloc::string::String;

use super::{Object, Value};

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Value {
    /// The value as JSON text, as `Display` shows it; without a formatter, whose table of functions is asked for every piece, and whose code a
    /// module comes without.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self);
        text
    }
}

impl Object {
    /// The object as JSON text: see [`Value::to_json`].
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        write_object(&mut text, self);
        text
    }
}

/// Appends a value. It is nested no deeper than whoever made it allowed.
fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => number.write(out),
        Value::String(text) => write_text(out, text),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, element);
            }
            out.push(']');
        }
        Value::Object(members) => write_object(out, members),
    }
}

/// Appends an object.
pub(crate) fn write_object(out: &mut String, members: &Object) {
    out.push('{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// Appends a string. Escapes what must be escaped (section 7), by the short escape where there is one; everything else stands for itself.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        // What has to be escaped is ASCII, so it is one byte of its own.
        let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(special @ ('"' | '\\')) => {
                out.push('\\');
                out.push(special);
            }
            special => {
                // The control characters end at 1f.
                let code = special.map_or(0, u32::from);
                out.push_str(if code < 0x10 { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(code & 0xf, 16));
            }
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
