//! Writing a value as JSON, without white space (RFC 8259).

use core::fmt::{self, Write};

use super::{Object, Value};

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(true) => f.write_str("true"),
            Self::Bool(false) => f.write_str("false"),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => write_text(f, text),
            Self::Array(elements) => {
                f.write_char('[')?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    element.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(members) => members.fmt(f),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write_text(f, name)?;
            f.write_char(':')?;
            value.fmt(f)?;
        }
        f.write_char('}')
    }
}

/// Escapes what must be escaped (section 7), by the short escape where there is one; everything else stands for itself.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        // What has to be escaped is ASCII, so it is one byte of its own.
        let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
        f.write_str(plain)?;
        let mut characters = special.chars();
        match characters.next() {
            Some('\u{8}') => f.write_str("\\b")?,
            Some('\u{c}') => f.write_str("\\f")?,
            Some('\n') => f.write_str("\\n")?,
            Some('\r') => f.write_str("\\r")?,
            Some('\t') => f.write_str("\\t")?,
            Some(special @ ('"' | '\\')) => {
                f.write_char('\\')?;
                f.write_char(special)?;
            }
            special => write!(f, "\\u{:04x}", special.map_or(0, u32::from))?,
        }
        rest = characters.as_str();
    }
    f.write_str(rest)?;
    f.write_char('"')
}
