//! Classes 20 to 22: audiences and issuers that only look like the expected ones.

use edgeward::{Error, UnixTime, Verifier, crypto::FastEngine, jose::JwkSet, jose::algorithm::ES256, jwt::Rules};
use serde_json::{Value, json};

use crate::{
    gate::{Door, refused_for},
    outside::{AUDIENCE, ISSUER, NOW, claims, claims_with},
    signing::{Key, key_set},
};

fn with(claim: &str, value: &Value) -> String {
    let mut claims = claims();
    claims[claim] = value.clone();
    Key::Ec.sign(&claims)
}

/// 26 values of `aud`: absent, empty, of every type, a prefix, another spelling, a list that hides another type.
#[test]
fn class_20_an_audience_that_is_not_exactly_ours_is_refused() {
    let mismatched = [
        json!(""),
        json!([]),
        json!([""]),
        json!("https://other.example"),
        json!(["https://other.example"]),
        json!("https://api.exampl"),
        json!("https://api.example.evil.example"),
        json!("https://api.example/"),
        json!("https://api.example "),
        json!(" https://api.example"),
        json!("HTTPS://API.EXAMPLE"),
        json!("http://api.example"),
        json!("api.example"),
        json!("*"),
        json!("https://*.example"),
        json!(format!("{AUDIENCE},https://x.example")),
        json!([format!("{AUDIENCE} https://x.example")]),
        json!("https://api.example\u{0}"),
        json!("https://api.ехample"),
    ];
    let of_another_type =
        [json!(null), json!(1), json!(true), json!({ AUDIENCE: true }), json!([AUDIENCE, 1]), json!([[AUDIENCE]])];
    let absent = claims_with(json!({"aud": null}));
    let mut count = refused_for("audience_mismatch", mismatched.map(|aud| with("aud", &aud)));
    count += refused_for("claim_invalid", of_another_type.map(|aud| with("aud", &aud)));
    count += refused_for("claim_missing", [Key::Ec.sign(&absent)]);
    assert_eq!(count, 26);
    let mut door = Door::new();
    for aud in [json!(AUDIENCE), json!([AUDIENCE]), json!(["https://other.example", AUDIENCE])] {
        door.lets_through(&with("aud", &aud));
    }
}

/// 21 values of `iss`. An unknown issuer is refused before its keys are asked for, and nobody else's keys are tried instead.
#[test]
fn class_21_an_issuer_that_is_not_exactly_ours_is_refused() {
    let values = [
        json!("https://as.example/"),
        json!("https://as.example//"),
        json!("https://AS.example"),
        json!("HTTPS://as.example"),
        json!("http://as.example"),
        json!("https://as.example:443"),
        json!("https://as.example:8443"),
        json!("https://user@as.example"),
        json!("https://as.example#"),
        json!("https://as.example?"),
        json!("https://as.example/tenant"),
        json!("https://as.example.evil.example"),
        json!("https://as.еxample"),
        json!("https://as.example\u{0}"),
        json!(" https://as.example"),
        json!("as.example"),
        json!(""),
        json!([ISSUER]),
        json!([ISSUER, "x"]),
        json!({ ISSUER: 1 }),
        json!(1),
    ];
    assert_eq!(refused_for("issuer_unknown", values.map(|iss| with("iss", &iss))), 21);
    refused_for("issuer_unknown", [with("iss", &json!(null)), Key::Ec.sign(&claims_with(json!({"iss": null})))]);
}

/// The same without the gate in front, which chooses keys by `iss`: the claim rules compare it by themselves.
#[test]
fn class_21_the_claim_rules_compare_the_issuer_by_themselves() {
    let rules = Rules::access_token().issuer(ISSUER).audience(AUDIENCE).build().unwrap();
    let verifier = Verifier::new(rules, [&ES256]);
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    for (issuer, error) in [
        (json!("https://as.example/"), Error::IssuerUnknown),
        (json!("https://as.еxample"), Error::IssuerUnknown),
        (json!([ISSUER]), Error::ClaimInvalid { claim: "iss" }),
    ] {
        let verdict = verifier.verify(&with("iss", &issuer), &keys, UnixTime::from_seconds(NOW));
        assert_eq!(verdict.unwrap_err(), error, "{issuer}");
    }
}

/// No option is a pattern: what looks like one is a text, matches itself alone, and costs no more than its length.
#[test]
fn class_22_nothing_is_matched_as_a_pattern() {
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    for pattern in [
        ".*",
        "https://.*",
        "^https://api\\.example$",
        "https://api.example|x",
        "https://*",
        "%",
        "(a+)+$",
        "/https:/g",
    ] {
        let rules = Rules::access_token().issuer(ISSUER).audience(pattern).build().unwrap();
        let by_audience = Verifier::new(rules, [&ES256]);
        let rules = Rules::access_token().issuer(pattern).audience(AUDIENCE).build().unwrap();
        let by_issuer = Verifier::new(rules, [&ES256]);
        // Twice: a stateful pattern would answer differently the second time.
        for _ in 0..2 {
            let now = UnixTime::from_seconds(NOW);
            let honest = Key::Ec.sign(&claims());
            assert_eq!(by_audience.verify(&honest, &keys, now).unwrap_err(), Error::AudienceMismatch, "{pattern}");
            assert_eq!(by_issuer.verify(&honest, &keys, now).unwrap_err(), Error::IssuerUnknown, "{pattern}");
            assert!(by_audience.verify(&with("aud", &json!(pattern)), &keys, now).is_ok(), "{pattern}");
            let slow = with("aud", &json!("a".repeat(5_000)));
            assert_eq!(by_audience.verify(&slow, &keys, now).unwrap_err(), Error::AudienceMismatch, "{pattern}");
        }
    }
}
