//! What an accepted token must say, written down a second time and in another way than in the core.

use edgeward::limits;
use serde_json::{Value, json};

use super::{AUDIENCE, CLIENT_ID, ISSUER, MAX_AGE, NONCE, NOW, TOLERANCE};

/// A kind of token as these checks know it.
pub struct Expected {
    pub kind: &'static str,
    pub required: &'static [&'static str],
}

impl Expected {
    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind)
    }
}

/// Panics where an accepted claims set is none for this kind.
pub fn check(expected: &Expected, claims: &Value) {
    let has = |claim: &str| claims.get(claim).is_some();
    for claim in expected.required {
        assert!(has(claim), "{}: accepted without \"{claim}\"", expected.kind);
    }
    check_issuer(expected, claims);
    check_audience(expected, claims);
    check_times(expected, claims);
    for claim in ["sub", "client_id", "azp", "jti", "nonce", "sid"] {
        assert!(claims.get(claim).is_none_or(Value::is_string), "\"{claim}\" is a text wherever it is");
    }
    if expected.is(&["access", "tenant", "legacy", "introspection"]) {
        assert!(!has("cnf"), "attack 41: a token bound to a key, taken without a proof");
    }
    if expected.is(&["id", "sign-in"]) {
        assert!(!has("events"), "attack 23: a logout token as an ID token");
        let has_several = claims["aud"].as_array().is_some_and(|audience| audience.len() > 1);
        assert!(claims.get("azp").is_none_or(|party| party == CLIENT_ID) && (has("azp") || !has_several));
    }
    if expected.is(&["sign-in"]) {
        assert_eq!(claims["nonce"], NONCE);
        assert!(claims["acr"] == "gold" || claims["acr"] == "silver");
        let authenticated_at = claims["auth_time"].as_f64().expect("a NumericDate");
        assert!(authenticated_at >= seconds(NOW.as_seconds() - MAX_AGE - TOLERANCE));
        // OIDC Core appendices A.3 and A.4.
        assert!(claims.get("at_hash").is_none_or(|hash| hash == "77QmUPtjPfzWtF2AnpK9RQ"));
        assert!(claims.get("c_hash").is_none_or(|hash| hash == "LDktKdoQak3Pk0cnXxCltA"));
    }
    if expected.is(&["logout"]) {
        assert!(claims["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
        assert!(!has("nonce") && (has("sub") || has("sid")));
    }
    if expected.is(&["legacy"]) {
        assert!(!has("events") && !has("at_hash") && !has("c_hash"), "attack 23");
    }
    if expected.is(&["tenant"]) {
        assert_eq!(claims["ver"], 2);
        let roles = claims["realm_access"]["roles"].to_string();
        assert!(roles.contains("admin") || roles.contains("editor"));
        assert!(claims["scope"].as_str().is_some_and(|scope| scope.split(' ').any(|word| word == "notes")));
    }
}

fn check_issuer(expected: &Expected, claims: &Value) {
    let issuer = claims.get("iss").map(|issuer| issuer.as_str().expect("attack 21: a text wherever it is"));
    match expected.kind {
        "event" => {}
        "introspection" => assert!(issuer.is_none_or(|issuer| issuer == ISSUER)),
        "tenant" => {
            let tenant = claims["tid"].as_str().expect("a tenant");
            assert!(["blue", "green"].contains(&tenant));
            assert_eq!(issuer, Some(format!("https://as.example/{tenant}/v2.0").as_str()));
        }
        _ => assert_eq!(issuer, Some(ISSUER)),
    }
}

fn check_audience(expected: &Expected, claims: &Value) {
    let own = match expected.kind {
        "event" | "any" => return,
        "id" | "sign-in" | "logout" => CLIENT_ID,
        _ => AUDIENCE,
    };
    let named = match &claims["aud"] {
        Value::Array(audience) => {
            assert!(audience.iter().all(Value::is_string), "attack 20");
            audience.iter().any(|audience| audience == own)
        }
        audience => audience == own,
    };
    assert!(named, "attack 20: {}", claims["aud"]);
}

fn check_times(expected: &Expected, claims: &Value) {
    let date = |claim: &str| {
        let date = claims.get(claim)?;
        let date = date.as_f64().unwrap_or_else(|| panic!("attack 17: \"{claim}\" is {date}"));
        assert!((0.0..seconds(limits::MAX_NUMERIC_DATE_SECONDS + 1)).contains(&date), "attack 18");
        Some(date)
    };
    let (now, tolerance) = (NOW.as_seconds(), TOLERANCE);
    assert!(date("exp").is_none_or(|expires_at| expires_at > seconds(now - tolerance)), "expired");
    assert!(date("nbf").is_none_or(|not_before| not_before <= seconds(now + tolerance)), "not yet valid");
    assert!(date("iat").is_none_or(|issued_at| issued_at <= seconds(now + tolerance)), "issued in the future");
    if expected.is(&["any"]) {
        assert!(date("iat").is_some_and(|issued_at| issued_at >= seconds(now - MAX_AGE - tolerance)), "too old");
    }
}

#[expect(clippy::cast_precision_loss, reason = "moments up to the year 9999 are exact in 53 bits")]
fn seconds(seconds: u64) -> f64 {
    seconds as f64
}

/// Changes that have to turn the verdict on an accepted payload.
pub fn hostile_variants(payload: &[u8], claims: &Value, kind: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(payload);
    let mut hostile = vec![format!("{text}x"), format!("[{text}]"), format!("{text}{text}")];
    // Attack 11: the first member once more, before and after the others.
    if let Some((name, value)) = claims.as_object().and_then(|claims| claims.iter().next()) {
        let member = format!("{}:{value}", Value::from(name.as_str()));
        hostile.push(text.replacen('{', &format!("{{{member},"), 1));
        let trimmed = text.trim_end().trim_end_matches('}').to_owned();
        if text.trim_end().len() == trimmed.len() + 1 {
            hostile.push(format!("{trimmed},{member}}}"));
        }
    }
    let mut with = |claim: &str, value: Value| {
        let mut other = claims.clone();
        other[claim] = value;
        hostile.push(other.to_string());
    };
    for claim in ["exp", "nbf", "iat"] {
        // Attacks 17 and 18.
        for value in [json!("1700000100"), json!(null), json!([1_700_000_100]), json!(-1), json!(1e300)] {
            with(claim, value);
        }
    }
    with("exp", json!(1_699_999_970));
    with("nbf", json!(1_700_000_031));
    with("iat", json!(1_700_000_031));
    with("aud", json!({"https://api.example": true}));
    with("aud", json!([AUDIENCE, CLIENT_ID, 1]));
    with("sub", json!(1));
    with("scope", json!(1));
    if kind != "event" {
        for issuer in [json!("https://as.example/"), json!("HTTPS://as.example"), json!([ISSUER]), json!(null)] {
            with("iss", issuer);
        }
    }
    if !["event", "any"].contains(&kind) {
        for audience in [json!(""), json!([]), json!("https://api.example/"), json!("sp"), json!("SPA")] {
            with("aud", audience);
        }
    }
    if ["access", "tenant", "legacy"].contains(&kind) {
        with("cnf", json!({}));
    }
    if ["id", "sign-in", "legacy"].contains(&kind) {
        with("events", json!({}));
    }
    hostile
}

/// Whether a number in it is no whole one.
pub fn has_decimal(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(elements) => elements.iter().any(has_decimal),
        Value::Object(members) => members.values().any(has_decimal),
        _ => false,
    }
}
