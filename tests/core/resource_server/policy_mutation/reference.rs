//! What a gate should do, read off the policy's JSON in the plainest way: slowly, by one route after another, and with none of the
//! crate's own types.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    demands::{Facts, at, inside, issues, judge, path, tenant, texts},
    documents::{ISSUERS, TEMPLATE},
    requests::{Presented, Sending, Sent, thumbprint},
};
use crate::{dpop_gate::jkt, signing::Key};

/// A request, and all that its answer hangs on.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Value,
    pub(super) now: u64,
    pub(super) sending: &'a Sending,
    /// Of the token, where there is one. Its signature is good, and it is of RFC 9068's kind.
    pub(super) claims: Option<&'a Value>,
    /// What introspection would answer now.
    pub(super) answer: Option<&'a Value>,
    /// What it has answered about this token before, if it did, and when.
    pub(super) kept: Option<&'a (Option<Value>, u64)>,
    /// The deny list; `None` where it can't be had.
    pub(super) denied: Option<&'a [Value]>,
}

/// What a caller sees, and what the authorization server does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) status: u16,
    pub(super) error: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) acr_values: Option<String>,
    pub(super) max_age: Option<String>,
    /// Where the request goes.
    pub(super) url: Option<String>,
    /// The claims that it goes with, by header. Nothing is said of them where introspection was asked.
    pub(super) claims: Option<BTreeMap<String, String>>,
    /// What a challenge names (RFC 9728 section 5.1).
    pub(super) resource_metadata: Option<String>,
    /// Which page may read the answer.
    pub(super) allowed_page: Option<String>,
    /// The methods that a preflight is told, and the headers.
    pub(super) allowed_methods: Option<String>,
    pub(super) allowed_headers: Option<String>,
    /// A document, where the answer is the protected resource's metadata.
    pub(super) metadata: Option<Value>,
    /// Whether introspection was asked.
    pub(super) was_asked: bool,
}

impl Expected {
    fn forward(url: String) -> Self {
        Self { url: Some(url), ..Self::plain(200, None) }
    }

    pub(super) fn plain(status: u16, error: Option<&str>) -> Self {
        Self { status, error: error.map(Into::into), ..Self::default() }
    }
}

pub(super) fn decide(asked: &Asked<'_>) -> Expected {
    let Asked { document, sending, .. } = asked;
    if let Some(served) = metadata(document, sending) {
        return served;
    }
    let mut expected = without_headers(asked);
    let pages = texts(&document["cors"]["origins"]);
    expected.allowed_page = sending.page.filter(|page| pages.iter().any(|own| own == page)).map(Into::into);
    if expected.allowed_page.is_none() {
        (expected.allowed_methods, expected.allowed_headers) = (None, None);
    }
    // 401 and 403 are challenges; so is 400 of credentials, which nobody sends here.
    if matches!(expected.status, 401 | 403) {
        expected.resource_metadata = document["resource_metadata"]["resource"].as_str().map(|resource| {
            let (host, path) = split(resource);
            format!("{host}/.well-known/oauth-protected-resource{path}")
        });
    }
    expected
}

/// Scheme with host, and the path of a resource.
fn split(resource: &str) -> (&str, &str) {
    let host = resource.strip_prefix("https://").unwrap_or(resource);
    let at = host.find('/').map_or(resource.len(), |at| at + resource.len() - host.len());
    let (host, path) = resource.split_at(at);
    (host, if path == "/" { "" } else { path })
}

/// RFC 9728 section 3: the document, to everybody.
fn metadata(document: &Value, sending: &Sending) -> Option<Expected> {
    let said = &document["resource_metadata"];
    let (_, path) = split(said["resource"].as_str()?);
    if sending.path != format!("/.well-known/oauth-protected-resource{path}") {
        return None;
    }
    let everybody = || Some("*".to_owned());
    match sending.method {
        "GET" | "HEAD" => {}
        "OPTIONS" => {
            let answer = Expected {
                allowed_page: everybody(),
                allowed_methods: Some("GET".into()),
                ..Expected::plain(204, None)
            };
            return Some(Expected { allowed_headers: everybody(), ..answer });
        }
        _ => {
            let pages = texts(&document["cors"]["origins"]);
            let allowed_page = sending.page.filter(|page| pages.iter().any(|own| own == page)).map(Into::into);
            return Some(Expected { allowed_page, ..Expected::plain(405, None) });
        }
    }
    // Of tenants those on the list.
    let named = |issuer: &Value| match issuer["issuer"].as_str().unwrap_or_default() {
        text if text.contains("{tenantid}") && issuer["tenants"] == "any" => Vec::new(),
        text if text.contains("{tenantid}") => {
            texts(&issuer["tenants"]).iter().map(|tenant| text.replace("{tenantid}", tenant)).collect()
        }
        text => vec![text.to_owned()],
    };
    let issuers = document["issuers"].as_array().into_iter().flatten().flat_map(named);
    let mut metadata = json!({
        "resource": said["resource"],
        "authorization_servers": issuers.collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"],
    });
    for member in ["scopes_supported", "resource_name"] {
        if said.get(member).is_some_and(|value| *value != json!([])) {
            metadata[member] = said[member].clone();
        }
    }
    if document["dpop"].is_object() {
        let algs = texts(&document["dpop"]["algorithms"]);
        // Without a choice it is all that the engine has, which is not the policy's.
        metadata["dpop_signing_alg_values_supported"] = if algs.is_empty() { Value::Null } else { json!(algs) };
        let mut guarded =
            document["routes"].as_array().into_iter().flatten().filter(|route| route["public"] != true).peekable();
        if guarded.peek().is_some() && guarded.all(demands_dpop) {
            metadata["dpop_bound_access_tokens_required"] = json!(true);
        }
    }
    if document["mtls"].is_object() {
        metadata["tls_client_certificate_bound_access_tokens"] = json!(true);
    }
    let metadata = (sending.method == "GET").then_some(metadata);
    Some(Expected { allowed_page: everybody(), metadata, ..Expected::plain(200, None) })
}

/// Whether no token that is not bound to a key could meet it.
fn demands_dpop(said: &Value) -> bool {
    let alternatives = inside(said, "any_of");
    texts(&said["sender_constraint"]) == ["dpop"]
        || inside(said, "all_of").iter().any(demands_dpop)
        || (!alternatives.is_empty() && alternatives.iter().all(demands_dpop))
}

fn without_headers(asked: &Asked<'_>) -> Expected {
    let Asked { document, now, sending, .. } = *asked;
    let has_pages = !texts(&document["cors"]["origins"]).is_empty();
    let preflight = sending.asks_method.filter(|_| has_pages);
    let route = match route(document, preflight.unwrap_or(sending.method), sending.path) {
        Ok(route) => route,
        Err(status) => return Expected::plain(status, None),
    };
    if let Some(method) = preflight {
        let mut headers = vec!["authorization".to_owned(), "content-type".into()];
        headers.extend(document["dpop"].is_object().then(|| "dpop".into()));
        headers.extend(texts(&document["cors"]["headers"]));
        return Expected {
            allowed_methods: Some(method.into()),
            allowed_headers: Some(headers.join(", ")),
            ..Expected::plain(204, None)
        };
    }
    let forward = || {
        let origin = document["upstream"]["origin"].as_str().unwrap_or_default();
        Expected::forward(format!("{origin}{}", sending.path))
    };
    if route["public"] == true {
        return Expected { claims: Some(BTreeMap::new()), ..forward() };
    }
    let takes = |claims: &Value| can_be_proved(claims, document);
    // Where no proofs are taken, nobody knows the scheme.
    let claims = asked.claims.filter(|_| document["dpop"].is_object() || sending.sent == Sent::Bearer);
    let Some(claims) = claims else {
        return Expected::plain(401, None);
    };
    let issuers: Vec<&Value> = document["issuers"].as_array().into_iter().flatten().collect();
    let Some(issuer) = issuers.iter().find(|issuer| issues(issuer, claims)) else {
        return Expected::plain(401, Some("invalid_token"));
    };
    if issuer["jwks_uri"].is_null() {
        return Expected::plain(503, None);
    }
    let tolerance = issuer["clock_tolerance_seconds"].as_u64().unwrap_or(30);
    let algorithms = texts(&issuer["algorithms"]);
    let is_good = (algorithms.is_empty() || algorithms.iter().any(|name| name == "ES256"))
        && (issuer["token_profile"] == "at+jwt" || issuer["token_profile"].is_null())
        && texts(&claims["aud"]).iter().any(|named| texts(&issuer["audience"]).contains(named))
        && claims["exp"].as_u64().unwrap() + tolerance > now
        && is_of_its_tenant(issuer, claims)
        && takes(claims);
    if !is_good {
        return Expected::plain(401, Some("invalid_token"));
    }
    let alone = Facts { claims, answer: None, tolerance, now };
    if let Some(refusal) = judge(route, &alone) {
        return refusal;
    }
    let end = || if route["deny_list"] == true { administered(asked) } else { forward() };
    let granted = |facts: &Facts<'_>| denied(asked, facts).or_else(|| possessed(asked, facts)).unwrap_or_else(end);
    if route["introspection"] != true {
        let expected = granted(&alone);
        let claims = expected.url.is_some().then(|| claim_headers(&document["upstream"], claims));
        return Expected { claims, ..expected };
    }
    if issuer["introspection"]["introspection_endpoint"].is_null() {
        return Expected::plain(503, None);
    }
    let cached = issuer["introspection"]["cache_seconds"].as_u64().unwrap_or_default();
    let kept = asked.kept.filter(|(answer, at)| {
        let serves = match answer {
            None => SILENT_SECONDS,
            Some(answer) if answer["active"] == true && takes(answer) => cached,
            Some(_) => REFUSED_SECONDS,
        };
        now < at + serves
    });
    let was_asked = kept.is_none();
    let expected = match kept.map_or(asked.answer, |(answer, _)| answer.as_ref()) {
        None => Expected::plain(503, None),
        Some(answer) if answer["active"] != true || !takes(answer) => Expected::plain(401, Some("invalid_token")),
        Some(answer) => {
            let facts = Facts { answer: Some(answer), ..alone };
            judge(route, &facts).unwrap_or_else(|| granted(&facts))
        }
    };
    Expected { was_asked, ..expected }
}

/// Whether the token and its key speak of the tenant that its `iss` names, where there are tenants. The keys say that they are for all of one template's.
fn is_of_its_tenant(issuer: &Value, claims: &Value) -> bool {
    let (text, iss) = (issuer["issuer"].as_str().unwrap_or_default(), claims["iss"].as_str().unwrap_or_default());
    !text.contains("{tenantid}") || (text == TEMPLATE && tenant(text, iss) == claims["tid"].as_str())
}

/// The claims that the origin gets, each by its header.
fn claim_headers(upstream: &Value, claims: &Value) -> BTreeMap<String, String> {
    let own = |name: &str| (vec![name.to_owned()], format!("edgeward-{}", name.replace('_', "-")));
    let named: Vec<(Vec<String>, String)> = match &upstream["claim_headers"] {
        Value::Array(list) => {
            let header = |one: &Value| one["header"].as_str().unwrap_or_default().to_owned();
            list.iter().map(|one| (path(&one["path"]), header(one))).collect()
        }
        Value::Object(members) => {
            let header = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            members.iter().map(|(name, value)| (vec![name.clone()], header(value))).collect()
        }
        _ => ["sub", "iss", "client_id", "scope", "jti"].map(own).to_vec(),
    };
    // A text, a number, a truth value, or texts with commas between them. No scope at all is none.
    let text = |path: &[String]| match at(claims, path)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty() || path != ["scope"]),
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
            Some(texts(&Value::Array(list.clone())).join(","))
        }
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    };
    named.into_iter().filter_map(|(path, header)| Some((header, text(&path)?))).collect()
}

/// How long a refusal of introspection stands, and how long it is left alone about a token that it says nothing of, in seconds
/// ([`edgeward::limits`]).
const REFUSED_SECONDS: u64 = 5;
const SILENT_SECONDS: u64 = 2;

/// The route of a path that takes a method, or the status of the answer.
pub(super) fn route<'a>(document: &'a Value, method: &str, path: &str) -> Result<&'a Value, u16> {
    let routes: Vec<&Value> = document["routes"].as_array().into_iter().flatten().collect();
    let path_of = |route: &Value| route["path"].as_str().unwrap_or_default().to_owned();
    // The exact path, or else the longest prefix.
    let covers = |pattern: &str| match pattern.strip_suffix("/*") {
        Some(prefix) => path == prefix || path.starts_with(&format!("{prefix}/")),
        None => false,
    };
    let exact = routes.iter().map(|route| path_of(route)).find(|pattern| pattern == path);
    let prefixes = routes.iter().map(|route| path_of(route)).filter(|pattern| covers(pattern));
    let pattern = exact.or_else(|| prefixes.max_by_key(String::len)).ok_or(404_u16)?;
    let takes = |route: &&Value| {
        let methods = texts(&route["methods"]);
        methods.is_empty() || methods.iter().any(|own| own == method || (own == "GET" && method == "HEAD"))
    };
    let mut of_pattern = routes.into_iter().filter(|route| path_of(route) == pattern);
    of_pattern.find(takes).ok_or(405)
}

/// Whether what it is bound to, if anything, is something that somebody can prove here, and all of it.
fn can_be_proved(claims: &Value, document: &Value) -> bool {
    let Some(cnf) = claims.get("cnf") else { return true };
    let (key, certificate) = (cnf["jkt"].is_string(), cnf["x5t#S256"].is_string());
    (key || certificate) && (!key || document["dpop"].is_object()) && (!certificate || document["mtls"].is_object())
}

/// The refusal, where the deny list names the token, or can't be had.
fn denied(asked: &Asked<'_>, facts: &Facts<'_>) -> Option<Expected> {
    asked.document["revocation"].as_object()?;
    let Some(entries) = asked.denied else {
        return Some(Expected::plain(503, None));
    };
    let names = |entry: &Value, said: &Value| {
        ["jti", "sub", "sid"].iter().all(|claim| entry.get(*claim).is_none_or(|value| said.get(*claim) == Some(value)))
            && entry["issued_before"].as_u64().is_none_or(|moment| said["iat"].as_u64().is_none_or(|at| at < moment))
    };
    let is_denied =
        |said: &Value| entries.iter().any(|entry| entry["iss"] == facts.claims["iss"] && names(entry, said));
    let is_revoked = is_denied(facts.claims) || facts.answer.is_some_and(is_denied);
    is_revoked.then(|| Expected::plain(401, Some("invalid_token")))
}

/// What the deny list's own route answers.
fn administered(asked: &Asked<'_>) -> Expected {
    match (asked.sending.method, asked.denied) {
        ("GET" | "HEAD" | "POST", None) => Expected::plain(503, None),
        ("GET" | "HEAD", Some(_)) => Expected::plain(200, None),
        // The body names an issuer of the vocabulary's.
        ("POST", Some(_)) => {
            let issuers = asked.document["issuers"].as_array().into_iter().flatten();
            let is_known = issuers.into_iter().any(|issuer| issues(issuer, &json!({ "iss": ISSUERS[0] })));
            Expected::plain(if is_known { 201 } else { 400 }, None)
        }
        _ => Expected::plain(405, None),
    }
}

/// The refusal, where who sends the token has not proved what it is bound to.
fn possessed(asked: &Asked<'_>, facts: &Facts<'_>) -> Option<Expected> {
    let bound = |member: &str| -> Vec<String> {
        let said = [Some(facts.claims), facts.answer].into_iter().flatten();
        said.filter_map(|said| said["cnf"][member].as_str()).map(ToOwned::to_owned).collect()
    };
    let (keys, certificates) = (bound("jkt"), bound("x5t#S256"));
    let contradict = |named: &[String]| named.windows(2).any(|pair| pair[0] != pair[1]);
    let any = asked.document["mtls"]["certificates"] == "any";
    let presented = match asked.sending.certificate {
        Some(Presented::Own(which) | Presented::Verified(which)) => Some(which),
        Some(Presented::SelfSigned(which)) if any => Some(which),
        _ => None,
    };
    let is_of_the_certificate = certificates.iter().all(|named| presented.is_some_and(|own| thumbprint(own) == *named));
    let needs_nonce = asked.document["dpop"]["nonce_secret_binding"].is_string();
    // What is wrong with the key comes before what is wrong with the certificate, and whether a proof was used is asked last.
    let error = match asked.sending.sent {
        _ if contradict(&keys) || contradict(&certificates) => Some("invalid_token"),
        sent if keys.is_empty() != (sent == Sent::Bearer) => Some("invalid_token"),
        Sent::Misdirected => Some("invalid_dpop_proof"),
        _ if keys.iter().any(|named| *named != jkt(Key::Ec)) => Some("invalid_token"),
        sent if sent != Sent::Bearer && needs_nonce && !asked.sending.has_nonce => Some("use_dpop_nonce"),
        _ if !is_of_the_certificate => Some("invalid_token"),
        Sent::Replayed => Some("invalid_dpop_proof"),
        Sent::Bearer | Sent::Proved | Sent::WithoutNonce => None,
    };
    error.map(|error| Expected::plain(401, Some(error)))
}
