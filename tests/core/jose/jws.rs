//! The compact serialization (RFC 7515 sections 3.1 and 7.1).

use edgeward::{Error, jose::UntrustedJws, limits};

use crate::signing::encode;

fn header() -> String {
    encode(br#"{"alg":"RS256"}"#)
}

#[test]
fn three_canonical_segments_are_taken() {
    let jws = UntrustedJws::parse(&format!("{}.{}.{}", header(), encode(b"{}"), encode(b"x"))).unwrap();
    assert_eq!(jws.header().algorithm().name(), "RS256");
}

/// Attack class 24: a JWE has five segments.
#[test]
fn any_other_number_of_segments_is_refused() {
    let (header, payload) = (header(), encode(b"{}"));
    let wrong = [
        String::new(),
        ".".into(),
        "..".into(),
        header.clone(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(".{payload}.{payload}"),
        format!("{header}.{payload}.{payload}."),
        format!("{header}.{payload}.{payload}.{payload}"),
        format!("{header}.{payload}.{payload}.{payload}.{payload}"),
        format!("{{\"payload\":\"{payload}\",\"protected\":\"{header}\"}}"),
    ];
    for token in wrong {
        let error = UntrustedJws::parse(&token).unwrap_err();
        assert!(matches!(error, Error::TokenMalformed { .. }), "{token}: {error:?}");
    }
}

/// Attack class 12, in each of the three segments.
#[test]
fn a_segment_in_another_form_than_the_canonical_is_refused() {
    let good = [header(), encode(b"{}"), encode(b"xy")];
    for at in 0..3 {
        for spoil in [
            |s: &str| format!("{s}="),
            |s: &str| format!("{s}\n"),
            |s: &str| format!(" {s}"),
            |s: &str| format!("{s}!"),
        ] {
            let mut segments = good.clone();
            segments[at] = spoil(&segments[at]);
            assert!(UntrustedJws::parse(&segments.join(".")).is_err(), "{}", segments.join("."));
        }
    }
}

/// Attack class 33.
#[test]
fn size_and_dots_are_bounded_before_any_work() {
    let token = |length: usize| format!("{}.{}.{}", header(), "A".repeat(length), "AAAA");
    let fixed = token(0).len();
    let fitting = (limits::MAX_TOKEN_BYTES - fixed) / 4 * 4;
    assert!(UntrustedJws::parse(&token(fitting)).is_ok());
    assert_eq!(UntrustedJws::parse(&token(limits::MAX_TOKEN_BYTES)).unwrap_err(), Error::TokenTooLarge);
    assert_eq!(UntrustedJws::parse(&".".repeat(1_000_000)).unwrap_err(), Error::TokenTooLarge);
    assert!(matches!(UntrustedJws::parse(&".".repeat(10_000)), Err(Error::TokenMalformed { .. })));
}

/// Attack class 35.
#[test]
fn neither_errors_nor_debug_output_show_the_token() {
    let token = format!("{}.{}.{}", header(), encode(br#"{"sub":"SECRET-SUBJECT"}"#), encode(b"SECRET-SIGNATURE"));
    let shown = format!("{:?}", UntrustedJws::parse(&token).unwrap());
    assert!(!shown.contains("SECRET") && !shown.contains(&encode(b"SECRET-SIGNATURE")), "{shown}");
    let error = UntrustedJws::parse("SECRET.SECRET!.SECRET").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("SECRET"));
}
