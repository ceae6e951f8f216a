//! Policies by chance: good ones of a small vocabulary, so that demands are met about as often as not, and mutations of them.

use serde_json::{Map, Value, json};

use super::requests::PAGES;
use crate::{
    chance::Chance,
    outside::{INTROSPECTION_URL, JWKS_URL},
};

pub(super) const ISSUERS: [&str; 3] = ["https://as.example", "https://two.example/t", "https://three.example"];
/// The third of them where it has tenants.
pub(super) const TEMPLATE: &str = "https://three.example/{tenantid}";
pub(super) const WORDS: [&str; 3] = ["a", "b", "c"];
const PATHS: [&str; 7] = ["/a", "/a/b", "/a/*", "/b/*", "/b/c/*", "/*", "/"];
const LISTS: [&str; 3] = ["roles", "groups", "entitlements"];

/// What chooses, for one case.
pub(super) struct Random(Chance);

impl Random {
    pub(super) fn of(seed: u64, case: u64) -> Self {
        let mut chance = Chance::new(seed ^ case.wrapping_mul(0xd134_2543_de82_ef95));
        // The first number of cases that follow one another is much the same.
        chance.below(1);
        Self(chance)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    /// So many times in ten.
    pub(super) fn often(&mut self, tenths: usize) -> bool {
        self.below(10) < tenths
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A policy, and whether it is good for sure.
pub(super) fn any(random: &mut Random) -> (Value, bool) {
    let mut document = good(random);
    let mutations = if random.often(5) { 0 } else { 1 + random.below(3) };
    for _ in 0..mutations {
        mutate(&mut document, random);
    }
    (document, mutations == 0)
}

fn good(random: &mut Random) -> Value {
    let count = 1 + random.below(ISSUERS.len());
    let mut issuers: Vec<Value> = ISSUERS[..count].iter().map(|name| issuer(name, random)).collect();
    let mut named: Vec<String> = ISSUERS[..count].iter().map(ToString::to_string).collect();
    if count == ISSUERS.len() && random.often(7) {
        issuers[2]["issuer"] = json!(TEMPLATE);
        issuers[2]["jwks_uri"] = json!(JWKS_URL);
        issuers[2]["tenants"] = random.pick(&[json!(["a"]), json!(["a", "b"]), json!("any")]).clone();
        named[2] = TEMPLATE.into();
        named.push(TEMPLATE.replace("{tenantid}", "a"));
    }
    let audiences: Vec<String> = issuers.iter().flat_map(|issuer| super::demands::texts(&issuer["audience"])).collect();
    let (takes_dpop, takes_mtls, denies) = (random.often(6), random.often(4), random.often(4));
    let bindings = [("dpop", takes_dpop), ("mtls", takes_mtls)];
    let bindings = bindings.into_iter().filter(|(_, is_taken)| *is_taken).map(|(name, _)| name).collect();
    let vocabulary = Vocabulary { audiences, issuers: named, bindings };
    let mut policy = json!({
        "realm": "r", "issuers": issuers, "routes": routes(&vocabulary, denies, random),
        "upstream": { "origin": "https://origin.internal" },
    });
    if takes_dpop {
        policy["dpop"] = json!({ "replay": "memory", "algorithms": ["ES256"] });
        if random.often(4) {
            policy["dpop"]["nonce_secret_binding"] = json!("NONCE");
        }
    }
    if takes_mtls {
        let choices = [json!({}), json!({ "certificates": "verified" }), json!({ "certificates": "any" })];
        policy["mtls"] = random.pick(&choices).clone();
    }
    if random.often(5) {
        policy["upstream"]["claim_headers"] = claim_headers(random);
    }
    if denies {
        policy["revocation"] = json!({ "durable_object_binding": "DENY_LIST" });
    }
    if random.often(4) {
        policy["cors"] = json!({ "origins": [PAGES[0]] });
        if random.often(3) {
            policy["cors"]["headers"] = json!(["x-page"]);
        }
    }
    if random.often(4) {
        let resources = [json!("https://api.example"), json!("https://api.example/v1")];
        policy["resource_metadata"] = json!({ "resource": random.pick(&resources).clone() });
        if random.often(4) {
            policy["resource_metadata"]["scopes_supported"] = json!(["a", "b"]);
        }
    }
    policy
}

/// Claims for the origin, as an object or, also of those inside of others, as a list.
fn claim_headers(random: &mut Random) -> Value {
    if random.often(4) {
        let all = [
            json!({}),
            json!({ "sub": "x-sub", "tier": "x-tier" }),
            json!({ "scope": "x-s", "x.y": "x-y", "roles": "x-r" }),
        ];
        return random.pick(&all).clone();
    }
    let paths = [
        json!("sub"),
        json!("scope"),
        json!("client_id"),
        json!("tier"),
        json!("groups"),
        json!("realm.roles"),
        json!(["realm", "a.b"]),
        json!(["x.y"]),
    ];
    let chosen = paths.iter().enumerate().filter(|_| random.often(4));
    chosen.map(|(at, path)| json!({ "path": path, "header": format!("x-{at}") })).collect()
}

/// A route for some of the paths, and for one of them at least.
fn routes(vocabulary: &Vocabulary, denies: bool, random: &mut Random) -> Vec<Value> {
    let mut routes = Vec::new();
    for path in PATHS {
        let is_last_chance = path == "/*" && routes.is_empty();
        if !(random.often(5) || is_last_chance) {
            continue;
        }
        let mut route = if random.often(1) {
            json!({ "public": true })
        } else {
            // Half of them ask for little, so that what comes after the demands is reached.
            let mut route = match random.below(10) {
                0..=3 => requirement(vocabulary, 0, random),
                4..=6 => json!({ "scope": random.pick(&WORDS) }),
                7 if !vocabulary.bindings.is_empty() => json!({ "sender_constraint": vocabulary.bindings }),
                _ => json!({}),
            };
            if random.often(3) {
                route["introspection"] = json!(true);
            }
            if denies && random.often(2) {
                route = json!({ "deny_list": true, "scope": random.pick(&WORDS) });
            }
            route
        };
        route["path"] = json!(path);
        if random.often(3) {
            route["methods"] = random.pick(&[json!(["GET"]), json!(["POST"]), json!(["GET", "POST"])]).clone();
        }
        routes.push(route);
    }
    routes
}

/// What a route may name of the rest of its policy.
struct Vocabulary {
    audiences: Vec<String>,
    /// What routes may call them.
    issuers: Vec<String>,
    /// How tokens may be bound.
    bindings: Vec<&'static str>,
}

fn issuer(name: &str, random: &mut Random) -> Value {
    let mut issuer = json!({
        "issuer": name,
        "audience": some(random),
        "jwks_uri": JWKS_URL,
        "introspection": {
            "client_id": "gate",
            "client_secret_binding": "SECRET",
            "introspection_endpoint": INTROSPECTION_URL,
        },
    });
    if random.often(3) {
        issuer["clock_tolerance_seconds"] = random.pick(&[json!(0), json!(60), json!(300)]).clone();
    }
    if random.often(1) {
        issuer["algorithms"] = random.pick(&[json!(["ES256"]), json!(["RS256"]), json!(["RS256", "ES256"])]).clone();
    }
    if random.often(1) {
        issuer["token_profile"] = random.pick(&[json!("jwt"), json!("at+jwt")]).clone();
    }
    if random.often(4) {
        issuer["introspection"]["cache_seconds"] = random.pick(&[json!(1), json!(20), json!(300)]).clone();
    }
    if random.below(30) == 0 {
        issuer["jwks_uri"] = Value::Null;
    }
    issuer
}

/// One of the words, or several of them.
fn some(random: &mut Random) -> Value {
    if random.often(5) {
        return json!(random.pick(&WORDS));
    }
    let words: Vec<_> = WORDS.iter().filter(|_| random.often(5)).collect();
    if words.is_empty() { json!(["a"]) } else { json!(words) }
}

fn words(random: &mut Random) -> String {
    super::demands::texts(&some(random)).join(" ")
}

fn requirement(vocabulary: &Vocabulary, depth: usize, random: &mut Random) -> Value {
    let mut said = Map::new();
    if random.often(3) {
        said.insert("scope".into(), json!(words(random)));
    }
    if random.often(1) {
        said.insert("issuer".into(), json!(random.pick(&vocabulary.issuers)));
    }
    if random.often(1) {
        said.insert("audience".into(), json!([random.pick(&vocabulary.audiences)]));
    }
    for list in LISTS {
        if random.often(1) {
            said.insert(list.into(), some(random));
        }
    }
    if random.often(2) {
        let conditions: Vec<_> = (0..=random.below(2)).map(|_| condition(random)).collect();
        said.insert("claims".into(), json!(conditions));
    }
    if random.often(2) {
        said.insert("acr_values".into(), json!(words(random)));
    }
    if random.often(1) {
        said.insert("max_age".into(), random.pick(&[json!(0), json!(60), json!(1_000)]).clone());
    }
    if !vocabulary.bindings.is_empty() && random.often(2) {
        let one = *random.pick(&vocabulary.bindings);
        let said_so = random.pick(&[json!(one), json!([one]), json!(vocabulary.bindings)]).clone();
        said.insert("sender_constraint".into(), said_so);
    }
    for list in ["any_of", "all_of"] {
        if depth < 3 && random.below(10) < 4 - depth {
            let inside: Vec<_> = (0..=random.below(3)).map(|_| requirement(vocabulary, depth + 1, random)).collect();
            said.insert(list.into(), json!(inside));
        }
    }
    if said.is_empty() && depth > 0 {
        said.insert("scope".into(), json!(random.pick(&WORDS)));
    }
    said.into()
}

fn condition(random: &mut Random) -> Value {
    let path = random
        .pick(&[json!("tier"), json!("realm.roles"), json!(["realm", "a.b"]), json!(["x.y"]), json!("roles")])
        .clone();
    let mut condition = json!({ "path": path });
    match random.below(4) {
        0 => condition["present"] = json!(true),
        1 => {
            let values = [json!(1), json!(1.0), json!("a"), json!(true), json!({ "a": [1] })];
            condition["equals"] = random.pick(&values).clone();
        }
        2 => condition["any_of"] = some(random),
        _ => condition["all_of"] = some(random),
    }
    condition
}

/// Changes one place.
fn mutate(document: &mut Value, random: &mut Random) {
    let junk = [
        Value::Null,
        json!([]),
        json!({}),
        json!(""),
        json!(" "),
        json!("a"),
        json!("a b"),
        json!(["a", ""]),
        json!(0),
        json!(1.5),
        json!(-1),
        json!(true),
        json!(false),
        json!("/a"),
        json!(ISSUERS[1]),
        json!(PAGES[1]),
        json!(20),
        json!("any"),
        json!("x-header"),
    ];
    let other = place(&mut document.clone(), random).clone();
    let node = place(document, random);
    match (random.below(5), node) {
        (0, Value::Object(members)) if !members.is_empty() => {
            let name = members.keys().nth(random.below(members.len())).cloned().unwrap();
            members.remove(&name);
        }
        (1, Value::Object(members)) if !members.is_empty() => {
            let name = members.keys().nth(random.below(members.len())).cloned().unwrap();
            let value = members.remove(&name).unwrap();
            let names = [
                "scope",
                "roles",
                "any_of",
                "all_of",
                "path",
                "acr_values",
                "audience",
                "scopes",
                "equals",
                "sender_constraint",
                "introspection",
                "cache_seconds",
                "deny_list",
                "public",
                "mtls",
                "cors",
                "revocation",
                "resource_metadata",
                "resource",
                "header",
                "tenants",
                "claim_headers",
                "",
            ];
            members.insert((*random.pick(&names)).into(), value);
        }
        (2, Value::Array(elements)) if !elements.is_empty() => {
            let at = random.below(elements.len());
            if random.often(5) {
                elements.remove(at);
            } else {
                elements.push(elements[at].clone());
            }
        }
        (3, node) => *node = other,
        (_, node) => *node = random.pick(&junk).clone(),
    }
}

/// A place by chance, each child as likely as its siblings.
fn place<'a>(value: &'a mut Value, random: &mut Random) -> &'a mut Value {
    let count = value.as_object().map(Map::len).or_else(|| value.as_array().map(Vec::len)).unwrap_or_default();
    if count == 0 || random.often(1) {
        return value;
    }
    let at = random.below(count);
    match value {
        Value::Object(members) => place(members.values_mut().nth(at).unwrap(), random),
        Value::Array(elements) => place(&mut elements[at], random),
        _ => unreachable!("it has children"),
    }
}
