use edgeward::wasm::{GateCore, GatePolicy, GateStep};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::signed_ahead::{ES256_ACCESS_TOKEN, EXPIRED_LEGACY_TOKEN, KEY_SET, NOW, RS256_ACCESS_TOKEN};

fn policy(token_profile: &str) -> String {
    json!({
        "issuers": [{
            "issuer": "https://as.example",
            "audience": "https://api.example",
            "jwks_uri": "https://as.example/jwks",
            "token_profile": token_profile,
        }],
        "routes": [{"path": "/health", "public": true}, {"path": "/notes", "methods": ["GET"], "scope": "notes"}],
        "upstream": {"origin": "https://upstream.example"},
    })
    .to_string()
}

fn gate(token_profile: &str) -> GateCore {
    GateCore::new(GatePolicy::new(&policy(token_profile)).expect("a good policy"), "{}", "wasm")
        .expect("no secrets to miss")
}

fn get(gate: &mut GateCore, token: Option<&str>, now: f64) -> GateStep {
    let authorization = token.map(|token| format!("Bearer {token}"));
    gate.authorize("GET", "/notes", Some("page=2".into()), authorization, None, None, now)
}

fn described(step: &GateStep) -> Value {
    step.describe().parse().expect("JSON text")
}

/// From the request over the key set to the decision.
fn decide(gate: &mut GateCore, token: &str, now: f64) -> Value {
    let step = get(gate, Some(token), now);
    if described(&step)["step"] == "need" {
        described(&gate.resume(step, Some(KEY_SET.into()), now))
    } else {
        described(&step)
    }
}

#[wasm_bindgen_test]
fn a_good_token_of_either_algorithm_is_let_through_with_its_claims() {
    for token in [RS256_ACCESS_TOKEN, ES256_ACCESS_TOKEN] {
        let decision = decide(&mut gate("at+jwt"), token, NOW.into());
        assert_eq!(decision["step"], "forward", "{decision}");
        assert_eq!(decision["url"], "https://upstream.example/notes?page=2");
        let headers = decision["headers"].as_array().expect("a list of pairs");
        for pair in [["edgeward-sub", "alice"], ["edgeward-scope", "notes"], ["edgeward-iss", "https://as.example"]] {
            assert!(headers.contains(&json!(pair)), "{pair:?} in {decision}");
        }
        assert!(!decision.to_string().contains(token), "the token goes no further");
    }
}

/// The gate asks before it decides, and names the bounds that the fetch has to keep.
#[wasm_bindgen_test]
fn the_key_set_is_asked_for_once() {
    let mut gate = gate("at+jwt");
    let step = get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
    let need = described(&step);
    assert_eq!(need["step"], "need");
    assert_eq!(need["need"], json!({"kind": "key_set", "url": "https://as.example/jwks"}));
    assert_eq!((need["max_bytes"].as_u64(), need["timeout_milliseconds"].as_u64()), (Some(512 * 1024), Some(5_000)));
    assert_eq!(described(&gate.resume(step, Some(KEY_SET.into()), NOW.into()))["step"], "forward");
    assert_eq!(described(&get(&mut gate, Some(ES256_ACCESS_TOKEN), NOW.into()))["step"], "forward", "from memory");
}

/// RFC 6750 section 3.
#[wasm_bindgen_test]
fn a_refusal_has_status_challenge_and_private_reason() {
    let (input, _) = RS256_ACCESS_TOKEN.rsplit_once('.').expect("three segments");
    let (_, signature) = ES256_ACCESS_TOKEN.rsplit_once('.').expect("three segments");
    let forged = format!("{input}.{signature}");
    let late = f64::from(NOW) + 330.0;
    let rows = [
        (None, NOW.into(), 401, "credentials_missing"),
        (Some("a.b"), NOW.into(), 401, "token_malformed"),
        (Some(forged.as_str()), NOW.into(), 401, "signature_invalid"),
        (Some(RS256_ACCESS_TOKEN), late, 401, "token_expired"),
        (Some(EXPIRED_LEGACY_TOKEN), NOW.into(), 401, "type_mismatch"),
    ];
    for (token, now, status, code) in rows {
        let decision = match token {
            Some(token) => decide(&mut gate("at+jwt"), token, now),
            None => described(&get(&mut gate("at+jwt"), None, now)),
        };
        assert_eq!(decision["step"], "respond", "{code}");
        assert_eq!(decision["status"], status, "{code}");
        assert_eq!(decision["reason"]["code"], code);
        assert!(decision["headers"].to_string().to_ascii_lowercase().contains("www-authenticate"), "{decision}");
        assert!(token.is_none_or(|token| !decision.to_string().contains(token)), "{code}: attack 35");
    }
}

#[wasm_bindgen_test]
fn keys_that_can_not_be_had_are_a_503_and_not_the_callers_fault() {
    for answer in [None, Some("<html>".to_owned()), Some("{\"keys\":[]}".to_owned())] {
        let mut gate = gate("at+jwt");
        let step = get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
        let decision = described(&gate.resume(step, answer, NOW.into()));
        assert_eq!((&decision["status"], &decision["reason"]["code"]), (&json!(503), &json!("key_set_unavailable")));
    }
}

#[wasm_bindgen_test]
fn a_public_route_needs_no_token_and_an_unknown_one_does_not_exist() {
    let mut gate = gate("at+jwt");
    let mut at = |method, path| described(&gate.authorize(method, path, None, None, None, None, NOW.into()));
    assert_eq!(at("GET", "/health")["step"], "forward");
    assert_eq!(at("GET", "/other")["status"], 404);
    assert_eq!(at("DELETE", "/notes")["status"], 405);
}

/// Attack 18, fail closed: a clock that shows nonsense must not bring a token back to life. This one has neither `iat` nor
/// `nbf`, so that `exp` alone stands against it.
#[wasm_bindgen_test]
fn an_expired_token_stays_expired_whatever_the_clock_shows() {
    for now in [f64::from(NOW), f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
        let decision = decide(&mut gate("jwt"), EXPIRED_LEGACY_TOKEN, now);
        assert_eq!(decision["reason"]["code"], "token_expired", "at {now}: {decision}");
    }
}

#[wasm_bindgen_test]
fn a_step_that_is_decided_stays_decided() {
    let mut gate = gate("at+jwt");
    let refused = get(&mut gate, None, NOW.into());
    let before = refused.describe();
    assert_eq!(gate.resume(refused, Some(KEY_SET.into()), NOW.into()).describe(), before);
}

#[wasm_bindgen_test]
fn what_the_origin_takes_for_claims_can_not_come_from_the_client() {
    let gate = gate("at+jwt");
    for name in ["Authorization", "edgeward-sub", "EDGEWARD_SUB", "edgeward-anything"] {
        assert!(gate.drops_header(name), "{name}");
    }
    assert!(!gate.drops_header("accept"));
    let failed: Value = gate.upstream_failed().parse().expect("JSON text");
    assert_eq!((&failed["status"], &failed["reason"]["code"]), (&json!(502), &json!("upstream_unavailable")));
}

#[wasm_bindgen_test]
fn a_policy_that_names_a_secret_does_not_start_without_it() {
    let mut document: Value = policy("at+jwt").parse().expect("JSON text");
    document["issuers"][0]["introspection"] = json!({"client_id": "gate", "client_secret_binding": "THE_SECRET"});
    let read = || GatePolicy::new(&document.to_string()).expect("a good policy");
    assert_eq!(read().secret_bindings(), ["THE_SECRET"]);
    for secrets in ["{}", "", "[]", r#"{"THE_SECRET":""}"#, r#"{"THE_SECRET":1}"#, r#"{"OTHER":"x"}"#] {
        let error = GateCore::new(read(), secrets, "wasm").err().expect(secrets);
        assert_eq!(error.code(), "policy_invalid", "{secrets}");
    }
    assert!(GateCore::new(read(), r#"{"THE_SECRET":"x"}"#, "wasm").is_ok());
}

/// With the engine "webcrypto" the signature is a need like the others, and its answer decides.
#[wasm_bindgen_test]
fn a_signature_can_be_left_to_the_host() {
    for (answer, step) in [("holds", "forward"), ("fails", "respond"), ("unable", "forward")] {
        let policy = GatePolicy::new(&policy("at+jwt")).expect("a good policy");
        let mut gate = GateCore::new(policy, "{}", "webcrypto").expect("an engine");
        let keys = get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
        let signature = gate.resume(keys, Some(KEY_SET.into()), NOW.into());
        let need = &described(&signature)["need"];
        assert_eq!((&need["kind"], &need["alg"]), (&json!("signature"), &json!("RS256")));
        let token =
            format!("{}.{}", need["message"].as_str().expect("a text"), need["signature"].as_str().expect("a text"));
        assert_eq!(token, RS256_ACCESS_TOKEN);
        let decided = gate.resume(signature, Some(answer.into()), NOW.into());
        assert_eq!(described(&decided)["step"], step, "{answer}");
    }
    let policy = GatePolicy::new(&policy("at+jwt")).expect("a good policy");
    let error = GateCore::new(policy, "{}", "openssl").err().expect("no such engine");
    assert_eq!(error.code(), "policy_invalid");
}
