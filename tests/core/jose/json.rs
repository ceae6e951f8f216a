//! Strict JSON (RFC 7515 section 4, RFC 7519 section 4, RFC 8259).

use edgeward::{jose::json::parse_object, limits};
use serde_json::json;

#[test]
fn an_object_is_read() {
    let object = parse_object(br#" {"a": [1, 2.5, -3, "x", null, true, {"b": {}}], "c": "\u00e9"} "#).unwrap();
    assert_eq!(object["a"], json!([1, 2.5, -3, "x", null, true, {"b": {}}]));
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

/// RFC 8259 section 8.1, RFC 3629 section 3: UTF-8 in its one form, in names and in values.
#[test]
fn what_is_no_utf8_is_refused() {
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
            assert_eq!(parse_object(&text), None, "{bytes:x?} in {:?}", String::from_utf8_lossy(&text));
        }
    }
    assert_eq!(parse_object("{\"é\":\"\u{10ffff}\"}".as_bytes()).unwrap()["é"], "\u{10ffff}");
}

/// RFC 8259 section 7: an escape is one of the eight or four hexadecimal digits, and a surrogate comes in a pair.
#[test]
fn escapes_are_those_of_json() {
    for escape in [
        "\\x41",
        "\\u41",
        "\\u004",
        "\\u00g1",
        "\\u+041",
        "\\'",
        "\\0",
        "\\",
        "\\ud800",
        "\\udc00",
        "\\udc00\\ud800",
        "\\ud800\\u0041",
    ] {
        assert_eq!(parse_object(format!("{{\"a\":\"{escape}\"}}").as_bytes()), None, "{escape}");
        assert_eq!(parse_object(format!("{{\"{escape}\":1}}").as_bytes()), None, "{escape} in a name");
    }
    let good = parse_object(br#"{"a":"\ud83d\ude00\u0000\"\\\/\b\f\n\r\t"}"#).unwrap();
    assert_eq!(good["a"], "\u{1f600}\0\"\\/\u{8}\u{c}\n\r\t");
}
