//! The claim rules of every kind of token (RFC 7519, RFC 9068, RFC 7662, OIDC Core, OIDC Back-Channel Logout). The input is the
//! payload; its signature holds by decree.

mod expected;

use std::sync::LazyLock;

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::{JwkSet, UntrustedJws, VerifiedJws, verify},
    jwt::{ClaimCondition, Rules, RulesBuilder, TenantTemplate, ValidatedToken, read_introspection, validate},
    limits,
};
use serde_json::{Value, json};

use crate::{Verdict, engine::EverySignature, keys::ALGORITHMS, silence, text};

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);
const TOLERANCE: u64 = 30;
const MAX_AGE: u64 = 3_600;
const ISSUER: &str = "https://as.example";
const AUDIENCE: &str = "https://api.example";
const CLIENT_ID: &str = "spa";
const TENANTS: &str = "https://as.example/{tenantid}/v2.0";
const NONCE: &str = "fixed-nonce";

/// One kind of token: its rules, the `typ` it comes with, and which claims it can't be without.
struct Kind {
    name: &'static str,
    rules: Rules,
    header: Value,
    /// The `typ` it may have; "" for none.
    types: &'static [&'static str],
    required: &'static [&'static str],
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let kind = |name, rules: RulesBuilder, typ: Option<&str>, types, required| {
        let mut header = json!({"alg": "ES256"});
        if let Some(typ) = typ {
            header["typ"] = typ.into();
        }
        let rules = rules.clock_tolerance_seconds(TOLERANCE).build().expect("rules");
        Kind { name, rules, header, types, required }
    };
    let access: &[&str] = &["iss", "aud", "exp", "sub", "client_id", "iat", "jti"];
    let tenants = TenantTemplate::new(TENANTS, "tid").expect("a template").tenants(["blue", "green"]);
    let conditions = [
        ClaimCondition::any_of("realm_access.roles", ["admin", "editor"]),
        ClaimCondition::all_of("scope", ["notes"]),
        ClaimCondition::equals("ver", 2),
    ];
    let tenant = Rules::access_token().tenant_issuer(tenants).audience(AUDIENCE);
    let tenant = conditions.into_iter().fold(tenant, RulesBuilder::condition);
    let sign_in = Rules::id_token(CLIENT_ID)
        .issuer(ISSUER)
        .nonce(NONCE)
        .max_authentication_age_seconds(MAX_AGE)
        .acr_values(["gold", "silver"])
        .access_token("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
        .code("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk");
    let event = Rules::typed("secevent+jwt").any_issuer().any_audience().without_expiry_required();
    let any = Rules::any_type().issuer(ISSUER).any_audience().max_age_seconds(MAX_AGE);
    vec![
        kind("access", Rules::access_token().issuer(ISSUER).audience(AUDIENCE), Some("at+jwt"), &["at+jwt"], access),
        kind("tenant", tenant, Some("application/at+jwt"), &["at+jwt"], access),
        kind(
            "legacy",
            Rules::legacy_access_token().issuer(ISSUER).audience(AUDIENCE),
            None,
            &["", "jwt"],
            &["iss", "aud", "exp"],
        ),
        kind(
            "id",
            Rules::id_token(CLIENT_ID).issuer(ISSUER),
            Some("JWT"),
            &["", "jwt"],
            &["iss", "aud", "exp", "sub", "iat"],
        ),
        kind("sign-in", sign_in, None, &["", "jwt"], &["iss", "aud", "exp", "sub", "iat", "nonce", "auth_time", "acr"]),
        kind(
            "logout",
            Rules::logout_token(CLIENT_ID).issuer(ISSUER),
            Some("logout+jwt"),
            &["", "jwt", "logout+jwt"],
            &["iss", "aud", "exp", "iat", "jti", "events"],
        ),
        kind("event", event, Some("secevent+jwt"), &["secevent+jwt"], &[]),
        kind("any", any, Some("whatever+jwt"), &[], &["iss", "exp", "iat"]),
    ]
});

static INTROSPECTION: LazyLock<Rules> = LazyLock::new(|| {
    Rules::introspection().issuer(ISSUER).audience(AUDIENCE).clock_tolerance_seconds(TOLERANCE).build().expect("rules")
});

/// The one key: RFC 7515 appendix A.3, of a set for several tenants.
static KEYS: LazyLock<JwkSet> = LazyLock::new(|| {
    let key = json!({
        "kty": "EC", "crv": "P-256", "issuer": TENANTS,
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    JwkSet::parse(json!({ "keys": [key] }).to_string().as_bytes(), &FastEngine).expect("a key set")
});

/// Runs on one input. It is accepted where one kind at least takes it; else one of them says why not, each in its turn.
pub fn run(input: &[u8]) -> Verdict {
    let mut is_accepted = introspection(input).is_ok();
    let mut refusals = Vec::new();
    for kind in KINDS.iter() {
        match text::twice(|| judge(kind, &kind.header, input, NOW).map(|token| token.scope().clone())) {
            Err(error) => {
                silence::of_error(&error, &[input]);
                refusals.push(error.code());
            }
            Ok(_) => {
                check_accepted(kind, input);
                check_kinds_apart(input);
                is_accepted = true;
            }
        }
    }
    if is_accepted { Ok(()) } else { Err(refusals[input.len() % refusals.len()]) }
}

fn verified(header: &Value, payload: &[u8]) -> Result<VerifiedJws, Error> {
    let jws = UntrustedJws::parse(&text::compact(header.to_string().as_bytes(), payload, &[0]))?;
    verify(&jws, &KEYS, &ALGORITHMS, &EverySignature)
}

fn judge(kind: &Kind, header: &Value, payload: &[u8], now: UnixTime) -> Result<ValidatedToken, Error> {
    validate(&verified(header, payload)?, &kind.rules, now)
}

/// What an accepted token says, held against the rules once more, and what would have made it another verdict.
fn check_accepted(kind: &Kind, payload: &[u8]) {
    let judge = |payload: &[u8], now| judge(kind, &kind.header, payload, now);
    let token = judge(payload, NOW).expect("accepted before");
    let claims: Value = serde_json::from_slice(payload).expect("a claims set is JSON");
    expected::check(&expected::Expected { kind: kind.name, required: kind.required }, &claims);
    let names = claims.as_object().map(|claims| claims.keys().cloned().collect::<Vec<_>>().join(" "));
    // The scopes are said aloud in errors and logs; a claim's value is not.
    let shown = [names.unwrap_or_default(), token.scope().to_string()];
    silence::of_debug(&token, &[payload], &[&shown[0], &shown[1]]);
    assert!(claims.is_object(), "RFC 7519 section 4");
    let read: Value = serde_json::from_str(&token.claims().as_object().to_string()).expect("claims are JSON");
    assert_eq!(read, claims);

    if let Some(expires_at) = token.expires_at() {
        let late = UnixTime::from_seconds(expires_at.as_seconds()).plus(TOLERANCE + 1);
        assert_eq!(judge(payload, late).err(), Some(Error::TokenExpired), "attack 19");
    }
    for hostile in expected::hostile_variants(payload, &claims, kind.name) {
        let verdict = judge(hostile.as_bytes(), NOW);
        assert!(verdict.is_err(), "{} took {hostile}", kind.name);
    }
    let spaced = [b" ", payload, b"\n"].concat();
    let again = claims.to_string();
    for same in [spaced.as_slice(), again.as_bytes()] {
        // Writing a decimal and reading it again may change its last bit, so only whole numbers have to survive.
        let verdict = judge(same, NOW).map(|_| ());
        assert!(
            verdict.is_ok() || verdict == Err(Error::TokenTooLarge) || expected::has_decimal(&claims),
            "{verdict:?}"
        );
    }
}

/// Attack 23: under whatever `typ` a payload comes, only a kind that may have it takes it.
fn check_kinds_apart(payload: &[u8]) {
    let types =
        [None, Some("jwt"), Some("application/AT+JWT"), Some("logout+jwt"), Some("secevent+jwt"), Some("dpop+jwt")];
    for typ in types {
        let mut header = json!({"alg": "ES256"});
        if let Some(typ) = typ {
            header["typ"] = typ.into();
        }
        let Ok(jws) = verified(&header, payload) else { return };
        let media_type = typ.unwrap_or_default().to_ascii_lowercase().replace("application/", "");
        let takers = KINDS.iter().filter(|kind| validate(&jws, &kind.rules, NOW).is_ok());
        let takers: Vec<&Kind> = takers.collect();
        for kind in &takers {
            let may_have = kind.types.is_empty() || kind.types.contains(&media_type.as_str());
            assert!(may_have, "{} took a token of type \"{media_type}\"", kind.name);
        }
        let any_of = |names: &[&str]| takers.iter().any(|kind| names.contains(&kind.name));
        assert!(!any_of(&["logout"]) || !any_of(&["id", "sign-in", "legacy", "access", "tenant"]), "two kinds in one");
        assert!(validate(&jws, &INTROSPECTION, NOW).is_err(), "a JWT is no introspection answer");
    }
}

/// The same text as an introspection answer.
fn introspection(input: &[u8]) -> Verdict {
    let answer = text::lossy(input);
    let verdict = text::twice(|| read_introspection(&answer, &INTROSPECTION, NOW).map(|token| token.scope().clone()));
    match verdict {
        Err(error) => {
            silence::of_error(&error, &[input]);
            Err(error.code())
        }
        Ok(_) => {
            assert!(answer.len() <= limits::MAX_INTROSPECTION_BYTES);
            let claims: Value = serde_json::from_str(&answer).expect("an answer is JSON");
            assert_eq!(claims["active"], true, "attack 48");
            let kind = claims.get("token_type").map(|kind| kind.as_str().expect("a text").to_ascii_lowercase());
            assert!(kind.is_none_or(|kind| kind == "bearer"));
            expected::check(&expected::Expected { kind: "introspection", required: &["aud", "exp"] }, &claims);
            let mut inactive = claims;
            inactive["active"] = false.into();
            let refused = read_introspection(&inactive.to_string(), &INTROSPECTION, NOW).err();
            assert_eq!(refused, Some(Error::TokenInactive));
            Ok(())
        }
    }
}
