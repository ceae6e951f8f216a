//! Signed tokens of the same vocabulary, made once, and what introspection may say of them.

use serde_json::{Value, json};

use super::{
    documents::{ISSUERS, Random, TEMPLATE, WORDS},
    requests::thumbprint,
};
use crate::{
    dpop_gate::jkt,
    outside::{NOW, claims_with, merged},
    signing::Key,
};

/// Claims and token of each.
pub(super) fn all() -> Vec<(Value, String)> {
    let mut random = Random::of(7, 7);
    (0..240)
        .map(|number| {
            let claims = merged(claims_with(json!({ "jti": number.to_string() })), said(&mut random, true));
            let token = Key::Ec.sign(&claims);
            (claims, token)
        })
        .collect()
}

/// What introspection answers about a token; `None` where it can't be asked.
pub(super) fn answer(claims: &Value, random: &mut Random) -> Option<Value> {
    match random.below(10) {
        0 => None,
        1 => Some(json!({ "active": false })),
        2..=4 => Some(merged(claims.clone(), json!({ "active": true }))),
        5 | 6 => {
            let silent = json!({
                "active": true, "scope": null, "roles": null, "groups": null, "entitlements": null,
                "acr": null, "auth_time": null, "cnf": null, "tier": null, "realm": null, "x.y": null, "sid": null,
            });
            Some(merged(claims.clone(), silent))
        }
        _ => Some(merged(merged(claims.clone(), said(random, false)), json!({ "active": true }))),
    }
}

/// Claims by chance; of the token itself also those by which it is taken at all.
fn said(random: &mut Random, is_token: bool) -> Value {
    let words = |random: &mut Random| -> Vec<&str> { WORDS.into_iter().filter(|_| random.often(6)).collect() };
    let mut claims = json!({ "scope": words(random).join(" ") });
    if is_token {
        claims["iss"] = json!(ISSUERS[random.below(6) % ISSUERS.len()]);
        if claims["iss"] == ISSUERS[2] && random.often(8) {
            let tenant = *random.pick(&["a", "a", "b", "c"]);
            claims["iss"] = json!(TEMPLATE.replace("{tenantid}", tenant));
            claims["tid"] = json!(if random.often(8) { tenant } else { "b" });
        }
        claims["aud"] = if random.often(5) { json!(random.pick(&WORDS)) } else { json!(words(random)) };
        if random.below(20) == 0 {
            claims["exp"] = json!(NOW - 100);
        }
        claims["iat"] = json!(NOW - *random.pick(&[10, 15, 25, 200]));
        claims["sub"] = json!(random.pick(&WORDS));
        if random.often(3) {
            claims["sid"] = json!(random.pick(&WORDS));
        }
        if random.below(20) == 0 {
            claims["iss"] = json!("https://evil.example");
        }
    }
    for list in ["roles", "groups", "entitlements"] {
        let words = words(random);
        match random.below(6) {
            0 => claims[list] = json!(words.join(" ")),
            1 => claims[list] = words.iter().map(|word| json!({ "value": word })).collect(),
            2 => claims[list] = json!([words, 1]),
            3 => {}
            _ => claims[list] = json!(words),
        }
    }
    if random.often(7) {
        claims["acr"] = random.pick(&[json!("a"), json!("b"), json!("c"), json!("a b"), json!(["a"])]).clone();
    }
    if random.often(7) {
        let times = [json!(NOW), json!(NOW - 50), json!(NOW - 500), json!(NOW - 5_000), json!(NOW + 100), json!("1")];
        claims["auth_time"] = random.pick(&times).clone();
    }
    if random.often(if is_token { 4 } else { 1 }) {
        let key = jkt(*random.pick(&[Key::Ec, Key::Ec, Key::Ec, Key::Rsa]));
        let certificate = thumbprint(random.below(4) / 3);
        claims["cnf"] = match random.below(20) {
            0 => json!({}),
            1..=3 => json!({ "jkt": key, "x5t#S256": certificate }),
            4..=9 => json!({ "x5t#S256": certificate }),
            _ => json!({ "jkt": key }),
        };
    }
    if random.often(6) {
        let values =
            [json!(1), json!(1.0), json!("a"), json!("a b c"), json!(true), json!({ "a": [1] }), json!(["a", "b"])];
        claims["tier"] = random.pick(&values).clone();
        claims["x.y"] = random.pick(&values).clone();
        let (roles, dotted) = (random.pick(&values).clone(), random.pick(&values).clone());
        claims["realm"] = json!({ "roles": roles, "a.b": dotted });
    }
    claims
}
