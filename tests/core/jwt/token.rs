//! What a validated token tells.

use edgeward::{Error, jwt::Rules};
#[cfg(feature = "serde")]
use serde::Deserialize;
use serde_json::{Value, json};

use crate::tokens::{ISSUER, NOW, access_claims, access_rules, judge, named, with};

#[test]
fn it_tells_the_registered_claims() {
    let token = judge(Some("at+jwt"), &access_claims(), &access_rules()).unwrap();
    assert_eq!((token.issuer(), token.subject()), (Some(ISSUER), Some("ada")));
    assert_eq!((token.client_id(), token.jti()), (Some("app"), Some("1")));
    assert_eq!(token.scope().to_string(), "read write");
    assert_eq!(token.expires_at().unwrap().as_seconds(), NOW + 300);
    assert_eq!(token.claims().get("scope"), Some(&"read write".into()));
    assert_eq!(token.claims().as_object().len(), access_claims().as_object().unwrap().len());
    assert!(token.claims().contains("sub") && !token.claims().contains("SUB"));
}

/// RFC 8693 section 4.3 names `client_id`; `azp` speaks where that is absent, and never over it.
#[test]
fn the_client_is_client_id_or_else_azp() {
    let legacy = named(Rules::legacy_access_token()).build().unwrap();
    let both = with(access_claims(), "azp", Some(json!("other")));
    assert_eq!(judge(None, &both, &legacy).unwrap().client_id(), Some("app"));
    let party = with(both, "client_id", None);
    assert_eq!(judge(None, &party, &legacy).unwrap().client_id(), Some("other"));
    assert_eq!(judge(None, &with(party, "azp", None), &legacy).unwrap().client_id(), None);
}

/// `scp` as providers that predate RFC 9068 write it, and never beside `scope`.
#[test]
fn scp_is_read_where_scope_is_absent() {
    let check = |claims: &Value| judge(Some("at+jwt"), claims, &access_rules());
    for scp in [json!("read write"), json!(["read", "write"])] {
        let claims = with(with(access_claims(), "scope", None), "scp", Some(scp));
        assert_eq!(check(&claims).unwrap().scope().to_string(), "read write");
    }
    let both = with(access_claims(), "scp", Some(json!("admin")));
    assert_eq!(check(&both).unwrap().scope().to_string(), "read write");
    let empty = with(both, "scope", Some(json!("")));
    assert!(check(&empty).unwrap().scope().is_empty(), "an empty scope is there, so \"scp\" says nothing");
    for scp in [json!([1]), json!(["a b"]), json!([""]), json!({}), json!(null), json!(1)] {
        let claims = with(with(access_claims(), "scope", None), "scp", Some(scp));
        assert_eq!(check(&claims).unwrap_err(), Error::ClaimInvalid { claim: "scp" });
    }
}

#[cfg(feature = "serde")]
#[test]
fn claims_can_be_had_as_a_type_of_the_callers() {
    #[derive(Deserialize)]
    struct Mine {
        sub: String,
        roles: Vec<String>,
        tenant: Option<String>,
    }
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is there to be missing")]
    struct Other {
        tenant: String,
    }
    let claims = with(access_claims(), "roles", Some(json!(["a", "b"])));
    let token = judge(Some("at+jwt"), &claims, &access_rules()).unwrap();
    let mine: Mine = token.deserialize().unwrap();
    assert_eq!((mine.sub.as_str(), mine.roles.len(), mine.tenant), ("ada", 2, None));
    assert_eq!(token.deserialize::<Other>().unwrap_err().code(), "claim_invalid");
}

/// The claims a caller has as its own type are those that were checked: no member name makes a parser read text inside them.
#[test]
fn typed_claims_are_the_claims_that_were_checked() {
    let smuggled = json!({"$serde_json::private::RawValue": r#"{"role":"admin","role":"root"}"#});
    for claims in [with(access_claims(), "extra", Some(smuggled.clone())), {
        let mut claims = access_claims();
        claims["$serde_json::private::RawValue"] = smuggled["$serde_json::private::RawValue"].clone();
        claims
    }] {
        let verdict = judge(Some("at+jwt"), &claims, &access_rules());
        assert!(matches!(verdict, Err(Error::TokenMalformed { .. })), "{verdict:?}");
    }
    #[cfg(feature = "serde")]
    let honest = judge(Some("at+jwt"), &access_claims(), &access_rules()).unwrap();
    #[cfg(feature = "serde")]
    assert_eq!(honest.deserialize::<Value>().unwrap(), access_claims());
}

/// Attack class 35.
#[test]
fn debug_output_shows_names_and_no_values() {
    let shown = format!("{:?}", judge(Some("at+jwt"), &access_claims(), &access_rules()).unwrap());
    assert!(shown.contains("client_id") && !shown.contains("ada"), "{shown}");
}
