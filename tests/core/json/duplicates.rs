//! A member that is there twice (RFC 8259 section 4), in small and in large objects.

use edgeward::json::{Fault, Value};

use crate::{fault, parse};

/// Attack class 11: at any depth, spelt the same or by an escape, with the same value or another.
#[test]
fn a_duplicate_member_is_refused_wherever_it_is() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"":1,"":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"\u00e9":1,"é":2}"#,
        r#"{"\ud83d\ude00":1,"😀":2}"#,
        r#"{"x":{"a":1,"a":2}}"#,
        r#"{"x":[{"a":1,"a":2}]}"#,
        r#"{"x":[[{"y":{"a":1,"a":2}}]]}"#,
        r#"[{"a":{"b":1},"a":{"b":1}}]"#,
        r#"{"a":{"a":1},"b":{"a":1},"a":{"a":1}}"#,
    ] {
        assert_eq!(fault(text), Some(Fault::DuplicateName), "{text}");
    }
    for text in [
        r#"{"a":1,"A":2,"x":{"a":3}}"#,
        r#"[{"a":1},{"a":1}]"#,
        r#"{"a":{"a":{"a":1}}}"#,
        // The same to a reader's eye, and other characters.
        "{\"\u{e9}\":1,\"e\u{301}\":2}",
        r#"{"a":1,"a ":2,"a\u0000":3}"#,
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

/// An object of so many members, where one of them may have the name of another.
fn object(count: usize, name: &dyn Fn(usize) -> String, again: Option<(usize, usize)>) -> String {
    let members: Vec<String> = (0..count)
        .map(|index| {
            let named = again.filter(|(second, _)| *second == index).map_or(index, |(_, first)| first);
            format!("\"{}\":{index}", name(named))
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Every pair of places, in objects around the bounds at which the way of looking changes.
#[test]
fn a_duplicate_is_found_at_every_pair_of_places() {
    let plain = |index: usize| format!("n{index}");
    let alike = |index: usize| format!("{}{index:04}{}", "same beginning ".repeat(4), " same end".repeat(4));
    let names: [&dyn Fn(usize) -> String; 2] = [&plain, &alike];
    for name in names {
        for count in [2, 3, 15, 16, 17, 63, 64, 65, 66, 130] {
            assert!(parse(&object(count, name, None)).is_ok(), "{count} members");
            for second in 1..count {
                for first in (0..second).filter(|first| count < 100 || (first + second) % 7 == 0) {
                    let text = object(count, name, Some((second, first)));
                    assert_eq!(fault(&text), Some(Fault::DuplicateName), "{first} and {second} of {count}");
                }
            }
        }
    }
}

/// As many members as a text of half a MiB holds, in every order that could be bad for one way of looking: the least, the greatest and
/// the middle one twice.
#[test]
fn a_duplicate_is_found_among_very_many_members() {
    let count = 40_000;
    let rising = |index: usize| format!("{index:05}");
    let falling = |index: usize| format!("{:05}", 99_999 - index);
    let mixed = |index: usize| format!("{:05}", index * 48_271 % 65_537);
    let names: [&dyn Fn(usize) -> String; 3] = [&rising, &falling, &mixed];
    for name in names {
        let text = object(count, name, None);
        let parsed = parse(&text).unwrap();
        let object_read = parsed.as_object().unwrap();
        assert_eq!(object_read.len(), count);
        assert!(object_read.keys().enumerate().all(|(index, own)| own == name(index)), "the order is kept");
        for (second, first) in [(1, 0), (count - 1, 0), (count - 1, count - 2), (count / 2, count / 3)] {
            let text = object(count, name, Some((second, first)));
            assert_eq!(fault(&text), Some(Fault::DuplicateName), "{first} and {second}");
        }
    }
}

/// Names by which another reader would take the text of the value for JSON of its own.
#[test]
fn a_reserved_name_is_refused() {
    for name in
        ["$serde_json::private::RawValue", "$serde_json::private::Number", r"\u0024serde_json::private::RawValue"]
    {
        for text in [format!(r#"{{"{name}":"1"}}"#), format!(r#"[{{"a":{{"b":1,"{name}":"1"}}}}]"#)] {
            assert_eq!(fault(&text), Some(Fault::ReservedName), "{text}");
        }
    }
    let near = r#"{"$serde_json":1,"$serde_json::private:":2,"a$serde_json::private::RawValue":3}"#;
    assert!(parse(near).is_ok());
    let value = parse(r#"["$serde_json::private::RawValue"]"#).unwrap();
    assert_eq!(value.as_array().and_then(|list| list[0].as_str()), Some("$serde_json::private::RawValue"));
    assert_eq!(value, Value::from(vec!["$serde_json::private::RawValue".into()]));
}
