//! Nonces that the gate gives out and demands of proofs (RFC 9449 sections 8 and 9).

use std::collections::BTreeSet;

use edgeward::{
    Error,
    crypto::FastEngine,
    resource_server::{Decision, Gate, Policy, Response},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    dpop_gate::{bound_to, proof, send},
    outside::{NOW, World, code, forwarded, header, merged, policy, refused},
    signing::{Key, encode, key_set},
};

const SECRET: &str = "a secret of 32 bytes, or of more";
const LIFETIME: u64 = 100;

fn policy_with(changes: Value) -> Value {
    let dpop = json!({
        "replay": "memory", "max_age_seconds": 300, "nonce_secret_binding": "NONCE_SECRET", "nonce_lifetime_seconds": LIFETIME,
    });
    merged(policy(), json!({ "dpop": merged(dpop, changes) }))
}

fn gate_of(policy: &Value, secret: &str) -> Result<Gate, Error> {
    let policy = Policy::parse(&policy.to_string())?;
    Gate::new(policy, vec![("NONCE_SECRET".into(), secret.into())], Box::new(FastEngine))
}

fn world_with(secret: &str, changes: Value) -> World {
    let mut world = World::with(gate_of(&policy_with(changes), secret).unwrap());
    world.key_set = Some(key_set());
    world
}

fn world() -> World {
    world_with(SECRET, json!({}))
}

/// Sends a bound token with a proof that was made now, with this nonce.
fn ask(world: &mut World, jti: &str, nonce: Option<&str>, changes: Value) -> Decision {
    let token = bound_to(Key::Ec);
    let claims = merged(json!({ "jti": jti, "nonce": nonce, "iat": world.now }), changes);
    send(world, "/me", &format!("DPoP {token}"), Some(&proof(Key::Ec, &token, claims)))
}

/// The nonce of a refusal that says to use it.
fn told(decision: Decision) -> String {
    let response = refused(decision);
    assert_eq!((response.status, code(&response)), (401, "proof_nonce_mismatch"));
    let challenge = header(&response.headers, "www-authenticate").unwrap();
    assert!(challenge.starts_with(r#"DPoP realm="edgeward test", error="use_dpop_nonce", "#), "{challenge}");
    assert!(challenge.contains("algs=\""), "{challenge}");
    assert!(response.body.contains(r#""error":"use_dpop_nonce""#), "{}", response.body);
    assert_eq!(header(&response.headers, "cache-control"), Some("no-store"));
    nonce_of(&response).unwrap().to_owned()
}

fn nonce_of(response: &Response) -> Option<&str> {
    header(&response.headers, "dpop-nonce")
}

/// The nonce that a good answer carries.
fn given(decision: Decision) -> Option<String> {
    let headers = forwarded(decision).response_headers;
    let nonce = header(&headers, "dpop-nonce").map(ToOwned::to_owned);
    // RFC 9449 section 8.2: no cache may give it to others.
    assert_eq!(header(&headers, "cache-control"), nonce.as_ref().map(|_| "no-store"));
    nonce
}

/// Section 9: a proof without a nonce is answered with one, and the same request with it passes; what was refused used up no proof.
#[test]
fn a_proof_without_a_nonce_is_told_which_to_use() {
    let mut world = world();
    let nonce = told(ask(&mut world, "a", None, json!({})));
    // Section 8.1: NQCHAR, and no more than a header takes.
    assert!(nonce.len() == 43 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(told(ask(&mut world, "a", None, json!({}))), nonce);
    assert_eq!(given(ask(&mut world, "a", Some(&nonce), json!({}))), None);
    let again = refused(ask(&mut world, "a", Some(&nonce), json!({})));
    assert_eq!(code(&again), "proof_replayed");
    assert_eq!(nonce_of(&again), None);
    assert_eq!(given(ask(&mut world, "b", Some(&nonce), json!({}))), None);
}

/// Sections 8.2 and 9: the nonce before the present one is taken, and the answer has the next; an older one is refused, and so is one to come.
#[test]
fn nonces_grow_old_by_steps() {
    let mut world = world();
    world.now = NOW - NOW % LIFETIME;
    let first = told(ask(&mut world, "a", None, json!({})));
    world.now += LIFETIME - 1;
    assert_eq!(given(ask(&mut world, "b", Some(&first), json!({}))), None);
    world.now += 1;
    let second = given(ask(&mut world, "c", Some(&first), json!({}))).unwrap();
    assert_eq!(given(ask(&mut world, "d", Some(&second), json!({}))), None);
    world.now += LIFETIME - 1;
    assert_eq!(given(ask(&mut world, "e", Some(&first), json!({}))).as_ref(), Some(&second));
    world.now += 1;
    let third = told(ask(&mut world, "f", Some(&first), json!({})));
    assert_eq!(given(ask(&mut world, "g", Some(&second), json!({}))).as_ref(), Some(&third));
    world.now -= 2 * LIFETIME;
    assert_eq!(told(ask(&mut world, "h", Some(&third), json!({}))), first);
    assert_eq!(BTreeSet::from([first, second, third]).len(), 3);
}

/// Gates that share the secret take each other's nonces; with another secret or another length of steps they don't.
#[test]
fn gates_that_share_the_secret_take_each_others_nonces() {
    let nonce = told(ask(&mut world(), "a", None, json!({})));
    assert_eq!(given(ask(&mut world(), "a", Some(&nonce), json!({}))), None);
    let mut other = world_with("another secret of 32 bytes, or more", json!({}));
    assert_ne!(told(ask(&mut other, "a", Some(&nonce), json!({}))), nonce);
    let mut slower = world_with(SECRET, json!({ "nonce_lifetime_seconds": 3_600 }));
    told(ask(&mut slower, "a", Some(&nonce), json!({})));
}

/// RFC 2104 section 2, written out: what is authenticated is the version and the number of the step, as eight bytes in network order.
#[test]
fn a_nonce_is_an_authenticated_step() {
    let mut block = [0; 64];
    block[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    let text = [b"edgeward DPoP nonce 1\0".as_slice(), &(NOW / LIFETIME).to_be_bytes()].concat();
    let inner = Sha256::digest([block.map(|byte| byte ^ 0x36).as_slice(), &text].concat());
    let outer = Sha256::digest([block.map(|byte| byte ^ 0x5c).as_slice(), &inner].concat());
    assert_eq!(told(ask(&mut world(), "a", None, json!({}))), encode(&outer));
}

/// Section 7.1: who can't make a good proof gets no nonce; a proof that is bad otherwise is `invalid_dpop_proof`, with the right nonce or without.
#[test]
fn a_proof_that_is_bad_otherwise_is_told_so() {
    let good = told(ask(&mut world(), "a", None, json!({})));
    for nonce in [None, Some(good.as_str()), Some("x")] {
        for (changes, expected) in [
            (json!({ "htm": "POST" }), "proof_request_mismatch"),
            (json!({ "iat": NOW - 301 }), "proof_too_old"),
            (json!({ "ath": "x" }), "proof_token_mismatch"),
            (json!({ "jti": "" }), "proof_invalid"),
        ] {
            let response = refused(ask(&mut world(), "a", nonce, changes));
            assert_eq!(code(&response), expected, "{nonce:?}");
            assert_eq!(nonce_of(&response), None);
            assert!(header(&response.headers, "www-authenticate").unwrap().contains("error=\"invalid_dpop_proof\""));
        }
        let token = bound_to(Key::Ec);
        let stolen = proof(Key::Rsa, &token, json!({ "nonce": nonce }));
        let response = refused(send(&mut world(), "/me", &format!("DPoP {token}"), Some(&stolen)));
        assert_eq!((code(&response), nonce_of(&response)), ("proof_key_mismatch", None));
    }
    // A nonce that is no text is none of ours.
    assert_eq!(code(&refused(ask(&mut world(), "a", None, json!({ "nonce": 1 })))), "proof_invalid");
    // Nothing else is answered with a nonce, and none is needed for a token that is bound to nothing.
    let unbound = Key::Ec.sign(&crate::outside::claims());
    assert_eq!(given(world().get("/me", &unbound)), None);
    assert_eq!(nonce_of(&refused(world().get("/me", &bound_to(Key::Ec)))), None);
}

/// Section 11.1: with Durable Objects they are asked about a proof with a good nonce alone, and the next nonce comes with their good answer.
#[test]
fn a_shared_memory_of_proofs_is_asked_after_the_nonce() {
    let mut world = world_with(SECRET, json!({ "replay": null, "replay_binding": "DPOP_REPLAY" }));
    world.proof_use = Some("new");
    let first = told(ask(&mut world, "a", None, json!({})));
    assert_eq!(world.proofs, []);
    assert_eq!(given(ask(&mut world, "a", Some(&first), json!({}))), None);
    world.now += LIFETIME;
    let second = given(ask(&mut world, "b", Some(&first), json!({}))).unwrap();
    assert_ne!(second, first);
    world.proof_use = Some("used");
    assert_eq!(code(&refused(ask(&mut world, "b", Some(&first), json!({})))), "proof_replayed");
}

/// A policy that demands nonces has a secret that nobody guesses, and is told where not.
#[test]
fn the_secret_is_there_and_long_enough() {
    let problems = |policy: &Value, secret: &str| match gate_of(policy, secret) {
        Ok(_) => Vec::new(),
        Err(Error::PolicyInvalid { problems }) => problems.into_iter().map(|problem| problem.path).collect(),
        Err(error) => panic!("{error:?}"),
    };
    let good = policy_with(json!({}));
    assert_eq!(problems(&good, &"x".repeat(32)), [""; 0]);
    assert_eq!(problems(&good, &"x".repeat(31)), ["dpop.nonce_secret_binding"]);
    assert_eq!(problems(&good, ""), ["NONCE_SECRET"]);
    let parsed = Policy::parse(&good.to_string()).unwrap();
    assert_eq!(parsed.secret_bindings(), ["NONCE_SECRET"]);
    // A lifetime alone demands nothing, and who wrote it meant to.
    let alone = policy_with(json!({ "nonce_secret_binding": null }));
    assert_eq!(problems(&alone, SECRET), ["dpop.nonce_lifetime_seconds"]);
    for (seconds, is_good) in [(9, false), (10, true), (3_600, true), (3_601, false)] {
        let found = problems(&policy_with(json!({ "nonce_lifetime_seconds": seconds })), SECRET);
        assert_eq!(found.is_empty(), is_good, "{seconds}: {found:?}");
    }
    let gate = gate_of(&good, SECRET).unwrap();
    assert!(!format!("{gate:?}").contains("32 bytes"));
}
