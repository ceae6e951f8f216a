use edgeward::{
    jose::algorithm::ALGORITHMS,
    wasm::{GateCore, GatePolicy, Standing},
};
use js_sys::{Uint8Array, WebAssembly};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
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
    GateCore::new(GatePolicy::new(&policy(token_profile)).expect("a good policy"), "{}", "")
        .expect("no secrets to miss")
}

/// Writes a text where the core reads it, as `js/wasm/input.ts` does.
fn write(gate: &mut GateCore, text: &str) -> usize {
    let place = u32::try_from(gate.reserve_input(text.len()).addr()).expect("a place in wasm memory");
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let length = u32::try_from(text.len()).expect("a short text");
    Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), place, length).copy_from(text.as_bytes());
    text.len()
}

fn call(gate: &mut GateCore, lines: [&str; 6], now: f64) -> Standing {
    let length = write(gate, &lines.join("\n"));
    gate.authorize(length, now).expect("six lines")
}

fn get(gate: &mut GateCore, token: Option<&str>, now: f64) -> Standing {
    let authorization = token.map(|token| format!("Bearer {token}")).unwrap_or_default();
    call(gate, ["GET", "/notes", "page=2", &authorization, "", ""], now)
}

fn parsed(text: &str) -> Value {
    text.parse().expect("JSON text")
}

/// The answer that was decided on.
fn answer(gate: &GateCore) -> Value {
    parsed(&gate.response().expect("an answer"))
}

fn resume(gate: &mut GateCore, with: Option<&str>, now: f64) -> Standing {
    gate.resume(gate.step(), with.map(Into::into), now)
}

/// From the request over the key set to the decision.
fn decide(gate: &mut GateCore, token: &str, now: f64) -> Standing {
    match get(gate, Some(token), now) {
        Standing::Need => resume(gate, Some(KEY_SET), now),
        decided => decided,
    }
}

#[wasm_bindgen_test]
fn a_good_token_of_either_algorithm_is_let_through_with_its_claims() {
    for token in [RS256_ACCESS_TOKEN, ES256_ACCESS_TOKEN] {
        let mut gate = gate("at+jwt");
        assert_eq!(decide(&mut gate, token, NOW.into()), Standing::Forward);
        let lines = gate.claim_headers();
        let headers = lines.split('\n').collect::<Vec<_>>();
        for pair in [["edgeward-sub", "alice"], ["edgeward-scope", "notes"], ["edgeward-iss", "https://as.example"]] {
            assert!(headers.chunks(2).any(|own| own == pair), "{pair:?} in {headers:?}");
        }
        assert!(!gate.claim_headers().contains(token), "the token goes no further");
        assert_eq!((gate.response_headers(), gate.response()), (None, None));
    }
    assert_eq!(GatePolicy::new(&policy("jwt")).expect("a good policy").upstream_origin(), "https://upstream.example");
}

/// Attack 33: who begins requests and hangs up takes the room of others until a step is let go, and no longer.
#[wasm_bindgen_test]
fn requests_that_nobody_goes_on_with_give_their_room_back() {
    let mut policy = parsed(&policy("at+jwt"));
    policy["issuers"][0]["introspection"] = json!({
        "client_id": "gate", "client_secret_binding": "SECRET", "introspection_endpoint": "https://as.example/introspect",
    });
    policy["routes"] = json!([{"path": "/notes", "introspection": true}]);
    let policy = GatePolicy::new(&policy.to_string()).expect("a good policy");
    let mut gate = GateCore::new(policy, r#"{"SECRET":"s"}"#, "").expect("its secret");
    let mut ask = |number: usize, now: f64| get(&mut gate, Some(&format!("{number:0>16000}")), now);
    let begun = (0..1_000).take_while(|number| ask(*number, NOW.into()) == Standing::Need).count();
    assert!((250..400).contains(&begun), "{begun} had room");
    assert_eq!(ask(1_000, f64::from(NOW) + 29.0), Standing::Respond, "they may still go on");
    for number in 0..begun {
        assert_eq!(ask(number, f64::from(NOW) + 30.0), Standing::Need, "{number} has room");
    }
}

/// A runtime may drop a request in the middle.
#[wasm_bindgen_test]
fn what_nobody_goes_on_with_is_let_go_and_its_number_is_no_other_requests() {
    let (mut gate, later) = (gate("at+jwt"), f64::from(NOW) + 30.0);
    assert_eq!(get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into()), Standing::Need);
    let lost = gate.step();
    assert_eq!(get(&mut gate, Some(ES256_ACCESS_TOKEN), later), Standing::Need);
    assert_ne!(gate.step(), lost);
    assert_eq!(gate.resume(lost, Some(KEY_SET.into()), later), Standing::LetGo, "it is over");
    assert_eq!(resume(&mut gate, Some(KEY_SET), later), Standing::Forward);
}

/// What is made of a grant is kept under its number, so no two tokens may have the same, and one that is not kept none.
#[wasm_bindgen_test]
fn each_token_that_is_remembered_has_a_number_of_its_own() {
    let mut gate = gate("at+jwt");
    decide(&mut gate, RS256_ACCESS_TOKEN, NOW.into());
    let first = gate.grant_serial();
    decide(&mut gate, ES256_ACCESS_TOKEN, NOW.into());
    let second = gate.grant_serial();
    assert!(first > 0.0 && second > first, "{first} {second}");
    get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
    assert_eq!(gate.grant_serial().to_bits(), first.to_bits(), "the same from memory");
    get(&mut gate, None, NOW.into());
    assert!(gate.grant_serial() < 1.0, "a refusal");
    call(&mut gate, ["GET", "/health", "", "", "", ""], NOW.into());
    assert_eq!((gate.grant_serial() < 1.0, gate.claim_headers().as_str()), (true, ""), "nobody in particular");

    let mut document = parsed(&policy("at+jwt"));
    document["token_cache"] = false.into();
    let policy = GatePolicy::new(&document.to_string()).expect("a good policy");
    let mut gate = GateCore::new(policy, "{}", "").expect("no secrets to miss");
    assert_eq!(decide(&mut gate, RS256_ACCESS_TOKEN, NOW.into()), Standing::Forward);
    assert!(gate.grant_serial() < 1.0, "it is not remembered");
}

/// The gate asks before it decides, and names the bounds that the fetch has to keep.
#[wasm_bindgen_test]
fn the_key_set_is_asked_for_once() {
    let mut gate = gate("at+jwt");
    assert_eq!(get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into()), Standing::Need);
    let step = gate.step();
    assert!(!gate.needs_signature(step));
    let bounds = json!({"max_bytes": 512 * 1024, "timeout_milliseconds": 5_000});
    let need = json!({"kind": "key_set", "url": "https://as.example/jwks", "max_bytes": bounds["max_bytes"],
        "timeout_milliseconds": bounds["timeout_milliseconds"]});
    assert_eq!(parsed(&gate.document(step)), need);
    assert_eq!(resume(&mut gate, Some(KEY_SET), NOW.into()), Standing::Forward);
    assert_eq!(gate.resume(step, Some(KEY_SET.into()), NOW.into()), Standing::LetGo, "it goes on once");
    assert_eq!(gate.conclude(step, 1, NOW.into()), Standing::LetGo, "it goes on once");
    assert_eq!(get(&mut gate, Some(ES256_ACCESS_TOKEN), NOW.into()), Standing::Forward, "from memory");
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
        let mut gate = gate("at+jwt");
        let standing = match token {
            Some(token) => decide(&mut gate, token, now),
            None => get(&mut gate, None, now),
        };
        assert_eq!(standing, Standing::Respond, "{code}");
        let decision = answer(&gate);
        assert_eq!(decision["status"], status, "{code}");
        assert_eq!(decision["reason"]["code"], code);
        assert!(decision["headers"].to_string().to_ascii_lowercase().contains("www-authenticate"), "{decision}");
        assert!(token.is_none_or(|token| !decision.to_string().contains(token)), "{code}: attack 35");
    }
}

#[wasm_bindgen_test]
fn keys_that_can_not_be_had_are_a_503_and_not_the_callers_fault() {
    for said in [None, Some("<html>"), Some("{\"keys\":[]}")] {
        let mut gate = gate("at+jwt");
        get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
        assert_eq!(resume(&mut gate, said, NOW.into()), Standing::Respond);
        let decision = answer(&gate);
        assert_eq!((&decision["status"], &decision["reason"]["code"]), (&json!(503), &json!("key_set_unavailable")));
    }
}

#[wasm_bindgen_test]
fn a_public_route_needs_no_token_and_an_unknown_one_does_not_exist() {
    let mut gate = gate("at+jwt");
    assert_eq!(call(&mut gate, ["GET", "/health", "", "", "", ""], NOW.into()), Standing::Forward);
    for (method, path, status) in [("GET", "/other", 404), ("DELETE", "/notes", 405)] {
        assert_eq!(call(&mut gate, [method, path, "", "", "", ""], NOW.into()), Standing::Respond);
        assert_eq!(answer(&gate)["status"], status);
    }
}

/// Attack 18, fail closed: a clock that shows nonsense must not bring a token back to life. This one has neither `iat` nor
/// `nbf`, so that `exp` alone stands against it.
#[wasm_bindgen_test]
fn an_expired_token_stays_expired_whatever_the_clock_shows() {
    for now in [f64::from(NOW), f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
        let mut gate = gate("jwt");
        decide(&mut gate, EXPIRED_LEGACY_TOKEN, now);
        assert_eq!(answer(&gate)["reason"]["code"], "token_expired", "at {now}");
    }
}

/// A line too many or too few would put one header's text in another's place.
#[wasm_bindgen_test]
fn a_text_of_another_form_is_no_request() {
    let mut gate = gate("at+jwt");
    for text in ["", "GET", "GET\n/health\n\n\n", "GET\n/health\n\n\n\n\n", "GET\n/health\n\n\n\n\n\n\n"] {
        let length = write(&mut gate, text);
        assert!(gate.authorize(length, NOW.into()).is_err(), "{text:?}");
    }
    let length = write(&mut gate, "GET\n/health\n\n\n\n");
    assert_eq!(gate.authorize(length, NOW.into()).ok(), Some(Standing::Forward));
    assert!(gate.authorize(usize::MAX, NOW.into()).is_err(), "more than there is room for");
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
        let error = GateCore::new(read(), secrets, "").err().expect(secrets);
        assert_eq!(error.code(), "policy_invalid", "{secrets}");
    }
    assert!(GateCore::new(read(), r#"{"THE_SECRET":"x"}"#, "").is_ok());
}

/// A signature that the host checks is a need like the others, and its answer decides.
#[wasm_bindgen_test]
fn a_signature_can_be_left_to_the_host() {
    for (said, standing) in [(1, Standing::Forward), (0, Standing::Respond), (2, Standing::Forward)] {
        let policy = GatePolicy::new(&policy("at+jwt")).expect("a good policy");
        let mut gate = GateCore::new(policy, "{}", "RS256 ES384").expect("algorithms");
        get(&mut gate, Some(RS256_ACCESS_TOKEN), NOW.into());
        assert_eq!(resume(&mut gate, Some(KEY_SET), NOW.into()), Standing::Need);
        let step = gate.step();
        assert!(gate.needs_signature(step) && gate.is_own(step));
        assert_eq!(ALGORITHMS[gate.algorithm(step)].name(), "RS256");
        let message = read(gate.message_address(step), gate.message_length(step));
        assert!(RS256_ACCESS_TOKEN.as_bytes().starts_with(&message), "the signed part of the token");
        assert_eq!((RS256_ACCESS_TOKEN.len() - message.len(), gate.signature_length(step)), (1 + 342, 256));
        assert_ne!(read(gate.signature_address(step), gate.signature_length(step)), [0; 256]);
        assert_eq!(parsed(&gate.jwk(step))["kty"], "RSA");
        assert_eq!(gate.conclude(step, said, NOW.into()), standing, "{said}");
        assert_eq!(get(&mut gate, Some(ES256_ACCESS_TOKEN), NOW.into()), Standing::Forward, "the core's own");
    }
    let mut abandoned = gate("at+jwt");
    get(&mut abandoned, Some(RS256_ACCESS_TOKEN), NOW.into());
    abandoned.abandon(abandoned.step());
    assert_eq!(abandoned.resume(abandoned.step(), None, NOW.into()), Standing::LetGo, "nothing waits any more");
    let policy = GatePolicy::new(&policy("at+jwt")).expect("a good policy");
    let error = GateCore::new(policy, "{}", "RS256 none").err().expect("no such algorithm");
    assert_eq!(error.code(), "policy_invalid");
}

fn read(address: *const u8, length: usize) -> Vec<u8> {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let length = u32::try_from(length).expect("a short text");
    Uint8Array::new_with_byte_offset_and_length(
        &memory.buffer(),
        u32::try_from(address.addr()).expect("a place in wasm memory"),
        length,
    )
    .to_vec()
}
