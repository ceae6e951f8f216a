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

/// Attack class 33: the bound counts to the byte, and comes before the form.
#[test]
fn the_size_bound_counts_to_the_byte() {
    let prefix = format!("{}..", header());
    for (length, is_taken) in [(limits::MAX_TOKEN_BYTES - 1, true), (limits::MAX_TOKEN_BYTES, true)] {
        // What is left over for the payload makes up for a length that no base64url has.
        let rest = length - prefix.len();
        let payload = if rest % 4 == 1 { "AA" } else { "" };
        let token = format!("{}.{payload}.{}", header(), "A".repeat(rest - payload.len()));
        assert_eq!((token.len(), UntrustedJws::parse(&token).is_ok()), (length, is_taken));
    }
    for filler in ["A", ".", "é", "\0", "="] {
        let token = format!("{prefix}{}", filler.repeat(limits::MAX_TOKEN_BYTES));
        assert_eq!(UntrustedJws::parse(&token).unwrap_err(), Error::TokenTooLarge, "{filler:?}");
    }
}

/// Attack classes 10 and 24: the JSON serializations, detached and unencoded payloads (RFC 7515 section 7.2 and appendix F, RFC 7797), a
/// JWE, and two tokens at once.
#[test]
fn other_serializations_are_refused() {
    let (header, payload, signature) = (header(), encode(b"{}"), encode(b"x"));
    let good = format!("{header}.{payload}.{signature}");
    for token in [
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#),
        format!(r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#),
        // CVE-2022-39227: one text that is both.
        format!(r#"{{"{header}.{payload}.{signature}":"","protected":"{header}"}}"#),
        format!(r#"{header}.{{"sub":"ada"}}.{signature}"#),
        format!("{header}.$.02.{signature}"),
        format!("{header}....{signature}"),
        format!("{header}.{payload}.{payload}.{payload}.{signature}"),
        format!("{good},{good}"),
        format!("{good} {good}"),
        format!("Bearer {good}"),
        format!("\u{feff}{good}"),
        format!("{good}~"),
        format!("{good}~e30~"),
    ] {
        let error = UntrustedJws::parse(&token).unwrap_err();
        assert!(matches!(error, Error::TokenMalformed { .. }), "{token}: {error:?}");
    }
    assert!(UntrustedJws::parse(&good).is_ok());
}
