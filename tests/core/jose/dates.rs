//! Attack classes 17 and 18 (CVE-2026-25537): `exp`, `nbf` and `iat` in every spelling, under a good signature.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::{JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
    jwt::{Rules, ValidatedToken, validate},
};

use crate::signing::{Key, key_set};

const NOW: u64 = 1_700_000_000;

/// A token with one claim spelt so; `exp` isn't required, so a date that were taken for absent would pass.
fn check(claim: &str, spelling: &str) -> Result<ValidatedToken, Error> {
    let payload = format!(r#"{{"{claim}":{spelling}}}"#);
    let token = Key::Ec.sign_texts(br#"{"alg":"ES256","kid":"ec-1"}"#, payload.as_bytes());
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let verified = verify(&UntrustedJws::parse(&token)?, &keys, ALGORITHMS, &FastEngine)?;
    let rules = Rules::any_type().any_issuer().any_audience().without_expiry_required();
    validate(&verified, &rules.clock_tolerance_seconds(0).build().unwrap(), UnixTime::from_seconds(NOW))
}

/// JSON, but no `NumericDate` of the years 1970 to 9999.
#[test]
fn what_is_no_date_is_invalid_and_never_absent() {
    let spellings = [
        r#""1700000000""#,
        r#""""#,
        r#"" 1700000000""#,
        r#""1.7e9""#,
        r#""0x6553f100""#,
        r#""2023-11-14T22:13:20Z""#,
        r#""never""#,
        r#""NaN""#,
        "null",
        "true",
        "false",
        "[]",
        "[1700000000]",
        "{}",
        r#"{"seconds":1700000000}"#,
        "-1",
        "-1700000000",
        "-0.5",
        "-1e-9",
        "-9223372036854775808",
        "-9223372036854775809",
        "-1e308",
        "253402300800",
        "253402300799.5",
        "1700000000000",
        "2147483648000",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e12",
        "1e30",
        "1.7976931348623157e308",
    ];
    assert_eq!(spellings.len(), 33);
    for claim in ["exp", "nbf", "iat"] {
        for spelling in spellings {
            assert_eq!(check(claim, spelling).unwrap_err(), Error::ClaimInvalid { claim }, "{claim}: {spelling}");
        }
    }
}

/// No JSON at all, or a number that no float holds.
#[test]
fn what_is_no_json_number_spoils_the_payload() {
    for claim in ["exp", "nbf", "iat"] {
        for spelling in [
            "1e400",
            "-1e400",
            "1e99999999999999999999",
            "NaN",
            "Infinity",
            "-Infinity",
            "01700000000",
            "+1700000000",
            "1700000000.",
            ".5",
            "1e",
            "1_700_000_000",
            "0x6553f100",
            "1700000000n",
            "1,700,000,000",
            "--1",
            "- 1",
            "",
        ] {
            let error = check(claim, spelling).unwrap_err();
            assert!(matches!(error, Error::TokenMalformed { .. }), "{claim}: {spelling}: {error:?}");
        }
    }
}

/// RFC 7519 section 2: integer or not, however JSON lets it be written. Each is the same moment, one second after now.
#[test]
fn one_moment_in_every_spelling_gets_one_verdict() {
    for spelling in [
        "1700000001",
        "1700000001.0",
        "1.700000001e9",
        "1700000001E0",
        "1700000001e+0",
        "17000000010e-1",
        "0.1700000001e10",
    ] {
        assert_eq!(check("exp", spelling).unwrap().expires_at().unwrap().as_seconds(), NOW + 1, "{spelling}");
        assert_eq!(check("nbf", spelling).unwrap_err(), Error::TokenNotYetValid, "{spelling}");
        assert_eq!(check("iat", spelling).unwrap_err(), Error::TokenIssuedInFuture, "{spelling}");
    }
}

/// RFC 7519 sections 4.1.4 and 4.1.5: `exp` is the first moment at which it is over, `nbf` the first at which it has begun, to the
/// fraction; at the ends of the range as well.
#[test]
fn the_edge_lies_at_now() {
    for (spelling, has_expired, is_ahead) in [
        ("0", true, false),
        ("0.5", true, false),
        ("1699999999", true, false),
        ("1699999999.999", true, false),
        ("1700000000", true, false),
        ("1700000000.0", true, false),
        ("1700000000.001", false, true),
        ("1700000000.5", false, true),
        ("1700000001", false, true),
        ("253402300799", false, true),
    ] {
        let code = |claim| check(claim, spelling).err().map(|error| error.code());
        assert_eq!(code("exp"), has_expired.then_some("token_expired"), "{spelling}");
        assert_eq!(code("nbf"), is_ahead.then_some("token_not_yet_valid"), "{spelling}");
        assert_eq!(code("iat"), is_ahead.then_some("token_issued_in_future"), "{spelling}");
    }
}
