//! The elements of one array in a document, each as its text: so that a fault in one can't make its neighbours unreadable.

use alloc::vec::Vec;

use super::{Fault, ParseError, Value, cursor::Cursor, duplicates::has_duplicate, parse::Parser, text::RawString};
use crate::limits;

/// Reads a text that is one object, and gives the elements of the member asked for, which must be an array; absent, it is
/// `None`. Everything else in the text is held to all rules of this module. An element is held to the grammar alone: it may nest as it
/// likes, name a member twice or be too large a number, until it is read itself.
///
/// # Errors
/// The first [`Fault`] and its place.
pub(crate) fn elements_of<'a>(text: &'a [u8], member: &str) -> Result<Option<Vec<&'a str>>, ParseError> {
    let mut parser = Parser::new(text)?;
    if parser.cursor.peek_after_space() != Some(b'{') {
        return Err(parser.cursor.fault(Fault::NotAnObject));
    }
    let start = parser.cursor.position();
    let inside = parser.enter(limits::MAX_JSON_DEPTH)?;
    let mut names = Vec::new();
    let mut found = None;
    while let Some(name) = parser.next_name(names.is_empty())? {
        if name == member {
            found = Some(raw_elements(&mut parser.cursor)?);
        } else {
            parser.value(inside)?;
        }
        names.push((name, Value::Null));
    }
    if has_duplicate(&names) {
        return Err(parser.cursor.fault_of(Fault::DuplicateName, start));
    }
    parser.cursor.expect_end()?;
    Ok(found)
}

fn raw_elements<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<&'a str>, ParseError> {
    cursor.expect(b'[', Fault::NotAnArray)?;
    let mut elements = Vec::new();
    if cursor.take(b']') {
        return Ok(elements);
    }
    loop {
        cursor.peek_after_space();
        let start = cursor.position();
        skip_value(cursor)?;
        elements.push(cursor.since(start));
        if !cursor.take(b',') {
            cursor.expect(b']', Fault::CommaOrEndExpected)?;
            return Ok(elements);
        }
    }
}

/// Goes past a value of any depth. What is open is kept in a list and not on the stack, a byte for each level: at most as many as the
/// text has.
fn skip_value(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    let mut open = Vec::new();
    loop {
        let closing = match cursor.peek_after_space() {
            Some(b'{') => Some(b'}'),
            Some(b'[') => Some(b']'),
            _ => None,
        };
        match closing {
            Some(closing) => {
                cursor.advance(1);
                if !cursor.take(closing) {
                    open.push(closing);
                    skip_name_in(cursor, closing)?;
                    continue;
                }
            }
            None => skip_scalar(cursor)?,
        }
        // A value has ended, and with it perhaps some of those around it.
        loop {
            let Some(closing) = open.last().copied() else {
                return Ok(());
            };
            if cursor.take(b',') {
                skip_name_in(cursor, closing)?;
                break;
            }
            cursor.expect(closing, Fault::CommaOrEndExpected)?;
            open.pop();
        }
    }
}

/// In an object a name and a colon come before each value.
fn skip_name_in(cursor: &mut Cursor<'_>, closing: u8) -> Result<(), ParseError> {
    if closing != b'}' {
        return Ok(());
    }
    if cursor.peek_after_space() != Some(b'"') {
        return Err(cursor.fault(Fault::NameExpected));
    }
    RawString::read(cursor)?;
    cursor.expect(b':', Fault::ColonExpected)
}

fn skip_scalar(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    match cursor.peek() {
        Some(b'"') => RawString::read(cursor).map(drop),
        Some(b'-' | b'0'..=b'9') => cursor.number().map(drop),
        Some(b't') => cursor.literal("true"),
        Some(b'f') => cursor.literal("false"),
        Some(b'n') => cursor.literal("null"),
        _ => Err(cursor.fault(Fault::ValueExpected)),
    }
}
