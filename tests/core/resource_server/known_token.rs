//! Tokens seen before: they pass without their signature being checked again, and whatever has changed since is looked at.

use edgeward::{
    limits::{FETCH_BACKOFF_SECONDS, KEY_SET_TTL_SECONDS, STALE_IF_ERROR_SECONDS},
    resource_server::Decision,
};
use serde_json::{Value, json};

use crate::{
    counting::{Counted, ending_in, sealed},
    outside::{AUDIENCE, ISSUER, JWKS_URL, NOW, claims, claims_with, forwarded, merged, onward, policy, verdict},
    signing::{Key, key_set},
};

/// What a test sees of a decision: "forward" or the private code, and how many signatures were checked.
fn seen((decision, checks): (Decision, usize)) -> (&'static str, usize) {
    match decision {
        Decision::Forward(_) => ("forward", checks),
        decision @ Decision::Respond(_) => (verdict(decision).1, checks),
    }
}

fn long_lived() -> Value {
    claims_with(json!({ "exp": NOW + 10 * STALE_IF_ERROR_SECONDS }))
}

/// One signature for a token, however many requests it comes with, and the origin is told the same of it each time.
#[test]
fn a_token_that_was_found_good_needs_no_second_signature() {
    for key in Key::BOTH {
        let mut gate = Counted::new(&policy());
        let token = key.sign(&claims());
        let (first, checks) = gate.get("/data", &token);
        assert_eq!(checks, 1);
        let first = forwarded(first);
        for _ in 0..3 {
            let (decision, checks) = gate.get("/data", &token);
            assert_eq!(checks, 0);
            let again = forwarded(decision);
            assert_eq!((again.headers(), &again.url), (first.headers(), &first.url));
            assert_eq!(again.grant.unwrap().token().subject(), Some("user-1"));
        }
        assert_eq!(gate.world.take_fetched(), [JWKS_URL]);
    }
}

/// Attack 19 (CVE-2020-26892): `exp` counts on every request to the second, with the tolerance and no more, and a clock that is
/// set back afterwards finds nothing that was kept.
#[test]
fn a_known_token_expires_to_the_second() {
    for tolerance in [0, 30, 300] {
        let mut document = policy();
        document["issuers"][0]["clock_tolerance_seconds"] = json!(tolerance);
        let mut gate = Counted::new(&document);
        let token = Key::Ec.sign(&claims());
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
        gate.world.now = NOW + 300 + tolerance - 1;
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
        gate.world.now += 1;
        assert_eq!(seen(gate.get("/data", &token)), ("token_expired", 0));
        assert_eq!(seen(gate.get("/data", &token)), ("token_expired", 1), "it is known no more");
        gate.world.now -= 1;
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 1), "as good as without memory, and by its signature");
    }
}

/// The same for `nbf` and `iat` where the clock goes back (RFC 7519 sections 4.1.5 and 4.1.6).
#[test]
fn a_known_token_is_not_taken_before_its_time() {
    for (changes, code) in
        [(json!({ "nbf": NOW + 30 }), "token_not_yet_valid"), (json!({ "iat": NOW + 30 }), "token_issued_in_future")]
    {
        let mut gate = Counted::new(&policy());
        let token = Key::Ec.sign(&claims_with(changes));
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
        gate.world.now = NOW - 1;
        assert_eq!(seen(gate.get("/data", &token)), (code, 0));
        gate.world.now = NOW;
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    }
}

/// Attack 26 (CVE-2025-22149): a key that the issuer removed ends the tokens it has signed, known or not.
#[test]
fn a_removed_key_ends_its_known_tokens_at_the_refresh() {
    let mut gate = Counted::new(&policy());
    let (rsa, ec) = (Key::Rsa.sign(&long_lived()), Key::Ec.sign(&long_lived()));
    for token in [&rsa, &ec] {
        assert_eq!(seen(gate.get("/data", token)), ("forward", 1));
    }
    gate.world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    gate.world.now = NOW + KEY_SET_TTL_SECONDS - 1;
    assert_eq!(seen(gate.get("/data", &rsa)), ("forward", 0), "the set is not refreshed yet");
    gate.world.now += 1;
    assert_eq!(seen(gate.get("/data", &ec)), ("forward", 1), "this request refreshes the set");
    assert_eq!(seen(gate.get("/data", &rsa)), ("key_unknown", 0));
    assert_eq!(seen(gate.get("/data", &ec)), ("forward", 0));
}

/// Attack 26: so does a refresh that another caller's unknown `kid` has caused.
#[test]
fn a_key_removed_before_the_sets_time_is_over_ends_its_known_tokens() {
    let mut gate = Counted::new(&policy());
    let token = Key::Rsa.sign(&long_lived());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    gate.world.key_set = Some(json!({ "keys": [Key::Ec.jwk()] }).to_string());
    let stranger = Key::Ec.sign_with(&json!({ "alg": "ES256", "kid": "unknown", "typ": "at+jwt" }), &claims());
    assert_eq!(seen(gate.get("/data", &stranger)), ("key_unknown", 0));
    assert_eq!(seen(gate.get("/data", &token)), ("key_not_yet_known", 0), "the set may not be fetched for it yet");
    gate.world.now += KEY_SET_TTL_SECONDS;
    gate.world.key_set = Some(key_set());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1), "published again, and checked again");
}

/// A key that keeps its name and changes is another key.
#[test]
fn a_key_replaced_under_its_kid_ends_its_known_tokens() {
    let mut gate = Counted::of_seals(&policy());
    let token = sealed(&long_lived());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    // The base point of P-256 (SP 800-186): a public key whose private key is 1.
    let mut other = Key::Ec.jwk();
    other["x"] = json!("axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY");
    other["y"] = json!("T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU");
    gate.world.key_set = Some(json!({ "keys": [other] }).to_string());
    gate.world.now += KEY_SET_TTL_SECONDS;
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1), "the toy scheme has no keys; it was asked");
}

/// A refresh that brings the same document costs no signature, not even for the request that waited for it.
#[test]
fn a_refresh_without_a_change_keeps_tokens_known() {
    let mut gate = Counted::new(&policy());
    let token = Key::Ec.sign(&long_lived());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    gate.world.take_fetched();
    for _ in 0..3 {
        gate.world.now += KEY_SET_TTL_SECONDS;
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
        assert_eq!(gate.world.take_fetched(), [JWKS_URL], "being known is no reason to leave the keys unrefreshed");
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
    }
}

/// Attack 26: keys too old to serve end the known tokens with them, and an outage before that does not.
#[test]
fn known_tokens_serve_in_an_outage_as_long_as_their_keys_do() {
    let mut gate = Counted::new(&policy());
    let token = Key::Ec.sign(&long_lived());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    gate.world.key_set = None;
    gate.world.now = NOW + KEY_SET_TTL_SECONDS + STALE_IF_ERROR_SECONDS - 1;
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
    gate.world.now += 1;
    assert_eq!(seen(gate.get("/data", &token)), ("key_set_unavailable", 0));
    // A clock that had been far ahead dated the set: it is fetched anew, known token or not.
    gate.world.key_set = Some(key_set());
    gate.world.now = NOW - 1_000;
    gate.world.take_fetched();
    assert_eq!(seen(gate.get("/data", &token)).0, "token_issued_in_future");
    assert_eq!(gate.world.take_fetched(), [JWKS_URL]);
}

/// Attack 26: a set without a usable key ends everything, and the same set published again starts anew.
#[test]
fn an_emptied_set_ends_known_tokens() {
    let mut gate = Counted::new(&policy());
    let token = Key::Ec.sign(&long_lived());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    gate.world.key_set = Some(r#"{"keys":[]}"#.into());
    gate.world.now += KEY_SET_TTL_SECONDS;
    assert_eq!(seen(gate.get("/data", &token)), ("key_set_unavailable", 0));
    gate.world.key_set = Some(key_set());
    gate.world.now += FETCH_BACKOFF_SECONDS;
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
}

/// Attack 25: what one policy let pass is nothing to another.
#[test]
fn another_policy_knows_nothing_of_the_tokens() {
    let token = Key::Ec.sign(&claims());
    let mut gate = Counted::new(&policy());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    assert_eq!(seen(Counted::new(&policy()).get("/data", &token)), ("forward", 1));
    for (member, value, code) in [
        ("audience", json!("https://other.example"), "audience_mismatch"),
        ("issuer", json!("https://other.example"), "issuer_unknown"),
        ("algorithms", json!(["RS256"]), "algorithm_not_allowed"),
    ] {
        let mut document = policy();
        document["issuers"][0][member] = value;
        assert_eq!(seen(Counted::new(&document).get("/data", &token)).0, code, "{member}");
    }
}

/// Attack 25 (CVE-2026-35039): two issuers with the same keys. Each token belongs to its own entry of the policy, with its
/// audience, and a key that one issuer removed ends nothing of the other's.
#[test]
fn tokens_of_two_issuers_are_kept_apart() {
    let other = "https://other.example";
    let mut document = policy();
    let second = json!({ "issuer": other, "audience": "b", "jwks_uri": "https://other.example/jwks" });
    document["issuers"].as_array_mut().unwrap().push(second);
    let mut gate = Counted::new(&document);
    let own = |issuer: &str, audience: &str| {
        Key::Ec.sign(&merged(long_lived(), json!({ "iss": issuer, "aud": audience, "sub": issuer })))
    };
    let (first, second) = (own(ISSUER, AUDIENCE), own(other, "b"));
    for checks in [1, 0] {
        for (token, issuer) in [(&first, ISSUER), (&second, other)] {
            let (decision, seen) = gate.get("/data", token);
            assert_eq!(seen, checks);
            assert_eq!(onward(&forwarded(decision), "edgeward-sub").as_deref(), Some(issuer));
        }
        for (issuer, audience) in [(ISSUER, "b"), (other, AUDIENCE)] {
            assert_eq!(seen(gate.get("/data", &own(issuer, audience))), ("audience_mismatch", 1));
        }
    }
    gate.world.now += KEY_SET_TTL_SECONDS;
    assert_eq!(seen(gate.get("/data", &second)), ("forward", 0));
    gate.world.key_set = Some(json!({ "keys": [Key::Rsa.jwk()] }).to_string());
    assert_eq!(seen(gate.get("/data", &first)), ("key_unknown", 0));
    assert_eq!(seen(gate.get("/data", &second)), ("forward", 0));
}

/// Attack 25: a token is known by all of its text. One that differs in any character is another, and so is one cut short or longer.
#[test]
fn no_other_text_is_taken_for_a_known_token() {
    let mut gate = Counted::of_seals(&policy());
    let token = sealed(&claims());
    assert_eq!(seen(gate.get("/data", &token)), ("forward", 1));
    let mut others: Vec<String> = (0..token.len())
        .map(|at| {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        })
        .collect();
    others.extend([token[1..].into(), token[..token.len() - 1].into(), format!("A{token}"), format!("{token}A")]);
    others.extend([format!("{token}="), token[token.len() - 32..].into(), token[token.len() - 31..].into()]);
    for other in others {
        for _ in 0..2 {
            assert_ne!(seen(gate.get("/data", &other)).0, "forward", "{other}");
        }
        assert_eq!(seen(gate.get("/data", &token)), ("forward", 0));
    }
}

/// Attack 25 (CVE-2026-35039): tokens that end alike, whose claims differ, are told apart by the rest of them.
#[test]
fn tokens_that_end_alike_are_told_apart() {
    let mut gate = Counted::of_equal_ends(&policy());
    let token = |subject: &str| ending_in(7, &claims_with(json!({ "sub": subject })));
    for subject in ["user-1", "user-2", "user-1", "user-3", "user-3"] {
        let (decision, _) = gate.get("/data", &token(subject));
        assert_eq!(onward(&forwarded(decision), "edgeward-sub").as_deref(), Some(subject));
    }
}

/// A refused token is nothing that could be known: neither before a good one that shares its start and end, nor after.
#[test]
fn a_refused_token_is_checked_each_time() {
    let mut gate = Counted::new(&policy());
    let good = Key::Ec.sign(&claims());
    let other = Key::Ec.sign(&claims_with(json!({ "sub": "user-2" })));
    let forged = format!("{}.{}", other.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().1);
    for _ in 0..2 {
        assert_eq!(seen(gate.get("/data", &forged)), ("signature_invalid", 1));
    }
    assert_eq!(seen(gate.get("/data", &good)), ("forward", 1));
    for _ in 0..2 {
        assert_eq!(seen(gate.get("/data", &forged)), ("signature_invalid", 1));
        assert_eq!(seen(gate.get("/data", &good)), ("forward", 0));
    }
    for (changes, code) in [
        (json!({ "exp": NOW - 30 }), "token_expired"),
        (json!({ "aud": "x" }), "audience_mismatch"),
        (json!({ "sub": null }), "claim_missing"),
        (json!({ "cnf": { "jkt": "x" } }), "proof_of_possession_missing"),
    ] {
        let token = Key::Ec.sign(&claims_with(changes));
        for _ in 0..2 {
            assert_eq!(seen(gate.get("/data", &token)), (code, 1));
        }
    }
}

/// Scopes are the route's demand: held afresh against each request, also where the first was refused for them.
#[test]
fn scopes_are_judged_afresh_on_every_route() {
    let mut gate = Counted::new(&policy());
    let token = Key::Ec.sign(&claims_with(json!({ "scope": "notes:write" })));
    assert_eq!(seen(gate.get("/data", &token)), ("scope_missing", 1));
    for _ in 0..2 {
        assert_eq!(seen(gate.get("/me", &token)), ("forward", 0));
        assert_eq!(seen(gate.get("/data", &token)), ("scope_missing", 0));
        assert_eq!(seen(gate.get("/nowhere", &token)), ("route_unknown", 0));
    }
}
