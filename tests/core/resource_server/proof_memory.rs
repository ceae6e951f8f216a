//! The memory of used proofs (RFC 9449 section 11.1), through the gate.

use edgeward::{
    limits,
    resource_server::{Gate, Policy},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    dpop_gate::{bound_to, proof, send, taking_proofs, world},
    engine::TakesAll,
    outside::{NOW, World, forwarded, policy, verdict},
    proofs::public_jwk,
    signing::{Key, encode},
};

fn passes(world: &mut World, token: &str, proof: &str) {
    forwarded(send(world, "/me", &format!("DPoP {token}"), Some(proof)));
}

fn refusal(world: &mut World, token: &str, proof: &str) -> (u16, &'static str) {
    verdict(send(world, "/me", &format!("DPoP {token}"), Some(proof)))
}

/// A proof is good once, to the last second of its time, and not after it.
#[test]
fn a_proof_is_good_once() {
    let token = bound_to(Key::Ec);
    for iat in [NOW - 60, NOW, NOW + 30] {
        let mut world = world();
        let one = proof(Key::Ec, &token, json!({ "iat": iat }));
        passes(&mut world, &token, &one);
        for now in [NOW, NOW.max(iat), iat + 60, NOW] {
            world.now = now;
            assert_eq!(refusal(&mut world, &token, &one), (401, "proof_replayed"), "at {now} of {iat}");
        }
        world.now = iat + 61;
        assert_eq!(refusal(&mut world, &token, &one), (401, "proof_too_old"));
        world.now = NOW;
        passes(&mut world, &token, &proof(Key::Ec, &token, json!({ "jti": "other", "iat": NOW })));
    }
}

/// RFC 9449 section 11.1: an identifier is one of its key; another key's is another, and another token or request makes no difference.
#[test]
fn an_identifier_belongs_to_its_key() {
    let (of_ec, of_rsa) = (bound_to(Key::Ec), bound_to(Key::Rsa));
    let mut world = world();
    passes(&mut world, &of_ec, &proof(Key::Ec, &of_ec, json!({})));
    passes(&mut world, &of_rsa, &proof(Key::Rsa, &of_rsa, json!({})));
    for changes in [json!({ "iat": NOW - 1 }), json!({ "nonce": "n" })] {
        assert_eq!(refusal(&mut world, &of_ec, &proof(Key::Ec, &of_ec, changes)), (401, "proof_replayed"));
    }
}

/// A gate that believes every signature, so that thousands of proofs take little time to make.
fn believing() -> World {
    let mut world = world();
    let policy = Policy::parse(&taking_proofs(policy()).to_string()).unwrap();
    world.gate = Gate::new(policy, Vec::new(), Box::new(TakesAll)).unwrap();
    world
}

fn numbered(key: Key, token: &str, number: usize, iat: u64) -> String {
    let ath = encode(&Sha256::digest(token));
    let htu = "https://api.example/me";
    let header = json!({ "typ": "dpop+jwt", "alg": key.alg(), "jwk": public_jwk(key) });
    let claims = json!({ "jti": number.to_string(), "htm": "GET", "htu": htu, "iat": iat, "ath": ath });
    format!("{}.{}.AAAA", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

/// A full memory takes no new proof and forgets no old one: 503. It goes on when proofs are over.
#[test]
fn one_key_that_fills_its_share_forgets_nothing_and_harms_nobody() {
    let (mut world, token) = (believing(), bound_to(Key::Ec));
    let numbered = |number: usize, iat: u64| numbered(Key::Ec, &token, number, iat);
    let first = numbered(0, NOW);
    passes(&mut world, &token, &first);
    for number in 1..limits::MAX_PROOFS_OF_ONE_KEY {
        passes(&mut world, &token, &numbered(number, NOW - 30));
    }
    let one_more = numbered(limits::MAX_PROOFS_OF_ONE_KEY, NOW);
    assert_eq!(refusal(&mut world, &token, &one_more), (503, "proof_memory_unavailable"));
    assert_eq!(refusal(&mut world, &token, &first), (401, "proof_replayed"));
    let of_rsa = bound_to(Key::Rsa);
    passes(&mut world, &of_rsa, &proof(Key::Rsa, &of_rsa, json!({})));
    world.now = NOW + 31;
    passes(&mut world, &token, &one_more);
    assert_eq!(refusal(&mut world, &token, &first), (401, "proof_replayed"));
}
