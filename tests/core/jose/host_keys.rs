//! Keys of families that are not compiled in and that the host has: usable through [`Host`] alone, and not those that a host overlooks.

use edgeward::{
    crypto::{FastEngine, Host, SignatureEngine},
    jose::{
        Jwk,
        algorithm::{ED25519, ES256, ES384},
    },
};
use serde_json::json;

use crate::signing::encode;

fn okp(x: &[u8; 32]) -> String {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(x) }).to_string()
}

fn takes(engine: &dyn SignatureEngine, jwk: &str) -> bool {
    Jwk::parse(jwk.as_bytes(), engine).is_ok()
}

/// RFC 8037 appendix A.2 has the key.
const GOOD: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn a_key_that_only_the_host_can_use_is_taken_where_the_host_is_asked() {
    assert!(takes(&Host::of_all(FastEngine), GOOD));
    assert!(takes(&Host::of(FastEngine, [&ES384, &ED25519]), GOOD));
    assert_eq!(takes(&Host::of(FastEngine, [&ES384]), GOOD), ED25519.is_available());
    assert_eq!(takes(&FastEngine, GOOD), ED25519.is_available());
}

/// What the engine has, it decides about: a point on no curve is refused before a host sees it.
#[test]
fn a_key_that_the_engine_has_is_the_engines_to_judge() {
    let off = json!({ "kty": "EC", "crv": "P-256", "x": encode(&[1; 32]), "y": encode(&[1; 32]) }).to_string();
    assert_eq!(takes(&Host::of_all(FastEngine), &off), !ES256.is_available());
}

/// RFC 8032 section 5.1.4 has the group: with a key of small order one signature fits many messages.
#[test]
fn an_ed25519_key_of_small_order_is_refused_also_where_the_host_alone_would_use_it() {
    let mut order_4 = [0; 32];
    order_4[31] = 0x80;
    let mut order_1 = [0; 32];
    order_1[0] = 1;
    let mut order_2 = [0xff; 32];
    (order_2[0], order_2[31]) = (0xec, 0x7f);
    for key in [[0; 32], order_4, order_1, order_2] {
        assert!(!takes(&Host::of_all(FastEngine), &okp(&key)), "{key:02x?}");
    }
}
