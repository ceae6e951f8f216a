//! The claim rules (RFC 7519 section 4.1, RFC 9068, OIDC Core section 2, RFC 8725).

use edgeward::{
    Error, UnixTime,
    crypto::RustCrypto,
    jose::{JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
    jwt::{Profile, Rules, ValidatedToken, validate},
};
use serde_json::{Value, json};

use crate::signing::{Key, key_set};

const NOW: u64 = 1_700_000_000;
const TOLERANCE: u64 = 30;

fn claims() -> Value {
    json!({
        "iss": "https://issuer.example", "aud": "https://api.example", "sub": "ada", "client_id": "app", "jti": "1",
        "iat": NOW - 10, "exp": NOW + 300, "scope": "read write",
    })
}

/// The claims with one replaced, or removed where `value` is `None`.
fn with(claim: &str, value: Option<Value>) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(claim.into(), value),
        None => members.remove(claim),
    };
    claims
}

fn check_token(token: &str, profile: Profile, now: u64) -> Result<ValidatedToken, Error> {
    let keys = JwkSet::parse(key_set().as_bytes(), &RustCrypto).unwrap();
    let verified = verify(&UntrustedJws::parse(token)?, &keys, ALGORITHMS, &RustCrypto)?;
    let rules = match profile {
        Profile::AccessToken => Rules::access_token(),
        Profile::LegacyAccessToken => Rules::legacy_access_token(),
        Profile::IdToken => Rules::id_token("https://api.example"),
        Profile::LogoutToken => Rules::logout_token("https://api.example"),
        Profile::Introspection => Rules::introspection(),
        Profile::Typed(typ) => Rules::typed(typ),
        Profile::AnyType => Rules::any_type(),
    };
    let rules = rules
        .issuer("https://issuer.example")
        .audience("https://api.example")
        .audience("https://api2.example")
        .clock_tolerance_seconds(TOLERANCE)
        .build()
        .unwrap();
    validate(&verified, &rules, UnixTime::from_seconds(now))
}

fn check_at(claims: &Value, now: u64) -> Result<ValidatedToken, Error> {
    check_token(&Key::Ec.sign(claims), Profile::AccessToken, now)
}

fn check(claims: &Value) -> Result<ValidatedToken, Error> {
    check_at(claims, NOW)
}

#[test]
fn a_good_access_token_tells_what_it_grants() {
    for key in Key::BOTH {
        let token = check_token(&key.sign(&claims()), Profile::AccessToken, NOW).unwrap();
        assert_eq!(token.issuer(), Some("https://issuer.example"));
        assert_eq!((token.subject(), token.client_id(), token.jti()), (Some("ada"), Some("app"), Some("1")));
        assert_eq!(token.scope().to_string(), "read write");
        assert_eq!(token.expires_at().unwrap().as_seconds(), NOW + 300);
    }
}

#[test]
fn claims_can_be_had_as_a_type_of_the_callers() {
    #[derive(serde::Deserialize)]
    struct Mine {
        sub: String,
    }
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "it is there to be missing")]
    struct Other {
        tenant: String,
    }
    let token = check(&claims()).unwrap();
    assert_eq!(token.deserialize::<Mine>().unwrap().sub, "ada");
    assert!(matches!(token.deserialize::<Other>().unwrap_err(), Error::ClaimInvalid { .. }));
}

/// Attack class 11: what is signed may still be no claims set.
#[test]
fn a_signed_payload_that_is_no_strict_object_is_refused() {
    let header = json!({"alg": "ES256", "kid": "ec-1", "typ": "at+jwt"}).to_string();
    for payload in ["", "null", "[]", "\"ada\"", r#"{"sub":"a","sub":"b"}"#, r#"{"exp":1e400}"#, "{}}", "\u{feff}{}"] {
        let token = Key::Ec.sign_texts(header.as_bytes(), payload.as_bytes());
        assert!(
            matches!(check_token(&token, Profile::AccessToken, NOW), Err(Error::TokenMalformed { .. })),
            "{payload}"
        );
    }
}

/// Attack class 21: `iss` is compared exactly.
#[test]
fn another_issuer_is_refused() {
    for issuer in [
        "https://issuer.example/",
        "https://issuer.example ",
        "https://Issuer.example",
        "http://issuer.example",
        "issuer.example",
        "https://issuer.example:443",
        "https://issuer.example.evil.example",
        "https://evil.example",
        "",
        "https://issuer.examplе",
        "https://issuer.example\u{0}",
        "https://issuer.example#",
        "https://user@issuer.example",
    ] {
        assert_eq!(check(&with("iss", Some(json!(issuer)))).unwrap_err(), Error::IssuerUnknown, "{issuer:?}");
    }
    for issuer in [json!(null), json!(1), json!(["https://issuer.example"]), json!({})] {
        assert_eq!(check(&with("iss", Some(issuer))).unwrap_err(), Error::ClaimInvalid { claim: "iss" });
    }
    assert_eq!(check(&with("iss", None)).unwrap_err(), Error::ClaimMissing { claim: "iss" });
}

/// Attack class 20: any of the expected audiences, each compared exactly. Red when `aud` is not compared.
#[test]
fn a_token_for_another_audience_is_refused() {
    for audience in [json!("https://api.example"), json!(["x", "https://api.example"]), json!(["https://api2.example"])]
    {
        check(&with("aud", Some(audience))).unwrap();
    }
    for audience in [
        json!("https://evil.example"),
        json!(""),
        json!([]),
        json!([""]),
        json!("https://api.example/"),
        json!("https://api.example "),
        json!("https://api.exampl"),
        json!("https://api.example.evil.example"),
        json!("HTTPS://API.EXAMPLE"),
        json!("*"),
        json!("https://api.example,https://x.example"),
        json!(["https://api.example https://x.example"]),
        json!("api.example"),
    ] {
        assert_eq!(check(&with("aud", Some(audience.clone()))).unwrap_err(), Error::AudienceMismatch, "{audience}");
    }
    for audience in [
        json!(null),
        json!(1),
        json!(true),
        json!({}),
        json!([1]),
        json!(["https://api.example", 1]),
        json!([["https://api.example"]]),
    ] {
        assert_eq!(
            check(&with("aud", Some(audience.clone()))).unwrap_err(),
            Error::ClaimInvalid { claim: "aud" },
            "{audience}"
        );
    }
    assert_eq!(check(&with("aud", None)).unwrap_err(), Error::ClaimMissing { claim: "aud" });
}

/// Attack class 19: at `exp` itself the token is no longer good; the tolerance moves that moment, and ends.
#[test]
fn the_edges_of_exp_nbf_and_iat_are_exact() {
    let token = with("nbf", Some(json!(NOW)));
    let exp = NOW + 300;
    assert!(check_at(&token, exp + TOLERANCE - 1).is_ok());
    assert_eq!(check_at(&token, exp + TOLERANCE).unwrap_err(), Error::TokenExpired);
    assert!(check_at(&token, NOW - TOLERANCE).is_ok());
    assert_eq!(check_at(&token, NOW - TOLERANCE - 1).unwrap_err(), Error::TokenNotYetValid);
    let issued = with("iat", Some(json!(NOW)));
    assert!(check_at(&issued, NOW - TOLERANCE).is_ok());
    assert_eq!(check_at(&issued, NOW - TOLERANCE - 1).unwrap_err(), Error::TokenIssuedInFuture);
    let fraction = with("exp", Some(json!(10.5)));
    let old = |now| {
        check_at(
            &{
                let mut claims = fraction.clone();
                claims["iat"] = json!(1);
                claims
            },
            now,
        )
        .map(|_| ())
    };
    assert_eq!(old(10 + TOLERANCE), Ok(()));
    assert_eq!(old(11 + TOLERANCE), Err(Error::TokenExpired));
}

/// Attack classes 17 and 18: a date of the wrong type fails closed, in each of the three claims.
#[test]
fn a_date_of_another_type_is_refused() {
    let wrong = [
        json!("1700000300"),
        json!(""),
        json!("never"),
        json!(null),
        json!(true),
        json!(false),
        json!([]),
        json!([NOW + 300]),
        json!({}),
        json!(-1),
        json!(-0.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MAX),
        json!(253_402_300_800_u64),
        json!((NOW + 300) * 1000),
    ];
    for claim in ["exp", "nbf", "iat"] {
        for value in &wrong {
            let error = check(&with(claim, Some(value.clone()))).unwrap_err();
            assert_eq!(error, Error::ClaimInvalid { claim }, "{claim}: {value}");
        }
    }
    assert_eq!(check(&with("exp", None)).unwrap_err(), Error::ClaimMissing { claim: "exp" });
}

/// RFC 9068 section 2.2.
#[test]
fn an_access_token_has_all_its_required_claims() {
    for claim in ["sub", "client_id", "iat", "jti"] {
        assert_eq!(check(&with(claim, None)).unwrap_err(), Error::ClaimMissing { claim });
    }
    for claim in ["sub", "client_id", "jti"] {
        assert_eq!(check(&with(claim, Some(json!(1)))).unwrap_err(), Error::ClaimInvalid { claim });
    }
    for scope in [json!(1), json!(null), json!(["read"]), json!("a\"b")] {
        assert_eq!(check(&with("scope", Some(scope))).unwrap_err(), Error::ClaimInvalid { claim: "scope" });
    }
    assert!(check(&with("scope", None)).unwrap().scope().is_empty());
}

fn typed(typ: Option<Value>, claims: &Value, profile: Profile) -> Result<(), Error> {
    let mut header = json!({"alg": "ES256", "kid": "ec-1"});
    if let Some(typ) = typ {
        header["typ"] = typ;
    }
    check_token(&Key::Ec.sign_with(&header, claims), profile, NOW).map(|_| ())
}

/// Attack class 23, RFC 8725 section 3.11: a token of one kind never passes as another.
#[test]
fn typ_keeps_the_kinds_of_token_apart() {
    let of = |typ: Option<&str>, profile| typed(typ.map(Into::into), &claims(), profile);
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert_eq!(of(Some(typ), Profile::AccessToken), Ok(()), "{typ}");
        assert_eq!(of(Some(typ), Profile::LegacyAccessToken), Err(Error::TypeMismatch), "{typ}");
        assert_eq!(of(Some(typ), Profile::IdToken), Err(Error::TypeMismatch), "{typ}");
    }
    for typ in [None, Some("JWT"), Some("jwt"), Some("application/jwt")] {
        assert_eq!(of(typ, Profile::AccessToken), Err(Error::TypeMismatch), "{typ:?}");
        assert_eq!(of(typ, Profile::LegacyAccessToken), Ok(()), "{typ:?}");
        assert_eq!(of(typ, Profile::IdToken), Ok(()), "{typ:?}");
    }
    for typ in [
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "token-introspection+jwt",
        "",
        "at+jwt ",
        "application/application/at+jwt",
    ] {
        for profile in [Profile::AccessToken, Profile::LegacyAccessToken, Profile::IdToken] {
            assert_eq!(of(Some(typ), profile.clone()), Err(Error::TypeMismatch), "{typ} as {profile:?}");
        }
    }
    for profile in [Profile::AccessToken, Profile::LegacyAccessToken, Profile::IdToken] {
        assert_eq!(of(Some("at+jwt"), Profile::Introspection), Err(Error::TypeMismatch), "{profile:?}");
    }
}

/// Attack class 23 where `typ` says nothing: the claims that only other kinds of token have.
#[test]
fn a_legacy_access_token_has_no_marks_of_another_kind() {
    for claim in ["at_hash", "c_hash", "events"] {
        let marked = with(claim, Some(json!("x")));
        assert_eq!(typed(None, &marked, Profile::LegacyAccessToken), Err(Error::TypeMismatch), "{claim}");
    }
    let logout = with("events", Some(json!({"http://schemas.openid.net/event/backchannel-logout": {}})));
    assert_eq!(typed(None, &logout, Profile::IdToken), Err(Error::TypeMismatch));
}

/// `scp` as providers that predate RFC 9068 write it.
#[test]
fn scp_is_read_where_scope_is_absent() {
    for scp in [json!("read write"), json!(["read", "write"])] {
        let mut claims = with("scope", None);
        claims["scp"] = scp;
        assert_eq!(check(&claims).unwrap().scope().to_string(), "read write");
    }
    let mut both = claims();
    both["scp"] = json!("admin");
    assert_eq!(check(&both).unwrap().scope().to_string(), "read write");
    for scp in [json!([1]), json!(["a b"]), json!([""]), json!({})] {
        let mut claims = with("scope", None);
        claims["scp"] = scp;
        assert_eq!(check(&claims).unwrap_err(), Error::ClaimInvalid { claim: "scp" });
    }
}

/// Attack class 35.
#[test]
fn debug_output_shows_names_and_no_values() {
    let shown = format!("{:?}", check(&claims()).unwrap());
    assert!(shown.contains("client_id") && !shown.contains("ada"), "{shown}");
}
