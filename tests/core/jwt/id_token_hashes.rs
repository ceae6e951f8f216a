//! `at_hash` and `c_hash` (OIDC Core sections 3.1.3.8, 3.3.2.9 to 3.3.2.11).

use edgeward::{
    Error,
    jose::{Algorithm, algorithm::ALGORITHMS},
    jwt::{Rules, RulesBuilder},
};
use serde_json::{Value, json};

use crate::tokens::{CLIENT_ID, ISSUER, NOW, id_claims, judge_with_key, with};

/// OIDC Core appendix A.3, with its hash for RS256; the others by SHA-384 and SHA-512 of the same text.
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const AT_HASHES: [&str; 3] =
    ["77QmUPtjPfzWtF2AnpK9RQ", "jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs", "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM"];

/// OIDC Core appendix A.4, likewise.
const CODE: &str = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
const C_HASHES: [&str; 3] =
    ["LDktKdoQak3Pk0cnXxCltA", "Mq-knyaEMtWGfnBi2POEZb1kiLx10_DF", "E9z1C-c0Az4eTEzE0Nm3OQ3BS2BhMgxuP7x5JAQj1_4"];

/// Which of the three hashes goes with each algorithm, one by one: SHA-512 for Ed25519.
const HASH_OF: [(&str, usize); 11] = [
    ("RS256", 0),
    ("PS256", 0),
    ("ES256", 0),
    ("RS384", 1),
    ("PS384", 1),
    ("ES384", 1),
    ("RS512", 2),
    ("PS512", 2),
    ("ES512", 2),
    ("EdDSA", 2),
    ("Ed25519", 2),
];

fn rules() -> RulesBuilder {
    Rules::id_token(CLIENT_ID).issuer(ISSUER)
}

fn check(algorithm: &Algorithm, claims: &Value, rules: RulesBuilder) -> Result<(), Error> {
    judge_with_key(algorithm, None, &claims.to_string(), &json!({}), &rules.build().unwrap(), NOW).map(|_| ())
}

fn claimed(claim: &str, value: &Value) -> Value {
    with(id_claims(), claim, Some(value.clone()))
}

/// Both hashes, with the known answers, and refused under each algorithm with another hash.
#[test]
fn the_hash_is_that_of_the_tokens_algorithm() {
    assert_eq!(ALGORITHMS.len(), HASH_OF.len(), "every algorithm has its row");
    for (name, own) in HASH_OF {
        let algorithm = Algorithm::by_name(name).unwrap();
        for (which, (at_hash, c_hash)) in AT_HASHES.iter().zip(C_HASHES).enumerate() {
            let expected = |claim| if which == own { Ok(()) } else { Err(Error::HashMismatch { claim }) };
            let verdict = check(algorithm, &claimed("at_hash", &json!(at_hash)), rules().access_token(ACCESS_TOKEN));
            assert_eq!(verdict, expected("at_hash"), "{name} with hash {which}");
            let verdict = check(algorithm, &claimed("c_hash", &json!(c_hash)), rules().code(CODE));
            assert_eq!(verdict, expected("c_hash"), "{name} with hash {which}");
        }
    }
}

/// An access token or code put beside another's ID token.
#[test]
fn a_hash_of_something_else_is_refused() {
    let rs256 = Algorithm::by_name("RS256").unwrap();
    for other in ["", "other", &ACCESS_TOKEN[1..], &format!("{ACCESS_TOKEN} ")] {
        let verdict = check(rs256, &claimed("at_hash", &json!(AT_HASHES[0])), rules().access_token(other));
        assert_eq!(verdict, Err(Error::HashMismatch { claim: "at_hash" }), "{other:?}");
        let verdict = check(rs256, &claimed("c_hash", &json!(C_HASHES[0])), rules().code(other));
        assert_eq!(verdict, Err(Error::HashMismatch { claim: "c_hash" }), "{other:?}");
    }
    for form in
        ["", "77QmUPtjPfzWtF2AnpK9RQ==", "77QmUPtjPfzWtF2AnpK9R", "77qmUPtjPfzWtF2AnpK9RQ", " 77QmUPtjPfzWtF2AnpK9RQ"]
    {
        let verdict = check(rs256, &claimed("at_hash", &json!(form)), rules().access_token(ACCESS_TOKEN));
        assert_eq!(verdict, Err(Error::HashMismatch { claim: "at_hash" }), "{form:?}");
    }
    let swapped = check(rs256, &claimed("c_hash", &json!(AT_HASHES[0])), rules().access_token(ACCESS_TOKEN).code(CODE));
    assert_eq!(swapped, Err(Error::HashMismatch { claim: "c_hash" }));
}

/// Optional where the tokens come from the token endpoint, and nothing to compare where none came; but never of another type.
#[test]
fn an_absent_hash_is_taken_and_one_of_another_type_is_not() {
    let rs256 = Algorithm::by_name("RS256").unwrap();
    assert_eq!(check(rs256, &id_claims(), rules().access_token(ACCESS_TOKEN).code(CODE)), Ok(()));
    for claim in ["at_hash", "c_hash"] {
        assert_eq!(check(rs256, &claimed(claim, &json!("of what never came")), rules()), Ok(()));
        for value in [json!(1), json!(null), json!([AT_HASHES[0]]), json!({})] {
            for rules in [rules(), rules().access_token(ACCESS_TOKEN).code(CODE)] {
                let verdict = check(rs256, &claimed(claim, &value), rules);
                assert_eq!(verdict, Err(Error::ClaimInvalid { claim }), "{claim}: {value}");
            }
        }
    }
}
