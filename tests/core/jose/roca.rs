//! RSA keys of the generator of CVE-2017-15361 ("ROCA").

use edgeward::{
    Error,
    jose::{Jwk, JwkSet, UntrustedJws, algorithm::RS256, verify},
};
use serde_json::json;

use crate::{
    engine::TakesAll,
    signing::{Key, RSA_N},
};

/// Row wp-jwk-7 of C2SP/wycheproof at commit dac1dd47, `json_web_key_test.json` (Apache-2.0): such a key, and a token it signed.
const ROCA_N: &str = "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2KphtjnayKJvC64vAbROBR4Ubg6Bxg9IQVZ-QYyE";
const ROCA_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImtpZC1yc2Etcm9jYS1zaWduIn0.Zm9v.AF_6dFYBEaaI5OlOehaktwYarwKZwFFeKTNwz9ar6ntNh4k8oeQwiODJqT1nnX2KhrWMUc80JJIdaCq3y7wOSmlPrqRgrL5r9xqfQdokirCuynoq4Lbi226VlZmijmkyYtSeEbzvkhyjbY8cDQF_c2DMMQG8FBRNJPOSTxi_I75Twj0877G-16i3bAWcvFxcNKGQzSQNcp5Lvh15N2I3PDM5W7HaFwPO0drzLR9dsDW9uDCqHvMMyshC7rgZdqfXpkaJL8Whn_mUScnLxS7J-2wVt9xKY3LpR97HoanIK-rcqYS_eq9hY_65te4qbwPCtQMjipIgIGo9HZrNRomAB1c";

/// That modulus plus a multiple of all the small primes but one, so that it fits for every prime save this.
const ALMOST_N: [(u32, &str); 3] = [
    (
        11,
        "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2KplCWyjCCA0umnwR2d-fNt8z4_oU0LBOgVgYVDM",
    ),
    (
        37,
        "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2Kpis0jzuOpri7x9OQVAwO6bPu_JxoZeYcHWPSe8",
    ),
    (
        97,
        "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2Kpid0gC7CXjI3nBxPn6AJraShwFPS1uP62pn9i0",
    ),
];

/// The modulus of RFC 7638 section 3.1.
const RFC7638_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

fn parse(n: &str) -> Result<Jwk, Error> {
    Jwk::parse(json!({"kty": "RSA", "n": n, "e": "AQAB"}).to_string().as_bytes(), &TakesAll)
}

/// Attack class 14: whoever factors such a key signs as the issuer does.
#[test]
fn a_key_with_the_fingerprint_is_refused() {
    let error = parse(ROCA_N).unwrap_err();
    assert!(matches!(error, Error::KeyUnusable { .. }) && error.to_string().contains("CVE-2017-15361"), "{error}");
}

/// So its tokens are, for want of a key, while those of its neighbour in the set pass.
#[test]
fn its_tokens_have_no_key() {
    let roca =
        json!({"kty": "RSA", "n": ROCA_N, "e": "AQAB", "kid": "kid-rsa-roca-sign", "alg": "RS256", "use": "sig"});
    let keys = json!({"keys": [roca, Key::Rsa.jwk()]}).to_string();
    let keys = JwkSet::parse(keys.as_bytes(), &TakesAll).unwrap();
    assert_eq!((keys.keys().len(), keys.unusable()), (1, 1));
    let check = |token: &str| verify(&UntrustedJws::parse(token).unwrap(), &keys, &[&RS256], &TakesAll).map(|_| ());
    assert_eq!(check(ROCA_TOKEN), Err(Error::KeyUnknown));
    assert_eq!(check(&Key::Rsa.sign(&json!({}))), Ok(()));
}

/// Red when any of these primes is left out of the list: a sound key must fit none by accident.
#[test]
fn a_key_that_misses_the_fingerprint_for_one_prime_is_taken() {
    for (prime, n) in ALMOST_N {
        assert!(parse(n).is_ok(), "{prime}");
    }
}

#[test]
fn ordinary_keys_are_taken() {
    for n in [RSA_N, RFC7638_N] {
        assert!(parse(n).is_ok(), "{n}");
    }
}
