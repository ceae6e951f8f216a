use edgeward::wasm::{ClientCore, ClientPort};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::signed_ahead::{ID_TOKEN, KEY_SET, NOW};

pub const CALLBACK: &str = "https://app.example/callback?code=c&state=fixed-state&iss=https%3A%2F%2Fas.example";

pub fn signed_out() -> ClientCore {
    signed_out_with(false)
}

/// `asks_host` is whether the platform checks signatures.
fn signed_out_with(asks_host: bool) -> ClientCore {
    let config = json!({
        "issuer": "https://as.example",
        "client_id": "spa",
        "redirect_uri": "https://app.example/callback",
        "scope": "openid notes",
        "api_origins": ["https://api.example"],
    });
    ClientCore::new(&config.to_string(), asks_host).expect("a good configuration")
}

pub fn with_metadata() -> ClientCore {
    reading_metadata(signed_out())
}

fn reading_metadata(mut core: ClientCore) -> ClientCore {
    let metadata = json!({
        "issuer": "https://as.example",
        "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "https://as.example/token",
        "jwks_uri": "https://as.example/jwks",
        "revocation_endpoint": "https://as.example/revoke",
        "end_session_endpoint": "https://as.example/logout",
        "code_challenge_methods_supported": ["S256"],
    });
    core.read_metadata(&metadata.to_string()).expect("good metadata");
    core
}

/// A sign-in as it was stored when it started, with the nonce that the ID token signed ahead carries.
fn transaction() -> String {
    json!({
        "issuer": "https://as.example", "client_id": "spa", "redirect_uri": "https://app.example/callback",
        "state": "fixed-state", "nonce": "fixed-nonce", "code_verifier": "fixed-verifier", "scope": "openid notes",
        "return_to": "/notes", "started_at": NOW,
    })
    .to_string()
}

fn token_response(id_token: &str) -> String {
    json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}).to_string()
}

fn now() -> f64 {
    NOW.into()
}

fn parse(text: &str) -> Value {
    text.parse().expect("JSON text")
}

#[wasm_bindgen_test]
fn a_sign_in_goes_from_login_to_logout() {
    let mut core = with_metadata();
    assert_eq!(ClientCore::state_of(CALLBACK).expect("a state"), "fixed-state");
    let request = parse(&core.callback(CALLBACK, &transaction(), now()).expect("the answer to this sign-in"));
    assert_eq!(request["url"], "https://as.example/token");
    assert!(request["body"].as_str().expect("a form").contains("code_verifier=fixed-verifier"), "{request}");
    assert_eq!(
        core.read_tokens(200, &token_response(ID_TOKEN), now()).expect("tokens").as_deref(),
        Some("https://as.example/jwks")
    );
    assert_eq!(core.session(), None, "nobody is signed in before the ID token has been checked");
    assert_eq!(core.authorization("https://api.example", now()), None);
    assert!(!core.read_key_set(KEY_SET).expect("its key"), "this module has every algorithm");
    assert_eq!(core.conclude(2, now()).expect("the ID token holds").as_deref(), Some("/notes"));
    let user = parse(&core.session().expect("signed in"));
    assert_eq!(user["claims"]["sub"], "alice");
    assert_eq!((&user["scope"], &user["expires_at"]), (&json!("openid notes"), &json!(NOW + 60)));
    assert_eq!(core.authorization("https://api.example", now()).as_deref(), Some("Bearer at"));
    assert_eq!(core.authorization("https://evil.example", now()), None);
    assert_eq!(core.authorization("https://api.example", now() + 60.0), None, "expired");
    let logout = parse(&core.logout());
    assert_eq!(logout["revocation"]["url"], "https://as.example/revoke");
    assert!(logout["end_session_url"].as_str().expect("a URL").starts_with("https://as.example/logout?client_id=spa"));
    assert_eq!((core.session(), core.authorization("https://api.example", now())), (None, None), "the tokens are gone");
    assert_eq!(parse(&core.logout()), json!({}), "and stay so");
}

/// The `code_verifier` that a sign-in keeps for its callback.
pub(crate) fn code_verifier_of(login: &str) -> String {
    let transaction = parse(parse(login)["transaction"].as_str().expect("JSON text"));
    transaction["code_verifier"].as_str().expect("a verifier").to_owned()
}

/// A sign-in whose ID token waits for the host's verdict.
fn awaiting_verdict() -> ClientCore {
    let mut core = reading_metadata(signed_out_with(true));
    core.callback(CALLBACK, &transaction(), now()).expect("the answer to this sign-in");
    core.read_tokens(200, &token_response(ID_TOKEN), now()).expect("tokens");
    assert!(core.read_key_set(KEY_SET).expect("a key"), "the host is asked");
    core
}

/// OIDC Core section 3.1.3.7 step 6: nobody is signed in before the signature has held, whoever checks it.
#[wasm_bindgen_test]
fn the_host_decides_about_the_signature_and_nothing_else() {
    let mut core = awaiting_verdict();
    let (signed, signature) = ID_TOKEN.rsplit_once('.').expect("a JWS");
    assert_eq!(core.signed_message().as_deref(), Some(signed.as_bytes()));
    assert_eq!(core.signature().map(|bytes| edgeward::jose::base64url::encode(&bytes)).as_deref(), Some(signature));
    assert!(core.signature_algorithm().is_some());
    assert!(parse(&core.signature_jwk().expect("a JWK"))["kty"].is_string());
    assert_eq!((core.session(), core.authorization("https://api.example", now())), (None, None), "not yet");
    assert_eq!(core.conclude(1, now()).expect("it holds").as_deref(), Some("/notes"));
    assert!(core.session().is_some());
    assert_eq!(core.signed_message(), None, "there is no more to check");
    assert_eq!(core.conclude(1, now()).expect_err("out of turn").code(), "transaction_unknown");

    for verdict in [0, 2, 255] {
        let mut core = awaiting_verdict();
        // With every algorithm in it the module that is tested decides itself where the host can't.
        let outcome = core.conclude(verdict, now()).err().map(|error| error.code());
        assert_eq!(outcome, (verdict == 0).then_some("signature_invalid"), "{verdict}");
        assert_eq!(core.session().is_some(), verdict != 0, "{verdict}");
    }
    let mut core = awaiting_verdict();
    assert_eq!(core.conclude(1, now() + 330.0).expect_err("expired").code(), "token_expired");
    assert_eq!(core.session(), None);
    // A clock that is wrong is no fault of the token's: by a better one it is judged again.
    assert_eq!(core.conclude(1, now()).expect("it holds").as_deref(), Some("/notes"));
}

#[wasm_bindgen_test]
fn logging_out_while_the_host_is_asked_revokes_and_ends_the_session() {
    let mut core = awaiting_verdict();
    let logout = parse(&core.logout());
    assert!(logout["revocation"]["body"].as_str().expect("a body").starts_with("token="), "{logout}");
    assert_eq!(core.conclude(1, now()).expect_err("nobody is signing in").code(), "transaction_unknown");
    assert_eq!(core.session(), None);
}

/// RFC 6749 section 4.1.1, RFC 7636 section 4.3.
#[wasm_bindgen_test]
fn every_login_has_a_state_nonce_and_challenge_of_its_own() {
    let core = with_metadata();
    let [one, other] = [(); 2].map(|()| parse(&core.login("{}", now()).expect("a sign-in")));
    for name in ["state", "nonce", "code_verifier"] {
        let [one, other] =
            [&one, &other].map(|login| parse(login["transaction"].as_str().expect("JSON text"))[name].clone());
        assert_ne!(one, other, "{name}");
    }
    let url = one["url"].as_str().expect("a URL");
    assert!(url.starts_with("https://as.example/authorize?response_type=code&client_id=spa&"), "{url}");
    let verifier = parse(one["transaction"].as_str().expect("JSON text"))["code_verifier"].clone();
    let challenge = edgeward::client::pkce::code_challenge(verifier.as_str().expect("a verifier"));
    assert!(url.contains(&format!("code_challenge={challenge}&code_challenge_method=S256")), "{url}");
    assert!(url.contains(&format!("state={}", one["state"].as_str().expect("a state"))), "{url}");
}

/// The stages: each needs the one before, and what comes out of turn ends the sign-in.
#[wasm_bindgen_test]
fn no_stage_of_a_sign_in_can_be_skipped() {
    let mut core = signed_out();
    assert!(!core.has_metadata());
    assert_eq!(core.login("{}", now()).expect_err("no metadata").code(), "metadata_invalid");
    assert_eq!(core.callback(CALLBACK, &transaction(), now()).expect_err("no metadata").code(), "metadata_invalid");
    let mut core = with_metadata();
    assert!(core.has_metadata());
    assert_eq!(
        core.read_tokens(200, &token_response(ID_TOKEN), now()).expect_err("no callback").code(),
        "transaction_unknown"
    );
    assert_eq!(core.read_key_set(KEY_SET).expect_err("no tokens").code(), "transaction_unknown");
    core.callback(CALLBACK, &transaction(), now()).expect("the answer to this sign-in");
    assert_eq!(core.read_key_set(KEY_SET).expect_err("no tokens yet").code(), "transaction_unknown");
    let late = core.read_tokens(200, &token_response(ID_TOKEN), now());
    assert_eq!(late.expect_err("the sign-in has ended").code(), "transaction_unknown");
    assert_eq!(core.session(), None);
}

/// Attacks 45 and 46, at the surface: the core's refusals get through as they are, and leave nobody signed in.
#[wasm_bindgen_test]
fn a_hostile_answer_at_any_stage_signs_nobody_in() {
    let other_state = CALLBACK.replace("fixed-state", "other-state");
    let other_issuer = CALLBACK.replace("as.example", "evil.example");
    let implicit = format!("{CALLBACK}#access_token=x");
    let rows = [
        (other_state.as_str(), "state_mismatch"),
        (other_issuer.as_str(), "callback_issuer_mismatch"),
        (implicit.as_str(), "implicit_response_refused"),
        ("https://app.example/callback/?code=c&state=fixed-state", "callback_malformed"),
    ];
    for (url, code) in rows {
        let mut core = with_metadata();
        assert_eq!(core.callback(url, &transaction(), now()).expect_err(url).code(), code);
        assert!(core.read_tokens(200, &token_response(ID_TOKEN), now()).is_err(), "{code}");
    }
    let other_nonce = transaction().replace("fixed-nonce", "other-nonce");
    let forged = format!("{}AAAA", &ID_TOKEN[..ID_TOKEN.len() - 4]);
    let rows = [
        (other_nonce, ID_TOKEN, now(), "nonce_mismatch"),
        (transaction(), forged.as_str(), now(), "signature_invalid"),
        (transaction(), ID_TOKEN, now() + 330.0, "token_expired"),
    ];
    for (transaction, id_token, now, code) in rows {
        let mut core = with_metadata();
        core.callback(CALLBACK, &transaction, now).expect("the answer to this sign-in");
        core.read_tokens(200, &token_response(id_token), now).expect("tokens");
        let refused = core.read_key_set(KEY_SET).and_then(|_| core.conclude(2, now)).expect_err(code);
        assert_eq!(refused.code(), code);
        assert_eq!((core.session(), core.authorization("https://api.example", now)), (None, None), "{code}");
    }
}

#[wasm_bindgen_test]
fn options_and_stored_texts_of_another_form_are_refused() {
    let mut core = with_metadata();
    for options in
        ["", "null", "[]", r#"{"returnTo":"/"}"#, r#"{"return_to":"//evil.example"}"#, r#"{"scope":"notes"}"#]
    {
        assert_eq!(core.login(options, now()).expect_err(options).code(), "config_invalid");
    }
    for stored in ["", "null", "{}", "undefined"] {
        assert_eq!(core.callback(CALLBACK, stored, now()).expect_err(stored).code(), "transaction_unknown");
    }
    assert_eq!(core.metadata_urls().len(), 2);
    let bounds = parse(&ClientCore::bounds());
    assert_eq!(bounds["fetch_timeout_milliseconds"], 5_000);
    assert_eq!(bounds["renewal_retry_seconds"], json!([5, 10, 20, 40, 60]));
    assert!(ClientCore::is_nonce("n-1") && !ClientCore::is_nonce("n 1"));
}

/// Signing out in the middle of signing in forgets the tokens that have come already, and has them revoked.
#[wasm_bindgen_test]
fn logging_out_between_tokens_and_keys_revokes_and_ends_the_session() {
    let mut core = with_metadata();
    core.callback(CALLBACK, &transaction(), now()).expect("the answer to this sign-in");
    core.read_tokens(200, &token_response(ID_TOKEN), now()).expect("tokens");
    let logout = parse(&core.logout());
    assert!(logout["revocation"]["body"].as_str().expect("a body").starts_with("token="), "{logout}");
    assert!(logout["end_session_url"].is_string(), "{logout}");
    assert!(core.read_key_set(KEY_SET).is_err(), "nobody is signing in any more");
    assert_eq!(core.logout(), "{}");
}

/// The numbers are those of `js/client/core.ts`, whose every call the browser's own tests make.
#[wasm_bindgen_test]
fn a_port_answers_by_number_and_says_what_is_wrong() {
    let mut port = ClientPort::new(false);
    let mut call = |number, text: &str| port.call(number, text, "", 0.0, now());
    let code = |answer: &str| parse(answer.strip_prefix('!').expect("an error"))["code"].clone();
    assert_eq!(code(&call(14, "")), "session_unknown", "nothing is answered before there is a configuration");
    let refused = call(0, "{}");
    assert_eq!(code(&refused), "config_invalid");
    assert_eq!(parse(&refused[1..])["problems"][0]["path"], "issuer");
    let config = json!({"issuer": "https://as.example", "client_id": "spa", "redirect_uri": "https://app.example/callback", "scope": "openid"});
    assert_eq!(call(0, &config.to_string()), "", "no answer");
    assert_eq!(call(17, ""), "", "no");
    assert_eq!(call(6, CALLBACK), "=fixed-state");
    assert_eq!(code(&call(u8::MAX, "")), "session_unknown", "no such call");
    assert_eq!(code(&call(6, "https://app.example/callback?code=c")), "state_mismatch");
}
