//! Conditions on claims. An introspection answer carries them here: what they look at is the same for every kind of token.

use edgeward::{
    Error, UnixTime, json,
    jwt::{ClaimCondition, ClaimPath, Rules, read_introspection},
};
use serde_json::{Value, json};

use crate::tokens::{access_claims, access_rules, judge, named};

fn check(claims: &Value, condition: ClaimCondition) -> Result<(), Error> {
    let mut answer = claims.clone();
    answer["active"] = json!(true);
    let rules = Rules::introspection().any_issuer().any_audience().without_expiry_required().condition(condition);
    read_introspection(&answer.to_string(), &rules.build().unwrap(), UnixTime::from_seconds(0)).map(|_| ())
}

/// As the rules take it.
fn value(value: &Value) -> json::Value {
    json::Value::parse(value.to_string().as_bytes()).unwrap()
}

fn holds(claims: &Value, condition: ClaimCondition) -> bool {
    match check(claims, condition) {
        Ok(()) => true,
        Err(Error::ClaimConditionUnmet { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_claim_is_present_unless_it_is_null() {
    for value in [json!("x"), json!(""), json!(0), json!(false), json!([]), json!({})] {
        assert!(holds(&json!({ "a": value }), ClaimCondition::present("a")), "{value}");
    }
    assert!(!holds(&json!({"a": null}), ClaimCondition::present("a")));
    assert!(!holds(&json!({"A": 1}), ClaimCondition::present("a")));
    assert!(!holds(&json!({}), ClaimCondition::present("a")));
}

/// Keycloak's `realm_access.roles`: objects inside objects.
#[test]
fn a_path_leads_through_objects_only() {
    let claims = json!({"realm_access": {"roles": ["admin"], "deep": {"er": 1}}, "list": [{"roles": "admin"}]});
    assert!(holds(&claims, ClaimCondition::any_of("realm_access.roles", ["admin"])));
    assert!(holds(&claims, ClaimCondition::equals("realm_access.deep.er", 1)));
    for path in
        ["realm_access.roles.0", "list.0.roles", "list.roles", "realm_access.", ".realm_access", "", ".", "roles"]
    {
        assert!(!holds(&claims, ClaimCondition::present(path)), "{path:?}");
    }
}

/// Names with dots in them, as collision-resistant names are (RFC 7519 section 4.2), are given name by name.
#[test]
fn a_dotted_name_is_not_taken_for_a_path() {
    let name = "https://api.example/roles";
    let claims = json!({name: ["admin"], "a.b": 1, "a": {"c.d": 2}});
    assert!(holds(&claims, ClaimCondition::any_of(ClaimPath::new([name]), ["admin"])));
    assert!(!holds(&claims, ClaimCondition::any_of(name, ["admin"])), "the text is split at its dots");
    assert!(holds(&claims, ClaimCondition::equals(ClaimPath::new(["a", "c.d"]), 2)));
    assert!(!holds(&claims, ClaimCondition::equals("a.b", 1)), "a claim \"a.b\" is no member of \"a\"");
    assert!(!holds(&json!({"a": {"b": 1}}), ClaimCondition::equals(ClaimPath::new(["a.b"]), 1)));
}

/// A path of no names leads nowhere: it must not mean "everything".
#[test]
fn an_empty_path_is_never_met() {
    assert!(!holds(&json!({"a": 1}), ClaimCondition::present(ClaimPath::new(Vec::<String>::new()))));
    assert!(holds(&json!({"": 1}), ClaimCondition::present("")), "a claim may have the empty name");
}

/// A string of words (as `scope`, RFC 6749 section 3.3) and an array of strings are the same to a condition.
#[test]
fn words_come_of_arrays_and_of_space_separated_strings() {
    for value in [json!("read write"), json!("  write   read "), json!(["write", "read"])] {
        let claims = json!({ "p": value });
        assert!(holds(&claims, ClaimCondition::all_of("p", ["read", "write"])), "{value}");
        assert!(holds(&claims, ClaimCondition::any_of("p", ["admin", "read"])), "{value}");
        assert!(!holds(&claims, ClaimCondition::all_of("p", ["read", "admin"])), "{value}");
        assert!(!holds(&claims, ClaimCondition::any_of("p", ["admin", "rea", "READ", "read write", ""])), "{value}");
    }
    let with_space = json!({"p": ["super admin"]});
    assert!(holds(&with_space, ClaimCondition::any_of("p", ["super admin"])));
    assert!(!holds(&with_space, ClaimCondition::any_of("p", ["admin"])), "an element is one word");
}

/// RFC 6749 section 3.3 separates by the space alone: no other white space, no comma.
#[test]
fn nothing_else_separates_words() {
    for text in ["x,admin", "x\tadmin", "x\nadmin", "x\u{a0}admin", "x;admin", "x+admin"] {
        assert!(!holds(&json!({ "p": text }), ClaimCondition::any_of("p", ["admin"])), "{text:?}");
    }
}

/// Attack class 17's shape: a claim of the wrong type fails closed, also where some of it fits.
#[test]
fn a_claim_of_another_type_has_no_words() {
    for value in [
        json!(null),
        json!(1),
        json!(true),
        json!({"admin": true}),
        json!(["admin", 1]),
        json!([["admin"]]),
        json!(["admin", null]),
        json!([]),
        json!(""),
        json!(" "),
    ] {
        let claims = json!({ "p": value });
        assert!(!holds(&claims, ClaimCondition::any_of("p", ["admin"])), "{value}");
        assert!(!holds(&claims, ClaimCondition::all_of("p", ["admin"])), "{value}");
    }
}

/// Demanding none of something is met by nobody, or by whoever has the claim, but never by its absence.
#[test]
fn an_empty_demand_never_lets_an_absent_claim_pass() {
    let nothing = Vec::<String>::new();
    for claims in [json!({}), json!({"p": null}), json!({"p": []}), json!({"p": ""})] {
        assert!(!holds(&claims, ClaimCondition::any_of("p", nothing.clone())), "{claims}");
        assert!(!holds(&claims, ClaimCondition::all_of("p", nothing.clone())), "{claims}");
    }
    assert!(!holds(&json!({"p": "x"}), ClaimCondition::any_of("p", nothing)));
}

#[test]
fn equals_compares_the_whole_json_value() {
    for (claim, demanded, equal) in [
        (json!("x"), json!("x"), true),
        (json!("x"), json!("X"), false),
        (json!("x "), json!("x"), false),
        (json!(["x"]), json!("x"), false),
        (json!(true), json!(true), true),
        (json!("true"), json!(true), false),
        (json!(1), json!(true), false),
        (json!(1), json!(1), true),
        (json!(1.0), json!(1), true),
        (json!(1.5), json!(1), false),
        (json!("1"), json!(1), false),
        (json!(["a", "b"]), json!(["a", "b"]), true),
        (json!(["b", "a"]), json!(["a", "b"]), false),
        (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), true),
        (json!({"a": 1, "b": 2}), json!({"a": 1}), false),
        (json!(null), json!(null), true),
        (json!(null), json!(false), false),
    ] {
        assert_eq!(
            holds(&json!({ "p": claim }), ClaimCondition::equals("p", value(&demanded))),
            equal,
            "{claim} {demanded}"
        );
    }
    assert!(!holds(&json!({}), ClaimCondition::equals("p", json::Value::Null)), "absent is not null");
}

/// All of them must be met, and the error names the one that is not, by its path.
#[test]
fn every_condition_counts_and_the_unmet_one_is_named() {
    let rules = |condition| named(Rules::access_token()).condition(ClaimCondition::present("sub")).condition(condition);
    let met = rules(ClaimCondition::any_of("scope", ["write"])).build().unwrap();
    judge(Some("at+jwt"), &access_claims(), &met).unwrap();
    for (path, shown) in [
        (ClaimPath::parse("realm_access.roles"), "realm_access.roles"),
        (ClaimPath::new(["https://x.example/r"]), "https://x.example/r"),
    ] {
        let unmet = rules(ClaimCondition::any_of(path, ["admin"])).require_claim("jti").build().unwrap();
        let error = judge(Some("at+jwt"), &access_claims(), &unmet).unwrap_err();
        assert_eq!((error.code(), error.subject()), ("claim_condition_unmet", Some(shown)));
    }
    let required = named(Rules::access_token()).require_claim("acr").build().unwrap();
    assert!(judge(Some("at+jwt"), &access_claims(), &required).is_err());
    assert!(judge(Some("at+jwt"), &access_claims(), &access_rules()).is_ok());
}

/// Attack class 35: the error tells the rule, not what the token says instead.
#[test]
fn an_unmet_condition_does_not_show_the_claim() {
    let error = check(&json!({"p": "S3CRET"}), ClaimCondition::equals("p", "other")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("S3CRET"));
}
