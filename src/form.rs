//! Forms: `application/x-www-form-urlencoded` (URL standard, section 5), in queries, fragments and bodies.

use alloc::{string::String, vec::Vec};

use crate::json::Value;

/// Reads names and values in their order; each value is a text. Like a browser it takes every text: what is no UTF-8 becomes U+FFFD, and a `%` that no two
/// hexadecimal digits follow stands for itself.
pub(crate) fn pairs(text: &str) -> Vec<(String, Value)> {
    let sequences = text.split('&').filter(|sequence| !sequence.is_empty());
    sequences
        .map(|sequence| {
            let (name, value) = sequence.split_once('=').unwrap_or((sequence, ""));
            (decoded(name), Value::String(decoded(value)))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            _ => first,
        });
    }
    String::from_utf8(bytes).unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into_owned())
}

fn digit(character: u8) -> Option<u8> {
    char::from(character).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A form that is being written.
#[derive(Default)]
pub(crate) struct Form(String);

impl Form {
    /// Adds a name and its value.
    pub(crate) fn append_pair(&mut self, name: &str, value: &str) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        encode(&mut self.0, name);
        self.0.push('=');
        encode(&mut self.0, value);
        self
    }

    /// The text.
    pub(crate) fn finish(&mut self) -> String {
        core::mem::take(&mut self.0)
    }
}

/// Appends a text, encoded.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'*' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 0xf] {
                    out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
}
