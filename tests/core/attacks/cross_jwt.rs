//! Classes 23 and 24: a token of another kind, and what is no signed token at all.

use edgeward::{
    UnixTime,
    crypto::FastEngine,
    jose::UntrustedJws,
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use serde_json::{Value, json};

use crate::{
    gate::{Door, headed, header_with, honest, refused_for},
    outside::{AUDIENCE, ISSUER, JWKS_URL, NOW, claims, merged, policy},
    signing::{Key, encode, key_set},
};

/// The same issuer, key and audience: nothing but the kind tells these from an access token.
fn other_kinds() -> Vec<(Option<&'static str>, Value)> {
    let and = |more: Value| merged(claims(), more);
    let logout = json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "sid": "s"});
    vec![
        (Some("JWT"), and(json!({"nonce": "n", "at_hash": "x"}))),
        (None, and(json!({"nonce": "n", "at_hash": "x"}))),
        (None, and(json!({"c_hash": "x"}))),
        (Some("logout+jwt"), and(logout.clone())),
        (Some("JWT"), and(logout.clone())),
        (None, and(logout)),
        (Some("dpop+jwt"), and(json!({"htm": "GET", "htu": "https://api.example/me"}))),
        (Some("secevent+jwt"), and(json!({"events": {}}))),
        (Some("token-introspection+jwt"), and(json!({"token_introspection": {"active": true}}))),
        (Some("oauth-authz-req+jwt"), and(json!({"response_type": "code"}))),
        (Some("kb+jwt"), and(json!({"sd_hash": "x"}))),
        (Some("vp+jwt"), and(json!({"vp": {}}))),
        (Some("vc+sd-jwt"), and(json!({"vct": "x"}))),
        (Some("client-authentication+jwt"), and(json!({}))),
        (Some("application/application/at+jwt"), claims()),
        (Some("at+jwt "), claims()),
        (Some("at+JWT,JWT"), claims()),
        (Some(""), claims()),
    ]
}

fn sign(typ: Option<&str>, claims: &Value) -> String {
    Key::Ec.sign_with(&merged(json!({"alg": "ES256", "kid": "ec-1"}), json!({ "typ": typ })), claims)
}

/// ID, logout, `DPoP`, security event, request object and presentation tokens at the API, under both token profiles of a policy.
#[test]
fn class_23_a_token_of_another_kind_is_refused_at_the_api() {
    let tokens: Vec<_> = other_kinds().iter().map(|(typ, claims)| sign(*typ, claims)).collect();
    assert_eq!(refused_for("type_mismatch", tokens.clone()), 18);
    refused_for("type_mismatch", [sign(None, &claims()), sign(Some("JWT"), &claims())]);

    let issuer = json!({"issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL, "token_profile": "jwt"});
    let mut legacy = Door::of(&merged(policy(), json!({"issuers": [issuer]})), key_set());
    for token in &tokens {
        assert_eq!(legacy.refuses(token), "type_mismatch");
    }
    assert_eq!(legacy.refuses(&honest(Key::Ec)), "type_mismatch", "nor does the one profile take the other's");
    legacy.lets_through(&sign(None, &claims()));
    legacy.lets_through(&sign(Some("JWT"), &claims()));
}

/// The other way round: an access token, or any other, is no proof of a key.
#[test]
fn class_23_an_access_token_is_no_dpop_proof() {
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": crate::signing::EC_X, "y": crate::signing::EC_Y});
    let request =
        DpopRequest { method: "GET", url: "https://api.example/me", access_token: None, jkt: None, nonces: &[] };
    let claims = merged(claims(), json!({"htm": "GET", "htu": "https://api.example/me", "iat": NOW}));
    for typ in [json!("at+jwt"), json!("JWT"), json!("dpop"), json!("dpop+jwt "), json!(""), Value::Null] {
        let proof = Key::Ec.sign_with(&merged(json!({"alg": "ES256", "jwk": jwk}), json!({ "typ": typ })), &claims);
        let verdict =
            DpopProof::check(&proof, &request, &DpopRules::default(), &FastEngine, UnixTime::from_seconds(NOW));
        assert_eq!(verdict.unwrap_err().code(), "type_mismatch", "{typ}");
    }
}

/// A JWE has five parts, and a header with `enc`; neither is decrypted, and nothing inside one is looked at.
#[test]
fn class_24_an_encrypted_token_is_refused() {
    let part = encode(b"0123456789abcdef");
    let jwe = |header: &Value| format!("{}.{part}.{part}.{part}.{part}", encode(header.to_string().as_bytes()));
    let mut tokens = Vec::new();
    for alg in ["dir", "RSA-OAEP", "RSA1_5", "ECDH-ES", "A128KW", "PBES2-HS256+A128KW", "ES256"] {
        tokens.push(jwe(&json!({"alg": alg, "enc": "A128GCM"})));
        tokens.push(jwe(&json!({"alg": alg, "enc": "A128CBC-HS256", "zip": "DEF", "cty": "JWT"})));
    }
    assert_eq!(refused_for("token_malformed", tokens), 14);
    // In three parts and well signed: the header says that the payload is a ciphertext, or a token of its own.
    let named = [json!({"enc": "A128GCM"}), json!({"enc": null}), json!({"cty": "JWT"}), json!({"cty": "jwt"})];
    let tokens = named.iter().map(|more| {
        let mut header = header_with(Key::Ec, json!({}));
        for (name, value) in more.as_object().unwrap() {
            header[name] = value.clone();
        }
        headed(Key::Ec, &header)
    });
    assert_eq!(refused_for("header_invalid", tokens), 4);
}

/// A token inside a token: the inner one, signed by nobody or by another, is never unwrapped.
#[test]
fn class_24_a_wrapped_token_is_not_unwrapped() {
    let plain = format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(claims().to_string().as_bytes()));
    let header = header_with(Key::Ec, json!({})).to_string();
    for inner in [plain.clone(), format!("\"{plain}\""), honest(Key::Rsa), format!("[\"{}\"]", honest(Key::Rsa))] {
        refused_for("token_malformed", [Key::Ec.sign_texts(header.as_bytes(), inner.as_bytes())]);
    }
}

/// Text that is a compact and a JSON serialization at once (polyglots), and any other number of parts.
#[test]
fn class_24_a_polyglot_or_other_serialization_is_no_token() {
    let token = honest(Key::Ec);
    let parts: Vec<&str> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let texts = [
        json!({"payload": payload, "protected": header, "signature": signature}).to_string(),
        json!({"payload": payload, "signatures": [{"protected": header, "signature": signature}]}).to_string(),
        format!(
            "{{\"payload\":\"{payload}\",\"protected\":\"{header}\",\"signature\":\"{signature}\",\"x\":\"{token}\"}}"
        ),
        format!("{{\" {header}\":1}}.{payload}.{signature}"),
        format!("{header}.{payload}.{signature}.{{}}"),
        format!("{token}.{token}"),
        format!("{token}~disclosure~"),
        format!("{token},{token}"),
        format!("{token} "),
        format!("\"{token}\""),
        header.to_owned(),
        String::new(),
        "..".into(),
        "....".into(),
    ];
    for text in texts {
        assert_eq!(UntrustedJws::parse(&text).unwrap_err().code(), "token_malformed", "{text:.80}");
    }
    refused_for(
        "token_malformed",
        [format!("{token}.{token}"), format!("{token}~d~"), format!("{header}.{payload}.{signature}.")],
    );
}
