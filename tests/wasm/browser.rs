//! What only a browser can say: its own hash, its own reading of a URL, its own randomness.

use edgeward::client::pkce::code_challenge;
use js_sys::{Object, Reflect, Uint8Array, global};
use serde_json::{Value, json};
use wasm_bindgen::{JsValue, prelude::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Url, window};

use super::client::{code_verifier_of, with_metadata};

const NOW: f64 = 1_700_000_000.0;

/// RFC 7636 section 4.2, by the browser's own SHA-256.
#[wasm_bindgen_test]
async fn the_challenge_is_the_hash_that_the_browser_computes() {
    let subtle = window().expect("a page").crypto().expect("its crypto").subtle();
    for _ in 0..20 {
        let verifier = code_verifier_of(&with_metadata().login("{}", NOW).expect("the page's randomness"));
        let input = Uint8Array::from(verifier.as_bytes());
        let promise = subtle.digest_with_str_and_buffer_source("SHA-256", &input).expect("SHA-256 is there");
        let hash = Uint8Array::new(&promise.await.expect("a hash")).to_vec();
        assert_eq!(code_challenge(&verifier), edgeward::jose::base64url::encode(&hash));
    }
}

/// RFC 7636 section 7.1: `crypto.getRandomValues` is where it comes from, and nothing stands in where that gives none.
#[wasm_bindgen_test]
fn randomness_comes_from_the_pages_crypto() {
    let crypto = Reflect::get(&global(), &"crypto".into()).expect("crypto");
    let name = "getRandomValues".into();
    // Shadows the generator by one that writes nothing, as an unread source would leave it.
    let silent = Closure::<dyn Fn(JsValue)>::new(|_bytes| {});
    Reflect::set(&crypto, &name, silent.as_ref()).expect("it can be shadowed");
    let login = with_metadata().login("{}", NOW);
    Reflect::delete_property(&Object::from(crypto), &name).expect("and uncovered again");
    assert_eq!(login.expect_err("nothing was written").code(), "randomness_invalid");
    with_metadata().login("{}", NOW).expect("the generator is back");
}

/// The sign-in's URL as the browser reads it, which is whom it is sent to.
#[wasm_bindgen_test]
fn the_login_url_is_read_by_the_browser_as_it_is_meant() {
    let options = json!({"login_hint": "a&response_type=token#x \u{e9}", "prompt": "login"});
    let login = with_metadata().login(&options.to_string(), NOW).expect("a sign-in");
    let login: Value = login.parse().expect("JSON text");
    let url = Url::new(login["url"].as_str().expect("a URL")).expect("a URL to the browser as well");
    assert_eq!(
        (url.origin(), url.pathname(), url.hash()),
        ("https://as.example".into(), "/authorize".into(), String::new())
    );
    let query = url.search_params();
    let rows = [
        ("response_type", "code"),
        ("client_id", "spa"),
        ("redirect_uri", "https://app.example/callback"),
        ("scope", "openid notes"),
        ("state", login["state"].as_str().expect("a state")),
        ("code_challenge_method", "S256"),
        ("login_hint", "a&response_type=token#x \u{e9}"),
        ("prompt", "login"),
    ];
    for (name, value) in rows {
        assert_eq!(query.get(name).as_deref(), Some(value), "{name}");
        assert_eq!(query.get_all(name).length(), 1, "{name}");
    }
}

/// Attack 44, judged by the browser: a path that is taken leads to this origin, and still does when only the path of what the
/// browser made of it is used again.
#[wasm_bindgen_test]
fn a_return_to_that_is_taken_never_leaves_the_origin() {
    let origin = "https://app.example";
    let core = with_metadata();
    let mut taken = 0;
    for start in [
        "/", "//", "\\", "/\\", "\\/", "/.", "/..", "/%2e", "/%2e%2E", "/.%2e", "/a/..", "/%09", "/%2f", "/%5c", "",
        ".",
    ] {
        for middle in
            ["", "/", "//", "\\", "\t", "\n", "\r", " ", "\0", "%09", "%0a", "%2f", "%5c", "@", ":", "?", "#", ";"]
        {
            for end in
                ["", "/", "evil.example", "/evil.example", "//evil.example", "\\evil.example", "javascript:alert(1)"]
            {
                let path = format!("{start}{middle}{end}");
                if core.login(&json!({ "return_to": path }).to_string(), NOW).is_err() {
                    continue;
                }
                taken += 1;
                let url = Url::new_with_base(&path, &format!("{origin}/callback")).expect(&path);
                assert_eq!(url.origin(), origin, "{path:?}");
                let again = Url::new_with_base(&url.pathname(), &format!("{origin}/callback")).expect(&path);
                assert_eq!(again.origin(), origin, "{path:?} became {:?}", url.pathname());
            }
        }
    }
    assert!(taken > 100, "only {taken} were taken");
}
