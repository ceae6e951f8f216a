//! The client's callback (RFC 6749 section 4.1.2, RFC 9207). The input is the URL; where it starts with "{" its first line is the
//! stored transaction, which other scripts of the page's origin can write.

use std::sync::LazyLock;

use edgeward::{
    Error, UnixTime,
    client::{
        AuthorizationCode, AuthorizationServerMetadata, ClientConfig, Transaction,
        authorization::{Options, RANDOM_BYTES, start},
        code_request, state_of,
    },
    limits,
};
use serde_json::{Value, json};

use crate::{Verdict, silence, text};

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);
const ISSUER: &str = "https://as.example";
const REDIRECT_URI: &str = "https://app.example/callback";

static CONFIG: LazyLock<ClientConfig> = LazyLock::new(|| {
    let config = json!({"issuer": ISSUER, "client_id": "spa", "redirect_uri": REDIRECT_URI, "scope": "openid notes"});
    ClientConfig::parse(&config.to_string()).expect("a configuration")
});

/// Of a server that names itself in every answer (RFC 9207 section 3), and of one that need not.
static METADATA: LazyLock<[AuthorizationServerMetadata; 2]> = LazyLock::new(|| {
    [true, false].map(|names_itself| {
        let document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/authorize"),
            "token_endpoint": format!("{ISSUER}/token"),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": names_itself,
        });
        CONFIG.read_metadata(&document.to_string()).expect("metadata")
    })
});

/// The sign-in that waits. Its `state` is what the bytes from 0 to 31 make it, so seeds can hold it.
fn waiting() -> Transaction {
    let mut next = 0_u8..;
    let random: [u8; RANDOM_BYTES] = core::array::from_fn(|_| next.next().expect("fewer than 256"));
    start(&CONFIG, &METADATA[0], &Options::default(), &random, None, NOW).expect("a request").transaction
}

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    if !input.starts_with(b"{") {
        return callback(&text::lossy(input), &waiting());
    }
    let (stored, url) = text::split_line(input);
    match Transaction::from_json(&text::lossy(stored)) {
        Err(error) => {
            silence::of_error(&error, &[stored]);
            Err(error.code())
        }
        Ok(transaction) => {
            check_transaction(&transaction, stored);
            callback(&text::lossy(url), &transaction)
        }
    }
}

/// Attack 44: whatever was stored, the way back stays on this origin. Attack 35.
fn check_transaction(transaction: &Transaction, stored: &[u8]) {
    let path = transaction.return_to();
    assert!(path.starts_with('/') && path.len() <= limits::MAX_PATH_BYTES);
    assert!(!path[1..].starts_with(['/', '\\']) && path.bytes().all(|byte| byte.is_ascii_graphic()));
    let text = transaction.to_json();
    let again = Transaction::from_json(&text).expect("a transaction, written again");
    assert_eq!(again.to_json(), text);
    let members: Value = serde_json::from_str(&text).expect("JSON");
    let issuer = members["issuer"].as_str().unwrap_or_default();
    silence::of_debug(transaction, &[stored], &[issuer]);
}

fn callback(url: &str, transaction: &Transaction) -> Verdict {
    let answer = |metadata| AuthorizationCode::from_callback(url, transaction, &CONFIG, metadata, NOW);
    let [strict, lenient] = METADATA.each_ref().map(|metadata| {
        let verdict = text::twice(|| answer(metadata).map(|_| ()));
        match &verdict {
            Ok(()) => check_accepted(url, transaction, metadata, answer(metadata).expect("accepted above")),
            Err(Error::AuthorizationRefused(answer)) => {
                let texts = [Some(&answer.error), answer.error_description.as_ref()];
                for text in texts.into_iter().flatten() {
                    // RFC 6749 appendices A.7 and A.8: the text may be an attacker's, and is shown to a person.
                    let is_allowed = |byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
                    assert!(text.bytes().all(is_allowed) && text.len() <= limits::MAX_SERVER_TEXT_CHARACTERS);
                }
                assert!(names(url).all(|name| name != "code"), "an error beside a code");
            }
            Err(error) => silence::of_error(error, &[url.as_bytes()]),
        }
        verdict
    });
    // Whatever the strict server's client takes, the other one's does.
    if strict.is_ok() {
        assert_eq!(lenient, Ok(()));
    }
    lenient.map_err(|error| error.code())
}

/// The query's parameters that are spelled out, without a "%" in them.
fn names(url: &str) -> impl Iterator<Item = &str> {
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
}

fn check_accepted(
    url: &str,
    transaction: &Transaction,
    metadata: &AuthorizationServerMetadata,
    code: AuthorizationCode,
) {
    assert!(url.len() <= limits::MAX_CALLBACK_BYTES);
    let rest = url.strip_prefix(REDIRECT_URI).expect("RFC 9700 section 2.1: the redirect URI, exactly");
    assert!(rest.starts_with('?'));
    assert_eq!(state_of(url).as_deref(), Ok(transaction.state()), "attack 46");
    for name in ["state", "code", "iss", "error", "access_token", "id_token"] {
        let most = usize::from(!["error", "access_token", "id_token"].contains(&name));
        assert!(names(url).filter(|present| *present == name).count() <= most, "\"{name}\"");
    }
    silence::of_debug(&code, &[url.as_bytes()], &[]);

    let answer = |url: &str, transaction: &Transaction, now| {
        AuthorizationCode::from_callback(url, transaction, &CONFIG, metadata, now)
            .map(|_| ())
            .map_err(|error| error.code())
    };
    let stored: Value = serde_json::from_str(&transaction.to_json()).expect("JSON");
    let with = |member: &str, value: &str| {
        let mut other = stored.clone();
        other[member] = value.into();
        Transaction::from_json(&other.to_string()).expect("a transaction")
    };
    assert_eq!(answer(url, &with("state", "another"), NOW), Err("state_mismatch"), "attack 46");
    assert_eq!(answer(url, &with("issuer", "https://evil.example"), NOW), Err("transaction_unknown"), "attack 45");
    assert_eq!(answer(url, &with("client_id", "another"), NOW), Err("transaction_unknown"), "attack 45");
    let started_at = stored["started_at"].as_u64().expect("a moment");
    let late = UnixTime::from_seconds(started_at).plus(limits::TRANSACTION_MAX_AGE_SECONDS + 1);
    if late > UnixTime::from_seconds(started_at).plus(limits::TRANSACTION_MAX_AGE_SECONDS) {
        assert_eq!(answer(url, transaction, late), Err("transaction_unknown"), "too old");
    }
    let plain = url.split('#').next().unwrap_or(url);
    for more in ["&state=x", "&code=x", "&iss=x", "&access_token=x", "&id_token=x", "#access_token=x"] {
        assert!(answer(&format!("{plain}{more}"), transaction, NOW).is_err(), "with {more}");
    }
    let request = code_request(code, transaction, &CONFIG, metadata).expect("there is a token endpoint");
    assert_eq!(request.url, format!("{ISSUER}/token"));
    assert_eq!(request.body.split('&').filter(|pair| pair.starts_with("code=")).count(), 1);
    silence::of_debug(&request, &[request.body.as_bytes()], &[]);
}
