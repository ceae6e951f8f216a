//! Classes 47 and 48: an introspection answer for another token than the one that was asked about, or about something else.
//! The gate's handling in full is with the resource server's tests.

use edgeward::limits::INTROSPECTION_REFUSAL_SECONDS;
use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, INTROSPECTION_URL, NOW, World, claims_with, forwarded, introspecting_policy, merged, verdict},
    signing::{Key, key_set},
};

fn ask(answer: &Value) -> (u16, &'static str) {
    let mut world = World::new(&introspecting_policy());
    world.introspection = Some(answer.to_string());
    verdict(world.get("/admin", "opaque"))
}

fn active(changes: Value) -> Value {
    merged(claims_with(json!({"active": true})), changes)
}

/// "active" for another API, another issuer, another type of token, another time, or only in words.
#[test]
fn class_48_an_answer_about_another_kind_of_token_is_refused() {
    for (changes, code) in [
        (json!({"active": false}), "token_inactive"),
        (json!({"aud": "https://other.example"}), "audience_mismatch"),
        (json!({"aud": null}), "claim_missing"),
        (json!({"iss": "https://other.example"}), "issuer_unknown"),
        (json!({"exp": NOW - 30}), "token_expired"),
        (json!({"exp": null}), "claim_missing"),
        (json!({"token_type": "refresh_token"}), "type_mismatch"),
        (json!({"token_type": "id_token"}), "type_mismatch"),
        (json!({"token_type": "DPoP"}), "type_mismatch"),
        (json!({"token_type": "N_A"}), "type_mismatch"),
        (json!({"cnf": {"jkt": "x"}}), "proof_of_possession_missing"),
    ] {
        assert_eq!(ask(&active(changes.clone())), (401, code), "{changes}");
    }
    for value in [json!("true"), json!(1), json!("active"), json!([true]), json!({"value": true})] {
        assert_eq!(ask(&active(json!({ "active": value }))), (503, "introspection_unavailable"), "{value}");
    }
}

/// A JWT that is good by itself, and an answer about another subject, client or token.
#[test]
fn class_48_an_answer_about_another_token_is_refused() {
    let token = Key::Ec.sign(&claims_with(json!({})));
    let mut world = World::new(&introspecting_policy());
    world.key_set = Some(key_set());
    for changes in [json!({"sub": "user-2"}), json!({"client_id": "other"}), json!({"jti": "jti-2"})] {
        world.introspection = Some(active(changes.clone()).to_string());
        assert_eq!(verdict(world.get("/admin", &token)), (401, "token_inactive"), "{changes}");
        world.now += INTROSPECTION_REFUSAL_SECONDS;
    }
    world.introspection = Some(active(json!({})).to_string());
    world.take_fetched();
    forwarded(world.get("/admin", &token));
    assert_eq!(world.take_fetched(), [INTROSPECTION_URL]);
    world.introspection = Some(json!({"active": true, "aud": AUDIENCE, "exp": NOW + 300}).to_string());
    forwarded(world.get("/admin", &token));
}

/// A good answer that is kept serves the token that was asked about, and none that is shorter, longer or spelt otherwise.
#[test]
fn class_47_a_shortened_token_is_another_token() {
    const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA==";
    let mut policy = introspecting_policy();
    policy["issuers"][0]["introspection"]["cache_seconds"] = json!(60);
    let mut world = World::new(&policy);
    world.introspection = Some(active(json!({})).to_string());
    for _ in 0..2 {
        forwarded(world.get("/admin", TOKEN));
    }
    assert_eq!(world.take_fetched(), [INTROSPECTION_URL], "the second by the kept answer");
    world.introspection = Some(json!({"active": false}).to_string());
    let shorter = (1..TOKEN.len()).flat_map(|length| [TOKEN.get(..length), TOKEN.get(length..)]).flatten();
    let others = ["2YotnFZFEjr1zCsicMWpAA===", "2yotnFZFEjr1zCsicMWpAA==", "A2YotnFZFEjr1zCsicMWpAA=="];
    // What is nothing but padding is no token by its form.
    for other in shorter.filter(|other| *other != "=" && *other != "==").chain(others) {
        assert_eq!(verdict(world.get("/admin", other)), (401, "token_inactive"), "{other}");
    }
    forwarded(world.get("/admin", TOKEN));
}
