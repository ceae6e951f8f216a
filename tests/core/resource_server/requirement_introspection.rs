//! Demands and introspection: they hold of what the token says and of what the authorization server says of it now (RFC 7662 section 2.2,
//! RFC 9470 section 6.2).

use edgeward::resource_server::Decision;
use serde_json::{Value, json};

use crate::{
    outside::{NOW, World, claims_with, code, introspecting_policy, merged},
    signing::{Key, key_set},
};

/// The verdict of a route that demands this and asks introspection, on what a token and the answer say; an opaque token where it says nothing.
#[expect(clippy::needless_pass_by_value, reason = "it is written out in the calls")]
fn ask(requirement: &Value, token: Option<Value>, answer: Value) -> Result<(), (u16, &'static str)> {
    let route = merged(json!({ "path": "/x", "introspection": true }), requirement.clone());
    let mut world = World::new(&merged(introspecting_policy(), json!({ "routes": [route] })));
    world.key_set = Some(key_set());
    world.introspection = Some(answer.to_string());
    let token = token.map_or("opaque".into(), |changes| Key::Ec.sign(&claims_with(changes)));
    let mut verdict = || match world.get("/x", &token) {
        Decision::Forward(_) => Ok(()),
        Decision::Respond(response) => Err((response.status, code(&response))),
    };
    let first = verdict();
    assert_eq!(verdict(), first, "warm as cold");
    first
}

/// What an answer for [`claims_with`] says at least.
fn active(changes: Value) -> Value {
    let said = claims_with(json!({ "active": true, "scope": null }));
    merged(said, changes)
}

const NO_RIGHTS: Result<(), (u16, &str)> = Err((403, "rights_missing"));
const NO_SCOPE: Result<(), (u16, &str)> = Err((403, "scope_missing"));
const STEP_UP: Result<(), (u16, &str)> = Err((401, "authentication_insufficient"));

/// On what the answer is silent, the token's word stands; what it says must hold as well, whichever of the two is the weaker.
#[test]
fn a_demand_holds_before_and_after_the_answer() {
    let rows = [
        (json!({ "roles": "admin" }), json!({ "roles": "admin" }), json!({ "roles": [] }), NO_RIGHTS),
        (
            json!({ "claims": [{ "path": "a.b", "equals": 1 }] }),
            json!({ "a": { "b": 1 } }),
            json!({ "a": {} }),
            NO_RIGHTS,
        ),
        (json!({ "acr_values": "phr" }), json!({ "acr": "phr" }), json!({ "acr": "0" }), STEP_UP),
        (json!({ "max_age": 60 }), json!({ "auth_time": NOW }), json!({ "auth_time": NOW - 100 }), STEP_UP),
        (json!({ "scope": "admin" }), json!({ "scope": "admin" }), json!({ "scope": "other" }), NO_SCOPE),
    ];
    for (requirement, good, bad, refused) in rows {
        let of = |token: &Value, answer: &Value| ask(&requirement, Some(token.clone()), active(answer.clone()));
        assert_eq!(of(&good, &json!({})), Ok(()), "{requirement}");
        assert_eq!(of(&good, &good), Ok(()), "{requirement}");
        assert_eq!(of(&good, &bad), refused, "{requirement}");
        assert_eq!(of(&bad, &good), refused, "{requirement}");
        // Of an opaque token, the answer is all there is.
        assert_eq!(ask(&requirement, None, active(good)), Ok(()), "{requirement}");
        assert_eq!(ask(&requirement, None, active(bad)), refused, "{requirement}");
        assert_eq!(ask(&requirement, None, active(json!({}))), refused, "{requirement}");
    }
}

/// An alternative holds of the token and of the answer, not one of the one and another of the other.
#[test]
fn no_alternative_is_put_together_of_token_and_answer() {
    let requirement = json!({ "any_of": [{ "roles": "a" }, { "groups": "b" }] });
    let token = || Some(json!({ "roles": "a" }));
    assert_eq!(ask(&requirement, token(), active(json!({ "groups": "b" }))), Ok(()));
    assert_eq!(ask(&requirement, token(), active(json!({ "roles": "x", "groups": "b" }))), NO_RIGHTS);
    let requirement = json!({ "any_of": [{ "scope": "a", "roles": "r" }, { "scope": "b" }] });
    let token = || Some(json!({ "scope": "a", "roles": "r" }));
    assert_eq!(ask(&requirement, token(), active(json!({ "scope": "a b" }))), Ok(()));
    assert_eq!(ask(&requirement, token(), active(json!({ "scope": "b" }))), NO_SCOPE);
}
