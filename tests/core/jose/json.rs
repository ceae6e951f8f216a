//! Strict JSON (RFC 7515 section 4, RFC 7519 section 4, RFC 8259).

use edgeward::{jose::json::parse_object, limits};

#[test]
fn an_object_is_read() {
    let object = parse_object(br#" {"a": [1, 2.5, -3, "x", null, true, {"b": {}}], "c": "\u00e9"} "#).unwrap();
    assert_eq!(object["a"].as_array().unwrap().len(), 7);
    assert_eq!(object["c"], "é");
}

/// Attack class 11: a member twice, at any depth, spelt the same or by an escape.
#[test]
fn a_duplicate_member_is_refused_wherever_it_is() {
    let texts = [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"x":{"a":1,"a":2}}"#,
        r#"{"x":[{"a":1,"a":2}]}"#,
        r#"{"x":[[{"y":{"a":1,"a":2}}]]}"#,
    ];
    for text in texts {
        assert_eq!(parse_object(text.as_bytes()), None, "{text}");
    }
    assert!(parse_object(br#"{"a":1,"A":2,"x":{"a":3}}"#).is_some(), "names are case-sensitive and scoped");
}

/// Attack class 32.
#[test]
fn nesting_is_bounded_and_deep_input_does_not_overflow_the_stack() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse_object(nested(limits::MAX_JSON_DEPTH - 1).as_bytes()).is_some());
    for depth in [limits::MAX_JSON_DEPTH, 50, 127, 128, 129, 1_000, 100_000] {
        assert_eq!(parse_object(nested(depth).as_bytes()), None, "{depth} deep");
        let objects = format!("{}1{}", r#"{"a":"#.repeat(depth + 1), "}".repeat(depth + 1));
        assert_eq!(parse_object(objects.as_bytes()), None, "{depth} objects deep");
    }
}

/// Attack class 18: 1e400 must not become infinity.
#[test]
fn what_is_not_one_json_object_is_refused() {
    let texts: [&[u8]; 22] = [
        b"",
        b" ",
        b"null",
        b"[]",
        b"\"a\"",
        b"1",
        b"{",
        b"}",
        b"{}x",
        b"{}{}",
        b"{a:1}",
        b"{'a':1}",
        b"{\"a\":1,}",
        b"{\"a\":01}",
        b"{\"a\":+1}",
        b"{\"a\":1e400}",
        b"{\"a\":NaN}",
        b"{\"a\":\"\xff\"}",
        b"\xef\xbb\xbf{}",
        b"{\"a\":\"\n\"}",
        b"{\"a\":\"\\ud800\"}",
        b"{\"a\":1}//",
    ];
    for text in texts {
        assert_eq!(parse_object(text), None, "{:?}", String::from_utf8_lossy(text));
    }
}
