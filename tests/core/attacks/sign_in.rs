//! Classes 42, 43, 45 and 46: sign-ins that are weakened, or answered by another. Each check in full is with the client's tests.

use edgeward::client::{
    AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction,
    authorization::{Options, Step, start},
    code_request,
    pkce::code_challenge,
    state_of,
};
use serde_json::json;

use crate::signing_in::{
    ISSUER, NOW, REDIRECT_URI, callback_with, code, config, config_with, good_callback, metadata, metadata_document,
    metadata_with, parameter, parameters, random, start_with, stored, transaction, url_of, with,
};

const OTHER: &str = "https://other.example";

fn answer(
    url: &str,
    transaction: &Transaction,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> &'static str {
    AuthorizationCode::from_callback(url, transaction, config, metadata, NOW)
        .map_or_else(|error| error.code(), |_| "taken")
}

fn answer_here(url: &str, transaction: &Transaction) -> &'static str {
    answer(url, transaction, &config(), &metadata())
}

/// A server that does not say it checks S256 would take the code without; so no sign-in starts with it, and "plain" is no way out.
#[test]
fn class_42_a_server_without_s256_starts_no_sign_in() {
    let mut count = 0;
    for methods in
        [json!(null), json!([]), json!(["plain"]), json!(["s256"]), json!(["S256 "]), json!("S256"), json!({"S256": 1})]
    {
        let document = with(metadata_document(), json!({ "code_challenge_methods_supported": methods })).to_string();
        let refused = config().read_metadata(&document).unwrap_err();
        assert_eq!((refused.code(), refused.subject()), ("metadata_invalid", Some("code_challenge_methods_supported")));
        count += 1;
    }
    assert_eq!(count, 7);
    assert!(config().read_metadata(&metadata_document().to_string()).is_ok());
}

/// The challenge is always there, made by S256, and its verifier always goes with the code: in the URL and where the request is pushed.
#[test]
fn class_42_plain_is_never_sent_and_the_verifier_never_missing() {
    let both = json!({"code_challenge_methods_supported": ["plain", "S256"]});
    let par = json!({"pushed_authorization_request_endpoint": "https://as.example/par"});
    for metadata in [metadata(), metadata_with(both), metadata_with(par)] {
        let authorization = start(&config(), &metadata, &Options::default(), &random(), None, NOW).unwrap();
        let verifier = stored(&authorization.transaction, "code_verifier");
        let sent = match authorization.step {
            Step::Redirect(url) => url,
            Step::Push(request) => request.body,
        };
        assert_eq!(parameter(&sent, "code_challenge_method"), "S256");
        assert_eq!(parameter(&sent, "code_challenge"), code_challenge(&verifier));
        assert!(!sent.contains(&verifier));
        let code = code(&authorization.transaction);
        let request = code_request(code, &authorization.transaction, &config(), &metadata).unwrap();
        assert_eq!(parameter(&request.body, "code_verifier"), verifier);
    }
    for query in ["code_challenge_method=plain", "code_challenge=x", "a=b&code_challenge_method"] {
        let endpoint = json!({"authorization_endpoint": format!("https://as.example/authorize?{query}")});
        let refused = start(&config(), &metadata_with(endpoint), &Options::default(), &random(), None, NOW);
        assert_eq!(refused.map(|_| ()).unwrap_err().code(), "metadata_invalid", "{query}");
    }
}

/// A sign-in without a verifier in storage is none, so that no code is exchanged without.
#[test]
fn class_42_a_stored_sign_in_without_its_verifier_is_unknown() {
    let whole: serde_json::Value = serde_json::from_str(&transaction().to_json()).unwrap();
    for verifier in [json!(null), json!(1), json!([])] {
        let text = with(whole.clone(), json!({ "code_verifier": verifier })).to_string();
        assert_eq!(Transaction::from_json(&text).unwrap_err().code(), "transaction_unknown", "{verifier}");
    }
}

/// The answer counts at the redirect URI alone, compared character by character; and that very text goes to both endpoints.
#[test]
fn class_43_the_redirect_uri_is_exact() {
    let transaction = transaction();
    let good = good_callback(&transaction);
    assert_eq!(answer_here(&good, &transaction), "taken");
    let others = [
        "https://app.example/callback/",
        "https://app.example/callback/../callback",
        "https://app.example/callback%2f",
        "https://app.example/callback%00",
        "https://app.example/call%62ack",
        "https://app.example/CALLBACK",
        "https://app.example:443/callback",
        "https://app.example./callback",
        "https://app.example@evil.example/callback",
        "https://app.example.evil.example/callback",
        "https://evil.example/https://app.example/callback",
        "https://sub.app.example/callback",
        "http://app.example/callback",
        "HTTPS://app.example/callback",
        " https://app.example/callback",
        "https:\\\\app.example\\callback",
        "callback",
        "",
    ];
    for place in others {
        assert_eq!(answer_here(&good.replace(REDIRECT_URI, place), &transaction), "callback_malformed", "{place}");
    }
    assert_eq!(parameter(&url_of(&start_with(&Options::default()).unwrap()), "redirect_uri"), REDIRECT_URI);
    let request = code_request(code(&transaction), &transaction, &config(), &metadata()).unwrap();
    assert_eq!(parameter(&request.body, "redirect_uri"), REDIRECT_URI);
    assert!(Options::from_json(r#"{"redirect_uri":"https://evil.example/"}"#).is_err(), "no sign-in chooses it");
}

/// The callback of one server with the state of another's sign-in, with and without `iss`: whatever is mixed, no code goes to the other's endpoint.
#[test]
fn class_45_the_answer_of_one_server_is_not_taken_for_anothers() {
    let other_config = config_with(json!({"issuer": OTHER}));
    let document = |names_itself: bool| {
        let changes = json!({"issuer": OTHER, "token_endpoint": "https://other.example/token",
            "authorization_response_iss_parameter_supported": names_itself});
        with(metadata_document(), changes).to_string()
    };
    let transaction = transaction();
    let mut count = 0;
    for names_itself in [true, false] {
        let other = other_config.read_metadata(&document(names_itself)).unwrap();
        let mut random = random();
        random.reverse();
        let of_other = start(&other_config, &other, &Options::default(), &random, None, NOW).unwrap().transaction;
        for iss in [None, Some(ISSUER), Some(OTHER)] {
            let url = |state: &str| {
                let mut parameters = vec![("code", "c"), ("state", state)];
                parameters.extend(iss.map(|iss| ("iss", iss)));
                callback_with(&parameters)
            };
            // The other's sign-in at this server's callback, and this one's at the other's.
            assert_eq!(answer_here(&url(of_other.state()), &of_other), "transaction_unknown");
            assert_eq!(answer(&url(transaction.state()), &transaction, &other_config, &other), "transaction_unknown");
            assert_eq!(answer_here(&url(of_other.state()), &transaction), "state_mismatch");
            count += 3;
        }
        // The attacker's server answers in a sign-in that was started here.
        let url = callback_with(&[("code", "c"), ("state", transaction.state()), ("iss", OTHER)]);
        let lenient = metadata_with(json!({"authorization_response_iss_parameter_supported": false}));
        assert_eq!(answer(&url, &transaction, &config(), &lenient), "callback_issuer_mismatch");
    }
    assert_eq!(count, 18);
    let silent = callback_with(&[("code", "c"), ("state", transaction.state())]);
    assert_eq!(answer_here(&silent, &transaction), "callback_issuer_mismatch", "a server that always names itself");
}

/// Login CSRF: the attacker's answer, sent to the victim's browser, finds no sign-in that waits for it.
#[test]
fn class_46_an_answer_without_its_state_is_refused() {
    let transaction = transaction();
    let state = transaction.state();
    for parameters in [&[][..], &[("state", "")], &[("state", "null")], &[("state", "undefined")], &[("STATE", state)]]
    {
        let all = [parameters, &[("code", "c"), ("iss", ISSUER)]].concat();
        assert_eq!(answer_here(&callback_with(&all), &transaction), "state_mismatch", "{parameters:?}");
    }
    let twice = format!("{}&state=x", good_callback(&transaction));
    assert_eq!(answer_here(&twice, &transaction), "callback_malformed");
    let of_another_tab = {
        let mut random = random();
        random.reverse();
        start(&config(), &metadata(), &Options::default(), &random, None, NOW).unwrap().transaction
    };
    assert_eq!(answer_here(&good_callback(&transaction), &of_another_tab), "state_mismatch");
    assert_ne!(state_of(&good_callback(&transaction)).unwrap(), of_another_tab.state(), "so it does not even find it");
}

/// A second use: the sign-in is over after an hour, and its code can't be had again, since exchanging it takes it.
#[test]
fn class_46_a_state_serves_for_its_time() {
    let transaction = transaction();
    let url = good_callback(&transaction);
    let late = |seconds| {
        AuthorizationCode::from_callback(&url, &transaction, &config(), &metadata(), NOW.plus(seconds))
            .map(|_| ())
            .map_err(|error| error.code())
    };
    assert_eq!((late(3_600), late(3_601)), (Ok(()), Err("transaction_unknown")));
    let sent = parameters(&url_of(&start_with(&Options::default()).unwrap()));
    let state = sent.iter().find(|(name, _)| name == "state").unwrap();
    assert_eq!(state.1.len(), 43, "256 random bits");
}
