//! A JSON number, as it was written.

use core::fmt;

use alloc::{boxed::Box, string::String, vec::Vec};

use super::decimal::Decimal;

/// A JSON number (RFC 8259 section 6). What was written is kept, so nothing is rounded, however long it is.
///
/// Two are equal where they amount to the same: 3, 3.0 and 30e-1 are. Only where an exponent has 18 digits or more are they equal just in
/// the same spelling.
#[derive(Clone)]
pub struct Number(Form);

/// JSON has one spelling for each integer but zero, so an integer is its own text.
#[derive(Clone)]
enum Form {
    /// An integer, written as `Display` does it.
    Integer(i64),
    /// Anything else: "-0", what has more digits, a fraction or an exponent.
    Text(Box<str>),
}

impl Number {
    /// A number of a text that has the form of one. `None` where a double would read it as infinite: see
    /// [`Decimal::is_beyond_doubles`].
    pub(super) fn of_grammatical(text: &str) -> Option<Self> {
        // The standard library takes "+1" and "01" as well, which the grammar has kept out.
        match text.parse() {
            Ok(integer) if text != "-0" => Some(Self(Form::Integer(integer))),
            _ if Decimal::of(text).is_beyond_doubles() => None,
            _ => Some(Self(Form::Text(text.into()))),
        }
    }

    /// The integer, where it was written as one (1 and not 1.0 or 10e-1) and lies from 0 to 2⁶⁴ − 1.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Integer(integer) => u64::try_from(*integer).ok(),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The integer, where it was written as one and lies from −2⁶³ to 2⁶³ − 1. "-0" is none: it is not how 0 is written.
    pub const fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Form::Integer(integer) => Some(integer),
            Form::Text(_) => None,
        }
    }

    /// The double nearest to it; always finite.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Form::Integer(integer) => integer_text(*integer).parse().unwrap_or(0.0),
            // What the grammar of JSON allows, that of the standard library does.
            Form::Text(text) => text.parse().unwrap_or(0.0),
        }
    }

    /// The whole part of a number that is not negative, and whether anything follows it. `None` for negative numbers and from 2⁶⁴ on.
    pub(crate) fn whole_part(&self) -> Option<(u64, bool)> {
        match &self.0 {
            Form::Integer(integer) => Some((u64::try_from(*integer).ok()?, false)),
            Form::Text(text) => Decimal::of(text).whole_part(),
        }
    }

    /// Appends it as it was written.
    pub(super) fn write(&self, out: &mut String) {
        match &self.0 {
            Form::Integer(integer) => out.push_str(&integer_text(*integer)),
            Form::Text(text) => out.push_str(text),
        }
    }

    /// The bytes that it keeps outside itself.
    pub(crate) const fn heap_bytes(&self) -> usize {
        match &self.0 {
            Form::Integer(_) => 0,
            Form::Text(text) => text.len(),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Integer(one), Form::Integer(other)) => one == other,
            (Form::Text(one), Form::Text(other)) => are_equal(one, other),
            (Form::Integer(integer), Form::Text(text)) | (Form::Text(text), Form::Integer(integer)) => {
                are_equal(&integer_text(*integer), text)
            }
        }
    }
}

impl Eq for Number {}

/// A whole number in decimal digits. Without a formatter, whose code a module comes without.
pub(crate) fn decimal_text(number: u64) -> String {
    let mut digits = Vec::new();
    let mut left = number;
    loop {
        digits.extend(u8::try_from(left % 10).ok().map(|digit| b'0' | digit));
        left /= 10;
        if left == 0 {
            break;
        }
    }
    digits.iter().rev().copied().map(char::from).collect()
}

fn integer_text(integer: i64) -> String {
    let sign = if integer < 0 { "-" } else { "" };
    [sign, &decimal_text(integer.unsigned_abs())].concat()
}

fn are_equal(one: &str, other: &str) -> bool {
    one == other || Decimal::of(one).is_equal(&Decimal::of(other))
}

impl fmt::Display for Number {
    /// Writes it as it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Form::Integer(integer))
    }
}

impl From<u64> for Number {
    fn from(integer: u64) -> Self {
        Self(match i64::try_from(integer) {
            Ok(integer) => Form::Integer(integer),
            Err(_) => Form::Text(decimal_text(integer).into_boxed_str()),
        })
    }
}

impl From<usize> for Number {
    fn from(integer: usize) -> Self {
        // No target has a wider one than 64 bits.
        u64::try_from(integer).unwrap_or(u64::MAX).into()
    }
}

macro_rules! of_smaller_integers {
    ($($integer:ty)*) => {
        $(
            impl From<$integer> for Number {
                fn from(integer: $integer) -> Self {
                    i64::from(integer).into()
                }
            }
        )*
    };
}

of_smaller_integers!(u8 u16 u32 i8 i16 i32);
