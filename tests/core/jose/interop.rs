//! Tokens and DPoP proofs that other implementations signed: npm's `jose` and `dpop`, PyJWT and jwcrypto, with every algorithm
//! of the table. How they were made: `scripts/interop/`.
//!
//! Whatever is compiled in, every row has a verdict: one of an algorithm that is not there must be refused.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use edgeward::{
    Error, UnixTime, Verifier,
    crypto::FastEngine,
    jose::{Algorithm, Jwk, JwkSet, UntrustedJws, algorithm::ALGORITHMS, verify},
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use serde_json::{Value, json};

use crate::rows::{algorithm, key_set, rows, rules, text};

const FILE: &str = "interop.jsonl.gz";
const COUNT: usize = 207;

/// Judges the row's token, or another in its place, with these keys and algorithms.
fn judge(row: &Value, token: &str, keys: &JwkSet, allowed: &[&'static Algorithm]) -> Result<(), Error> {
    let now = || UnixTime::from_seconds(row["now"].as_u64().expect("a time"));
    match text(row, "layer") {
        "jws" => verify(&UntrustedJws::parse(token)?, keys, allowed, &FastEngine).map(|_| ()),
        "jwt" => Verifier::new(rules(&row["options"]), allowed.iter().copied()).verify(token, keys, now()).map(|_| ()),
        "dpop" => {
            let nonce = row["options"]["nonce"].as_str();
            let request = DpopRequest {
                method: text(&row["request"], "method"),
                url: text(&row["request"], "url"),
                access_token: row["request"]["access_token"].as_str(),
                jkt: row["jkt"].as_str(),
                nonces: nonce.as_slice(),
            };
            let rules = DpopRules { algorithms: allowed.to_vec(), max_age_seconds: 60, clock_tolerance_seconds: 0 };
            DpopProof::check(token, &request, &rules, &FastEngine, now()).map(|_| ())
        }
        other => panic!("layer {other}"),
    }
}

/// A proof brings its key, every other row has it beside the token.
fn keys_of(row: &Value) -> JwkSet {
    if text(row, "layer") == "dpop" { JwkSet::default() } else { key_set(row) }
}

fn good(row: &Value) -> Result<(), Error> {
    judge(row, text(row, "token"), &keys_of(row), ALGORITHMS)
}

/// The rows whose algorithm is compiled in.
fn offered() -> impl Iterator<Item = Value> {
    rows(FILE).into_iter().filter(|row| algorithm(row).is_available())
}

/// The key that signed: the last one of a set.
fn signing_key(row: &Value) -> &Value {
    row["jwks"]["keys"].as_array().and_then(|keys| keys.last()).unwrap_or(&row["jwk"])
}

/// RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 9449 section 4.3. With the right key the token is taken, and where its algorithm
/// is not compiled in it is refused.
#[test]
fn tokens_of_other_implementations_are_taken_by_whoever_offers_their_algorithm() {
    let rows = rows(FILE);
    assert_eq!(rows.len(), COUNT, "all rows are there");
    for row in &rows {
        assert_eq!(text(row, "expect"), "valid");
        let verdict = good(row);
        assert_eq!(verdict.is_ok(), algorithm(row).is_available(), "{}: {verdict:?}", row["id"]);
    }
}

/// The file holds what it is for: no algorithm of the table without a token of each implementation that has it.
#[test]
fn every_algorithm_comes_from_every_implementation_that_has_it() {
    let held: BTreeSet<(String, String)> = rows(FILE)
        .iter()
        .map(|row| {
            let library = text(row, "source").split(' ').next().expect("a name");
            let kind = if text(row, "layer") == "dpop" { "proof" } else { library };
            (text(row, "alg").into(), kind.into())
        })
        .collect();
    for algorithm in ALGORITHMS {
        for kind in ["jose", "PyJWT", "jwcrypto", "proof"] {
            // PyJWT knows Ed25519 by the name EdDSA alone.
            let expected = (algorithm.name(), kind) != ("Ed25519", "PyJWT");
            assert_eq!(held.contains(&(algorithm.name().into(), kind.into())), expected, "{algorithm:?} {kind}");
        }
    }
}

/// Another key of the same type, offered under the name of the right one (RFC 7515 section 5.2); for a proof, another
/// thumbprint in the access token (RFC 9449 section 7.1).
#[test]
fn another_key_of_the_same_type_is_refused() {
    let all: Vec<Value> = rows(FILE);
    for row in all.iter().filter(|row| algorithm(row).is_available()) {
        if text(row, "layer") == "dpop" {
            let mut other = row.clone();
            other["jkt"] = json!("0000000000000000000000000000000000000000000");
            assert_eq!(good(&other).unwrap_err(), Error::ProofKeyMismatch, "{}", row["id"]);
            continue;
        }
        let right = signing_key(row);
        let mut wrong = all
            .iter()
            .filter(|other| text(other, "layer") != "dpop")
            .map(signing_key)
            .find(|other| {
                other["kty"] == right["kty"]
                    && other["crv"] == right["crv"]
                    && (&other["n"], &other["x"]) != (&right["n"], &right["x"])
                    && other["n"].as_str().map(str::len) == right["n"].as_str().map(str::len)
            })
            .expect("two keys of a type")
            .clone();
        wrong["alg"] = row["alg"].clone();
        wrong["kid"] = right.get("kid").cloned().unwrap_or_else(|| json!("any"));
        let wrong = JwkSet::parse(json!({"keys": [wrong]}).to_string().as_bytes(), &FastEngine).unwrap();
        assert_eq!(wrong.keys().len(), 1, "the wrong key is a usable one");
        let verdict = judge(row, text(row, "token"), &wrong, ALGORITHMS);
        assert_eq!(verdict.unwrap_err(), Error::SignatureInvalid, "{}", row["id"]);
    }
}

/// RFC 7515 section 5.2: the first, a middle and the last bit of each signature.
#[test]
fn one_bit_of_the_signature_changed_is_refused() {
    for row in offered() {
        let (input, signature) = text(&row, "token").rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let bits = signature.len() * 8;
        for bit in [0, bits / 2 + 3, bits - 1] {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 0x80 >> (bit % 8);
            let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(&changed));
            let verdict = judge(&row, &token, &keys_of(&row), ALGORITHMS);
            assert_eq!(verdict.unwrap_err(), Error::SignatureInvalid, "{} bit {bit}", row["id"]);
        }
    }
}

/// RFC 8725 section 3.1: the list of the one who verifies decides, whatever key is there.
#[test]
fn an_allow_list_without_the_algorithm_refuses() {
    for row in offered() {
        let own = algorithm(&row);
        let others: Vec<&'static Algorithm> = ALGORITHMS.iter().copied().filter(|other| *other != own).collect();
        for allowed in [others.as_slice(), &[]] {
            let verdict = judge(&row, text(&row, "token"), &keys_of(&row), allowed);
            assert_eq!(verdict.unwrap_err(), Error::AlgorithmNotAllowed, "{}", row["id"]);
        }
    }
}

/// RFC 7517 section 4.4: a key whose own `alg` is another one of its type verifies nothing of this one.
#[test]
fn a_key_that_is_for_another_algorithm_is_refused() {
    for row in offered().filter(|row| text(row, "layer") != "dpop") {
        let own = algorithm(&row);
        let mut key = signing_key(&row).clone();
        let others = ALGORITHMS.iter().filter(|other| {
            other.key_type() == own.key_type() && other.scheme() != own.scheme() && other.is_available()
        });
        for other in others {
            key["alg"] = json!(other.name());
            assert!(Jwk::parse(key.to_string().as_bytes(), &FastEngine).is_ok(), "the key is a usable one");
            let keys = JwkSet::parse(json!({"keys": [key]}).to_string().as_bytes(), &FastEngine).unwrap();
            let verdict = judge(&row, text(&row, "token"), &keys, ALGORITHMS);
            assert_eq!(verdict.unwrap_err(), Error::KeyUnknown, "{} under {other:?}", row["id"]);
        }
    }
}

/// RFC 7519 section 4.1.3: a token for several audiences is for each of them, and for nobody else.
#[test]
fn a_token_of_another_implementation_is_refused_elsewhere() {
    for mut row in offered().filter(|row| text(row, "layer") == "jwt") {
        row["options"]["aud"] = json!("https://elsewhere.example");
        assert_eq!(good(&row).unwrap_err(), Error::AudienceMismatch, "{}", row["id"]);
    }
}
