//! Where a fault is, for whoever has to mend a document.

use edgeward::json::{Fault, Value};

use crate::parse;

#[test]
fn a_fault_is_told_with_its_line_and_column() {
    for (text, fault, line, column) in [
        ("", Fault::Incomplete, 1, 1),
        ("{", Fault::Incomplete, 1, 2),
        ("[1,\n 2,\n x]", Fault::ValueExpected, 3, 2),
        ("{\"a\": 1\n \"b\": 2}", Fault::CommaOrEndExpected, 2, 2),
        ("{\n\n\t\"a\" 1}", Fault::ColonExpected, 3, 6),
        ("{}\n\n!", Fault::TextAfterValue, 3, 1),
        ("[01]", Fault::NumberMalformed, 1, 3),
        ("[0, 1e999]", Fault::NumberTooLarge, 1, 5),
        ("[\"a\tb\"]", Fault::ControlCharacter, 1, 4),
        ("[\"a\\x\"]", Fault::EscapeMalformed, 1, 4),
        ("[\n\"a\\ud800\"]", Fault::SurrogateAlone, 2, 2),
        ("[\n{\"a\":1,\n\"a\":2}]", Fault::DuplicateName, 2, 1),
        ("{\"a\":1,\n \"$serde_json::private::Number\":2}", Fault::ReservedName, 2, 2),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.fault(), error.line(), error.column()), (fault, line, column), "{text:?}");
        assert!(error.to_string().ends_with(&format!("(line {line}, column {column})")), "{error}");
    }
    let error = Value::parse(b"[\n\"\xff\"]").unwrap_err();
    assert_eq!((error.fault(), error.line(), error.column()), (Fault::NotUtf8, 2, 2));
}

/// Attack class 35: what is wrong with a document may be that a secret stands in the wrong place.
#[test]
fn no_fault_repeats_the_text() {
    for text in ["S3CRET", "\"S3CRET\\x\"", "{\"S3CRET\":1,\"S3CRET\":2}", "[1 S3CRET]", "{S3CRET:1}", "{} S3CRET"] {
        let error = parse(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("S3CRET"), "{error}");
    }
}
