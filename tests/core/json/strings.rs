//! Strings (RFC 8259 section 7).

use edgeward::json::{Fault, Value};

use crate::{fault, parse};

/// All that are written in one or two bytes of UTF-8, the ends of each range, and every 61st of the others.
fn characters() -> impl Iterator<Item = char> {
    let ends = [0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_0000, 0x10_fffe, 0x10_ffff];
    (0..0x900).chain((0x900..0x10_ffff).step_by(61)).chain(ends).filter_map(char::from_u32)
}

fn text(json: &str) -> String {
    parse(json).unwrap().as_str().unwrap().to_owned()
}

/// Every character may be written as four hexadecimal digits of either case, two times four beyond the basic plane.
#[test]
fn every_character_can_be_escaped() {
    for character in characters() {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units).iter();
        let escaped = units.fold(String::new(), |before, unit| format!("{before}\\u{unit:04x}"));
        let json = format!("\"a{escaped}b{}c\"", escaped.to_uppercase().replace('U', "u"));
        assert_eq!(text(&json), format!("a{character}b{character}c"));
    }
}

/// Every character but the two marks and the control characters stands for itself, and only those do not.
#[test]
fn characters_stand_for_themselves_unless_they_must_be_escaped() {
    for character in characters() {
        // The place in the text varies, so that each byte of a word is looked at.
        for before in ["", "abcdefg", "\u{e9}"] {
            let json = format!("\"{before}{character}xyz\"");
            match character {
                '\0'..'\u{20}' => assert_eq!(fault(&json), Some(Fault::ControlCharacter), "{character:?}"),
                '"' => assert_eq!(fault(&json), Some(Fault::TextAfterValue)),
                '\\' => assert_eq!(fault(&json), Some(Fault::EscapeMalformed)),
                _ => assert_eq!(text(&json), format!("{before}{character}xyz")),
            }
        }
    }
}

/// A special character is found at whichever of a word's eight bytes it stands, with any neighbour.
#[test]
fn a_special_character_is_found_at_every_place() {
    for length in 0..40 {
        for at in 0..length {
            for (special, expected) in [
                ("\u{1f}", Fault::ControlCharacter),
                ("\0", Fault::ControlCharacter),
                ("\"", Fault::TextAfterValue),
                ("\\", Fault::EscapeMalformed),
            ] {
                for filler in [" ", "!", "#", "[", "]", "\u{7f}", "~"] {
                    let json = format!("\"{}{special}{}\"", filler.repeat(at), filler.repeat(length - at));
                    assert_eq!(fault(&json), Some(expected), "{json:?}");
                }
            }
        }
        let plain = "\u{20ac}".repeat(length);
        assert_eq!(text(&format!("\"{plain}\"")), plain);
    }
}

#[test]
fn the_short_escapes_are_eight() {
    assert_eq!(text(r#""\"\\\/\b\f\n\r\t""#), "\"\\/\u{8}\u{c}\n\r\t");
    for byte in 0_u8..0x80 {
        let character = char::from(byte);
        let is_escape = "\"\\/bfnrt".contains(character);
        if character == 'u' {
            continue;
        }
        for json in [format!("\"\\{character}\""), format!("{{\"\\{character}\":1}}")] {
            let expected = (!is_escape).then_some(Fault::EscapeMalformed);
            assert_eq!(fault(&json), expected, "{json:?}");
        }
    }
}

#[test]
fn an_escaped_code_has_four_hexadecimal_digits() {
    for code in ["", "0", "00", "004", "00g1", "+041", "-041", " 041", "0x41", "\u{ff10}041", "{41}", "004\u{e9}"] {
        for json in [format!("\"\\u{code}\""), format!("{{\"\\u{code}\":1}}")] {
            assert_eq!(fault(&json), Some(Fault::EscapeMalformed), "{json}");
        }
    }
    assert_eq!(text(r#""\u00e9\u00E9\u0041F""#), "éÉ".replace('É', "é") + "AF");
}

/// Sections 7 and 8.2: a surrogate is half of a character and stands for none.
#[test]
fn half_a_surrogate_pair_is_refused() {
    for half in [
        r"\ud800",
        r"\udbff",
        r"\udc00",
        r"\udfff",
        r"\uDEAD",
        r"\ud800x",
        r"\ud800\n",
        r"\ud800\u0041",
        r"\ud800\ud800",
        r"\ud800\udbff",
        r"\ud800\ue000",
        r"\udc00\ud800",
        r"\ud83d\ude00\ude00",
        r"\ud83d\ud83d\ude00",
        r"\ud800 \udc00",
        r"\ud800\\udc00",
    ] {
        for json in [format!("\"{half}\""), format!("{{\"{half}\":1}}"), format!("[[\"a\",\"x{half}\"]]")] {
            assert_eq!(fault(&json), Some(Fault::SurrogateAlone), "{json}");
        }
    }
    assert_eq!(text(r#""\ud83d\ude00\uD800\uDC00\udbff\udfff""#), "\u{1f600}\u{10000}\u{10ffff}");
}

#[test]
fn a_name_is_a_string_as_any_other() {
    let object = parse(r#"{"\u0061\"\n":1,"":2,"\ud83d\ude00":3}"#).unwrap();
    for (name, value) in [("a\"\n", 1), ("", 2), ("\u{1f600}", 3)] {
        assert_eq!(object.get(name).and_then(Value::as_u64), Some(value));
    }
}
