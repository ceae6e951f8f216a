//! `NumericDate` (RFC 7519 section 2).

use edgeward::{
    json::Value,
    time::{NumericDate, UnixTime},
};

fn parse(text: &str) -> Option<NumericDate> {
    NumericDate::from_json(&Value::parse(text.as_bytes()).unwrap())
}

#[test]
fn integers_and_decimals_are_dates() {
    for (text, seconds) in [
        ("0", 0),
        ("1", 1),
        ("1700000000", 1_700_000_000),
        ("1.7e9", 1_700_000_000),
        ("253402300799", 253_402_300_799),
        ("10.5", 10),
        ("-0", 0),
    ] {
        assert_eq!(parse(text).unwrap().as_seconds(), seconds, "{text}");
    }
}

/// Attack classes 17 and 18.
#[test]
fn everything_else_is_none() {
    for text in [
        "-1",
        "-0.5",
        "253402300800",
        "1e30",
        "18446744073709551615",
        "18446744073709551616",
        "9223372036854775808",
        "1e308",
        "\"1700000000\"",
        "null",
        "true",
        "[]",
        "[1]",
        "{}",
        "\"\"",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
    assert_eq!(NumericDate::from_json(&Value::Null), None);
}

#[test]
fn a_fraction_counts_and_is_not_rounded() {
    let at = UnixTime::from_seconds(10);
    for (date, after) in [("9.9", false), ("10", false), ("10.0", false), ("10.5", true), ("11", true)] {
        assert_eq!(parse(date).unwrap().is_after(at), after, "{date}");
    }
}

#[test]
fn moments_do_not_wrap_around() {
    let (first, last) = (UnixTime::from_seconds(0), UnixTime::from_seconds(u64::MAX));
    assert_eq!((first.minus(1), last.plus(1)), (first, last));
    assert_eq!(first.since(last).as_secs(), 0);
}
