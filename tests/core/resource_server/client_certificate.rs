//! Tokens that are bound to the client's certificate (RFC 8705 section 3), from the outside.

use edgeward::resource_server::{ClientCertificate, Decision, Request};
use serde_json::{Value, json};

use crate::{
    dpop_gate::{jkt, proof},
    outside::{
        AUDIENCE, ISSUER, NOW, World, claims, claims_with, code, header, introspecting_policy, merged, policy, refused,
    },
    policy::paths,
    signing::{Key, encode, key_set},
};

/// Digests of two certificates.
const DIGEST: [u8; 32] = [0xab; 32];
const OTHER: [u8; 32] = [0xac; 32];

fn hex(digest: [u8; 32]) -> String {
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from_digit(digit.into(), 16).unwrap()).collect()
}

fn world_of(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(key_set());
    world
}

#[expect(clippy::needless_pass_by_value, reason = "it is written out in each call")]
fn taking_certificates(mtls: Value) -> Value {
    merged(policy(), json!({ "mtls": mtls }))
}

fn world() -> World {
    world_of(&taking_certificates(json!({})))
}

#[expect(clippy::needless_pass_by_value, reason = "it is written out in each call")]
fn bound_by(cnf: Value) -> String {
    Key::Ec.sign(&claims_with(json!({ "cnf": cnf })))
}

fn bound() -> String {
    bound_by(json!({ "x5t#S256": encode(&DIGEST) }))
}

/// Sends a token over a connection with this certificate.
fn ask(world: &mut World, token: &str, client_certificate: Option<ClientCertificate<'_>>) -> &'static str {
    verdict(world.call(&Request {
        method: "GET",
        path: "/me",
        authorization: Some(&format!("Bearer {token}")),
        client_certificate,
        ..Request::default()
    }))
}

/// "passes", or the private code; always with status 401 and `invalid_token`.
fn verdict(decision: Decision) -> &'static str {
    let response = match decision {
        Decision::Forward(_) => return "passes",
        Decision::Respond(response) => response,
    };
    assert_eq!(response.status, 401);
    assert!(header(&response.headers, "www-authenticate").unwrap().contains("error=\"invalid_token\""));
    code(&response)
}

/// Section 3: a bound token passes over a connection with its certificate alone, known or not.
#[test]
fn a_bound_token_passes_with_its_certificate_alone() {
    let (own, other) = (encode(&DIGEST), encode(&OTHER));
    let mut world = world();
    let (bound, unbound) = (bound(), Key::Ec.sign(&claims()));
    for _ in 0..2 {
        assert_eq!(ask(&mut world, &bound, None), "proof_of_possession_missing");
        assert_eq!(ask(&mut world, &bound, Some(ClientCertificate::Thumbprint(&other))), "certificate_mismatch");
        assert_eq!(ask(&mut world, &bound, Some(ClientCertificate::Thumbprint(&own))), "passes");
        // A token that is bound to nothing is a bearer token, whatever the connection.
        assert_eq!(ask(&mut world, &unbound, None), "passes");
        assert_eq!(ask(&mut world, &unbound, Some(ClientCertificate::Thumbprint(&other))), "passes");
    }
    for bad in ["", "x", &own[1..], &format!("{own}="), &hex(DIGEST)] {
        assert_eq!(ask(&mut world, &bound, Some(ClientCertificate::Thumbprint(bad))), "certificate_untrusted", "{bad}");
    }
    // Without `mtls` in the policy nothing opens it.
    let mut plain = world_of(&policy());
    assert_eq!(ask(&mut plain, &bound, Some(ClientCertificate::Thumbprint(&own))), "proof_of_possession_missing");
}

/// Section 6.2: whether a certificate that nobody has verified counts is the policy's choice. One that was revoked never does, nor one whose state is
/// not told as it should be.
#[test]
fn which_certificates_count() {
    let digest = hex(DIGEST);
    let judge = |policy: &Value, verified: &str, revoked: &str, fingerprint_sha256: &str| {
        let certificate = ClientCertificate::TlsClientAuth { verified, revoked, fingerprint_sha256 };
        ask(&mut world_of(policy), &bound(), Some(certificate))
    };
    let default = taking_certificates(json!({}));
    let verified = taking_certificates(json!({ "certificates": "verified" }));
    let any = taking_certificates(json!({ "certificates": "any" }));
    for (state, of_verified, of_any) in [
        ("SUCCESS", "passes", "passes"),
        ("FAILED:self signed certificate", "certificate_untrusted", "passes"),
        ("FAILED:certificate has expired", "certificate_untrusted", "passes"),
        ("FAILED", "certificate_untrusted", "certificate_untrusted"),
        ("NONE", "certificate_untrusted", "certificate_untrusted"),
        ("success", "certificate_untrusted", "certificate_untrusted"),
        ("", "certificate_untrusted", "certificate_untrusted"),
        ("undefined", "certificate_untrusted", "certificate_untrusted"),
    ] {
        assert_eq!(judge(&default, state, "0", &digest), of_verified, "{state}");
        assert_eq!(judge(&verified, state, "0", &digest), of_verified, "{state}");
        assert_eq!(judge(&any, state, "0", &digest), of_any, "{state}");
        for revoked in ["1", "", "undefined"] {
            assert_eq!(judge(&any, state, revoked, &digest), "certificate_untrusted", "{state} {revoked}");
        }
    }
    assert_eq!(judge(&default, "SUCCESS", "0", &digest.to_uppercase()), "passes");
    assert_eq!(judge(&default, "SUCCESS", "0", &hex(OTHER)), "certificate_mismatch");
    for bad in ["", "ab", &digest[1..], &format!("{digest}ab"), &digest.replace('a', "g"), &encode(&DIGEST)] {
        assert_eq!(judge(&any, "SUCCESS", "0", bad), "certificate_untrusted", "{bad}");
    }
}

/// RFC 9449 section 7.1 and RFC 8705 section 3: who is bound to a key and a certificate has to prove both.
#[test]
fn a_token_with_two_bindings_needs_both() {
    let token = bound_by(json!({ "jkt": jkt(Key::Ec), "x5t#S256": encode(&DIGEST) }));
    let (own, other) = (encode(&DIGEST), encode(&OTHER));
    let both = merged(taking_certificates(json!({})), json!({ "dpop": { "replay": "memory" } }));
    let send = |policy: &Value, by: Option<Key>, thumbprint: Option<&str>| {
        let mut world = world_of(policy);
        let proof = by.map(|key| proof(key, &token, json!({})));
        let authorization = if proof.is_some() { format!("DPoP {token}") } else { format!("Bearer {token}") };
        let mut ask = || {
            verdict(world.call(&Request {
                method: "GET",
                path: "/me",
                authorization: Some(&authorization),
                dpop: proof.as_deref(),
                url_origin: Some("https://api.example"),
                client_certificate: thumbprint.map(ClientCertificate::Thumbprint),
                ..Request::default()
            }))
        };
        let first = ask();
        // What did not pass has used up no proof.
        if first != "passes" {
            assert_eq!(ask(), first);
        }
        first
    };
    assert_eq!(send(&both, Some(Key::Ec), Some(&own)), "passes");
    assert_eq!(send(&both, Some(Key::Ec), Some(&other)), "certificate_mismatch");
    assert_eq!(send(&both, Some(Key::Ec), None), "proof_of_possession_missing");
    assert_eq!(send(&both, Some(Key::Rsa), Some(&own)), "proof_key_mismatch");
    assert_eq!(send(&both, None, Some(&own)), "proof_of_possession_missing");
    // Where only one of them is taken, nobody could prove the other.
    assert_eq!(send(&taking_certificates(json!({})), None, Some(&own)), "proof_of_possession_missing");
}

/// Bindings that are malformed, or of another kind, are proved by no certificate.
#[test]
fn bindings_that_are_not_known_do_not_pass() {
    let own = encode(&DIGEST);
    for cnf in [
        json!({}),
        json!({ "x5t#S256": "" }),
        json!({ "x5t#S256": 1 }),
        json!({ "x5t#S256": format!("{own}=") }),
        json!({ "x5t#S256": hex(DIGEST) }),
        json!({ "x5t#S256": &own, "kid": "x" }),
        json!({ "x5t": &own }),
        json!({ "jkt": &own }),
    ] {
        let verdict = ask(&mut world(), &bound_by(cnf.clone()), Some(ClientCertificate::Thumbprint(&own)));
        assert_eq!(verdict, "proof_of_possession_missing", "{cnf}");
    }
}

/// Section 3.2: an opaque token is bound by what introspection says, and a JWT by that as well; the two must not differ.
#[test]
fn introspection_binds_tokens() {
    let (own, other) = (encode(&DIGEST), encode(&OTHER));
    let judge = |token: &str, cnf: Value, thumbprint: Option<&str>| {
        let mut world = world_of(&merged(introspecting_policy(), json!({ "mtls": {} })));
        let said = json!({ "active": true, "iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60, "scope": "admin" });
        world.introspection = Some(merged(said, json!({ "cnf": cnf })).to_string());
        verdict(world.call(&Request {
            method: "GET",
            path: "/admin",
            authorization: Some(&format!("Bearer {token}")),
            client_certificate: thumbprint.map(ClientCertificate::Thumbprint),
            ..Request::default()
        }))
    };
    let of_own = json!({ "x5t#S256": own });
    for token in ["opaque", &Key::Ec.sign(&claims()), &bound()] {
        assert_eq!(judge(token, of_own.clone(), Some(&own)), "passes");
        assert_eq!(judge(token, of_own.clone(), Some(&other)), "certificate_mismatch");
        assert_eq!(judge(token, of_own.clone(), None), "proof_of_possession_missing");
    }
    assert_eq!(judge(&bound(), Value::Null, Some(&own)), "passes");
    assert_eq!(judge(&bound(), Value::Null, None), "proof_of_possession_missing");
    for thumbprint in [&own, &other] {
        let contradiction = judge(&bound(), json!({ "x5t#S256": other }), Some(thumbprint));
        assert_eq!(contradiction, "proof_of_possession_missing");
    }
}

/// A route may take tokens alone that are bound in this way, or in one of two.
#[test]
fn routes_may_take_bound_tokens_alone() {
    let own = encode(&DIGEST);
    let judge = |constraint: Value, token: &str| {
        let routes = json!([{ "path": "/me", "sender_constraint": constraint }]);
        let both = json!({ "mtls": {}, "dpop": { "replay": "memory" }, "routes": routes });
        ask(&mut world_of(&merged(policy(), both)), token, Some(ClientCertificate::Thumbprint(&own)))
    };
    for (constraint, expected) in
        [(json!("mtls"), "passes"), (json!(["dpop", "mtls"]), "passes"), (json!("dpop"), "token_not_for_route")]
    {
        assert_eq!(judge(constraint.clone(), &bound()), expected);
        assert_eq!(judge(constraint, &Key::Ec.sign(&claims())), "token_not_for_route");
    }
    let of_key = bound_by(json!({ "jkt": jkt(Key::Ec) }));
    assert_eq!(judge(json!("mtls"), &of_key), "token_not_for_route");
    let without = json!({ "routes": [{ "path": "/x", "sender_constraint": "mtls" }] });
    assert_eq!(paths(&merged(policy(), without)), ["routes[0].sender_constraint"]);
    for bad in [json!({ "certificates": "none" }), json!({ "certificates": null }), json!({ "certificates": true })] {
        assert_eq!(paths(&taking_certificates(bad)), ["mtls.certificates"]);
    }
}

/// Section 3.3, RFC 9728 section 2: the metadata says that tokens may be bound to certificates, where they may.
#[test]
fn the_metadata_says_so() {
    for (mtls, expected) in [(json!({}), json!(true)), (Value::Null, Value::Null)] {
        let metadata = json!({ "resource": "https://api.example" });
        let policy = merged(taking_certificates(mtls), json!({ "resource_metadata": metadata }));
        let path = "/.well-known/oauth-protected-resource";
        let response = refused(world_of(&policy).call(&Request { method: "GET", path, ..Request::default() }));
        let said: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(said["tls_client_certificate_bound_access_tokens"], expected);
    }
}
