//! DPoP at the gate (RFC 9449 section 7): which token needs a proof, which proof is good for which request, and what callers are told.

use edgeward::{
    crypto::{FastEngine, Host},
    jose::Jwk,
    resource_server::{Decision, Gate, Policy, Request},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    outside::{
        AUDIENCE, ISSUER, NOW, SECRET, World, claims, claims_with, code, forwarded, header, introspecting_policy,
        merged, onward, policy, refused, verdict,
    },
    proofs::public_jwk,
    signing::{Key, encode, key_set},
};

const ORIGIN: &str = "https://api.example";

/// A policy that takes proofs, whatever else it says.
pub(crate) fn taking_proofs(policy: Value) -> Value {
    merged(policy, json!({ "dpop": { "replay": "memory" } }))
}

/// A gate that takes proofs, and its issuer's keys.
pub(crate) fn world() -> World {
    world_of(&taking_proofs(policy()))
}

fn world_of(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world
}

pub(crate) fn jkt(key: Key) -> String {
    Jwk::parse(public_jwk(key).to_string().as_bytes(), &FastEngine).unwrap().key().thumbprint()
}

/// An access token that is bound to this key.
pub(crate) fn bound_to(key: Key) -> String {
    Key::Rsa.sign(&claims_with(json!({ "cnf": { "jkt": jkt(key) } })))
}

/// A proof by this key for a request with this token, with changes to its claims.
pub(crate) fn proof(key: Key, token: &str, changes: Value) -> String {
    let claims = json!({
        "jti": "p-1", "htm": "GET", "htu": format!("{ORIGIN}/me"), "iat": NOW, "ath": encode(&Sha256::digest(token)),
    });
    key.sign_with(&json!({ "typ": "dpop+jwt", "alg": key.alg(), "jwk": public_jwk(key) }), &merged(claims, changes))
}

/// Sends these credentials and this proof.
pub(crate) fn send(world: &mut World, path: &str, authorization: &str, proof: Option<&str>) -> Decision {
    world.call(&Request {
        method: "GET",
        path,
        authorization: Some(authorization),
        dpop: proof,
        url_origin: Some(ORIGIN),
        ..Request::default()
    })
}

fn ask(world: &mut World, token: &str, proof: &str) -> Decision {
    send(world, "/me", &format!("DPoP {token}"), Some(proof))
}

/// RFC 9449 section 7.1: a bound token with a proof passes, on the whole way and when the token is known.
#[test]
fn a_bound_token_passes_with_its_proof() {
    for key in Key::BOTH {
        let (mut world, token) = (world(), bound_to(key));
        for jti in ["p-1", "p-2", "p-3"] {
            let forward = forwarded(ask(&mut world, &token, &proof(key, &token, json!({ "jti": jti }))));
            assert_eq!(onward(&forward, "edgeward-sub").as_deref(), Some("user-1"));
        }
        for scheme in ["dpop", "DPOP", "DPoP "] {
            let proof = proof(key, &token, json!({ "jti": scheme }));
            forwarded(send(&mut world, "/me", &format!("{scheme} {token}"), Some(&proof)));
        }
    }
}

/// RFC 9449 section 4.3: a proof is for one method, one URL, one token, one key and a short time.
#[test]
fn a_proof_for_something_else_does_not_pass() {
    let token = bound_to(Key::Ec);
    for (changes, status, expected) in [
        (json!({ "htm": "POST" }), 401, "proof_request_mismatch"),
        (json!({ "htu": format!("{ORIGIN}/data") }), 401, "proof_request_mismatch"),
        (json!({ "htu": "https://other.example/me" }), 401, "proof_request_mismatch"),
        (json!({ "htu": "http://api.example/me" }), 401, "proof_request_mismatch"),
        (json!({ "ath": encode(&Sha256::digest("another")) }), 401, "proof_token_mismatch"),
        (json!({ "ath": null }), 401, "proof_invalid"),
        (json!({ "jti": null }), 401, "proof_invalid"),
        (json!({ "iat": NOW - 61 }), 401, "proof_too_old"),
        (json!({ "iat": NOW + 31 }), 401, "proof_invalid"),
    ] {
        let mut world = world();
        // Known or not, the token opens nothing by itself.
        for _ in 0..2 {
            let response = refused(ask(&mut world, &token, &proof(Key::Ec, &token, changes.clone())));
            assert_eq!((response.status, code(&response)), (status, expected), "{changes}");
            let challenge = header(&response.headers, "www-authenticate").unwrap();
            assert!(
                challenge.starts_with(r#"DPoP realm="edgeward test", error="invalid_dpop_proof", "#),
                "{challenge}"
            );
        }
        forwarded(ask(&mut world, &token, &proof(Key::Ec, &token, json!({ "iat": NOW - 60, "nonce": "any" }))));
    }
    // Another key than the token's, with everything else right (RFC 9449 section 7.1, figure 14).
    let response = refused(ask(&mut world(), &token, &proof(Key::Rsa, &token, json!({}))));
    assert_eq!((response.status, code(&response)), (401, "proof_key_mismatch"));
    assert!(
        header(&response.headers, "www-authenticate")
            .unwrap()
            .contains(r#"DPoP realm="edgeward test", error="invalid_token""#)
    );
}

/// RFC 9449 section 4.3 step 1 and section 7.1: exactly one proof, and one way to send the token.
#[test]
fn no_proof_two_proofs_and_two_schemes_do_not_pass() {
    let token = bound_to(Key::Ec);
    let good = proof(Key::Ec, &token, json!({}));
    let other = proof(Key::Ec, &token, json!({ "jti": "p-2" }));
    let with_dpop = format!("DPoP {token}");
    for (proof, expected) in [
        (None, "proof_missing"),
        (Some(String::new()), "proof_invalid"),
        (Some(format!("{good}, {other}")), "proof_invalid"),
        (Some(format!("{good}, {good}")), "proof_invalid"),
        (Some(token.clone()), "proof_invalid"),
        (Some(proof(Key::Ec, &token, json!({ "x": "a".repeat(6 * 1024) }))), "proof_invalid"),
    ] {
        assert_eq!(verdict(send(&mut world(), "/me", &with_dpop, proof.as_deref())), (401, expected));
    }
    for authorization in
        [format!("DPoP {token}, Bearer {token}"), format!("Bearer {token}, DPoP {token}"), "DPoP".into()]
    {
        let decision = send(&mut world(), "/me", &authorization, Some(&good));
        assert_eq!(verdict(decision), (400, "credentials_malformed"), "{authorization:.20}");
    }
    let in_url = Request {
        method: "GET",
        path: "/me",
        query: Some("access_token=x"),
        authorization: Some(&with_dpop),
        dpop: Some(&good),
        url_origin: Some(ORIGIN),
        ..Request::default()
    };
    assert_eq!(verdict(world().call(&in_url)), (400, "credentials_malformed"));
}

/// RFC 9449 sections 7.1 and 7.2: no downgrade. A bound token is no bearer token, and an unbound one needs no proof.
#[test]
fn scheme_and_binding_must_agree() {
    let (bound, unbound) = (bound_to(Key::Ec), Key::Rsa.sign(&claims()));
    let mut world = world();
    for _ in 0..2 {
        let good = proof(Key::Ec, &bound, json!({}));
        let response = refused(send(&mut world, "/me", &format!("Bearer {bound}"), Some(&good)));
        assert_eq!((response.status, code(&response)), (401, "proof_of_possession_missing"));
        let good = proof(Key::Ec, &unbound, json!({}));
        let response = refused(ask(&mut world, &unbound, &good));
        assert_eq!((response.status, code(&response)), (401, "token_unbound"));
        forwarded(send(&mut world, "/me", &format!("Bearer {unbound}"), Some("whatever")));
    }
}

/// Without `dpop` in the policy there is no such scheme, and a bound token is refused however it comes.
#[test]
fn a_policy_that_takes_no_proofs_takes_no_bound_tokens() {
    let token = bound_to(Key::Ec);
    let good = proof(Key::Ec, &token, json!({}));
    let mut world = world_of(&policy());
    assert_eq!(verdict(ask(&mut world, &token, &good)), (401, "credentials_missing"));
    assert_eq!(verdict(world.get("/me", &token)), (401, "proof_of_possession_missing"));
}

/// Whatever else `cnf` holds is proved by nobody, so its token passes in no way.
#[test]
fn bindings_that_are_not_known_do_not_pass() {
    let jkt = jkt(Key::Ec);
    for cnf in [
        json!({}),
        json!([]),
        json!("x"),
        json!(true),
        json!({ "jkt": "" }),
        json!({ "jkt": 1 }),
        json!({ "jkt": &jkt[1..] }),
        json!({ "jkt": format!("{jkt}=") }),
        json!({ "jwk": public_jwk(Key::Ec) }),
        json!({ "kid": "x" }),
        json!({ "x5t#S256": jkt }),
        json!({ "jkt": jkt, "kid": "x" }),
    ] {
        let token = Key::Rsa.sign(&claims_with(json!({ "cnf": cnf })));
        let mut world = world();
        let good = proof(Key::Ec, &token, json!({}));
        assert_eq!(verdict(ask(&mut world, &token, &good)), (401, "proof_of_possession_missing"), "{cnf}");
        assert_eq!(verdict(world.get("/me", &token)), (401, "proof_of_possession_missing"), "{cnf}");
    }
}

/// RFC 9449 sections 7.1 and 7.2, RFC 6750 section 3: the error is told in the scheme that was used, and who used Bearer learns of DPoP.
#[test]
fn challenges_name_both_schemes() {
    let bound = bound_to(Key::Ec);
    let poor = Key::Rsa.sign(&claims_with(json!({ "cnf": { "jkt": jkt(Key::Ec) }, "scope": "other" })));
    let challenge = |decision| header(&refused(decision).headers, "www-authenticate").unwrap().to_owned();
    let mut world =
        world_of(&merged(policy(), json!({ "dpop": { "replay": "memory", "algorithms": ["ES256", "RS256"] } })));
    let dpop = r#"DPoP realm="edgeward test", algs="ES256 RS256""#;
    let bare = world.call(&Request { method: "GET", path: "/me", ..Request::default() });
    assert_eq!(challenge(bare), format!(r#"Bearer realm="edgeward test", {dpop}"#));
    let as_bearer = concat!(
        r#"Bearer realm="edgeward test", error="invalid_token", "#,
        r#"error_description="The access token is malformed, revoked, or not one for this API""#
    );
    assert_eq!(challenge(world.get("/me", &bound)), format!("{as_bearer}, {dpop}"));
    let in_dpop = concat!(
        r#"DPoP realm="edgeward test", error="insufficient_scope", "#,
        r#"error_description="The access token does not carry the scope that this request needs", scope="data:read", "#,
        r#"algs="ES256 RS256""#
    );
    let decision = send(&mut world, "/data", &format!("DPoP {poor}"), Some("never looked at"));
    assert_eq!(challenge(decision), in_dpop);
    assert!(
        challenge(ask(&mut world, "a b", "x")).starts_with(r#"DPoP realm="edgeward test", error="invalid_request""#)
    );
}

/// RFC 9449 section 4.3: `htu` is the URL as clients see it. Behind another host name the policy says which.
#[test]
fn the_policys_origin_stands_for_the_urls() {
    let token = bound_to(Key::Ec);
    let public = "https://public.example:8443";
    let of_public = json!({ "htu": format!("{public}/me?q#f") });
    let mut world = world_of(&merged(policy(), json!({ "dpop": { "replay": "memory", "origin": public } })));
    assert_eq!(verdict(ask(&mut world, &token, &proof(Key::Ec, &token, json!({})))), (401, "proof_request_mismatch"));
    forwarded(ask(&mut world, &token, &proof(Key::Ec, &token, of_public.clone())));
    assert_eq!(
        verdict(ask(&mut self::world(), &token, &proof(Key::Ec, &token, of_public))),
        (401, "proof_request_mismatch")
    );
    // Who runs the gate and gives no URL gets no proof past it.
    let authorization = format!("DPoP {token}");
    let good = proof(Key::Ec, &token, json!({ "htu": "/me" }));
    let request = Request {
        method: "GET",
        path: "/me",
        authorization: Some(&authorization),
        dpop: Some(&good),
        ..Request::default()
    };
    assert_eq!(verdict(self::world().call(&request)), (401, "proof_request_mismatch"));
}

/// A proof is looked at, and used up, only by a request that would pass without one.
#[test]
fn a_request_that_fails_otherwise_uses_up_no_proof() {
    let token = bound_to(Key::Ec);
    let poor = Key::Rsa.sign(&claims_with(json!({ "cnf": { "jkt": jkt(Key::Ec) }, "scope": "other" })));
    let mut world = world();
    let (with_token, with_poor) = (format!("DPoP {token}"), format!("DPoP {poor}"));
    let for_data = |token: &str| proof(Key::Ec, token, json!({ "htu": format!("{ORIGIN}/data") }));
    assert_eq!(verdict(send(&mut world, "/data", &with_poor, Some(&for_data(&poor)))), (403, "scope_missing"));
    forwarded(send(&mut world, "/data", &with_token, Some(&for_data(&token))));
    assert_eq!(verdict(send(&mut world, "/data", &with_token, Some(&for_data(&token)))), (401, "proof_replayed"));
}

/// RFC 9449 section 6.2: an opaque token is bound by what introspection says, and a JWT by that as well.
#[test]
fn introspection_binds_tokens() {
    let answer = |cnf: Option<String>, kind: Option<&str>| {
        let cnf = cnf.map(|jkt| json!({ "jkt": jkt }));
        merged(
            json!({ "active": true, "iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60, "scope": "admin", "sub": "user-1" }),
            json!({ "cnf": cnf, "token_type": kind }),
        )
    };
    let judge = |answer: &Value, token: &str, by: Option<Key>| {
        let mut world = world_of(&taking_proofs(introspecting_policy()));
        world.introspection = Some(answer.to_string());
        let htu = json!({ "htu": format!("{ORIGIN}/admin") });
        let decision = match by {
            Some(key) => send(&mut world, "/admin", &format!("DPoP {token}"), Some(&proof(key, token, htu))),
            None => world.get("/admin", token),
        };
        match decision {
            Decision::Forward(_) => "passes",
            Decision::Respond(response) => code(&response),
        }
    };
    let (unbound, bound) = (Key::Rsa.sign(&claims()), bound_to(Key::Ec));
    for kind in [None, Some("DPoP"), Some("dpop"), Some("Bearer")] {
        let of_ec = answer(Some(jkt(Key::Ec)), kind);
        for token in ["opaque", &unbound, &bound] {
            assert_eq!(judge(&of_ec, token, Some(Key::Ec)), "passes");
            assert_eq!(judge(&of_ec, token, Some(Key::Rsa)), "proof_key_mismatch");
            assert_eq!(judge(&of_ec, token, None), "proof_of_possession_missing");
        }
    }
    // What it does not say, it does not take away; and it must not contradict the token.
    assert_eq!(judge(&answer(None, None), &bound, Some(Key::Ec)), "passes");
    assert_eq!(judge(&answer(None, None), &bound, None), "proof_of_possession_missing");
    assert_eq!(judge(&answer(None, None), &unbound, None), "passes");
    for by in [None, Some(Key::Ec), Some(Key::Rsa)] {
        assert_eq!(judge(&answer(Some(jkt(Key::Rsa)), None), &bound, by), "proof_of_possession_missing");
    }
    // A type without a binding says two things.
    assert_eq!(judge(&answer(None, Some("DPoP")), "opaque", Some(Key::Ec)), "type_mismatch");
    assert_eq!(judge(&answer(None, Some("DPoP")), "opaque", None), "type_mismatch");
}

/// The host is asked about a proof's signature as about a token's, and what it says is about this proof alone.
#[test]
fn the_host_checks_proofs_that_the_core_leaves_to_it() {
    let token = Key::Ec.sign(&claims_with(json!({ "cnf": { "jkt": jkt(Key::Rsa) } })));
    for (said, expected) in
        [(Some("holds"), None), (Some("fails"), Some("proof_invalid")), (None, Some("proof_invalid"))]
    {
        let policy_of_host = Policy::parse(&taking_proofs(policy()).to_string()).unwrap();
        let engine = Host::of(FastEngine, [&edgeward::jose::algorithm::RS256]);
        let mut world = world();
        world.gate = Gate::new(policy_of_host, vec![("X".into(), SECRET.into())], Box::new(engine)).unwrap();
        world.host = said;
        let forged = {
            let good = proof(Key::Rsa, &token, json!({}));
            let (input, signature) = good.rsplit_once('.').unwrap();
            format!("{input}.{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..])
        };
        match ask(&mut world, &token, &forged) {
            Decision::Forward(_) => assert_eq!(expected, None),
            Decision::Respond(response) => assert_eq!(Some(code(&response)), expected),
        }
        assert_eq!(world.signatures.len(), 1, "the token's is the core's");
        assert_eq!(world.signatures[0].0, "RS256");
    }
}

/// The gate's proofs stay at the gate, in every spelling; where it takes none, the header is none of its business.
#[test]
fn the_clients_proof_does_not_reach_the_origin() {
    assert!(world().gate.drops_header("DPoP"));
    assert!(world().gate.drops_header("dpop"));
    assert!(!world_of(&policy()).gate.drops_header("dpop"));
    // A public route looks at neither token nor proof.
    forwarded(send(&mut world(), "/health", "DPoP x", Some("y")));
}

/// The Fetch standard, section 3.3: pages may send a proof, and read the nonce they have to answer with.
#[test]
fn pages_may_send_proofs() {
    let page = "https://app.example";
    let preflight = Request {
        method: "OPTIONS",
        path: "/data",
        origin: Some(page),
        access_control_request_method: Some("GET"),
        ..Request::default()
    };
    let with_cors = merged(policy(), json!({ "cors": { "origins": [page], "headers": ["x-a"] } }));
    for (policy, allowed, exposed) in [
        (
            taking_proofs(with_cors.clone()),
            "authorization, content-type, dpop, x-a",
            "www-authenticate, retry-after, dpop-nonce",
        ),
        (with_cors, "authorization, content-type, x-a", "www-authenticate, retry-after"),
    ] {
        let response = refused(world_of(&policy).call(&preflight));
        assert_eq!(header(&response.headers, "access-control-allow-headers"), Some(allowed));
        assert_eq!(header(&response.headers, "access-control-expose-headers"), Some(exposed));
    }
}

/// RFC 9449 section 11.1: where others remember, only "new" lets a proof pass, and they are asked last.
#[test]
fn a_shared_memory_of_proofs_is_asked_last_and_only_new_passes() {
    let policy = merged(policy(), json!({ "dpop": { "replay_binding": "DPOP_REPLAY" } }));
    let token = bound_to(Key::Ec);
    for (said, expected) in [
        (Some("new"), None),
        (Some("used"), Some((401, "proof_replayed"))),
        (Some("full"), Some((503, "proof_memory_unavailable"))),
        (Some(""), Some((503, "proof_memory_unavailable"))),
        (Some("NEW"), Some((503, "proof_memory_unavailable"))),
        (None, Some((503, "proof_memory_unavailable"))),
    ] {
        let mut world = world_of(&policy);
        world.proof_use = said;
        for bad in [json!({ "htm": "POST" }), json!({ "iat": NOW - 61 }), json!({ "ath": "x" })] {
            refused(ask(&mut world, &token, &proof(Key::Ec, &token, bad)));
        }
        refused(ask(&mut world, &token, &proof(Key::Rsa, &token, json!({}))));
        refused(send(&mut world, "/data", &format!("DPoP {token}"), Some(&proof(Key::Ec, &token, json!({})))));
        assert_eq!(world.proofs, [], "nobody is asked about what does not pass anyhow");
        match ask(&mut world, &token, &proof(Key::Ec, &token, json!({}))) {
            Decision::Forward(_) => assert_eq!(expected, None),
            Decision::Respond(response) => assert_eq!(Some((response.status, code(&response))), expected, "{said:?}"),
        }
        // Longer than the proof is good, for clocks differ.
        assert_eq!(world.proofs, [(jkt(Key::Ec), encode(&Sha256::digest("p-1")), NOW + 100)]);
    }
}
