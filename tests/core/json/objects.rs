//! Objects and values as they are asked and compared.

use edgeward::json::{Object, Value};

use crate::parse;

fn object(text: &str) -> Object {
    Object::parse(text.as_bytes()).unwrap()
}

#[test]
fn members_keep_their_order_and_are_found_by_name() {
    let object = object(r#"{"b":1,"a":2,"c":{"b":3}}"#);
    assert_eq!(object.keys().collect::<Vec<_>>(), ["b", "a", "c"]);
    assert_eq!((object.len(), object.is_empty(), Object::new().is_empty()), (3, false, true));
    assert_eq!(object.get("a"), Some(&2.into()));
    assert_eq!(object.get("c").and_then(|inner| inner.get("b")), Some(&3.into()));
    assert!(object.contains_key("b") && !object.contains_key("B") && object.get("").is_none());
    let members: Vec<_> = object.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(members, ["b=1", "a=2", r#"c={"b":3}"#]);
    assert_eq!(object.into_iter().map(|(name, _)| name).collect::<String>(), "bac");
}

/// A name is never there twice, whatever is done.
#[test]
fn a_member_is_set_in_its_place_and_taken_out() {
    let mut object = object(r#"{"a":1,"b":2}"#);
    assert_eq!(object.insert("a", "x"), Some(1.into()));
    assert_eq!(object.insert("c", Value::Null), None);
    assert_eq!(object.to_string(), r#"{"a":"x","b":2,"c":null}"#);
    assert_eq!(object.remove("b"), Some(2.into()));
    assert_eq!(object.remove("b"), None);
    assert_eq!(object.to_string(), r#"{"a":"x","c":null}"#);
    let made = Object::from([("a", 1.into()), ("b", 2.into()), ("a", 3.into())]);
    assert_eq!(made.to_string(), r#"{"a":3,"b":2}"#);
}

/// RFC 8259 section 1: an object is an unordered collection, an array an ordered sequence.
#[test]
fn values_are_equal_where_they_mean_the_same() {
    for (one, other, are_equal) in [
        (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#, true),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":1,"c":2}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":null}"#, "{}", false),
        ("[1,2]", "[2,1]", false),
        ("[1,2]", "[1,2,3]", false),
        (r#""a""#, r#""\u0061""#, true),
        (r#""a""#, r#""A""#, false),
        (r#""1""#, "1", false),
        ("null", "false", false),
        ("[]", "{}", false),
        ("0", "false", false),
    ] {
        assert_eq!(parse(one).unwrap() == parse(other).unwrap(), are_equal, "{one} and {other}");
        assert_eq!(parse(other).unwrap() == parse(one).unwrap(), are_equal, "{other} and {one}");
    }
}

/// A value is asked as what it is, and is nothing else.
#[test]
fn a_value_is_what_it_is_and_nothing_else() {
    for (index, text) in ["null", "true", "7", r#""x""#, "[1]", r#"{"a":1}"#].into_iter().enumerate() {
        let value = parse(text).unwrap();
        let is = [
            value.is_null(),
            value.as_bool() == Some(true),
            value.as_number().is_some()
                && value.as_u64() == Some(7)
                && value.as_i64() == Some(7)
                && value.as_f64() == Some(7.0),
            value.as_str() == Some("x"),
            value.as_array().is_some_and(|elements| elements.len() == 1),
            value.as_object().is_some_and(|members| members.len() == 1) && value.get("a").is_some(),
        ];
        assert_eq!(is, core::array::from_fn(|at| at == index), "{text}");
        assert!(value.get("b").is_none());
    }
}

#[test]
fn values_are_made_of_what_code_has() {
    let made = Value::from(vec![
        true.into(),
        "a".into(),
        String::from("b").into(),
        u64::MAX.into(),
        (-1_i32).into(),
        None::<u8>.into(),
        Some("c").into(),
        Object::from([("d", 1_u16.into())]).into(),
    ]);
    assert_eq!(made.to_string(), r#"[true,"a","b",18446744073709551615,-1,null,"c",{"d":1}]"#);
}
