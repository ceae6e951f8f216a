//! A gate whose engine leaves signatures to the host: what the host is asked, and what becomes of its answer.

use edgeward::{
    Error,
    crypto::{FastEngine, Host, SignatureEngine},
    jose::algorithm::ALGORITHMS,
    resource_server::{Gate, Policy},
};
use serde_json::{Value, json};

use crate::{
    outside::{NOW, World, claims, claims_with, forwarded, onward, policy, verdict},
    signing::{Key, decode, key_set},
};

fn world(host: Option<&'static str>) -> World {
    let mut world = World::new(&policy());
    let policy = Policy::parse(&policy().to_string()).unwrap();
    world.gate = Gate::new(policy, [].into(), Box::new(Host::of_all(FastEngine))).unwrap();
    world.key_set = Some(key_set());
    world.host = host;
    world
}

/// A token whose signature has one bit changed: the engine refuses it, whatever the host says.
fn forged(key: Key) -> String {
    let token = key.sign(&claims());
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = decode(signature);
    bytes[40] ^= 1;
    format!("{input}.{}", crate::signing::encode(&bytes))
}

/// The host is asked about exactly what the token says, under the key of the issuer's set.
#[test]
fn the_host_is_asked_about_the_token_and_the_issuers_key() {
    for key in Key::BOTH {
        let mut world = world(Some("holds"));
        let token = key.sign(&claims());
        let forward = forwarded(world.get("/data", &token));
        assert_eq!(onward(&forward, "edgeward-sub").as_deref(), claims()["sub"].as_str());
        let (algorithm, jwk, message, signature) = world.signatures.pop().unwrap();
        assert!(world.signatures.is_empty(), "it is asked once");
        assert_eq!(algorithm, key.alg());
        assert_eq!(format!("{message}.{signature}"), token);
        let (jwk, own): (Value, _) = (jwk.parse().unwrap(), key.jwk());
        for (member, value) in jwk.as_object().unwrap() {
            assert_eq!(Some(value), own.get(member), "{member}");
            assert!(!["kid", "use", "alg"].contains(&member.as_str()), "{member}: a host may refuse what it says");
        }
    }
}

#[test]
fn a_signature_that_the_host_refuses_is_refused() {
    for key in Key::BOTH {
        let token = key.sign(&claims());
        assert_eq!(verdict(world(Some("fails")).get("/data", &token)), (401, "signature_invalid"));
    }
}

/// Where the host can't take the key, and where nothing sensible comes back, the engine decides: never the absence of an answer.
#[test]
fn without_a_verdict_of_the_hosts_the_engine_decides() {
    for answer in [Some("unable"), Some(""), Some("true"), Some("HOLDS"), None] {
        for key in Key::BOTH {
            forwarded(world(answer).get("/data", &key.sign(&claims())));
            assert_eq!(verdict(world(answer).get("/data", &forged(key))), (401, "signature_invalid"), "{answer:?}");
        }
    }
}

/// A host that forgives a signature of another length can't make it good.
#[test]
fn the_host_is_not_believed_about_a_signature_of_a_wrong_form() {
    for key in Key::BOTH {
        let token = key.sign(&claims());
        let (input, signature) = token.rsplit_once('.').unwrap();
        let cut = decode(signature);
        let cut = crate::signing::encode(&cut[..cut.len() - 1]);
        let verdict = verdict(world(Some("holds")).get("/data", &format!("{input}.{cut}")));
        assert_eq!(verdict, (401, "signature_invalid"));
    }
}

/// What the host says of a signature says nothing of the claims.
#[test]
fn claims_are_checked_after_the_host_has_answered() {
    for (changes, expected) in [
        (json!({"exp": NOW - 100}), "token_expired"),
        (json!({"aud": "https://other.example"}), "audience_mismatch"),
        (json!({"scope": "other"}), "scope_missing"),
    ] {
        let mut world = world(Some("holds"));
        assert_eq!(verdict(world.get("/data", &Key::Ec.sign(&claims_with(changes)))).1, expected);
        assert_eq!(world.signatures.len(), 1);
    }
}

/// Nothing that fails before the signature costs the host a question.
#[test]
fn the_host_is_not_asked_where_no_key_fits() {
    let mut world = world(Some("holds"));
    let header = json!({"alg": "ES256", "kid": "unknown", "typ": "at+jwt"});
    assert_eq!(verdict(world.get("/data", &Key::Ec.sign_with(&header, &claims()))), (401, "key_unknown"));
    assert!(world.signatures.is_empty());
}

/// What the policy names has to be checkable by whoever checks: the engine, or the host where it is asked.
#[test]
fn an_algorithm_that_the_engine_has_not_is_a_problem_of_the_policys() {
    for algorithm in ALGORITHMS {
        let mut document = policy();
        document["issuers"][0]["algorithms"] = json!([algorithm.name()]);
        let parse = || Policy::parse(&document.to_string()).expect("a name of the table");
        let with = |engine: Box<dyn SignatureEngine>| Gate::new(parse(), [].into(), engine);
        match with(Box::new(FastEngine)) {
            Ok(_) => assert!(algorithm.is_available(), "{algorithm:?}"),
            Err(Error::PolicyInvalid { problems }) => {
                assert!(!algorithm.is_available(), "{algorithm:?}");
                assert_eq!(problems[0].path, "issuers[0].algorithms");
            }
            Err(other) => panic!("{other:?}"),
        }
        assert!(with(Box::new(Host::of(FastEngine, [*algorithm]))).is_ok(), "{algorithm:?}, by the host");
    }
}
