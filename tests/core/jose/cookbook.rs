//! The examples of RFC 7520 (JOSE cookbook), RFC 7797 (unencoded payloads) and RFC 8037 (Ed25519, X25519): what this crate offers is
//! taken, and everything else is refused by name. How the rows were taken: `scripts/interop/take-cookbook.mjs`.

use edgeward::{
    Error,
    crypto::FastEngine,
    jose::{Algorithm, Jwk, JwkSet, UntrustedJws, VerifiedJws, algorithm::ALGORITHMS, verify},
};
use serde_json::{Value, json};

use crate::rows::{algorithm, key_set, rows, text};

const FILE: &str = "cookbook.jsonl";
const COUNT: usize = 75;

fn check(token: &str, keys: &JwkSet) -> Result<VerifiedJws, Error> {
    verify(&UntrustedJws::parse(token)?, keys, ALGORITHMS, &FastEngine)
}

fn judge(row: &Value) -> Result<(), Error> {
    match text(row, "layer") {
        "jws" => check(text(row, "token"), &key_set(row)).map(|_| ()),
        "parse" => UntrustedJws::parse(text(row, "token")).map(|_| ()),
        "jwk_import" => Jwk::parse(row["jwk"].to_string().as_bytes(), &FastEngine).map(|_| ()),
        other => panic!("layer {other}"),
    }
}

/// Whether what the row needs is compiled in: its algorithm, or for a key any one that such a key is for.
fn is_offered(row: &Value) -> bool {
    let own = algorithm(row);
    match text(row, "layer") {
        "jwk_import" => Algorithm::available().any(|offered| offered.key_type() == own.key_type()),
        _ => own.is_available(),
    }
}

/// RFC 7520 sections 3 to 6, RFC 7797 section 4, RFC 8037 appendix A: every form of every example.
#[test]
fn every_example_gets_its_verdict() {
    let rows = rows(FILE);
    assert_eq!(rows.len(), COUNT, "all rows are there");
    let mut wrong = Vec::new();
    for row in &rows {
        let verdict = judge(row);
        let agrees = match (text(row, "expect"), &verdict) {
            ("valid", Ok(())) => is_offered(row),
            ("valid", Err(_)) => !is_offered(row),
            ("invalid", Err(error)) => row["code"] == error.code(),
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{} ({}): {verdict:?}", row["id"], row["why"]));
        }
    }
    assert!(wrong.is_empty(), "{} rows disagree:\n{}", wrong.len(), wrong.join("\n"));
}

/// The good tokens: RS256, PS384 and ES512 of RFC 7520 section 4, PS256 of its section 6, EdDSA of RFC 8037 appendix A.4.
fn good_tokens() -> Vec<Value> {
    let good: Vec<Value> =
        rows(FILE).into_iter().filter(|row| row["layer"] == "jws" && row["expect"] == "valid").collect();
    let mut algorithms: Vec<&str> = good.iter().map(|row| text(row, "alg")).collect();
    algorithms.sort_unstable();
    assert_eq!(algorithms, ["ES512", "EdDSA", "PS256", "PS384", "RS256"]);
    good.into_iter().filter(is_offered).collect()
}

/// RFC 7515 section 4.1.4, RFC 7517 section 4.5. The tokens of RFC 7520 section 4 name a `kid`, the others none.
#[test]
fn the_key_is_chosen_by_kid() {
    for row in good_tokens() {
        let verified = check(text(&row, "token"), &key_set(&row)).unwrap();
        let names_kid = text(&row, "id").starts_with("cookbook-jws/");
        let expected = row["jwk"]["kid"].as_str().filter(|_| names_kid);
        assert_eq!(verified.header().kid(), expected, "{}", row["id"]);
        assert_eq!(verified.header().algorithm(), algorithm(&row));

        let mut renamed = row.clone();
        renamed["jwk"]["kid"] = json!("saruman@isengard.example");
        assert_eq!(judge(&renamed).err(), names_kid.then_some(Error::KeyUnknown), "{}", row["id"]);
    }
}

/// RFC 7517 section 4.4. No key of the cookbook contradicts its token, so here each is made to.
#[test]
fn a_key_whose_alg_contradicts_the_token_is_refused() {
    for mut row in good_tokens() {
        let own = algorithm(&row);
        for other in ALGORITHMS.iter().filter(|other| other.scheme() != own.scheme()) {
            row["jwk"]["alg"] = json!(other.name());
            assert_eq!(judge(&row).unwrap_err(), Error::KeyUnknown, "{} under {other:?}", row["id"]);
        }
        row["jwk"]["alg"] = json!(own.name());
        assert_eq!(judge(&row), Ok(()), "{}", row["id"]);
    }
}

/// RFC 7515 appendix F: content that travels elsewhere is never put in. The cookbook's own example is an HMAC, refused before that.
#[test]
fn detached_content_is_never_put_in() {
    for row in good_tokens() {
        let (first, rest) = text(&row, "token").split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let verdict = check(&format!("{first}..{signature}"), &key_set(&row));
        assert_eq!(verdict.unwrap_err(), Error::SignatureInvalid, "{}", row["id"]);
    }
}
