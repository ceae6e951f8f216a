use edgeward::client::{
    AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction,
    authorization::{Options, start},
    state_of,
};
use serde_json::json;

use super::{
    chance::Chance,
    sign_in::{
        ISSUER, NOW, REDIRECT_URI, callback_with, config, config_with, good_callback, metadata, metadata_document,
        metadata_with, random, transaction, with,
    },
};

fn answer(url: &str, transaction: &Transaction) -> Result<(), &'static str> {
    answer_to(&config(), &metadata(), url, transaction)
}

fn answer_to(
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
    url: &str,
    transaction: &Transaction,
) -> Result<(), &'static str> {
    AuthorizationCode::from_callback(url, transaction, config, metadata, NOW).map(|_| ()).map_err(|error| error.code())
}

#[test]
fn the_answer_to_this_sign_in_is_taken() {
    let transaction = transaction();
    assert_eq!(answer(&good_callback(&transaction), &transaction), Ok(()));
    assert_eq!(answer(&format!("{}#", good_callback(&transaction)), &transaction), Ok(()));
    let more = format!("{}&session_state=x", good_callback(&transaction));
    assert_eq!(answer(&more, &transaction), Ok(()), "RFC 6749 section 4.1.2: unrecognized parameters are ignored");
}

/// Attack 46; RFC 6749 section 10.12.
#[test]
fn an_answer_with_another_state_is_refused() {
    let transaction = transaction();
    let state = transaction.state();
    let upper = state.to_uppercase();
    let hostile: [&[(&str, &str)]; 8] = [
        &[],
        &[("state", "")],
        &[("state", "x")],
        &[("state", &state[..42])],
        &[("state", &state[1..])],
        &[("state", &format!("{state}A"))],
        &[("state", &upper)],
        &[("State", state)],
    ];
    for parameters in hostile {
        let all = [parameters, &[("code", "c"), ("iss", ISSUER)]].concat();
        assert_eq!(answer(&callback_with(&all), &transaction), Err("state_mismatch"), "{parameters:?}");
    }
}

/// Attack 46: the victim's browser is sent the attacker's own answer, whose state is good, but for another sign-in.
#[test]
fn the_answer_to_another_sign_in_is_refused() {
    let mut other_random = random();
    other_random.reverse();
    let other = start(&config(), &metadata(), &Options::default(), &other_random, None, NOW).unwrap().transaction;
    assert_eq!(answer(&good_callback(&other), &transaction()), Err("state_mismatch"));
    assert_eq!(answer(&good_callback(&transaction()), &other), Err("state_mismatch"));
}

/// Attack 45, mix-up: the state is good, but the sign-in was started with another server, client or redirect URI.
#[test]
fn a_sign_in_of_another_issuer_client_or_redirect_uri_does_not_wait_for_this_answer() {
    let transaction = transaction();
    let other_issuer = config_with(json!({"issuer": "https://other.example"}));
    let other_metadata = with(metadata_document(), json!({"issuer": "https://other.example"})).to_string();
    let other_metadata = other_issuer.read_metadata(&other_metadata).unwrap();
    let of_other = callback_with(&[("code", "c"), ("state", transaction.state()), ("iss", "https://other.example")]);
    assert_eq!(answer_to(&other_issuer, &other_metadata, &of_other, &transaction), Err("transaction_unknown"));
    let good = good_callback(&transaction);
    let other_client = config_with(json!({"client_id": "other"}));
    assert_eq!(answer_to(&other_client, &metadata(), &good, &transaction), Err("transaction_unknown"));
    let other_uri = config_with(json!({"redirect_uri": "https://app.example/other"}));
    let at_other_uri = good.replace(REDIRECT_URI, "https://app.example/other");
    assert_eq!(answer_to(&other_uri, &metadata(), &at_other_uri, &transaction), Err("transaction_unknown"));
}

/// Attack 45; RFC 9207 section 2.4: compared as it is, and where the server says that it always sends it, never absent.
#[test]
fn the_issuer_of_the_answer_must_be_the_one_asked() {
    let transaction = transaction();
    let state = transaction.state();
    let names_it = metadata();
    let does_not = metadata_with(json!({"authorization_response_iss_parameter_supported": false}));
    let says_nothing = metadata_with(json!({"authorization_response_iss_parameter_supported": null}));
    let without = callback_with(&[("code", "c"), ("state", state)]);
    let answer = |metadata, url: &str| answer_to(&config(), metadata, url, &transaction);
    assert_eq!(answer(&names_it, &without), Err("callback_issuer_mismatch"), "missing");
    assert_eq!(answer(&does_not, &without), Ok(()));
    assert_eq!(answer(&says_nothing, &without), Ok(()));
    let others = [
        "",
        "https://evil.example",
        "https://as.example/",
        "https://AS.example",
        "https://as.example:443",
        "as.example",
        "https://as.exampl",
        "http://as.example",
        "https://as.example/tenant",
        " https://as.example",
        "https%3A//as.example",
    ];
    for issuer in others {
        let url = callback_with(&[("code", "c"), ("state", state), ("iss", issuer)]);
        for metadata in [&names_it, &does_not, &says_nothing] {
            assert_eq!(answer(metadata, &url), Err("callback_issuer_mismatch"), "{issuer}");
        }
    }
    assert_eq!(answer(&does_not, &good_callback(&transaction)), Ok(()));
}

/// RFC 9207 section 2.4: an error is no more believed than a code is before it is known to belong here.
#[test]
fn an_error_answer_is_held_to_state_and_issuer_as_well() {
    let transaction = transaction();
    let state = transaction.state();
    let rows: [(&[(&str, &str)], _); 4] = [
        (&[("state", state), ("iss", ISSUER)], "authorization_refused"),
        (&[("state", "x"), ("iss", ISSUER)], "state_mismatch"),
        (&[("iss", ISSUER)], "state_mismatch"),
        (&[("state", state), ("iss", "https://evil.example")], "callback_issuer_mismatch"),
    ];
    for (parameters, expected) in rows {
        let all = [parameters, &[("error", "access_denied")]].concat();
        assert_eq!(answer(&callback_with(&all), &transaction), Err(expected), "{parameters:?}");
    }
}

/// RFC 6749 section 4.1.2: it is a code, or it is an error.
#[test]
fn an_answer_without_exactly_one_of_code_and_error_is_malformed() {
    let transaction = transaction();
    let hostile: [&[(&str, &str)]; 4] =
        [&[], &[("code", "")], &[("code", "c"), ("error", "access_denied")], &[("code", "c"), ("error", "")]];
    for parameters in hostile {
        let all = [parameters, &[("state", transaction.state()), ("iss", ISSUER)]].concat();
        assert_eq!(answer(&callback_with(&all), &transaction), Err("callback_malformed"), "{parameters:?}");
    }
}

/// RFC 6749 section 3.1: "Request and response parameters MUST NOT be included more than once"; two readers might choose
/// differently. The name may be encoded in another way the second time.
#[test]
fn a_parameter_that_is_there_twice_is_refused() {
    let transaction = transaction();
    let good = good_callback(&transaction);
    let state = transaction.state();
    for twice in [&format!("state={state}"), "state=x", "code=x", "iss=x", "c%6fde=x", "%73tate=x", "a=1&a=1", "=&="] {
        assert_eq!(answer(&format!("{good}&{twice}"), &transaction), Err("callback_malformed"), "{twice}");
        assert!(state_of(&format!("{good}&{twice}")).is_err(), "{twice}");
    }
}

/// Attack 43; RFC 9700 section 2.1: exact string matching.
#[test]
fn an_answer_at_another_place_than_the_redirect_uri_is_refused() {
    let transaction = transaction();
    let good = good_callback(&transaction);
    let others = [
        "https://app.example/callback/",
        "https://app.example/Callback",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example:8443/callback",
        "https://app.example/callback/evil",
        "https://app.example/callback;x",
        "https://app.example/callback2",
        "https://app.example/c%61llback",
        "https://app.example//callback",
        "https://app.example/./callback",
        "https://evil.example/callback",
        "https://app.example.evil.example/callback",
        "https://user@app.example/callback",
        "http://app.example/callback",
        "https://app.example/",
        "/callback",
        "",
    ];
    for place in others {
        assert_eq!(answer(&good.replace(REDIRECT_URI, place), &transaction), Err("callback_malformed"), "{place}");
    }
}

/// RFC 9700 section 2.1.2, attack 49: a token in a URL has leaked already. Whatever else the answer has, it is not used.
#[test]
fn an_implicit_or_hybrid_answer_is_refused() {
    let transaction = transaction();
    let good = good_callback(&transaction);
    let tails = [
        "&access_token=t",
        "&id_token=t",
        "#access_token=t&token_type=Bearer",
        "#id_token=t",
        "&access%5Ftoken=t",
        "#a=b&%61ccess_token=t",
        "&access_token=",
        "&access_token",
        "#access_token",
    ];
    for tail in tails {
        assert_eq!(answer(&format!("{good}{tail}"), &transaction), Err("implicit_response_refused"), "{tail}");
        assert_eq!(state_of(&format!("{good}{tail}")).unwrap_err().code(), "implicit_response_refused", "{tail}");
    }
    let alone = format!("{REDIRECT_URI}#access_token=t&state={}", transaction.state());
    assert_eq!(answer(&alone, &transaction), Err("implicit_response_refused"));
}

/// OAuth 2.0 Multiple Response Types section 2.1: the code comes in the query; from a fragment nothing is taken.
#[test]
fn a_code_in_the_fragment_is_not_taken() {
    let transaction = transaction();
    assert_eq!(answer(&good_callback(&transaction).replace('?', "#"), &transaction), Err("state_mismatch"));
    let split = format!("{REDIRECT_URI}?state={}&iss=https://as.example#code=c", transaction.state());
    assert_eq!(answer(&split, &transaction), Err("callback_malformed"));
}

/// Attack 33.
#[test]
fn an_oversize_callback_is_refused() {
    let transaction = transaction();
    let good = good_callback(&transaction);
    for (length, expected) in [(16 * 1024, Ok(())), (16 * 1024 + 1, Err("callback_malformed"))] {
        let url = format!("{good}&x={}", "x".repeat(length - good.len() - 3));
        assert_eq!(url.len(), length);
        assert_eq!(answer(&url, &transaction), expected, "{length} bytes");
        assert_eq!(state_of(&url).is_ok(), expected.is_ok());
    }
}

#[test]
fn state_of_finds_the_transaction_to_take_out() {
    let transaction = transaction();
    assert_eq!(state_of(&good_callback(&transaction)).unwrap(), transaction.state());
    assert_eq!(state_of(&callback_with(&[("state", "a b&\u{e9}")])).unwrap(), "a b&\u{e9}");
    for url in ["", REDIRECT_URI, "https://app.example/callback?code=c", "https://app.example/callback#state=x"] {
        assert_eq!(state_of(url).unwrap_err().code(), "state_mismatch", "{url}");
    }
}

/// Attack 35.
#[test]
fn no_debug_output_or_error_shows_the_code() {
    let transaction = transaction();
    let url = callback_with(&[("code", "S3CR3T"), ("state", transaction.state()), ("iss", ISSUER)]);
    let code = AuthorizationCode::from_callback(&url, &transaction, &config(), &metadata(), NOW).unwrap();
    assert!(!format!("{code:?}").contains("S3CR3T"));
    for hostile in [format!("{url}&code=S3CR3T"), format!("{url}#access_token=S3CR3T"), format!("{url}&error=x")] {
        let error = AuthorizationCode::from_callback(&hostile, &transaction, &config(), &metadata(), NOW).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("S3CR3T"), "{error:?}");
    }
}

/// URL standard, section 5.1: a parameter reads as browsers, and the crate `form_urlencoded`, read it.
#[test]
fn parameters_are_decoded_as_browsers_do() {
    let pieces =
        ["state", "=", "&", "+", "%", "%2", "%2B", "%26", "%3d", "%C3%A9", "%ff", "é", "a", "0", "%zz", "%00", " "];
    let mut chance = Chance::new(46);
    for _ in 0..20_000 {
        let length = chance.below(9);
        let query: String = (0..length).map(|_| pieces[chance.below(pieces.len())]).collect();
        let query = format!("state={query}");
        let read: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let is_distinct =
            read.iter().enumerate().all(|(at, (name, _))| !read[..at].iter().any(|(other, _)| other == name));
        let expected = is_distinct.then(|| read[0].1.clone()).ok_or("callback_malformed");
        let state = state_of(&format!("{REDIRECT_URI}?{query}")).map_err(|error| error.code());
        assert_eq!(state, expected, "{query}");
    }
}
