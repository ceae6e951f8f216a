//! Strings: where one ends, and what its escapes stand for (RFC 8259 section 7).

use alloc::string::String;

use super::{Fault, ParseError, cursor::Cursor};

/// What stands between two quotation marks: no control characters, and every escape of good form. Of surrogates nothing is known yet.
#[derive(Clone, Copy)]
pub(super) struct RawString<'a> {
    text: &'a str,
    start: usize,
    has_escapes: bool,
}

impl<'a> RawString<'a> {
    /// Reads a string, whose opening quotation mark is next.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, ParseError> {
        cursor.advance(1);
        let start = cursor.position();
        let mut has_escapes = false;
        loop {
            let plain = plain_bytes(cursor.rest());
            cursor.advance(plain);
            match cursor.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    skip_escape(cursor)?;
                }
                _ => return Err(cursor.fault(Fault::ControlCharacter)),
            }
        }
        let text = cursor.since(start);
        cursor.advance(1);
        Ok(Self { text, start, has_escapes })
    }

    /// The text it stands for.
    pub(super) fn into_text(self, cursor: &Cursor<'_>) -> Result<String, ParseError> {
        if !self.has_escapes {
            return Ok(self.text.into());
        }
        unescape(self.text).ok_or_else(|| cursor.fault_of(Fault::SurrogateAlone, self.start))
    }
}

/// Eight times the byte 1.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Eight times the top bit of a byte.
const TOPS: u64 = u64::from_le_bytes([0x80; 8]);

/// How many bytes from the start stand for themselves: neither a quotation mark, a back slash nor a control character. Eight are
/// looked at together.
fn plain_bytes(bytes: &[u8]) -> usize {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut count: usize = 0;
    for chunk in chunks {
        let found = special_bytes(u64::from_le_bytes(*chunk));
        if found != 0 {
            let before = found.trailing_zeros().div_euclid(8);
            return count.saturating_add(usize::try_from(before).unwrap_or(0));
        }
        count = count.saturating_add(8);
    }
    let in_rest = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    count.saturating_add(in_rest.unwrap_or(rest.len()))
}

/// The top bit of each byte that is special. Subtracting borrows from the next byte only where one was found, so a wrong bit can only
/// lie above a right one; the lowest is always right, and it alone is used.
const fn special_bytes(word: u64) -> u64 {
    let control = bytes_below(word, 0x20);
    let mark = bytes_below(word ^ ONES.wrapping_mul(0x22), 1);
    let slash = bytes_below(word ^ ONES.wrapping_mul(0x5c), 1);
    control | mark | slash
}

/// The same of each byte below a bound of at most 0x80.
const fn bytes_below(word: u64, bound: u64) -> u64 {
    word.wrapping_sub(ONES.wrapping_mul(bound)) & !word & TOPS
}

/// Goes past an escape, whose back slash is next.
fn skip_escape(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    let length = match cursor.rest() {
        [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
        [_, b'u', digits @ ..] if digits.iter().take(4).filter(|digit| digit.is_ascii_hexdigit()).count() == 4 => 6,
        _ => return Err(cursor.fault(Fault::EscapeMalformed)),
    };
    cursor.advance(length);
    Ok(())
}

/// Replaces escapes, which are of good form. `None` where one is half of a surrogate pair.
fn unescape(text: &str) -> Option<String> {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        unescaped.push_str(plain);
        let (character, after) = unescape_one(escape)?;
        unescaped.push(character);
        rest = after;
    }
    unescaped.push_str(rest);
    Some(unescaped)
}

/// The character that an escape stands for, and what comes after it. The back slash has been taken off.
fn unescape_one(escape: &str) -> Option<(char, &str)> {
    let mut characters = escape.chars();
    let character = match characters.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unescape_code(characters.as_str()),
        itself => itself,
    };
    Some((character, characters.as_str()))
}

/// Four hexadecimal digits, and where they are the first half of a surrogate pair the second half as well (section 7).
fn unescape_code(digits: &str) -> Option<(char, &str)> {
    let (first, after) = code_unit(digits)?;
    if !(0xd800..0xdc00).contains(&first) {
        // There is no character for a second half alone.
        return Some((char::from_u32(first)?, after));
    }
    let (second, after) = code_unit(after.strip_prefix("\\u")?)?;
    let (high, low) = (first & 0x3ff, second & 0x3ff);
    if second & 0xfc00 != 0xdc00 {
        return None;
    }
    let character = char::from_u32((high << 10 | low).saturating_add(0x1_0000))?;
    Some((character, after))
}

fn code_unit(digits: &str) -> Option<(u32, &str)> {
    let (digits, after) = digits.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, after))
}
