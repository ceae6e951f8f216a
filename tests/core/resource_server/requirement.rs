//! What a route demands of a good token, and what the caller is told where it is not met (RFC 6750 section 3.1, RFC 9068 section 2.2.3.1,
//! RFC 9470 section 3).

use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, ISSUER, JWKS_URL, NOW, World, claims_with, code, forwarded, header, merged, policy, refused},
    signing::{Key, key_set},
};

/// Let through, or status and private code.
type Verdict = Result<(), (u16, &'static str)>;

const OTHER_ISSUER: &str = "https://other.example/tenant";
const OTHER_AUDIENCE: &str = "https://other-api.example";

/// A gate with two issuers and one route, `/x`, that demands this.
fn world(requirement: Value) -> World {
    let route = merged(json!({ "path": "/x" }), requirement);
    let issuers = json!([
        { "issuer": ISSUER, "audience": [AUDIENCE, OTHER_AUDIENCE], "jwks_uri": JWKS_URL },
        { "issuer": OTHER_ISSUER, "audience": AUDIENCE, "jwks_uri": "https://other.example/jwks" },
    ]);
    let mut world = World::new(&merged(policy(), json!({ "routes": [route], "issuers": issuers })));
    world.key_set = Some(key_set());
    world
}

/// Asks twice, because the second time the token is known.
fn ask(world: &mut World, token: &str) -> Verdict {
    let mut verdict = || match world.get("/x", token) {
        edgeward::resource_server::Decision::Forward(_) => Ok(()),
        edgeward::resource_server::Decision::Respond(response) => Err((response.status, code(&response))),
    };
    let first = verdict();
    assert_eq!(verdict(), first, "warm as cold");
    first
}

fn sign(changes: Value) -> String {
    Key::Ec.sign(&claims_with(changes))
}

/// Each token by what the route says, and the verdict.
#[expect(clippy::needless_pass_by_value, reason = "it is written out in each call")]
fn verdicts(requirement: Value, rows: &[(Value, Verdict)]) {
    let mut world = world(requirement.clone());
    for (changes, expected) in rows {
        assert_eq!(ask(&mut world, &sign(changes.clone())), *expected, "{requirement} and {changes}");
    }
}

const NOT_FOR_ROUTE: Verdict = Err((401, "token_not_for_route"));
const NO_RIGHTS: Verdict = Err((403, "rights_missing"));
const NO_SCOPE: Verdict = Err((403, "scope_missing"));
const STEP_UP: Verdict = Err((401, "authentication_insufficient"));

/// Only tokens of the issuers that the route names, whatever the others' say.
#[test]
fn a_route_takes_the_tokens_of_its_issuers_alone() {
    let other = json!({ "iss": OTHER_ISSUER });
    verdicts(json!({ "issuer": ISSUER }), &[(json!({}), Ok(())), (other.clone(), NOT_FOR_ROUTE)]);
    verdicts(json!({ "issuer": [OTHER_ISSUER] }), &[(json!({}), NOT_FOR_ROUTE), (other.clone(), Ok(()))]);
    verdicts(json!({ "issuer": [OTHER_ISSUER, ISSUER] }), &[(json!({}), Ok(())), (other, Ok(()))]);
}

/// RFC 7519 section 4.1.3: `aud` names one of the route's audiences, among whatever others.
#[test]
fn a_route_takes_the_tokens_for_its_audience_alone() {
    verdicts(
        json!({ "audience": OTHER_AUDIENCE }),
        &[
            (json!({}), NOT_FOR_ROUTE),
            (json!({ "aud": OTHER_AUDIENCE }), Ok(())),
            (json!({ "aud": ["x", AUDIENCE, OTHER_AUDIENCE] }), Ok(())),
            (json!({ "aud": [AUDIENCE, "https://other-api.example/"] }), NOT_FOR_ROUTE),
        ],
    );
}

/// RFC 9068 section 2.2.3.1, RFC 7643 sections 2.4 and 4.1.2: texts, or objects with a `value`; all that the route names are needed.
#[test]
fn roles_groups_and_entitlements_are_held_whole() {
    for claim in ["roles", "groups", "entitlements"] {
        let said = |value: Value| json!({ claim: value });
        verdicts(
            said(json!(["editor", "tour guide"])),
            &[
                (json!({}), NO_RIGHTS),
                (said(json!(["editor"])), NO_RIGHTS),
                (said(json!(["tour guide", "x", "editor"])), Ok(())),
                (said(json!([{ "value": "editor", "display": "x" }, { "value": "tour guide" }])), Ok(())),
                (said(json!([{ "value": "editor" }, "tour guide"])), Ok(())),
                (said(json!([{ "display": "editor" }, "tour guide"])), NO_RIGHTS),
                (said(json!(["editor", "tour guide", 1])), NO_RIGHTS),
                (said(json!({ "value": ["editor", "tour guide"] })), NO_RIGHTS),
                (said(json!("editor tour guide")), NO_RIGHTS),
                (said(json!(["Editor", "tour guide"])), NO_RIGHTS),
            ],
        );
        // A text is one value: "not admin" makes no admin.
        verdicts(said(json!("admin")), &[(said(json!("admin")), Ok(())), (said(json!("not admin")), NO_RIGHTS)]);
    }
}

/// Conditions on claims inside of others, by the rules of `ClaimCondition`.
#[test]
fn claims_are_held_against_conditions_at_nested_paths() {
    let requirement = json!({ "claims": [
        { "path": "realm_access.roles", "any_of": ["editor", "admin"] },
        { "path": ["https://api.example/plan", "name"], "equals": "paid" },
        { "path": "features", "all_of": ["a", "b"] },
        { "path": "level", "equals": 3 },
        { "path": "email", "present": true },
    ] });
    let good = json!({
        "realm_access": { "roles": ["admin"] },
        "https://api.example/plan": { "name": "paid" },
        "features": "b c a",
        "level": 3.0,
        "email": "",
    });
    let but = |changes: Value| (merged(good.clone(), changes), NO_RIGHTS);
    verdicts(
        requirement,
        &[
            (good.clone(), Ok(())),
            but(json!({ "realm_access": { "roles": ["viewer"] } })),
            but(json!({ "realm_access": ["admin"] })),
            but(json!({ "realm_access": { "roles": [["admin"]] } })),
            but(json!({ "https://api.example/plan": { "name": ["paid"] } })),
            but(json!({ "features": "a" })),
            but(json!({ "level": "3" })),
            but(json!({ "email": null })),
        ],
    );
}

/// RFC 9470 section 3: `acr` is one of the values; without the claim, or with it in another form, the user has to authenticate.
#[test]
fn acr_must_be_one_of_the_values() {
    verdicts(
        json!({ "acr_values": "phrh phr" }),
        &[
            (json!({ "acr": "phr" }), Ok(())),
            (json!({ "acr": "phrh" }), Ok(())),
            (json!({}), STEP_UP),
            (json!({ "acr": "phrh phr" }), STEP_UP),
            (json!({ "acr": ["phr"] }), STEP_UP),
            (json!({ "acr": "PHR" }), STEP_UP),
            (json!({ "acr": 1 }), STEP_UP),
        ],
    );
}

/// RFC 9470 section 3: `auth_time` lies no further back than `max_age`, with the issuer's clock tolerance of 30 seconds; and not in the future.
#[test]
fn auth_time_must_be_within_max_age() {
    let at = |auth_time: u64| json!({ "auth_time": auth_time });
    verdicts(
        json!({ "max_age": 60 }),
        &[
            (at(NOW), Ok(())),
            (at(NOW - 90), Ok(())),
            (at(NOW - 91), STEP_UP),
            (at(NOW + 30), Ok(())),
            (at(NOW + 31), STEP_UP),
            (json!({}), STEP_UP),
            (json!({ "auth_time": NOW.to_string() }), STEP_UP),
            (json!({ "auth_time": -1 }), STEP_UP),
        ],
    );
    verdicts(json!({ "max_age": 0 }), &[(at(NOW - 30), Ok(())), (at(NOW - 31), STEP_UP)]);
    // The greatest number asks for a claim that is there.
    verdicts(json!({ "max_age": u64::MAX }), &[(at(0), Ok(())), (json!({}), STEP_UP)]);
}

/// The demand is held against the moment of each request, also where the token is known.
#[test]
fn a_known_tokens_authentication_grows_too_old() {
    let mut world = world(json!({ "max_age": 60 }));
    let token = sign(json!({ "auth_time": NOW }));
    for (now, expected) in [(NOW, Ok(())), (NOW + 90, Ok(())), (NOW + 91, STEP_UP), (NOW, Ok(()))] {
        world.now = now;
        assert_eq!(ask(&mut world, &token), expected, "{}", now - NOW);
    }
}

/// One alternative is enough, and each part of `all_of` is needed, whatever stands in them.
#[test]
fn alternatives_and_parts_nest() {
    let requirement = json!({
        "scope": "data:read",
        "any_of": [
            { "roles": "admin" },
            { "issuer": OTHER_ISSUER, "all_of": [{ "roles": "editor" }, { "any_of": [{ "groups": "a" }, { "groups": "b" }] }] },
        ],
    });
    verdicts(
        requirement,
        &[
            (json!({ "roles": "admin" }), Ok(())),
            (json!({ "roles": "admin", "scope": "other" }), NO_SCOPE),
            (json!({ "roles": "editor", "groups": "b", "iss": OTHER_ISSUER }), Ok(())),
            (json!({ "roles": "editor", "groups": "c", "iss": OTHER_ISSUER }), NO_RIGHTS),
            (json!({ "groups": "a", "iss": OTHER_ISSUER }), NO_RIGHTS),
            (json!({ "roles": "editor", "groups": "a" }), NO_RIGHTS),
        ],
    );
}

/// The public answer: by what is missing by the nearest way, the first of equally near ones; the private reason names all that is not met.
#[test]
fn the_answer_is_that_of_the_nearest_way() {
    let challenge = |rest: &str| Some(format!("Bearer realm=\"edgeward test\", {rest}"));
    let scope = |scope: &str| {
        challenge(&format!(
            "error=\"insufficient_scope\", error_description=\"The access token does not carry the scope that this request needs\", scope=\"{scope}\""
        ))
    };
    let step_up = |rest: &str| {
        challenge(&format!(
            "error=\"insufficient_user_authentication\", error_description=\"The request needs another authentication of the user\", {rest}"
        ))
    };
    let rights = || {
        challenge(
            "error=\"insufficient_scope\", error_description=\"The request needs other rights than the access token has\"",
        )
    };
    let rows = [
        // Alternatives that all miss scopes: the scope of the first, with what stands beside them.
        (
            json!({ "scope": "data:read", "any_of": [{ "scope": "b c" }, { "scope": "d" }] }),
            scope("data:read b c"),
            "any_of[0].scope, any_of[1].scope",
        ),
        // One that misses an authentication alone is nearer than one that misses a scope.
        (
            json!({ "any_of": [{ "scope": "b" }, { "acr_values": "phr" }] }),
            step_up("acr_values=\"phr\""),
            "any_of[0].scope, any_of[1].acr_values",
        ),
        // RFC 9470 section 3: where both are missing, both are said.
        (
            json!({ "scope": "data:read b", "max_age": 5 }),
            step_up("max_age=\"5\", scope=\"data:read b\""),
            "scope, max_age",
        ),
        (
            json!({ "scope": "data:read", "acr_values": "a b", "max_age": 5 }),
            step_up("acr_values=\"a b\", max_age=\"5\""),
            "acr_values, max_age",
        ),
        // What is asked for in several places is asked for at once.
        (
            json!({ "acr_values": "a b c", "max_age": 9, "all_of": [{ "acr_values": "c b", "max_age": 7 }] }),
            step_up("acr_values=\"b c\", max_age=\"7\""),
            "acr_values, max_age, all_of[0].acr_values, all_of[0].max_age",
        ),
        // No scope and no authentication is asked for where it would not be enough.
        (json!({ "scope": "b", "max_age": 5, "roles": "admin" }), rights(), "scope, roles, max_age"),
        (json!({ "scope": "b", "claims": [{ "path": "x", "present": true }] }), rights(), "scope, claims[0]"),
        (
            json!({ "any_of": [{ "roles": "a" }, { "roles": "b", "scope": "c" }] }),
            rights(),
            "any_of[0].roles, any_of[1].scope, any_of[1].roles",
        ),
        // An alternative that is met says with what the rest has to come.
        (json!({ "scope": "b", "any_of": [{ "scope": "x" }, { "scope": "admin" }] }), scope("b admin"), "scope"),
    ];
    for (requirement, expected, unmet) in rows {
        let response = refused(world(requirement.clone()).get("/x", &sign(json!({}))));
        assert_eq!(header(&response.headers, "www-authenticate"), expected.as_deref(), "{requirement}");
        let detail = response.error.unwrap().to_string();
        assert_eq!(
            detail.rsplit_once("are not met: ").map(|(_, places)| places),
            Some(unmet),
            "{requirement}: {detail}"
        );
    }
}

/// No claim's value is in an answer or a reason.
#[test]
fn what_a_token_says_is_told_to_nobody() {
    let secret = "hunter2-of-the-token";
    let token = sign(json!({ "roles": [secret], "acr": secret, "plan": secret, "groups": secret }));
    for requirement in [
        json!({ "roles": "a" }),
        json!({ "groups": "a" }),
        json!({ "acr_values": "a" }),
        json!({ "claims": [{ "path": "plan", "equals": "a" }] }),
        json!({ "any_of": [{ "roles": "a" }, { "acr_values": "a" }] }),
    ] {
        let response = refused(world(requirement).get("/x", &token));
        assert!(!format!("{response:?} {}", response.error.as_ref().unwrap()).contains(secret));
    }
}

/// What one route demands is nothing to another: the same token, known or not, in either order.
#[test]
fn routes_judge_the_same_token_each_by_its_own_demands() {
    let routes = json!([
        { "path": "/open" },
        { "path": "/roles", "roles": "admin" },
        { "path": "/issuer", "issuer": OTHER_ISSUER },
        { "path": "/either", "any_of": [{ "roles": "admin" }, { "roles": "editor" }] },
    ]);
    let issuers = json!([
        { "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL },
        { "issuer": OTHER_ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL },
    ]);
    let mut world = World::new(&merged(policy(), json!({ "routes": routes, "issuers": issuers })));
    world.key_set = Some(key_set());
    let token = sign(json!({ "roles": ["editor"] }));
    for path in ["/roles", "/open", "/issuer", "/either", "/roles", "/either", "/open"] {
        let decision = world.get(path, &token);
        match path {
            "/open" | "/either" => drop(forwarded(decision)),
            "/roles" => assert_eq!(code(&refused(decision)), "rights_missing"),
            _ => assert_eq!(code(&refused(decision)), "token_not_for_route"),
        }
    }
}
