//! The way to serde (feature `serde`).

use edgeward::json::Object;
use serde_json::json;

use crate::{
    generator::{Generator, seeds},
    parse, reference,
};

/// Whatever serde writes, it writes a value as what it is.
#[test]
fn a_value_is_serialized_as_what_it_is() {
    let text = r#"{"b":[null,true,-1,18446744073709551615,0.5,1e3,"x"],"a":{"é":{}}}"#;
    let value = parse(text).unwrap();
    assert_eq!(serde_json::to_string(&value).unwrap(), text.replace("1e3", "1000.0"));
    let expected = json!({"b": [null, true, -1, u64::MAX, 0.5, 1000.0, "x"], "a": {"é": {}}});
    assert_eq!(serde_json::to_value(&value).unwrap(), expected);
    assert_eq!(serde_json::Value::from(&value), expected);
    let members = value.as_object().map(serde_json::Value::from);
    assert_eq!(members, Some(expected));
    assert_eq!(serde_json::Value::from(&Object::new()), json!({}));
}

/// Every value comes out as `serde_json` itself would have read it, by both ways; a double to the last bit as the nearest one.
#[test]
fn a_value_becomes_what_serde_json_would_have_read() {
    let mut generator = Generator::new(0x7365_7264);
    let documents = (0..5_000).map(|_| generator.document().into_bytes());
    let mut compared = 0;
    for text in seeds().into_iter().chain(documents) {
        let Some(expected) = reference::parse(&text) else { continue };
        let value = edgeward::json::Value::parse(&text).unwrap();
        let shown = String::from_utf8_lossy(&text);
        assert_alike(&serde_json::Value::from(&value), &expected, &shown);
        assert_eq!(serde_json::to_value(&value).unwrap(), serde_json::Value::from(&value), "{shown}");
        compared += 1;
    }
    assert!(compared > 2_000, "{compared}");
}

/// Equal, where a double may differ by what `serde_json` rounds twice.
fn assert_alike(one: &serde_json::Value, other: &serde_json::Value, shown: &str) {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Array(one), Array(other)) => {
            assert_eq!(one.len(), other.len(), "{shown}");
            one.iter().zip(other).for_each(|(one, other)| assert_alike(one, other, shown));
        }
        (Object(one), Object(other)) => {
            assert!(one.keys().eq(other.keys()), "{shown}");
            one.values().zip(other.values()).for_each(|(one, other)| assert_alike(one, other, shown));
        }
        (Number(one), Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            assert!((one - other).abs() <= other.abs() * 1e-14 + f64::MIN_POSITIVE, "{one} and {other} of {shown}");
        }
        _ => assert_eq!(one, other, "{shown}"),
    }
}
