//! Values written as JSON.

use edgeward::json::{Object, Value};

use crate::parse;

/// RFC 8259 section 7: what must be escaped is, by the short escape where there is one, and nothing else: as `serde_json` does it.
#[test]
fn strings_are_written_as_serde_json_writes_them() {
    for character in (0..0x10_ffff).step_by(3).chain(0..0x900).filter_map(char::from_u32) {
        let text = format!("a{character}b");
        let written = Value::from(text.as_str()).to_string();
        assert_eq!(written, serde_json::to_string(&text).unwrap());
        assert_eq!(parse(&written).unwrap().as_str(), Some(text.as_str()));
    }
    let name = Object::from([("\"\n\u{1}", Value::Null)]).to_string();
    assert_eq!(name, r#"{"\"\n\u0001":null}"#);
}

/// What was read is written without white space, in its order, with its numbers as they were.
#[test]
fn a_document_comes_back_as_it_was() {
    for text in [
        "null",
        "true",
        "false",
        "-0",
        "1.50e+3",
        r#""""#,
        "[]",
        "{}",
        "[[],{},[{}]]",
        r#"{"b":1,"a":[1,2.0,"x",null,true,{"":""}],"\u001f":"\"\\"}"#,
    ] {
        assert_eq!(parse(text).unwrap().to_string(), text);
    }
    assert_eq!(parse(" { \"a\" : [ 1 , 2 ] } ").unwrap().to_string(), r#"{"a":[1,2]}"#);
}
