//! A provider's tenants in a policy: several issuers, audiences and tenants side by side.

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    error::Problem,
    resource_server::{Decision, Policy, Request, TokenPolicy, TokenValidator, Validation},
};
use serde_json::{Value, json};

use crate::{
    outside::{
        AUDIENCE, INTROSPECTION_URL, ISSUER, JWKS_URL, NOW, World, claims_with, forwarded, merged, onward, policy,
        refused, verdict,
    },
    signing::Key,
};

const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
const KEYS: &str = "https://login.microsoftonline.com/common/discovery/v2.0/keys";
const OURS: &str = "11111111-aaaa-4bbb-8ccc-222222222222";
const PARTNERS: &str = "22222222-aaaa-4bbb-8ccc-222222222222";
const OTHERS: &str = "99999999-aaaa-4bbb-8ccc-222222222222";

fn issuer_of(tenant: &str) -> String {
    TEMPLATE.replace("{tenantid}", tenant)
}

fn tenants(tenants: &Value) -> Value {
    json!({ "issuer": TEMPLATE, "tenants": tenants, "audience": AUDIENCE, "jwks_uri": KEYS })
}

fn with_issuers(issuers: &Value) -> Value {
    merged(policy(), json!({ "issuers": issuers }))
}

/// The key set of a provider, as Microsoft's: each key says for whose tokens it is.
fn keys_of(issuer: &str) -> String {
    json!({ "keys": [merged(Key::Ec.jwk(), json!({ "issuer": issuer }))] }).to_string()
}

fn world(policy: &Value) -> World {
    let mut world = World::new(policy);
    world.key_set = Some(keys_of(TEMPLATE));
    world
}

fn token_of(tenant: &str) -> String {
    token_with(json!({ "iss": issuer_of(tenant), "tid": tenant }))
}

fn token_with(changes: Value) -> String {
    Key::Ec.sign(&claims_with(changes))
}

fn problems(policy: &Value) -> Vec<String> {
    match Policy::parse(&policy.to_string()) {
        Ok(_) => Vec::new(),
        Err(Error::PolicyInvalid { problems }) => problems.into_iter().map(|Problem { path, .. }| path).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// Two tenants of one key set, one fetch for both; the third is nobody's, before anything is fetched (attack 21).
#[test]
fn tenants_of_one_key_set_side_by_side() {
    let mut world = world(&with_issuers(&json!([tenants(&json!([OURS, PARTNERS]))])));
    assert_eq!(verdict(world.get("/data", &token_of(OTHERS))), (401, "issuer_unknown"));
    assert!(world.take_fetched().is_empty());
    for tenant in [OURS, PARTNERS] {
        let forward = forwarded(world.get("/data", &token_of(tenant)));
        assert_eq!(onward(&forward, "edgeward-iss").as_deref(), Some(issuer_of(tenant).as_str()));
    }
    assert_eq!(world.take_fetched(), [KEYS]);
}

/// Attack 45, and RFC 8725 section 3.8: a token's `iss`, its `tid` and its key speak of one tenant.
#[test]
fn a_tenants_token_is_no_other_tenants() {
    let rows = [
        (TEMPLATE.to_owned(), json!({ "iss": issuer_of(OURS), "tid": PARTNERS })),
        (TEMPLATE.to_owned(), json!({ "iss": issuer_of(OURS), "tid": null })),
        (issuer_of(PARTNERS), json!({ "iss": issuer_of(OURS), "tid": OURS })),
        ("https://evil.example/{tenantid}/v2.0".into(), json!({ "iss": issuer_of(OURS), "tid": OURS })),
    ];
    for (key_issuer, claims) in rows {
        let mut world = World::new(&with_issuers(&json!([tenants(&json!([OURS, PARTNERS]))])));
        world.key_set = Some(keys_of(&key_issuer));
        assert_eq!(verdict(world.get("/data", &token_with(claims))), (401, "tenant_mismatch"), "{key_issuer}");
    }
}

/// Attack 21: what stands at the tenant's place is a plain word that is on the list, to the letter; with `any`, a plain word.
#[test]
fn no_text_at_the_tenants_place_is_another_issuer() {
    let tricks = [
        "",
        ".",
        "..",
        "a/b",
        "..%2fx",
        "%2e%2e",
        "a%2Fb",
        "a\\b",
        "a?x",
        "a#x",
        "a@b",
        "a b",
        "a.b",
        "{tenantid}",
        "*",
        "é",
    ];
    for list in [json!("any"), json!(["contoso", OURS])] {
        for tenant in tricks {
            let mut world = world(&with_issuers(&json!([tenants(&list)])));
            assert_eq!(verdict(world.get("/data", &token_of(tenant))), (401, "issuer_unknown"), "{tenant:?}");
            assert!(world.fetched.is_empty(), "{tenant:?}");
        }
    }
    for tenant in ["Contoso", "contoso ", "contos", "contosoo", "contoso/", OTHERS, ISSUER] {
        let mut world = world(&with_issuers(&json!([tenants(&json!(["contoso"]))])));
        assert_eq!(verdict(world.get("/data", &token_of(tenant))), (401, "issuer_unknown"), "{tenant:?}");
    }
    let mut world = world(&with_issuers(&json!([tenants(&json!("any"))])));
    for tenant in ["contoso", OTHERS] {
        forwarded(world.get("/data", &token_of(tenant)));
    }
    assert_eq!(verdict(world.get("/data", &token_with(json!({ "iss": TEMPLATE })))), (401, "issuer_unknown"));
}

/// Tenants of one provider with an audience each, beside an issuer of the usual kind: none is taken for another.
#[test]
fn issuers_audiences_and_tenants_side_by_side() {
    let other = "https://other-api.example";
    let policy = with_issuers(&json!([
        { "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL },
        tenants(&json!([OURS])),
        merged(tenants(&json!([PARTNERS])), json!({ "audience": other })),
    ]));
    let mut world = world(&policy);
    forwarded(world.get("/data", &token_with(json!({}))));
    forwarded(world.get("/data", &token_of(OURS)));
    assert_eq!(verdict(world.get("/data", &token_of(PARTNERS))), (401, "audience_mismatch"));
    let token = token_with(json!({ "iss": issuer_of(PARTNERS), "tid": PARTNERS, "aud": other }));
    forwarded(world.get("/data", &token));
    let token = token_with(json!({ "iss": issuer_of(OURS), "tid": OURS, "aud": other }));
    assert_eq!(verdict(world.get("/data", &token)), (401, "audience_mismatch"));
}

/// A route names all tenants by the policy's own text, or one by its issuer.
#[test]
fn a_route_names_all_tenants_or_one() {
    let mut policy = with_issuers(&json!([
        { "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL },
        tenants(&json!([OURS, PARTNERS])),
    ]));
    policy["routes"] = json!([
        { "path": "/tenants", "issuer": TEMPLATE },
        { "path": "/ours", "issuer": issuer_of(OURS) },
        { "path": "/either", "any_of": [{ "issuer": [issuer_of(PARTNERS), ISSUER] }] },
    ]);
    let mut world = world(&policy);
    let all = [token_with(json!({})), token_of(OURS), token_of(PARTNERS)];
    for (path, opened) in
        [("/tenants", [false, true, true]), ("/ours", [false, true, false]), ("/either", [true, false, true])]
    {
        for (token, is_open) in all.iter().zip(opened) {
            // Twice: the second time the token is known.
            for _ in 0..2 {
                assert_eq!(world.get(path, token).code() != "token_not_for_route", is_open, "{path}");
            }
        }
    }
    for issuer in
        [json!(issuer_of(OTHERS)), json!("https://login.microsoftonline.com/x/y/v2.0"), json!([issuer_of(OURS), "x"])]
    {
        policy["routes"][0]["issuer"] = issuer.clone();
        assert_eq!(problems(&policy), ["routes[0].issuer"], "{issuer}");
    }
    // A list that says any takes each of them.
    let mut policy = with_issuers(&json!([tenants(&json!("any"))]));
    policy["routes"][1]["issuer"] = json!(issuer_of(OTHERS));
    assert_eq!(problems(&policy), Vec::<String>::new());
}

/// Nothing is guessed: which tenants, and where their keys are, has to be said; and no `iss` may be of two entries.
#[test]
fn a_policy_says_which_tenants_and_no_token_is_of_two_entries() {
    let entry = |changes| with_issuers(&json!([merged(tenants(&json!([OURS])), changes)]));
    let plain = json!({ "issuer": ISSUER, "audience": AUDIENCE, "tenants": [OURS] });
    for (policy, place) in [
        (entry(json!({ "tenants": null })), "issuers[0].tenants"),
        (entry(json!({ "jwks_uri": null })), "issuers[0].jwks_uri"),
        (entry(json!({ "tenants": [] })), "issuers[0].tenants"),
        (entry(json!({ "tenants": ["a/b"] })), "issuers[0].tenants"),
        (entry(json!({ "tenants": OURS })), "issuers[0].tenants"),
        (entry(json!({ "issuer": "https://{tenantid}.example/v2.0" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "https://{tenantid}/v2.0" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "https://a.example/t-{tenantid}" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "https://a.example/{tenant}" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "https://a.example/{tenantid}/{tenantid}" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "https://a.example/{tenantid}?x" })), "issuers[0].issuer"),
        (entry(json!({ "issuer": "http://a.example/{tenantid}" })), "issuers[0].issuer"),
        (with_issuers(&json!([plain])), "issuers[0].tenants"),
    ] {
        assert_eq!(problems(&policy), [place], "{}", policy["issuers"]);
    }
    let concrete = |iss: String| json!({ "issuer": iss, "audience": AUDIENCE, "jwks_uri": KEYS });
    let other = |template: &str, list: Value| merged(tenants(&list), json!({ "issuer": template }));
    let mixed = "https://login.microsoftonline.com/v2/{tenantid}";
    let crossing = "https://login.microsoftonline.com/{tenantid}/v2";
    for (first, second, is_refused) in [
        (tenants(&json!("any")), concrete(issuer_of(OURS)), true),
        (tenants(&json!([OURS])), concrete(issuer_of(OURS)), true),
        (tenants(&json!([OURS])), concrete(issuer_of(PARTNERS)), false),
        (tenants(&json!("any")), tenants(&json!([OURS])), true),
        (tenants(&json!("any")), tenants(&json!("any")), true),
        (tenants(&json!([OURS, PARTNERS])), tenants(&json!([PARTNERS])), true),
        (tenants(&json!([OURS])), tenants(&json!([PARTNERS])), false),
        (other(mixed, json!("any")), other(crossing, json!("any")), true),
        (other(mixed, json!(["v2"])), other(crossing, json!("any")), true),
        (other(mixed, json!(["v3"])), other(crossing, json!("any")), false),
        (other(mixed, json!("any")), tenants(&json!("any")), false),
        (concrete(ISSUER.into()), concrete(ISSUER.into()), true),
    ] {
        let expected: &[&str] = if is_refused { &["issuers[1].issuer"] } else { &[] };
        assert_eq!(problems(&with_issuers(&json!([first, second]))), expected, "{first} {second}");
        assert_eq!(problems(&with_issuers(&json!([second, first]))), expected, "{second} {first}");
    }
}

/// The resource's metadata names issuers that there are: each tenant's, and none where all may come (RFC 9728 section 2).
#[test]
fn resource_metadata_names_the_tenants_that_are_written_down() {
    let document = |list: &Value| {
        let issuers = json!([tenants(list)]);
        let changes = json!({ "issuers": issuers, "resource_metadata": { "resource": AUDIENCE } });
        let response = refused_or_answered(&merged(policy(), changes));
        serde_json::from_str::<Value>(&response).unwrap()
    };
    let named = document(&json!([OURS, PARTNERS]));
    assert_eq!(named["authorization_servers"], json!([issuer_of(OURS), issuer_of(PARTNERS)]));
    assert_eq!(document(&json!("any")).get("authorization_servers"), None);
}

fn refused_or_answered(policy: &Value) -> String {
    match World::new(policy).call(&Request {
        method: "GET",
        path: "/.well-known/oauth-protected-resource",
        ..Default::default()
    }) {
        Decision::Respond(response) => response.body,
        decision @ Decision::Forward(_) => panic!("{decision:?}"),
    }
}

fn introspecting(list: &Value) -> Value {
    let client = json!({
        "client_id": "gate",
        "client_secret_binding": "INTROSPECTION_CLIENT_SECRET",
        "introspection_endpoint": INTROSPECTION_URL,
    });
    let mut policy = with_issuers(&json!([merged(tenants(list), json!({ "introspection": client }))]));
    policy["routes"].as_array_mut().unwrap().push(json!({ "path": "/admin", "introspection": true }));
    policy
}

/// RFC 7662 section 2.2: what introspection says of `iss` is of the same tenants, and of the token's own tenant.
#[test]
fn introspection_speaks_of_the_same_tenant() {
    let own = token_of(OURS);
    let said = |iss: Option<&str>, tid: Value| {
        merged(claims_with(json!({ "iss": iss.map(issuer_of), "tid": tid })), json!({ "active": true })).to_string()
    };
    let listed = || json!([OURS, PARTNERS]);
    for (list, token, said, expected) in [
        (listed(), own.as_str(), said(Some(OURS), json!(OURS)), (0, "")),
        (listed(), own.as_str(), said(Some(PARTNERS), json!(PARTNERS)), (401, "token_inactive")),
        (listed(), own.as_str(), said(Some(OTHERS), json!(OTHERS)), (401, "issuer_unknown")),
        (listed(), own.as_str(), said(Some(OURS), json!(PARTNERS)), (401, "tenant_mismatch")),
        (listed(), "opaque", said(Some(PARTNERS), json!(null)), (0, "")),
        (listed(), "opaque", said(Some(OTHERS), json!(null)), (401, "issuer_unknown")),
        (listed(), "opaque", said(None, json!(null)), (401, "claim_missing")),
        (json!("any"), "opaque", said(Some(OTHERS), json!(null)), (0, "")),
        (json!("any"), "opaque", said(None, json!(null)), (401, "claim_missing")),
        (json!("any"), own.as_str(), said(None, json!(null)), (0, "")),
    ] {
        let mut world = world(&introspecting(&list));
        world.introspection = Some(said.clone());
        let decision = world.get("/admin", token);
        if expected.0 == 0 {
            forwarded(decision);
        } else {
            let response = refused(decision);
            assert_eq!((response.status, response.error.unwrap().code()), expected, "{said}");
        }
    }
    let mut policy = introspecting(&listed());
    policy["issuers"][0]["introspection"]["introspection_endpoint"] = Value::Null;
    assert_eq!(problems(&policy), ["issuers[0].introspection.introspection_endpoint"]);
    policy["issuers"][0]["introspection"] = json!({
        "client_id": "gate",
        "introspection_endpoint_auth_method": "private_key_jwt",
        "private_key_binding": "KEY",
        "introspection_endpoint": INTROSPECTION_URL,
    });
    assert_eq!(problems(&policy), ["issuers[0].introspection.introspection_endpoint_auth_method"]);
}

/// The deny list names a tenant's own issuer, and one tenant's user is not another's.
#[test]
fn the_deny_list_is_about_one_tenant() {
    let mut policy = with_issuers(&json!([tenants(&json!([OURS, PARTNERS]))]));
    policy["revocation"] = json!({ "durable_object_binding": "DENY_LIST" });
    policy["routes"].as_array_mut().unwrap().push(json!({ "path": "/deny", "scope": "admin", "deny_list": true }));
    let mut world = world(&policy);
    let mut post = |body: Value| {
        world.body = Some(body.to_string());
        let authorization = format!("Bearer {}", token_of(OURS));
        let request =
            Request { method: "POST", path: "/deny", authorization: Some(&authorization), ..Default::default() };
        match world.call(&request) {
            Decision::Respond(response) => response.status,
            decision @ Decision::Forward(_) => panic!("{decision:?}"),
        }
    };
    for iss in [json!(null), json!(TEMPLATE), json!(issuer_of(OTHERS))] {
        assert_eq!(post(json!({ "iss": iss, "sub": "user-1" })), 400, "{iss}");
    }
    assert_eq!(post(json!({ "iss": issuer_of(PARTNERS), "sub": "user-1", "issued_before": NOW + 100 })), 201);
    world.now += 20;
    assert_eq!(verdict(world.get("/data", &token_of(PARTNERS))), (401, "token_revoked"));
    forwarded(world.get("/data", &token_of(OURS)));
}

/// The verifier's policy says it as well; the keys of all tenants are given under the policy's own text.
#[test]
fn a_verifier_takes_tenants_too() {
    let policy = json!({ "issuers": [tenants(&json!([OURS]))] }).to_string();
    let mut validator = TokenValidator::new(TokenPolicy::parse(&policy).unwrap(), Box::new(FastEngine)).unwrap();
    let now = UnixTime::from_seconds(NOW);
    let keys = keys_of(TEMPLATE);
    assert_eq!(validator.provide_key_set(&issuer_of(OURS), &keys, now), Err(Error::IssuerUnknown));
    validator.provide_key_set(TEMPLATE, &keys, now).unwrap();
    assert!(matches!(validator.validate(&token_of(OURS), now), Ok(Validation::Valid { .. })));
    assert_eq!(validator.validate(&token_of(PARTNERS), now).unwrap_err(), Error::IssuerUnknown);
}
