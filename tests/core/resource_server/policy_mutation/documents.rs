//! Policies by chance: good ones of a small vocabulary, so that demands are met about as often as not, and mutations of them.

use serde_json::{Map, Value, json};

use crate::{
    chance::Chance,
    outside::{INTROSPECTION_URL, JWKS_URL},
};

pub(super) const ISSUERS: [&str; 3] = ["https://as.example", "https://two.example/t", "https://three.example"];
pub(super) const WORDS: [&str; 3] = ["a", "b", "c"];
const PATHS: [&str; 7] = ["/a", "/a/b", "/a/*", "/b/*", "/b/c/*", "/*", "/"];
const REQUESTED: [&str; 7] = ["/a", "/a/b", "/a/b/c", "/b", "/b/c/d", "/x", "/"];
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

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Bearer,
    /// With a proof of the EC key, for this request or for another method.
    Proved,
    Misdirected,
}

/// As it would be by an honest client most of the time.
pub(super) fn sent(can_be_proved: bool, random: &mut Random) -> Sent {
    if !can_be_proved && random.often(8) {
        return Sent::Bearer;
    }
    *random.pick(&[Sent::Bearer, Sent::Proved, Sent::Misdirected, Sent::Misdirected])
}

/// A method and a path.
pub(super) fn request(random: &mut Random) -> (&'static str, &'static str) {
    (*random.pick(&["GET", "GET", "POST", "HEAD"]), *random.pick(&REQUESTED))
}

fn good(random: &mut Random) -> Value {
    let count = 1 + random.below(ISSUERS.len());
    let issuers: Vec<Value> = ISSUERS[..count].iter().map(|name| issuer(name, random)).collect();
    let audiences: Vec<String> =
        issuers.iter().flat_map(|issuer| super::reference::texts(&issuer["audience"])).collect();
    let takes_dpop = random.often(7);
    let vocabulary = Vocabulary { audiences, issuers: count, takes_dpop };
    let mut routes = Vec::new();
    for path in PATHS {
        let is_last_chance = path == "/*" && routes.is_empty();
        if !(random.often(5) || is_last_chance) {
            continue;
        }
        let mut route = if random.often(1) {
            json!({ "public": true })
        } else {
            let mut route = requirement(&vocabulary, 0, random);
            if random.often(2) {
                route["introspection"] = json!(true);
            }
            route
        };
        route["path"] = json!(path);
        if random.often(3) {
            route["methods"] = random.pick(&[json!(["GET"]), json!(["POST"]), json!(["GET", "POST"])]).clone();
        }
        routes.push(route);
    }
    let mut policy = json!({
        "realm": "r", "issuers": issuers, "routes": routes, "upstream": { "origin": "https://origin.internal" },
    });
    if takes_dpop {
        policy["dpop"] = json!({ "replay": "memory", "algorithms": ["ES256"] });
    }
    policy
}

/// What a route may name of the rest of its policy.
struct Vocabulary {
    audiences: Vec<String>,
    issuers: usize,
    takes_dpop: bool,
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
    super::reference::texts(&some(random)).join(" ")
}

fn requirement(vocabulary: &Vocabulary, depth: usize, random: &mut Random) -> Value {
    let mut said = Map::new();
    if random.often(3) {
        said.insert("scope".into(), json!(words(random)));
    }
    if random.often(1) {
        said.insert("issuer".into(), json!(ISSUERS[random.below(vocabulary.issuers)]));
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
    if vocabulary.takes_dpop && random.often(3) {
        said.insert("sender_constraint".into(), random.pick(&[json!("dpop"), json!(["dpop"])]).clone());
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
