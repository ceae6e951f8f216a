//! Numbers: what is kept, what they amount to, and which are too large (RFC 8259 section 6).

use edgeward::{
    json::{Fault, Number, Value},
    time::{NumericDate, UnixTime},
};

use crate::{fault, parse};

fn number(text: &str) -> Number {
    match parse(text).unwrap() {
        Value::Number(number) => number,
        other => panic!("{other}"),
    }
}

#[test]
fn a_number_is_kept_as_it_was_written() {
    let long = format!("-{}.{}e-{}", "1234567890".repeat(50), "0987654321".repeat(50), "1".repeat(50));
    for text in [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "1",
        "1.0",
        "1.50",
        "1e3",
        "1E+3",
        "1e-3",
        "0e9",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        &long,
    ] {
        assert_eq!(number(text).to_string(), text);
        assert_eq!(format!("{:?}", number(text)), text);
    }
}

/// An integer is one that is written as one.
#[test]
fn integers_are_read_within_their_bounds() {
    for (text, unsigned, signed) in [
        ("0", Some(0), Some(0)),
        ("-0", None, None),
        ("-1", None, Some(-1)),
        ("4294967296", Some(1 << 32), Some(1 << 32)),
        ("9223372036854775807", Some(u64::MAX / 2), Some(i64::MAX)),
        ("9223372036854775808", Some(u64::MAX / 2 + 1), None),
        ("18446744073709551615", Some(u64::MAX), None),
        ("18446744073709551616", None, None),
        ("-9223372036854775808", None, Some(i64::MIN)),
        ("-9223372036854775809", None, None),
        ("1.0", None, None),
        ("1e0", None, None),
        ("10e-1", None, None),
    ] {
        assert_eq!((number(text).as_u64(), number(text).as_i64()), (unsigned, signed), "{text}");
    }
    assert_eq!((parse("\"1\"").unwrap().as_u64(), parse("true").unwrap().as_i64()), (None, None));
}

#[test]
fn integers_of_code_are_the_integers_of_texts() {
    for (made, text) in [
        (Number::from(0_u8), "0"),
        (Number::from(255_u8), "255"),
        (Number::from(-128_i8), "-128"),
        (Number::from(u32::MAX), "4294967295"),
        (Number::from(i64::MIN), "-9223372036854775808"),
        (Number::from(u64::MAX), "18446744073709551615"),
        (Number::from(1_usize), "1"),
    ] {
        assert_eq!((made.to_string().as_str(), &made), (text, &number(text)));
    }
}

/// Equal is what amounts to the same, and nothing else is, however near.
#[test]
fn numbers_are_compared_exactly() {
    let zeros = "0".repeat(400);
    let classes: [&[&str]; 14] = [
        &["3", "3.0", "3.000", "30e-1", "0.3e1", "0.03E+2", "3e0", "3e-0", "3000e-3", "300.00e-2"],
        &["-3", "-3.0", "-30e-1"],
        &["0", "-0", "0.0", "-0.0", "0e9", "0e-9", "0.000e99999999999999999999", "-0e-99999999999999999999"],
        &["0.1", "1e-1", "0.10", "10e-2"],
        &["0.1000000000000000055511151231257827", "1000000000000000055511151231257827e-34"],
        &["9007199254740992", "9007199254740992.0", "9.007199254740992e15"],
        &["9007199254740993", "9007199254740993.0"],
        &["18446744073709551615", "18446744073709551615.0", "1844674407370955161.5e1"],
        &["18446744073709551616", "1.8446744073709551616e19"],
        &["1e308", &format!("1{}", &zeros[..308]), "10e307", &format!("0.{zeros}1e709")],
        &["1e-400", &format!("0.{}1", &zeros[..399]), "10e-401"],
        &["1e-99999999999999999999"],
        &["1e-99999999999999999998"],
        &["2e-99999999999999999999"],
    ];
    for (index, class) in classes.iter().enumerate() {
        for (other_index, other_class) in classes.iter().enumerate() {
            for (one, other) in class.iter().flat_map(|one| other_class.iter().map(move |other| (one, other))) {
                assert_eq!(number(one) == number(other), index == other_index, "{one} and {other}");
            }
        }
    }
}

/// RFC 8259 section 6: what a double can't hold would be another number, or none, to the next reader.
#[test]
fn a_number_that_a_double_reads_as_infinite_is_refused() {
    let zeros = "0".repeat(309);
    for (magnitude, is_taken) in [
        ("1e308", true),
        ("1.7976931348623157e308", true),
        ("17976931348623157e292", true),
        // The greatest double, to the last digit.
        (
            "179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632766878171540458953514382464234321326889464182768467546703537516986049910576551282076245490090389328944075868508455133942304583236903222948165808559332123348274797826204144723168738177180919299881250404026184124858368",
            true,
        ),
        ("1.7976931348623158e308", true),
        ("1.7976931348623158078e308", true),
        ("1.79769313486231580789999999999999999999e308", true),
        ("1.7976931348623158080e308", false),
        ("1.797693134862315808e308", false),
        ("1.8e308", false),
        ("0.18e309", false),
        ("2e308", false),
        ("9e308", false),
        ("1e309", false),
        ("10e308", false),
        ("0.001e311", true),
        ("1e400", false),
        ("1e99999999999999999999", false),
        ("1e9223372036854775807", false),
        ("1e9223372036854775808", false),
        ("0.00001e99999999999999999999", false),
        (&format!("1{zeros}"), false),
        (&format!("1{}", &zeros[1..]), true),
        (&format!("1{zeros}e-1"), true),
        (&format!("1{zeros}.5e-99999999999999999999"), true),
        ("0e99999999999999999999", true),
        ("0.0e400", true),
        ("1e-400", true),
        ("1e-99999999999999999999", true),
        ("1e-9223372036854775808", true),
        ("1e-9223372036854775809", true),
    ] {
        for text in [magnitude.to_owned(), format!("-{magnitude}")] {
            assert_eq!(fault(&text), (!is_taken).then_some(Fault::NumberTooLarge), "{text}");
            let nearest: f64 = text.parse().unwrap();
            assert_eq!(nearest.is_finite(), is_taken, "{text}");
            if is_taken {
                assert_eq!(number(&text).as_f64().to_bits(), nearest.to_bits(), "{text}");
            }
        }
    }
}

/// The one place where the bound is lower than it could be: within one part in 10¹⁹ below infinity.
#[test]
fn the_first_twenty_digits_decide_what_is_too_large() {
    for digits in ["1.7976931348623158079", "1.79769313486231580790", "1.797693134862315807937"] {
        let text = format!("{digits}e308");
        assert_eq!(fault(&text), Some(Fault::NumberTooLarge), "{text}");
        assert!(text.parse::<f64>().unwrap().is_finite(), "{text}");
    }
}

fn date(text: &str) -> Option<(u64, bool)> {
    let date = NumericDate::from_json(&parse(text).unwrap())?;
    Some((date.as_seconds(), date.is_after(UnixTime::from_seconds(date.as_seconds()))))
}

/// RFC 7519 section 2: a date may have a fraction and an exponent; what is after the point counts, however small.
#[test]
fn dates_are_exact() {
    let last = 253_402_300_799;
    for (text, expected) in [
        ("0", Some((0, false))),
        ("-0", Some((0, false))),
        ("-0.0", Some((0, false))),
        ("0e99999999999999999999", Some((0, false))),
        ("0.5", Some((0, true))),
        ("1e-99999999999999999999", Some((0, true))),
        ("1.7e9", Some((1_700_000_000, false))),
        ("17e8", Some((1_700_000_000, false))),
        ("17000000000e-1", Some((1_700_000_000, false))),
        ("17000000001e-1", Some((1_700_000_000, true))),
        ("1700000000.0000000000", Some((1_700_000_000, false))),
        ("1700000000.0000000000000000000000001", Some((1_700_000_000, true))),
        ("1699999999.9999999999999999999999999", Some((1_699_999_999, true))),
        ("253402300799", Some((last, false))),
        ("253402300799.0", Some((last, false))),
        ("25340230079.9e1", Some((last, false))),
        ("253402300799.0000000000000000001", None),
        ("253402300800", None),
        ("2534023008e2", None),
        ("18446744073709551616", None),
        ("18446744073709551616.5", None),
        ("1e19", None),
        ("1e20", None),
        ("1e308", None),
        ("-1", None),
        ("-1e-99999999999999999999", None),
        ("-0.0000000000000000000000000000001", None),
        ("\"0\"", None),
        ("null", None),
    ] {
        assert_eq!(date(text), expected, "{text}");
    }
}
