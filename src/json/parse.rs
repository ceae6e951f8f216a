//! Reading a text into a [`Value`], in one pass.

use alloc::{string::String, vec::Vec};

use super::{Fault, Number, Object, ParseError, Value, cursor::Cursor, duplicates::has_duplicate, text::RawString};
use crate::limits;

/// How the names begin by which `serde_json` knows values of its own: read into a caller's type, an object with such a member would
/// become what its text says, unchecked. No document has one by accident.
const RESERVED_PREFIX: &str = "$serde_json::private::";

impl Value {
    /// Reads a text that is one value. The caller bounds its length; nesting is bounded by
    /// [`MAX_JSON_DEPTH`](limits::MAX_JSON_DEPTH).
    ///
    /// # Errors
    /// The first [`Fault`] and its place.
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        let mut parser = Parser::new(text)?;
        let value = parser.value(limits::MAX_JSON_DEPTH)?;
        parser.cursor.expect_end()?;
        Ok(value)
    }
}

impl Object {
    /// Reads a text that is one object, by the same rules.
    ///
    /// # Errors
    /// The first [`Fault`] and its place.
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        match Value::parse(text)? {
            Value::Object(object) => Ok(object),
            _ => Err(ParseError::new(Fault::NotAnObject, text, 0)),
        }
    }
}

/// A text that is being read.
pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    /// What was read of the objects and arrays that have not ended, the innermost last. Each takes its own off when it ends, so it
    /// gets a list of just its size, and none grows step by step.
    members: Vec<(String, Value)>,
    elements: Vec<Value>,
}

impl<'a> Parser<'a> {
    /// The beginning of a text.
    pub(super) fn new(text: &'a [u8]) -> Result<Self, ParseError> {
        Ok(Self { cursor: Cursor::new(text)?, members: Vec::new(), elements: Vec::new() })
    }

    /// Reads a value. It calls itself for each level of nesting, of which `depth_left` more may come: so the stack stays small.
    pub(super) fn value(&mut self, depth_left: usize) -> Result<Value, ParseError> {
        match self.cursor.peek_after_space() {
            Some(b'"') => self.text().map(Value::String),
            Some(b'{') => self.object(depth_left).map(Value::Object),
            Some(b'[') => self.array(depth_left).map(Value::Array),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.cursor.literal("true").map(|()| Value::Bool(true)),
            Some(b'f') => self.cursor.literal("false").map(|()| Value::Bool(false)),
            Some(b'n') => self.cursor.literal("null").map(|()| Value::Null),
            _ => Err(self.cursor.fault(Fault::ValueExpected)),
        }
    }

    fn text(&mut self) -> Result<String, ParseError> {
        RawString::read(&mut self.cursor)?.into_text(&self.cursor)
    }

    fn number(&mut self) -> Result<Number, ParseError> {
        let start = self.cursor.position();
        let text = self.cursor.number()?;
        Number::of_grammatical(text).ok_or_else(|| self.cursor.fault_of(Fault::NumberTooLarge, start))
    }

    fn array(&mut self, depth_left: usize) -> Result<Vec<Value>, ParseError> {
        let inside = self.enter(depth_left)?;
        if self.cursor.take(b']') {
            return Ok(Vec::new());
        }
        let own = self.elements.len();
        loop {
            let element = self.value(inside)?;
            self.elements.push(element);
            if !self.cursor.take(b',') {
                self.cursor.expect(b']', Fault::CommaOrEndExpected)?;
                return Ok(self.elements.drain(own..).collect());
            }
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Object, ParseError> {
        let start = self.cursor.position();
        let inside = self.enter(depth_left)?;
        let own = self.members.len();
        while let Some(name) = self.next_name(self.members.len() == own)? {
            let value = self.value(inside)?;
            self.members.push((name, value));
        }
        let members: Vec<_> = self.members.drain(own..).collect();
        if has_duplicate(&members) {
            return Err(self.cursor.fault_of(Fault::DuplicateName, start));
        }
        Ok(Object::of_distinct(members))
    }

    /// Goes into an object or array, whose opening bracket is next; gives how many levels may come in it.
    pub(super) fn enter(&mut self, depth_left: usize) -> Result<usize, ParseError> {
        let inside = depth_left.checked_sub(1).ok_or_else(|| self.cursor.fault(Fault::TooDeep))?;
        self.cursor.advance(1);
        Ok(inside)
    }

    /// The next member's name, with the colon after it; `None` at the end of the object.
    pub(super) fn next_name(&mut self, is_first: bool) -> Result<Option<String>, ParseError> {
        if is_first {
            if self.cursor.take(b'}') {
                return Ok(None);
            }
        } else if !self.cursor.take(b',') {
            self.cursor.expect(b'}', Fault::CommaOrEndExpected)?;
            return Ok(None);
        }
        if self.cursor.peek_after_space() != Some(b'"') {
            return Err(self.cursor.fault(Fault::NameExpected));
        }
        let start = self.cursor.position();
        let name = self.text()?;
        if name.starts_with(RESERVED_PREFIX) {
            return Err(self.cursor.fault_of(Fault::ReservedName, start));
        }
        self.cursor.expect(b':', Fault::ColonExpected)?;
        Ok(Some(name))
    }
}
