//! Every production of RFC 8259, and every way to miss it.

use edgeward::json::{Fault, Object, Value};

use crate::{fault, parse};

fn array(elements: &[&str]) -> Value {
    elements.iter().map(|text| parse(text).unwrap()).collect::<Vec<_>>().into()
}

/// RFC 8259 sections 2 to 7: each kind of value is read as what it is.
#[test]
fn each_kind_of_value_is_read() {
    assert_eq!(parse("null"), Ok(Value::Null));
    assert_eq!(parse("true"), Ok(Value::Bool(true)));
    assert_eq!(parse("false"), Ok(Value::Bool(false)));
    assert_eq!(parse("7"), Ok(7.into()));
    assert_eq!(parse("\"a\""), Ok("a".into()));
    assert_eq!(parse("[]"), Ok(Vec::new().into()));
    assert_eq!(parse("[1,[2],\"x\"]"), Ok(array(&["1", "[2]", "\"x\""])));
    assert_eq!(parse("{}"), Ok(Object::new().into()));
    let object = parse(r#"{"a":1,"b":{"c":[]},"":null}"#).unwrap();
    let expected = [("a", 1.into()), ("b", Object::from([("c", Vec::new().into())]).into()), ("", Value::Null)];
    assert_eq!(object, Object::from(expected).into());
}

/// RFC 8259 section 2: four characters are white space, wherever a token begins or ends; none of them is needed.
#[test]
fn white_space_may_stand_between_tokens_and_is_of_four_kinds() {
    let tight = parse(r#"{"a":[1,{"b":null}],"c":true}"#).unwrap();
    for space in [" ", "\t", "\n", "\r", " \t\r\n \n"] {
        let mut loose = String::from(space);
        for token in
            ["{", "\"a\"", ":", "[", "1", ",", "{", "\"b\"", ":", "null", "}", "]", ",", "\"c\"", ":", "true", "}"]
        {
            loose.push_str(token);
            loose.push_str(space);
        }
        assert_eq!(parse(&loose).as_ref(), Ok(&tight), "{space:?}");
    }
    for other in ["\u{b}", "\u{c}", "\u{a0}", "\u{2028}", "\u{3000}", "\u{feff}", "\u{0}", "/**/", "//\n", "#\n"] {
        assert_eq!(fault(&format!("{other}1")), Some(Fault::ValueExpected), "{other:?} before");
        assert_eq!(fault(&format!("1{other}")), Some(Fault::TextAfterValue), "{other:?} after");
        assert_eq!(fault(&format!("[{other}1]")), Some(Fault::ValueExpected), "{other:?} in an array");
        assert_eq!(fault(&format!("[1{other}]")), Some(Fault::CommaOrEndExpected), "{other:?} in an array");
        assert_eq!(fault(&format!("{{{other}\"a\":1}}")), Some(Fault::NameExpected), "{other:?} in an object");
        assert_eq!(fault(&format!("{{\"a\"{other}:1}}")), Some(Fault::ColonExpected), "{other:?} in an object");
    }
}

/// A text that breaks off is said to, wherever it does.
#[test]
fn every_beginning_of_a_text_is_incomplete() {
    for text in [r#"{"a":[1,{"b":null}],"c":"d","e":-0.5e-1,"f":[true,false]}"#, r#"["\u00e9\n",{}]"#] {
        assert!(parse(text).is_ok());
        for end in 0..text.len() {
            let beginning = &text[..end];
            // Half a literal is no literal, and half an escape is none.
            let is_cut_inside = ["n", "nu", "nul", "t", "tr", "tru", "f", "fa", "fal", "fals"].iter().any(|half| {
                beginning.ends_with(&format!(":{half}"))
                    || beginning.ends_with(&format!("[{half}"))
                    || beginning.ends_with(&format!(",{half}"))
            });
            let expected = if is_cut_inside {
                Fault::ValueExpected
            } else if beginning
                .rfind('\\')
                .is_some_and(|at| end - at < if beginning[at..].starts_with("\\u") { 6 } else { 2 })
            {
                Fault::EscapeMalformed
            } else {
                Fault::Incomplete
            };
            assert_eq!(fault(beginning), Some(expected), "{beginning}");
        }
    }
}

/// Each production missed by a little.
#[test]
fn what_is_no_json_is_refused_for_its_reason() {
    use Fault::{
        ColonExpected, CommaOrEndExpected, Incomplete, NameExpected, NumberMalformed, TextAfterValue, ValueExpected,
    };
    let rows = [
        ("", Incomplete),
        (" \n", Incomplete),
        ("{}x", TextAfterValue),
        ("{}{}", TextAfterValue),
        ("{} 1", TextAfterValue),
        ("1 2", TextAfterValue),
        ("1,", TextAfterValue),
        ("null null", TextAfterValue),
        ("[]]", TextAfterValue),
        ("{}}", TextAfterValue),
        ("\"a\"\"", TextAfterValue),
        ("}", ValueExpected),
        ("]", ValueExpected),
        (",", ValueExpected),
        (":", ValueExpected),
        ("a", ValueExpected),
        ("'a'", ValueExpected),
        ("`a`", ValueExpected),
        ("True", ValueExpected),
        ("TRUE", ValueExpected),
        ("tRue", ValueExpected),
        ("trie", ValueExpected),
        ("nil", ValueExpected),
        ("None", ValueExpected),
        ("undefined", ValueExpected),
        ("NaN", ValueExpected),
        ("Infinity", ValueExpected),
        ("truex", TextAfterValue),
        ("nullnull", TextAfterValue),
        ("[,]", ValueExpected),
        ("[1,]", ValueExpected),
        ("[,1]", ValueExpected),
        ("[1,,2]", ValueExpected),
        ("[1 2]", CommaOrEndExpected),
        ("[1;2]", CommaOrEndExpected),
        ("[1:2]", CommaOrEndExpected),
        ("[1}", CommaOrEndExpected),
        ("[\"a\"\"b\"]", CommaOrEndExpected),
        ("{,}", NameExpected),
        ("{1:2}", NameExpected),
        ("{a:1}", NameExpected),
        ("{'a':1}", NameExpected),
        ("{null:1}", NameExpected),
        ("{[]:1}", NameExpected),
        ("{:1}", NameExpected),
        ("{\"a\":1,}", NameExpected),
        ("{\"a\":1,,\"b\":2}", NameExpected),
        ("{\"a\"}", ColonExpected),
        ("{\"a\" 1}", ColonExpected),
        ("{\"a\",1}", ColonExpected),
        ("{\"a\"=1}", ColonExpected),
        ("{\"a\"::1}", ValueExpected),
        ("{\"a\":}", ValueExpected),
        ("{\"a\":,}", ValueExpected),
        ("{\"a\":1]", CommaOrEndExpected),
        ("{\"a\":1 \"b\":2}", CommaOrEndExpected),
        ("{\"a\":1:2}", CommaOrEndExpected),
        ("01", NumberMalformed),
        ("-01", NumberMalformed),
        ("00", NumberMalformed),
        ("-", Incomplete),
        ("-a", NumberMalformed),
        ("--1", NumberMalformed),
        ("- 1", NumberMalformed),
        ("-Infinity", NumberMalformed),
        ("+1", ValueExpected),
        (".5", ValueExpected),
        ("1.", Incomplete),
        ("[1.]", NumberMalformed),
        ("1.e5", NumberMalformed),
        ("-.5", NumberMalformed),
        ("1e", Incomplete),
        ("[1e]", NumberMalformed),
        ("1e+", Incomplete),
        ("[1e+]", NumberMalformed),
        ("1e 5", NumberMalformed),
        ("1e1.5", TextAfterValue),
        ("1.5.5", TextAfterValue),
        ("1e5e5", TextAfterValue),
        ("0x10", TextAfterValue),
        ("1_000", TextAfterValue),
        ("1,000", TextAfterValue),
        ("1n", TextAfterValue),
        ("1f", TextAfterValue),
        ("\u{ff11}", ValueExpected),
        ("1\u{ff11}", TextAfterValue),
    ];
    for (text, expected) in rows {
        assert_eq!(fault(text), Some(expected), "{text:?}");
    }
}

/// The form of a number, section 6: what each part may be, in every combination.
#[test]
fn every_form_of_a_number_is_taken() {
    for sign in ["", "-"] {
        for whole in ["0", "1", "9", "10", "1234567890"] {
            for fraction in ["", ".0", ".5", ".00", ".12345678901234567890"] {
                for exponent in ["", "e0", "E0", "e1", "E1", "e+1", "e-1", "E+01", "E-007"] {
                    let text = format!("{sign}{whole}{fraction}{exponent}");
                    assert_eq!(parse(&text).unwrap().to_string(), text);
                }
            }
        }
    }
}

/// Section 8.1: a byte order mark is no white space; RFC 3629 section 3: UTF-8 has one form for each character.
#[test]
fn what_is_no_utf8_is_refused_wherever_it_is() {
    for bytes in [
        &b"\x80"[..],
        b"\xbf",
        b"\xc3",
        b"\xc0\xaf",
        b"\xc1\xbf",
        b"\xe0\x80\xaf",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf0\x80\x80\xaf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfe",
        b"\xff\xfe",
    ] {
        for (before, after) in
            [(&b"{\"a\":\""[..], &b"\"}"[..]), (b"{\"a", b"\":1}"), (b"{", b"}"), (b"", b"{}"), (b"{}", b"")]
        {
            let text = [before, bytes, after].concat();
            let fault = Value::parse(&text).unwrap_err().fault();
            assert_eq!(fault, Fault::NotUtf8, "{bytes:x?} in {:?}", String::from_utf8_lossy(&text));
        }
    }
    assert_eq!(fault("\u{feff}{}"), Some(Fault::ValueExpected));
}

/// A document that has to be an object is no other value, whatever is in it.
#[test]
fn an_object_is_not_another_value() {
    for text in ["null", "[]", "[{}]", "\"{}\"", "1", "true"] {
        assert_eq!(Object::parse(text.as_bytes()).unwrap_err().fault(), Fault::NotAnObject, "{text}");
    }
    assert!(Object::parse(b" {} ").unwrap().is_empty());
}
