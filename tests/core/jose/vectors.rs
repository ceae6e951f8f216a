//! Every vector the repository carries, judged natively by the code that `npm run vectors` compiles to WebAssembly.
//!
//! Whatever is compiled in, every row has a verdict: one of an algorithm that is not there must be refused.

use edgeward::{
    crypto::{FastEngine, Host, HostVerdict, SignatureEngine},
    jose::Jwk,
};
use serde_json::Value;

use super::judge::{self, HostRequest, Judgement, Step, Verdict};
use super::rows::lines;

/// Judges a row; a host that is asked answers with `host`.
fn judged(row: &str, engine: &dyn SignatureEngine, host: impl Fn(&HostRequest) -> HostVerdict) -> Judgement {
    match judge::judge(row, engine, None) {
        Step::Judged(judgement) => judgement,
        Step::Ask(request) => match judge::judge(row, engine, Some(host(&request))) {
            Step::Judged(judgement) => judgement,
            Step::Ask(_) => panic!("asked twice: {row}"),
        },
    }
}

/// The engines in Rust that are compiled in; they have to say the same.
pub fn by_rust(row: &str) -> Judgement {
    let by = |engine: &dyn SignatureEngine| judged(row, engine, |_| panic!("an engine in Rust asks nobody"));
    let fast = by(&FastEngine);
    #[cfg(feature = "rustcrypto")]
    assert_eq!(fast.verdict, by(&edgeward::crypto::RustCrypto).verdict, "the engines differ: {row}");
    fast
}

/// Holds the rows against their labels. `taken` is how many of the open ones ("acceptable") are taken when all is compiled in.
fn judge_file(file: &str, count: usize, taken: usize) {
    let rows = lines(file);
    assert_eq!(rows.len(), count, "{file} holds all rows");
    let judgements: Vec<Judgement> = rows.iter().map(|row| by_rust(row)).collect();
    let wrong: Vec<String> = judgements
        .iter()
        .filter(|judgement| judgement.agrees() == Some(false))
        .map(|Judgement { id, layer, why, expect, expected, verdict }| {
            let (verdict, code) = (verdict.name(), verdict.code().unwrap_or_default());
            format!("{layer} {id} ({expect}, {why}): expected {}, {verdict} {code}", expected.name())
        })
        .collect();
    assert!(wrong.is_empty(), "{file}: {} rows disagree:\n{}", wrong.len(), wrong.join("\n"));
    let open_and_taken =
        |judgement: &&Judgement| judgement.agrees().is_none() && judgement.verdict == Verdict::Accepted;
    if cfg!(feature = "all-algorithms") {
        assert_eq!(judgements.iter().filter(open_and_taken).count(), taken, "{file}: open rows that are taken");
    }
}

macro_rules! files {
    ($($(#[doc = $doc:literal])* $name:ident $file:literal $count:literal rows, $taken:literal open ones taken;)*) => {
        $(
            $(#[doc = $doc])*
            #[test]
            fn $name() {
                judge_file($file, $count, $taken);
            }
        )*

        /// A file that is not listed here would be judged by nobody.
        #[test]
        fn every_file_is_judged() {
            let directory = format!("{}/tests/vectors", env!("CARGO_MANIFEST_DIR"));
            let mut found: Vec<String> = std::fs::read_dir(directory)
                .expect("the directory of vectors")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
                .filter(|name| name.contains(".jsonl"))
                .collect();
            found.sort();
            assert_eq!(found, [$($file),*]);
        }
    };
}

files! {
    /// The examples of RFC 7520, 7797 and 8037.
    cookbook "cookbook.jsonl" 75 rows, 0 open ones taken;
    /// "Taming the many EdDSAs": small orders, non-canonical encodings, cofactors.
    ed25519_corner_cases "ed25519_speccheck.jsonl" 12 rows, 0 open ones taken;
    /// Tokens and proofs of other implementations.
    tokens_of_others "interop.jsonl.gz" 207 rows, 0 open ones taken;
    /// Attack classes 11 and 32: what `JSONTestSuite` has, inside signed tokens.
    json_suite_tokens "json_suite_tokens.jsonl.gz" 954 rows, 10 open ones taken;
    /// Attack classes 11, 17 to 21 and 32.
    own_claims "own_claims.jsonl" 127 rows, 0 open ones taken;
    /// Attack classes 40 and 41.
    own_proofs "own_dpop.jsonl" 109 rows, 0 open ones taken;
    /// Attack classes 11, 14, 15, 28 and 32.
    own_key_sets "own_jwks_import.jsonl" 94 rows, 0 open ones taken;
    /// Attack classes 9 to 12, 24 and 32 to 34.
    own_forms "own_parse.jsonl" 84 rows, 0 open ones taken;
    rfc7515_tokens "rfc7515.jsonl" 2 rows, 0 open ones taken;
    /// The proofs of RFC 9449.
    rfc9449_proofs "rfc9449.jsonl" 2 rows, 0 open ones taken;
    /// Attack class 15.
    ring_keys "ring_ecpub_import.jsonl.gz" 15 rows, 0 open ones taken;
    /// NIST CAVP and `BoringSSL` cases, as ring carries them.
    ring_and_nist_signatures "ring_nist_raw.jsonl.gz" 818 rows, 0 open ones taken;
    suspicious_tokens "strictness.jsonl" 152 rows, 0 open ones taken;
    /// Signatures that are good under other parameters than those of the JOSE algorithm they are offered under.
    wycheproof_signatures_of_other_parameters "wycheproof_cross.jsonl.gz" 3_750 rows, 0 open ones taken;
    /// Attack class 15.
    wycheproof_keys "wycheproof_jwk_import.jsonl.gz" 1_735 rows, 0 open ones taken;
    /// Attack classes 1, 2, 4, 8, 12 and 14.
    wycheproof_tokens "wycheproof_jws.jsonl.gz" 476 rows, 0 open ones taken;
    /// Attack classes 5, 13, 14 and 16; `s → n − s`, x(R) ≥ n, DER instead of `r || s`, forged paddings.
    wycheproof_signatures "wycheproof_raw.jsonl.gz" 5_241 rows, 0 open ones taken;
}

/// What the host gets is a key of required members alone, and what it can't check the Rust engine decides as it does without a host.
#[test]
fn a_host_that_is_unable_changes_no_verdict() {
    for row in lines("wycheproof_jws.jsonl.gz") {
        let asked = judged(&row, &Host::of_all(FastEngine), |request| {
            let members: Value = serde_json::from_str(&request.jwk).expect("JSON");
            let only = ["crv", "e", "kty", "n", "x", "y"];
            assert!(members.as_object().expect("an object").keys().all(|name| only.contains(&name.as_str())), "{row}");
            assert!(Jwk::parse(request.jwk.as_bytes(), &FastEngine).is_ok(), "{row}");
            assert!(
                !request.alg.is_empty() && !request.signature.is_empty() && request.message.contains(&b'.'),
                "{row}"
            );
            HostVerdict::Unable
        });
        assert_eq!(asked.verdict, by_rust(&row).verdict, "{row}");
    }
}

/// The host's word counts for signatures alone: "fails" refuses whatever it was asked for, and "holds" takes no signature whose form
/// can't hold.
#[test]
fn what_the_host_says_decides_signatures_alone() {
    for row in lines("wycheproof_jws.jsonl.gz") {
        let failing = judged(&row, &Host::of_all(FastEngine), |_| HostVerdict::Fails);
        assert_ne!(failing.verdict, Verdict::Accepted, "{row}");
        let holding = judged(&row, &Host::of_all(FastEngine), |_| HostVerdict::Holds);
        let alone = by_rust(&row).verdict;
        if holding.verdict != alone {
            assert_eq!((holding.verdict, alone), (Verdict::Accepted, Verdict::Refused("signature_invalid")), "{row}");
        }
    }
}

/// A signature covers every bit of header and payload, and no bit of it may change.
#[test]
fn rfc7515_tokens_with_any_one_byte_changed_are_refused() {
    for row in lines("rfc7515.jsonl") {
        let mut row: Value = serde_json::from_str(&row).expect("JSON");
        let token = row["token"].as_str().expect("a token").to_owned();
        for at in (0..token.len()).step_by(7) {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            row["token"] = String::from_utf8(changed).expect("ASCII").into();
            assert_ne!(by_rust(&row.to_string()).verdict, Verdict::Accepted, "byte {at} of {}", row["id"]);
        }
    }
}

/// A row the judge can't read is a disagreement with a reason, whatever its label.
#[test]
fn rows_that_are_not_of_the_format_never_agree() {
    let rows = [
        "",
        "[]",
        r#"{"layer":"jws","expect":"invalid"}"#,
        r#"{"layer":"jws","expect":"good","token":"a.b.c"}"#,
        r#"{"layer":"jwe","expect":"invalid","token":"a.b.c"}"#,
        r#"{"layer":"jwks_import","expect":"invalid"}"#,
        r#"{"layer":"jwks_import","expect":"invalid","jwks_text":"{\"keys\":[]}","usable_keys":"none"}"#,
    ];
    for row in rows {
        let judgement = by_rust(row);
        assert_eq!(judgement.agrees(), Some(false), "{row}");
    }
}

/// Half a surrogate pair in a row is no reason to give up on it.
#[test]
fn rows_with_characters_that_are_none_are_judged() {
    for token in [r"\ud800.a.b", r"\\\udc00\ud83d\ude00.a.b", r"\ud800\\u0041", r"\ud800A\n"] {
        let judgement = by_rust(&format!(r#"{{"layer":"jws","expect":"invalid","token":"{token}"}}"#));
        assert_eq!(judgement.agrees(), Some(true), "{token}: {:?}", judgement.verdict);
        assert!(matches!(judgement.verdict, Verdict::Refused(_)), "{token}: {:?}", judgement.verdict);
    }
}
