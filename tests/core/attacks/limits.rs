//! Classes 32 and 33: depth, size and dots, each bounded before any work.

use edgeward::{crypto::FastEngine, jose::JwkSet, jose::UntrustedJws, limits, resource_server::DpopProof};
use serde_json::json;

use crate::{
    gate::{Door, honest, honest_header, refused_for},
    outside::claims,
    signing::{Key, encode},
};

const DEPTHS: [usize; 12] = [16, 17, 50, 64, 100, 127, 128, 129, 500, 1_000, 10_000, 100_000];

/// Arrays and objects, closed and open, in header and payload.
#[test]
fn class_32_depth_in_header_and_payload_is_refused() {
    let (header, payload) = (honest_header(Key::Ec).to_string(), claims().to_string());
    let deeper = |object: &str, inner: &str| format!("{},\"x\":{inner}}}", &object[..object.len() - 1]);
    let mut parsed = 0;
    for depth in DEPTHS {
        for (open, middle, close) in [("[", "", "]"), (r#"{"a":"#, "1", "}"), ("[", "", "")] {
            let inner = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
            for (header, payload) in
                [(deeper(&header, &inner), payload.clone()), (header.clone(), deeper(&payload, &inner))]
            {
                let token = Key::Ec.sign_texts(header.as_bytes(), payload.as_bytes());
                let is_large = token.len() > limits::MAX_TOKEN_BYTES || header.len() > limits::MAX_HEADER_BYTES;
                let expected = if is_large { "token_too_large" } else { "token_malformed" };
                assert_eq!(Door::new().refuses(&token), expected, "{depth}");
                parsed += usize::from(!is_large);
            }
        }
    }
    assert!(parsed > 40, "most were small enough to be read: {parsed}");
    let fitting = format!("{}{}", "[".repeat(limits::MAX_JSON_DEPTH - 1), "]".repeat(limits::MAX_JSON_DEPTH - 1));
    Door::new().lets_through(&Key::Ec.sign_texts(header.as_bytes(), deeper(&payload, &fitting).as_bytes()));
}

/// In a key, beside the keys, and as the keys.
#[test]
fn class_32_depth_in_a_key_set_spoils_no_more_than_it_must() {
    for depth in DEPTHS {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let in_a_key = format!(r#"{{"keys":[{{"kty":"EC","x":{deep}}},{}]}}"#, Key::Ec.jwk());
        Door::with_keys(in_a_key).lets_through(&honest(Key::Ec));
        for text in [
            format!(r#"{{"x":{deep},"keys":[{}]}}"#, Key::Ec.jwk()),
            format!(r#"{{"keys":[{}],"x":{deep}}}"#, Key::Ec.jwk()),
        ] {
            assert_eq!(JwkSet::parse(text.as_bytes(), &FastEngine).unwrap_err().code(), "key_set_malformed", "{depth}");
        }
    }
    let keys = format!(r#"{{"keys":{}"#, "[".repeat(400_000));
    assert_eq!(JwkSet::parse(keys.as_bytes(), &FastEngine).unwrap_err().code(), "key_set_malformed");
}

/// 20,000 dots and 1 MB segments, as token, as proof and inside segments.
#[test]
fn class_33_floods_of_dots_and_bytes_are_refused_by_size() {
    let megabyte = "A".repeat(1024 * 1024);
    let token = honest(Key::Ec);
    let parts: Vec<&str> = token.split('.').collect();
    let floods = [
        ".".repeat(20_000),
        ".".repeat(1_000_000),
        format!("{token}{}", ".".repeat(20_000)),
        format!("{megabyte}.{megabyte}.{megabyte}"),
        format!("{megabyte}.{}.{}", parts[1], parts[2]),
        format!("{}.{megabyte}.{}", parts[0], parts[2]),
        format!("{}.{}.{megabyte}", parts[0], parts[1]),
        "A.".repeat(100_000),
    ];
    assert_eq!(refused_for("token_too_large", floods.clone()), 8);
    for flood in &floods {
        assert_eq!(UntrustedJws::parse(flood).unwrap_err().code(), "token_too_large");
        let request = edgeward::resource_server::DpopRequest {
            method: "GET",
            url: "",
            access_token: None,
            jkt: None,
            nonces: &[],
        };
        let now = edgeward::UnixTime::from_seconds(0);
        let verdict =
            DpopProof::check(flood, &request, &edgeward::resource_server::DpopRules::default(), &FastEngine, now);
        assert_eq!(verdict.unwrap_err().code(), "token_too_large");
    }
    // Under the bound they are cut apart no further than the fourth piece.
    refused_for("token_malformed", [".".repeat(10_000), "a.".repeat(8_000), format!("{token}{}", ".".repeat(10_000))]);
}

/// At each bound to the byte: the last size that is taken, the first that is not.
#[test]
fn class_33_the_bounds_are_exact() {
    let header = encode(br#"{"alg":"ES256"}"#);
    let sized = |length: usize| {
        let rest = length - header.len() - 2;
        let payload = "A".repeat(rest / 4 * 4 - 4);
        format!("{header}.{payload}.{}", "A".repeat(rest - payload.len()))
    };
    let fits = |token: &str| UntrustedJws::parse(token).map(|_| ()).map_err(|error| error.code());
    assert_eq!(sized(limits::MAX_TOKEN_BYTES).len(), limits::MAX_TOKEN_BYTES);
    assert_ne!(fits(&sized(limits::MAX_TOKEN_BYTES)), Err("token_too_large"));
    assert_eq!(fits(&sized(limits::MAX_TOKEN_BYTES + 1)), Err("token_too_large"));
    let with_header = |length: usize| {
        let text = json!({"alg": "ES256", "x": "x".repeat(length - r#"{"alg":"ES256","x":""}"#.len())}).to_string();
        format!("{}.AAAA.AAAA", encode(text.as_bytes()))
    };
    assert_eq!(fits(&with_header(limits::MAX_HEADER_BYTES)), Ok(()));
    assert_eq!(fits(&with_header(limits::MAX_HEADER_BYTES + 1)), Err("token_too_large"));
}
