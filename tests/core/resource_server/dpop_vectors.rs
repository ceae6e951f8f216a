//! The proofs that RFC 9449 prints. See `tests/vectors/README.md`.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::Jwk,
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use serde_json::{Value, json};

const RFC9449: &str = include_str!("../../vectors/rfc9449.jsonl");

fn rows() -> Vec<Value> {
    let rows: Vec<Value> = RFC9449.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect();
    assert_eq!(rows.len(), 2);
    rows
}

/// A row's proof at its time, with changes to the request and the time.
fn judge(
    row: &Value,
    proof: &str,
    change: impl Fn(&mut DpopRequest<'_>),
    seconds_later: u64,
) -> Result<DpopProof, Error> {
    let request = &row["request"];
    let mut request = DpopRequest {
        method: request["method"].as_str().expect("a method"),
        url: request["url"].as_str().expect("a URL"),
        access_token: request["access_token"].as_str(),
        jkt: row["jkt"].as_str(),
        nonces: &[],
    };
    change(&mut request);
    let now = UnixTime::from_seconds(row["now"].as_u64().expect("a time")).plus(seconds_later);
    DpopProof::check(proof, &request, &DpopRules::default(), &FastEngine, now)
}

#[test]
fn the_proofs_of_rfc9449_are_good_for_their_requests() {
    for row in rows() {
        let token = row["token"].as_str().expect("a proof");
        let proof = judge(&row, token, |_| {}, 0).expect("the RFC's proof");
        assert_eq!(row["jkt"], proof.thumbprint());
        assert!(["-BwC3ESc6acc2lTc", "e1j3V_bKic8-LAEB"].contains(&proof.jti()));
    }
}

#[test]
fn the_proofs_of_rfc9449_are_good_for_no_other_request() {
    for row in rows() {
        let token = row["token"].as_str().expect("a proof");
        let refused = |change: fn(&mut DpopRequest<'_>), later| judge(&row, token, change, later).unwrap_err();
        assert_eq!(refused(|request| request.method = "PUT", 0), Error::ProofRequestMismatch { claim: "htm" });
        assert_eq!(
            refused(|request| request.url = "https://x.example/", 0),
            Error::ProofRequestMismatch { claim: "htu" }
        );
        assert_eq!(
            refused(|request| request.jkt = Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"), 0),
            Error::ProofKeyMismatch
        );
        assert_eq!(refused(|request| request.nonces = &["n"], 0), Error::ProofNonceMismatch);
        assert!(refused(|request| request.access_token = Some("other"), 0).subject() == Some("ath"));
        assert_eq!(refused(|_| {}, 301), Error::ProofTooOld);
    }
}

/// Every character counts. The last of a segment holds bits that are nobody's, and those must be zero.
#[test]
fn the_proofs_of_rfc9449_with_one_character_changed_are_refused() {
    for row in rows() {
        let token = row["token"].as_str().expect("a proof");
        for at in 0..token.len() {
            let mut changed = token.to_owned().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(judge(&row, &changed, |_| {}, 0).is_err(), "character {at} of {}", row["id"]);
        }
    }
}

/// RFC 7638 section 3.1, RFC 8037 appendix A.3, RFC 9449 section 6.1.
#[test]
fn thumbprints_are_those_of_the_standards() {
    #[cfg(feature = "rs256")]
    let rsa = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    for (jwk, thumbprint) in [
        (
            json!({ "kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA" }),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        ),
        #[cfg(feature = "rs256")]
        (
            json!({ "kty": "RSA", "n": rsa, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" }),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
        ),
        #[cfg(feature = "ed25519")]
        (
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        ),
    ] {
        let key = Jwk::parse(jwk.to_string().as_bytes(), &FastEngine).expect("the standard's key");
        assert_eq!(key.key().thumbprint(), thumbprint);
    }
}
