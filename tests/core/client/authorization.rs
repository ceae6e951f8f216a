use edgeward::{
    Error,
    client::{
        authorization::{Authorization, Options, RANDOM_BYTES, start},
        pkce::code_challenge,
    },
};
use serde_json::json;

use super::sign_in::{
    CLIENT_ID, ISSUER, NOW, REDIRECT_URI, config, config_with, metadata, metadata_with, parameter, parameters, random,
    start_with, stored, url_of,
};

fn good() -> Authorization {
    start_with(&Options::default()).unwrap()
}

fn option(name: &str, value: &str) -> Options {
    Options::from_json(&json!({ name: value }).to_string()).expect("an option")
}

fn names(url: &str) -> Vec<String> {
    parameters(url).into_iter().map(|(name, _)| name).collect()
}

/// RFC 6749 section 4.1.1, RFC 7636 section 4.3, OIDC Core section 3.1.2.1.
#[test]
fn the_request_has_every_parameter_and_no_other() {
    let authorization = good();
    let (url, transaction) = (url_of(&authorization), authorization.transaction);
    assert!(url.starts_with("https://as.example/authorize?"), "{url}");
    let verifier = stored(&transaction, "code_verifier");
    let expected = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid notes"),
        ("state", transaction.state()),
        ("nonce", &stored(&transaction, "nonce")),
        ("code_challenge", &code_challenge(&verifier)),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(parameters(&url), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(!url.contains(&verifier), "the verifier stays here (RFC 7636 section 1.1)");
}

/// Attack 45: the transaction is bound to the issuer, the client and the redirect URI it was started with.
#[test]
fn the_transaction_remembers_whom_it_was_started_with() {
    let transaction = good().transaction;
    let rows =
        [("issuer", ISSUER), ("client_id", CLIENT_ID), ("redirect_uri", REDIRECT_URI), ("scope", "openid notes")];
    for (member, expected) in rows {
        assert_eq!(stored(&transaction, member), expected);
    }
}

/// RFC 9700 sections 2.1.1 and 4.7: each has its own 256 random bits, so knowing one tells nothing of another.
#[test]
fn state_nonce_and_verifier_are_three_separate_parts_of_the_randomness_given() {
    let transaction = good().transaction;
    let mut parts = ["state", "nonce", "code_verifier"].map(|member| stored(&transaction, member));
    parts.sort();
    let mut expected: Vec<_> =
        random().chunks_exact(32).map(|block| edgeward::client::pkce::random_text(block).unwrap()).collect();
    expected.sort();
    assert_eq!(parts.as_slice(), expected);
}

/// RFC 9700 section 4.7.1: a source of randomness that was never read leaves its buffer as it was.
#[test]
fn randomness_that_is_constant_in_any_part_is_refused() {
    for part in 0..3 {
        for byte in [0x00, 0xff] {
            let mut random = random();
            random[part * 32..][..32].fill(byte);
            let refused = start(&config(), &metadata(), &Options::default(), &random, None, NOW).unwrap_err();
            assert_eq!(refused.code(), "randomness_invalid", "part {part} of {byte:#04x}");
        }
    }
    let refused = start(&config(), &metadata(), &Options::default(), &[0; RANDOM_BYTES], None, NOW).unwrap_err();
    assert_eq!(refused.code(), "randomness_invalid");
}

/// RFC 7636 section 7.1: with a generator that repeats itself, `state` would tell the `code_verifier` to whoever sees the URL.
#[test]
fn randomness_that_repeats_from_part_to_part_is_refused() {
    for (from, to) in [(0, 1), (0, 2), (1, 2)] {
        let mut random = random();
        random.copy_within(from * 32..from * 32 + 32, to * 32);
        let refused = start(&config(), &metadata(), &Options::default(), &random, None, NOW);
        assert_eq!(refused.map(|_| ()).unwrap_err().code(), "randomness_invalid", "part {from} again as part {to}");
    }
}

/// RFC 6749 section 3.1: "The endpoint URI MAY include an (application/x-www-form-urlencoded) query component, which MUST
/// be retained".
#[test]
fn the_endpoints_own_query_stays() {
    let metadata = metadata_with(json!({"authorization_endpoint": "https://as.example/authorize?tenant=a%26b"}));
    let url = url_of(&start(&config(), &metadata, &Options::default(), &random(), None, NOW).unwrap());
    assert!(url.starts_with("https://as.example/authorize?tenant=a%26b&"), "{url}");
    assert_eq!(parameter(&url, "tenant"), "a&b");
    assert_eq!(parameter(&url, "response_type"), "code");
}

/// RFC 6749 section 3.1: "Request and response parameters MUST NOT be included more than once". An endpoint that brings one
/// of the request's own could turn it into an implicit grant, or into one without PKCE (attack 42).
#[test]
fn an_endpoint_whose_query_has_a_parameter_of_the_request_is_refused() {
    for query in [
        "response_type=token",
        "a=b&response_type=code",
        "code_challenge_method=plain",
        "state=x",
        "redirect_uri=x",
        "max_age=9",
    ] {
        let metadata =
            metadata_with(json!({"authorization_endpoint": format!("https://as.example/authorize?{query}")}));
        let refused = start(&config(), &metadata, &Options::default(), &random(), None, NOW);
        assert_eq!(refused.map(|_| ()).unwrap_err().code(), "metadata_invalid", "{query}");
    }
}

/// RFC 9700 section 2.1.2: nothing that is configured, chosen or said by metadata makes it any other grant, or takes PKCE away.
#[test]
fn only_the_code_flow_with_s256_can_come_out() {
    let hostile = "x&response_type=token&code_challenge_method=plain#access_token";
    let config = config_with(json!({"resource": "urn:x&response_type=token", "client_id": hostile}));
    let metadata =
        metadata_with(json!({"response_types_supported": ["token"], "response_modes_supported": ["fragment"]}));
    for options in [Options::default(), option("login_hint", hostile), option("scope", "openid &response_type=token")] {
        let url = url_of(&start(&config, &metadata, &options, &random(), None, NOW).unwrap());
        assert_eq!(parameter(&url, "response_type"), "code");
        assert_eq!(parameter(&url, "code_challenge_method"), "S256");
        assert_eq!(parameter(&url, "code_challenge").len(), 43);
        assert_eq!(parameter(&url, "client_id"), hostile);
        assert!(!url.contains('#'), "{url}");
    }
    assert!(Options::from_json(r#"{"response_type":"token"}"#).is_err(), "there is no such option");
}

/// RFC 8707 section 2, OIDC Core section 3.1.2.1: sent where they are chosen, absent where not.
#[test]
fn resource_prompt_and_login_hint_are_sent_as_they_are() {
    let value = "https://api.example/a?b=c&d=\u{e9} +";
    let url = url_of(&start_with(&option("login_hint", value)).unwrap());
    assert_eq!(parameter(&url, "login_hint"), value);
    for prompt in ["login", "consent", "select_account", "none"] {
        assert_eq!(parameter(&url_of(&start_with(&option("prompt", prompt)).unwrap()), "prompt"), prompt);
    }
    let config = config_with(json!({"resource": "https://api.example/a?b=c&d"}));
    let url = url_of(&start(&config, &metadata(), &Options::default(), &random(), None, NOW).unwrap());
    assert_eq!(parameter(&url, "resource"), "https://api.example/a?b=c&d");
    assert!(!names(&url).iter().any(|name| name == "prompt" || name == "login_hint"), "{url}");
}

/// OIDC Core section 3.1.2.1, RFC 9470 section 4: what a challenge asks of the authentication goes to the server as it came, in its order.
#[test]
fn acr_values_and_max_age_are_sent_and_remembered() {
    let options = Options::from_json(r#"{"acr_values":"phrh phr","max_age":300}"#).unwrap();
    let authorization = start_with(&options).unwrap();
    let (url, transaction) = (url_of(&authorization), authorization.transaction);
    assert_eq!((parameter(&url, "acr_values"), parameter(&url, "max_age")), ("phrh phr".into(), "300".into()));
    let stored: serde_json::Value = serde_json::from_str(&transaction.to_json()).unwrap();
    assert_eq!((&stored["acr_values"], &stored["max_age"]), (&json!("phrh phr"), &json!(300)));
    let at_once = Options::from_json(r#"{"max_age":0}"#).unwrap();
    assert_eq!(parameter(&url_of(&start_with(&at_once).unwrap()), "max_age"), "0");
    assert!(!names(&url_of(&good())).iter().any(|name| name == "acr_values" || name == "max_age"));
    for acr_values in ["", " ", "a\"b", "a\nb", "\u{e9}"] {
        let refused = start_with(&option("acr_values", acr_values)).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), "config_invalid", "{acr_values:?}");
    }
    for max_age in ["-1", "1.5", "\"300\"", "[]"] {
        assert!(Options::from_json(&format!(r#"{{"max_age":{max_age}}}"#)).is_err(), "{max_age}");
    }
}

/// OIDC Core section 3.1.2.1: without "openid" there is no ID token, so no nonce that binds the code to this sign-in.
#[test]
fn a_scope_without_openid_is_refused() {
    for scope in ["", " ", "notes", "OPENID", "openid2", "openid,notes", "openid\nnotes", "openid \"x\"", "open id"] {
        let refused = start_with(&option("scope", scope)).map(|_| ());
        assert_eq!(refused.unwrap_err().code(), "config_invalid", "{scope:?}");
    }
    let authorization = start_with(&option("scope", "openid notes:write")).unwrap();
    assert_eq!(parameter(&url_of(&authorization), "scope"), "openid notes:write");
    assert_eq!(authorization.transaction.scope(), "openid notes:write");
}

#[test]
fn a_server_without_an_authorization_endpoint_is_refused() {
    let metadata = metadata_with(json!({"authorization_endpoint": null}));
    let refused = start(&config(), &metadata, &Options::default(), &random(), None, NOW).unwrap_err();
    assert_eq!((refused.code(), refused.subject()), ("metadata_invalid", Some("authorization_endpoint")));
}

#[test]
fn an_unknown_option_is_refused() {
    for name in ["returnTo", "state", "nonce", "redirect_uri", "code_challenge_method"] {
        let refused = Options::from_json(&json!({ name: "hunter2" }).to_string()).map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains(&format!("{name}: is not known")), "{refused}");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
}

/// What an option says has to be text; all that is wrong is told at once, and nothing of what was said.
#[test]
fn every_option_of_another_form_is_named() {
    let wrong = r#"{"return_to":["hunter2"],"prompt":1,"login_hint":{},"scope":true,"returnTo":"hunter2"}"#;
    let Err(Error::ConfigInvalid { problems }) = Options::from_json(wrong) else { panic!("taken") };
    let places: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(places, ["returnTo", "return_to", "prompt", "login_hint", "scope"]);
    assert!(!format!("{problems:?}").contains("hunter2"));
    for text in ["", "null", "[]", "{", "{} x", r#"{"prompt":"login","prompt":"none"}"#] {
        assert_eq!(Options::from_json(text).map(|_| ()).unwrap_err().code(), "config_invalid", "{text}");
    }
    let absent = Options::from_json(r#"{"prompt":null}"#).unwrap();
    assert!(absent.prompt.is_none() && absent.return_to.is_none());
}

/// Attack 35, and attack 46: who reads `state` in a log can answer the sign-in in the user's place.
#[test]
fn the_debug_output_shows_neither_state_nor_nonce_nor_verifier() {
    let authorization = good();
    let shown = format!("{authorization:?}");
    for member in ["state", "nonce", "code_verifier"] {
        assert!(!shown.contains(&stored(&authorization.transaction, member)), "{member} in {shown}");
    }
}

/// OIDC Core section 3.1.2.1.
#[test]
fn a_prompt_that_no_standard_has_is_refused() {
    for prompt in ["", "Login", "login consent evil", "x&response_type=token"] {
        assert_eq!(start_with(&option("prompt", prompt)).unwrap_err().code(), "config_invalid", "{prompt}");
    }
    assert!(start_with(&option("prompt", "login consent")).is_ok());
}
