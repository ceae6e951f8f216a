//! One issuer, and the tenants of a provider that has many (RFC 7519 section 4.1.1, RFC 8725 section 3.8).

use edgeward::{
    Error, UnixTime,
    jose::algorithm::RS256,
    jwt::{Rules, TenantTemplate, read_introspection},
};
use serde_json::{Value, json};

use crate::tokens::{AUDIENCE, NOW, access_claims, judge_with_key, with};

const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
const OURS: &str = "11111111-aaaa-4bbb-8ccc-222222222222";
const OTHERS: &str = "99999999-aaaa-4bbb-8ccc-222222222222";

fn issuer_of(tenant: &str) -> String {
    TEMPLATE.replace("{tenantid}", tenant)
}

fn template() -> TenantTemplate {
    TenantTemplate::new(TEMPLATE, "tid").unwrap()
}

fn rules(template: TenantTemplate) -> Rules {
    Rules::legacy_access_token().tenant_issuer(template).audience(AUDIENCE).build().unwrap()
}

/// The verdict on a token with this `iss` and `tid`, signed by a key with this `issuer`; a null leaves out.
fn judge(iss: &Value, tid: &Value, key_issuer: &Value, template: TenantTemplate) -> Result<(), Error> {
    let present = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
    let claims = with(with(access_claims(), "iss", present(iss)), "tid", present(tid));
    let key = present(key_issuer).map_or(json!({}), |issuer| json!({ "issuer": issuer }));
    judge_with_key(&RS256, Some("JWT"), &claims.to_string(), &key, &rules(template), NOW).map(|_| ())
}

/// Entra's shape: a key that serves all tenants names the template, one of a single tenant that tenant's issuer.
#[test]
fn iss_tid_and_the_keys_issuer_name_one_tenant() {
    for key_issuer in [TEMPLATE.to_owned(), "https://login.microsoftonline.com/{tid}/v2.0".into(), issuer_of(OURS)] {
        assert_eq!(
            judge(&json!(issuer_of(OURS)), &json!(OURS), &json!(key_issuer), template()),
            Ok(()),
            "{key_issuer}"
        );
    }
}

/// A key of one tenant signs for another, a token names two tenants, a key says nothing of whose it is.
#[test]
fn a_token_across_tenants_is_refused() {
    let (ours, others) = (json!(issuer_of(OURS)), json!(issuer_of(OTHERS)));
    let rows = [
        ("tid is another's", &ours, json!(OTHERS), json!(TEMPLATE)),
        ("iss is another's", &others, json!(OURS), json!(TEMPLATE)),
        ("the key is another's", &ours, json!(OURS), others.clone()),
        ("both are another's, the key is ours", &others, json!(OTHERS), ours.clone()),
        ("the key names nobody", &ours, json!(OURS), Value::Null),
        ("the key names no text", &ours, json!(OURS), json!([issuer_of(OURS)])),
        ("the key names another host's template", &ours, json!(OURS), json!("https://evil.example/{tenantid}/v2.0")),
        ("the key names another version", &ours, json!(OURS), json!("https://login.microsoftonline.com/{tenantid}/")),
        (
            "the key's template has two places",
            &ours,
            json!(OURS),
            json!("https://{x}.microsoftonline.com/{tenantid}/v2.0"),
        ),
        ("the key's template is all place", &ours, json!(OURS), json!("{tenantid}")),
        ("tid in another case", &ours, json!(OURS.to_uppercase()), json!(TEMPLATE)),
        ("tid is absent", &ours, Value::Null, json!(TEMPLATE)),
        ("tid is a list", &ours, json!([OURS]), json!(TEMPLATE)),
        ("tid is a number", &ours, json!(1), json!(TEMPLATE)),
        ("tid is empty", &ours, json!(""), json!(TEMPLATE)),
        ("tid is the issuer", &ours, ours.clone(), json!(TEMPLATE)),
    ];
    for (what, iss, tid, key_issuer) in rows {
        assert_eq!(judge(iss, &tid, &key_issuer, template()), Err(Error::TenantMismatch), "{what}");
    }
}

/// Attack class 21 on a template: a tenant is one plain word and brings neither path nor host into the issuer.
#[test]
fn a_tenant_cannot_reshape_the_issuer() {
    let tricks = [
        "",
        "..",
        ".",
        "a/b",
        "a/../b",
        "%2e%2e",
        "a%2fb",
        "a\\b",
        "a?x",
        "a#x",
        "a@b",
        "a:b",
        "a b",
        "a.b",
        "{tenantid}",
        "*",
        "é",
        "a\u{0}",
        "a\n",
        "٣",
        "evil.example/x",
        "x/v2.0/..",
    ];
    for tenant in tricks {
        let iss = json!(issuer_of(tenant));
        assert_eq!(judge(&iss, &json!(tenant), &json!(TEMPLATE), template()), Err(Error::IssuerUnknown), "{tenant:?}");
        assert_eq!(judge(&iss, &json!(tenant), &iss, template()), Err(Error::IssuerUnknown), "{tenant:?}");
        assert_eq!(template().tenant_of(&issuer_of(tenant)), None, "{tenant:?}");
    }
    let ours = issuer_of(OURS);
    for iss in [
        format!("{ours}/"),
        format!(" {ours}"),
        ours.replace("https", "http"),
        ours.replace("login", "Login"),
        ours.replace("v2.0", "v1.0"),
        ours.replace(".com/", ".com.evil.example/"),
        TEMPLATE.into(),
        format!("https://login.microsoftonline.com/{OURS}"),
        String::new(),
        "https://login.microsoftonline.com//v2.0".into(),
    ] {
        assert_eq!(judge(&json!(iss), &json!(OURS), &json!(TEMPLATE), template()), Err(Error::IssuerUnknown), "{iss}");
    }
    assert_eq!(
        judge(&Value::Null, &json!(OURS), &json!(TEMPLATE), template()),
        Err(Error::ClaimMissing { claim: "iss" })
    );
    for iss in [json!([ours]), json!(1), json!({})] {
        assert_eq!(judge(&iss, &json!(OURS), &json!(TEMPLATE), template()), Err(Error::ClaimInvalid { claim: "iss" }));
    }
}

/// With a list, another tenant of the provider is refused though its token is genuine.
#[test]
fn an_allow_list_of_tenants_holds() {
    let only = |tenants: &[&str]| template().tenants(tenants.iter().copied());
    let genuine = |tenant: &str, template| judge(&json!(issuer_of(tenant)), &json!(tenant), &json!(TEMPLATE), template);
    assert_eq!(genuine(OURS, only(&[OTHERS, OURS])), Ok(()));
    assert_eq!(genuine(OTHERS, only(&[OURS])), Err(Error::IssuerUnknown));
    assert_eq!(genuine(OURS, only(&[])), Err(Error::IssuerUnknown), "a list of none takes none");
    assert_eq!(genuine(OTHERS, template()), Ok(()), "without a list every tenant may come");
}

#[test]
fn a_template_has_exactly_one_place() {
    for issuer in [
        "",
        "https://login.example",
        "{tenantid}",
        "https://login.example/{}",
        "https://login.example/{a}/{b}",
        "https://login.example/{a",
        "https://login.example/a}",
        "https://login.example/}a{",
        "https://login.example/{{a}}",
        "https://login.example/{a}}",
    ] {
        assert_eq!(TenantTemplate::new(issuer, "tid"), None, "{issuer:?}");
    }
    assert_eq!(TenantTemplate::new(TEMPLATE, ""), None);
    assert_eq!(template().tenant_of(&issuer_of(OURS)), Some(OURS));
    let at_the_end = TenantTemplate::new("https://login.example/{t}", "org").unwrap();
    assert_eq!(at_the_end.tenant_of("https://login.example/a_b-1"), Some("a_b-1"));
    assert_eq!(at_the_end.tenant_of("https://login.example/a/b"), None);
}

/// One issuer is compared exactly whatever the key says of itself; a single tenant may be named that way as well.
#[test]
fn without_a_template_the_keys_issuer_is_not_looked_at() {
    let rules = Rules::legacy_access_token().issuer(issuer_of(OURS)).audience(AUDIENCE).build().unwrap();
    let claims = with(access_claims(), "iss", Some(json!(issuer_of(OURS))));
    for key in [json!({}), json!({"issuer": TEMPLATE}), json!({"issuer": 1})] {
        judge_with_key(&RS256, None, &claims.to_string(), &key, &rules, NOW).unwrap();
    }
    let claims = with(access_claims(), "iss", Some(json!(issuer_of(OTHERS))));
    let error =
        judge_with_key(&RS256, None, &claims.to_string(), &json!({"issuer": TEMPLATE}), &rules, NOW).unwrap_err();
    assert_eq!(error, Error::IssuerUnknown);
}

/// RFC 7662 section 2.2: no key vouches for an answer, but the tenant it names must be one that is taken, and one only.
#[test]
fn an_introspection_answer_of_another_tenant_is_refused() {
    let read = |iss: Value, tid: Value, template: TenantTemplate| {
        let mut answer = json!({"active": true, "aud": AUDIENCE, "exp": NOW + 300});
        for (name, value) in [("iss", iss), ("tid", tid)] {
            if !value.is_null() {
                answer[name] = value;
            }
        }
        let rules = Rules::introspection().tenant_issuer(template).audience(AUDIENCE).build().unwrap();
        read_introspection(&answer.to_string(), &rules, UnixTime::from_seconds(NOW)).map(|_| ())
    };
    let (ours, others) = (json!(issuer_of(OURS)), json!(issuer_of(OTHERS)));
    let listed = || template().tenants([OURS]);
    assert_eq!(read(ours.clone(), json!(OURS), listed()), Ok(()));
    assert_eq!(read(ours.clone(), Value::Null, listed()), Ok(()));
    assert_eq!(read(others.clone(), json!(OTHERS), listed()), Err(Error::IssuerUnknown));
    assert_eq!(read(others.clone(), Value::Null, listed()), Err(Error::IssuerUnknown));
    assert_eq!(read(others, Value::Null, template()), Ok(()));
    assert_eq!(read(ours.clone(), json!(OTHERS), listed()), Err(Error::TenantMismatch));
    assert_eq!(read(ours.clone(), json!(OTHERS), template()), Err(Error::TenantMismatch));
    assert_eq!(read(ours, json!(1), template()), Err(Error::TenantMismatch));
    assert_eq!(read(json!("https://evil.example"), Value::Null, template()), Err(Error::IssuerUnknown));
    // Without `iss` nothing says whose token it is; where the tenants are listed, that is too little.
    assert_eq!(read(Value::Null, Value::Null, template()), Ok(()));
    assert_eq!(read(Value::Null, json!(OURS), listed()), Err(Error::ClaimMissing { claim: "iss" }));
}
