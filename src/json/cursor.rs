//! A place in a JSON text, and the tokens that can be read there without regard to what is around them (RFC 8259 sections 2 and 6).

use super::{Fault, ParseError};

/// A place in a text. It only ever moves forward, so reading is linear in the text's length.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text, which must be UTF-8. Its bytes are looked at once for that, and each character found later may rely on it.
    pub(super) fn new(text: &'a [u8]) -> Result<Self, ParseError> {
        match core::str::from_utf8(text) {
            Ok(text) => Ok(Self { text, at: 0 }),
            Err(error) => Err(ParseError::new(Fault::NotUtf8, text, error.valid_up_to())),
        }
    }

    /// The fault at this place, or where the text has ended, that.
    #[cold]
    pub(super) fn fault(&self, fault: Fault) -> ParseError {
        let fault = if self.at < self.text.len() { fault } else { Fault::Incomplete };
        ParseError::new(fault, self.text.as_bytes(), self.at)
    }

    /// The fault of something that began at `start` and is there as a whole.
    #[cold]
    pub(super) fn fault_of(&self, fault: Fault, start: usize) -> ParseError {
        ParseError::new(fault, self.text.as_bytes(), start)
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on. Past the end there is nothing to read, so going too far does no harm.
    pub(super) const fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// The next byte that is no white space; it stays unread.
    pub(super) fn peek_after_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.advance(1);
        }
        None
    }

    /// Takes the byte where it is the next one that is no white space.
    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let is_there = self.peek_after_space() == Some(wanted);
        if is_there {
            self.advance(1);
        }
        is_there
    }

    /// Takes the byte, which must be the next one that is no white space.
    pub(super) fn expect(&mut self, wanted: u8, otherwise: Fault) -> Result<(), ParseError> {
        if self.take(wanted) { Ok(()) } else { Err(self.fault(otherwise)) }
    }

    /// Nothing but white space may be left.
    pub(super) fn expect_end(&mut self) -> Result<(), ParseError> {
        match self.peek_after_space() {
            None => Ok(()),
            Some(_) => Err(self.fault(Fault::TextAfterValue)),
        }
    }

    /// Reads one of the three literals, of which `true` and so on is next (section 3).
    pub(super) fn literal(&mut self, literal: &str) -> Result<(), ParseError> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return Err(self.fault(Fault::ValueExpected));
        }
        self.advance(literal.len());
        Ok(())
    }

    /// Reads a number, whose first character is next (section 6): `[ minus ] int [ frac ] [ exp ]`.
    pub(super) fn number(&mut self) -> Result<&'a str, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.advance(1);
        }
        if self.peek() == Some(b'0') {
            self.advance(1);
            // No leading zeros: "01" would be two values in a row, which is said better so.
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.fault(Fault::NumberMalformed));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.advance(1);
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance(1);
            }
            self.digits()?;
        }
        Ok(self.since(start))
    }

    /// `1*DIGIT`.
    fn digits(&mut self) -> Result<(), ParseError> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.fault(Fault::NumberMalformed));
        }
        self.advance(count);
        Ok(())
    }
}
