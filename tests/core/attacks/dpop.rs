//! Classes 38 to 41: proofs of possession, and tokens that need one. Each check in full is with the resource server's tests.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::{Jwk, base64url},
    resource_server::{Decision, DpopProof, DpopRequest, DpopRules, Request},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    gate::refused_for,
    outside::{NOW, World, claims_with, merged, policy},
    signing::{EC_D, EC_X, EC_Y, Key, RSA_N, key_set},
};

const URL: &str = "https://api.example/me";
const ACCESS_TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

fn jwk(key: Key) -> Value {
    match key {
        Key::Ec => json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y}),
        Key::Rsa => json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"}),
    }
}

fn jkt(key: Key) -> String {
    Jwk::parse(jwk(key).to_string().as_bytes(), &FastEngine).unwrap().key().thumbprint()
}

fn proof(header: Value, claims: Value) -> String {
    let ath = base64url::encode(&Sha256::digest(ACCESS_TOKEN));
    let claims = merged(json!({"jti": "p-1", "htm": "GET", "htu": URL, "iat": NOW, "ath": ath}), claims);
    Key::Ec.sign_with(&merged(json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk(Key::Ec)}), header), &claims)
}

fn check(proof: &str, change: impl FnOnce(&mut DpopRequest<'_>)) -> Result<DpopProof, Error> {
    let own = jkt(Key::Ec);
    let mut request =
        DpopRequest { method: "GET", url: URL, access_token: Some(ACCESS_TOKEN), jkt: Some(&own), nonces: &[] };
    change(&mut request);
    DpopProof::check(proof, &request, &DpopRules::default(), &FastEngine, UnixTime::from_seconds(NOW))
}

fn code(proof: &str) -> &'static str {
    check(proof, |_| ()).map_or_else(|error| error.code(), |_| "taken")
}

/// RFC 9449 section 4.3 step 7: a proof whose `jwk` shows private or symmetric parts gives the key away.
#[test]
fn class_40_a_private_key_in_a_proof_is_refused() {
    assert_eq!(code(&proof(json!({}), json!({}))), "taken");
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        for value in [json!(EC_D), json!(""), json!(1), json!([])] {
            let mut with = jwk(Key::Ec);
            with[member] = value;
            assert_eq!(code(&proof(json!({ "jwk": with }), json!({}))), "key_unusable", "{member}");
        }
    }
    for bad in [json!({"kty": "oct", "k": "AAAA"}), json!({}), json!({"keys": [jwk(Key::Ec)]})] {
        assert_eq!(code(&proof(json!({ "jwk": bad }), json!({}))), "key_unusable");
    }
    for bad in [json!(jwk(Key::Ec).to_string()), json!([jwk(Key::Ec)]), json!(1), Value::Null] {
        assert_eq!(code(&proof(json!({ "jwk": bad }), json!({}))), "header_invalid");
    }
}

/// A proof is for one request, one token, one key and one moment.
#[test]
fn class_41_a_proof_for_something_else_is_refused() {
    for (claims, expected) in [
        (json!({"htm": "POST"}), "proof_request_mismatch"),
        (json!({"htm": "get"}), "proof_request_mismatch"),
        (json!({"htu": "https://api.example/other"}), "proof_request_mismatch"),
        (json!({"htu": "http://api.example/me"}), "proof_request_mismatch"),
        (json!({"htu": "https://evil.example/me"}), "proof_request_mismatch"),
        (json!({"htu": "https://api.example/me/"}), "proof_request_mismatch"),
        (json!({"ath": base64url::encode(&Sha256::digest("other"))}), "proof_token_mismatch"),
        (json!({"ath": null}), "claim_missing"),
        (json!({"jti": null}), "claim_missing"),
        (json!({"jti": ""}), "claim_invalid"),
        (json!({"iat": null}), "claim_missing"),
        (json!({"iat": NOW - 301}), "proof_too_old"),
        (json!({"iat": NOW + 31}), "token_issued_in_future"),
        (json!({"iat": NOW.to_string()}), "claim_invalid"),
    ] {
        assert_eq!(code(&proof(json!({}), claims.clone())), expected, "{claims}");
    }
    let good = proof(json!({}), json!({}));
    let code = |change: fn(&mut DpopRequest<'_>)| check(&good, change).unwrap_err().code();
    assert_eq!(code(|request| request.method = "POST"), "proof_request_mismatch");
    assert_eq!(code(|request| request.access_token = Some("other")), "proof_token_mismatch");
    assert_eq!(code(|request| request.jkt = Some("other")), "proof_key_mismatch");
    assert_eq!(code(|request| request.jkt = Some("")), "proof_key_mismatch");
    assert_eq!(code(|request| request.nonces = &["n"]), "proof_nonce_mismatch");
    let bound_to_rsa = jkt(Key::Rsa);
    let request = DpopRequest {
        method: "GET",
        url: URL,
        access_token: Some(ACCESS_TOKEN),
        jkt: Some(&bound_to_rsa),
        nonces: &[],
    };
    let verdict = DpopProof::check(&good, &request, &DpopRules::default(), &FastEngine, UnixTime::from_seconds(NOW));
    assert_eq!(verdict.unwrap_err().code(), "proof_key_mismatch");
}

/// The key in the header must be the one that signed, of the algorithm named, and an asymmetric one.
#[test]
fn class_41_a_proof_signed_by_another_key_or_none_is_refused() {
    assert_eq!(code(&proof(json!({"jwk": jwk(Key::Rsa)}), json!({}))), "key_unknown");
    assert_eq!(code(&proof(json!({"jwk": jwk(Key::Rsa), "alg": "RS256"}), json!({}))), "signature_invalid");
    let mut other = jwk(Key::Ec);
    (other["x"], other["y"]) =
        (json!("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"), json!("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"));
    assert_eq!(code(&proof(json!({ "jwk": other }), json!({}))), "signature_invalid");
    for alg in ["none", "HS256", "ES256K", "es256"] {
        assert_eq!(code(&proof(json!({ "alg": alg }), json!({}))), "algorithm_not_allowed", "{alg}");
    }
    let good = proof(json!({}), json!({}));
    for two in [format!("{good},{good}"), format!("{good}, {good}"), format!("{good} {good}"), format!("{good}.{good}")]
    {
        assert_eq!(code(&two), "token_malformed");
    }
}

/// RFC 9449 section 7.2: whoever stole a bound token sends it as a bearer token. Whatever `cnf` is, its presence is enough.
#[test]
fn class_41_a_bound_token_is_no_bearer_token() {
    let bindings = [
        json!({"jkt": jkt(Key::Ec)}),
        json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}),
        json!({"jwk": jwk(Key::Ec)}),
        json!({"kid": "x"}),
        json!({"jkt": ""}),
        json!({}),
        json!([]),
        json!("x"),
        json!(true),
    ];
    let mut tokens: Vec<_> = bindings.iter().map(|cnf| Key::Ec.sign(&claims_with(json!({ "cnf": cnf })))).collect();
    let mut null = claims_with(json!({}));
    null["cnf"] = Value::Null;
    tokens.push(Key::Ec.sign(&null));
    assert_eq!(refused_for("proof_of_possession_missing", tokens), 10);
}

/// A policy with which the gate takes proofs.
fn taking_proofs() -> Value {
    merged(policy(), json!({ "dpop": { "replay": "memory" } }))
}

/// Sends a bound token with a proof for `GET /me`, by the scheme that is named.
fn send(world: &mut World, scheme: &str, proof: &str) -> &'static str {
    let token = Key::Ec.sign(&claims_with(json!({"cnf": {"jkt": jkt(Key::Ec)}})));
    let authorization = format!("{scheme} {token}");
    let decision = world.call(&Request {
        method: "GET",
        path: "/me",
        authorization: Some(&authorization),
        dpop: Some(proof),
        url_origin: Some("https://api.example"),
        ..Request::default()
    });
    match decision {
        Decision::Forward(_) => "passes",
        Decision::Respond(response) => crate::outside::code(&response),
    }
}

fn gate_proof(changes: Value) -> String {
    let token = Key::Ec.sign(&claims_with(json!({"cnf": {"jkt": jkt(Key::Ec)}})));
    proof(json!({}), merged(json!({"ath": base64url::encode(&Sha256::digest(token))}), changes))
}

fn door() -> World {
    let mut world = World::new(&taking_proofs());
    world.key_set = Some(key_set());
    world
}

/// RFC 9449 section 7.2, RFC 9700 section 2.2.1: where a route takes bound tokens alone, an unbound one opens it in no way, known or not.
#[test]
fn class_41_a_route_for_bound_tokens_takes_no_other() {
    let routes = json!([
        { "path": "/me", "any_of": [{ "roles": "none" }, { "sender_constraint": "dpop" }] },
        { "path": "/open" },
    ]);
    let mut world = World::new(&merged(taking_proofs(), json!({ "routes": routes })));
    world.key_set = Some(key_set());
    let unbound = Key::Ec.sign(&claims_with(json!({})));
    let (bearer, dpop) = (format!("Bearer {unbound}"), format!("DPoP {unbound}"));
    let own = proof(json!({}), json!({"ath": base64url::encode(&Sha256::digest(&unbound))}));
    for (path, authorization, expected) in [
        ("/me", &bearer, "rights_missing"),
        ("/open", &bearer, "passes"),
        ("/me", &bearer, "rights_missing"),
        ("/me", &dpop, "rights_missing"),
        ("/open", &dpop, "token_unbound"),
    ] {
        let url_origin = Some("https://api.example");
        let (authorization, dpop) = (Some(authorization.as_str()), Some(own.as_str()));
        let request = Request { method: "GET", path, authorization, dpop, url_origin, ..Request::default() };
        let verdict = match world.call(&request) {
            Decision::Forward(_) => "passes",
            Decision::Respond(response) => crate::outside::code(&response),
        };
        assert_eq!(verdict, expected, "{path} {authorization:?}");
    }
    assert_eq!(send(&mut world, "DPoP", &gate_proof(json!({}))), "passes");
}

/// Hashes and nonces are compared whole, by a function that takes the same time wherever they differ: nothing is told by a prefix that is right.
#[test]
fn class_38_ath_jkt_and_nonce_count_to_their_last_character() {
    let good = proof(json!({}), json!({"nonce": "n-0S6_WzA2Mj"}));
    let changed = |text: &str, at: usize| {
        let mut bytes = text.to_owned().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let (own, nonce) = (jkt(Key::Ec), "n-0S6_WzA2Mj");
    let judge = |jkt: &str, nonce: &str| {
        let request =
            DpopRequest { method: "GET", url: URL, access_token: Some(ACCESS_TOKEN), jkt: Some(jkt), nonces: &[nonce] };
        let now = UnixTime::from_seconds(NOW);
        DpopProof::check(&good, &request, &DpopRules::default(), &FastEngine, now).err().map(|error| error.code())
    };
    assert_eq!(judge(&own, nonce), None);
    for at in 0..own.len() {
        let other = changed(&own, at);
        assert_eq!(judge(&other, nonce), Some("proof_key_mismatch"));
        let ath = changed(&base64url::encode(&Sha256::digest(ACCESS_TOKEN)), at);
        assert_eq!(code(&proof(json!({}), json!({ "ath": ath }))), "proof_token_mismatch");
    }
    for other in (0..nonce.len()).map(|at| changed(nonce, at)).chain(["n-0S6_WzA2M".into(), "n-0S6_WzA2Mj ".into()]) {
        assert_eq!(judge(&own, &other), Some("proof_nonce_mismatch"));
    }
    let source = include_str!("../../../src/resource_server/dpop.rs");
    assert_eq!(source.matches("equal_in_constant_time(").count(), 4, "ath, jkt, nonce, and the function itself");
}

/// A flood of proofs by the same client pushes none out that could still be used (CVE-2026-41707).
#[test]
fn class_39_a_flood_of_identifiers_brings_no_used_proof_back() {
    let mut world = door();
    let used = gate_proof(json!({"jti": "used"}));
    assert_eq!(send(&mut world, "DPoP", &used), "passes");
    for number in 0..100 {
        assert_eq!(send(&mut world, "DPoP", &gate_proof(json!({"jti": number}))), "proof_invalid", "no text");
        assert_eq!(send(&mut world, "DPoP", &gate_proof(json!({"jti": number.to_string()}))), "passes");
    }
    assert_eq!(send(&mut world, "DPoP", &used), "proof_replayed");
}

/// RFC 9449 section 7.2 at the gate: no way around the proof, and nothing but this request's own is one.
#[test]
fn class_41_at_the_gate_no_proof_serves_another_request() {
    let mut world = door();
    for (scheme, proof, expected) in [
        ("Bearer", gate_proof(json!({})), "proof_of_possession_missing"),
        ("DPoP", gate_proof(json!({"htm": "POST"})), "proof_request_mismatch"),
        ("DPoP", gate_proof(json!({"htu": "https://evil.example/me"})), "proof_request_mismatch"),
        ("DPoP", gate_proof(json!({"ath": base64url::encode(&Sha256::digest("other"))})), "proof_token_mismatch"),
        ("DPoP", gate_proof(json!({"iat": NOW - 61})), "proof_too_old"),
        ("DPoP", format!("{0}, {0}", gate_proof(json!({}))), "proof_invalid"),
        ("DPoP", String::new(), "proof_invalid"),
        ("DPoP", gate_proof(json!({})), "passes"),
        ("DPoP", gate_proof(json!({})), "proof_replayed"),
        ("Bearer", gate_proof(json!({"jti": "p-2"})), "proof_of_possession_missing"),
    ] {
        assert_eq!(send(&mut world, scheme, &proof), expected);
    }
}
