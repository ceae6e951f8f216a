//! Why a text is not taken, and where.

use core::fmt;

use alloc::string::String;

use super::Value;

/// The rule that a text broke (RFC 8259, unless another is named).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no UTF-8 (section 8.1).
    NotUtf8,
    /// It ends before its value does.
    Incomplete,
    /// A value must stand here (section 3).
    ValueExpected,
    /// The name of a member must stand here (section 4).
    NameExpected,
    /// A colon must stand here (section 4).
    ColonExpected,
    /// A comma or the end of the object or array must stand here (sections 4 and 5).
    CommaOrEndExpected,
    /// Something follows the value (section 2).
    TextAfterValue,
    /// A number is not in the one form for numbers (section 6).
    NumberMalformed,
    /// A double would read the number as infinite (section 6 names doubles as what readers agree on).
    NumberTooLarge,
    /// A control character stands in a string as it is (section 7).
    ControlCharacter,
    /// An escape is none of the nine (section 7).
    EscapeMalformed,
    /// An escape is half of a surrogate pair (sections 7 and 8.2).
    SurrogateAlone,
    /// A member is there twice (section 4; RFC 7515 section 4, RFC 7519 section 4).
    DuplicateName,
    /// A member has a name by which `serde_json` would read its text in another way.
    ReservedName,
    /// Objects and arrays nest deeper than [`MAX_JSON_DEPTH`](crate::limits::MAX_JSON_DEPTH).
    TooDeep,
    /// It is JSON, but no object.
    NotAnObject,
    /// It is an object whose member is no array.
    NotAnArray,
}

impl Fault {
    const fn sentence(self) -> &'static str {
        match self {
            Self::NotUtf8 => "the text is not UTF-8",
            Self::Incomplete => "the text ends too early",
            Self::ValueExpected => "a value must stand here",
            Self::NameExpected => "a member's name in quotation marks must stand here",
            Self::ColonExpected => "a colon must stand here",
            Self::CommaOrEndExpected => "a comma or a closing bracket must stand here",
            Self::TextAfterValue => "nothing may follow the value",
            Self::NumberMalformed => "a number is not written as JSON has it",
            Self::NumberTooLarge => "a number is too large",
            Self::ControlCharacter => "a control character in a string must be escaped",
            Self::EscapeMalformed => "an escape is not one of JSON's",
            Self::SurrogateAlone => "an escape is half of a surrogate pair",
            Self::DuplicateName => "an object here has a member twice",
            Self::ReservedName => "a member's name is reserved",
            Self::TooDeep => "objects and arrays are nested too deeply",
            Self::NotAnObject => "it must be an object",
            Self::NotAnArray => "it must be an array",
        }
    }
}

/// Why a text was not taken, and where. It never holds a piece of the text, which could be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    fault: Fault,
    line: usize,
    column: usize,
}

impl ParseError {
    /// The fault at the byte `at` of `text`.
    #[cold]
    pub(super) fn new(fault: Fault, text: &[u8], at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len).saturating_add(1);
        Self { fault, line, column }
    }

    /// The rule that was broken.
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// What `Display` shows.
    pub(crate) fn sentence(&self) -> String {
        let [line, column] = [self.line, self.column].map(|number| Value::from(number).to_json());
        [self.fault.sentence(), " (line ", &line, ", column ", &column, ")"].concat()
    }

    /// The line, counted from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The place in the line, in bytes, counted from 1.
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl core::error::Error for ParseError {}
