//! The world around a gate: a policy, a clock, the documents it may ask for, and a record of what it asked.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use edgeward::{
    UnixTime,
    crypto::FastEngine,
    resource_server::{
        ClientAssertion, Decision, Forward, Gate, Header, Need, Policy, Progress, Request, Response, StoreWrite,
    },
};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://as.example";
pub(crate) const AUDIENCE: &str = "https://api.example";
pub(crate) const METADATA_URL: &str = "https://as.example/.well-known/openid-configuration";
pub(crate) const JWKS_URL: &str = "https://as.example/jwks";
pub(crate) const INTROSPECTION_URL: &str = "https://as.example/introspect";
pub(crate) const SECRET: &str = "gate-secret-7f3a";
pub(crate) const NOW: u64 = 1_700_000_000;

/// A policy with one issuer and a route of each kind, save those that ask introspection.
pub(crate) fn policy() -> Value {
    json!({
        "realm": "edgeward test",
        "issuers": [{ "issuer": ISSUER, "audience": AUDIENCE, "jwks_uri": JWKS_URL }],
        "routes": [
            { "path": "/health", "public": true },
            { "path": "/me" },
            { "path": "/data", "methods": ["GET"], "scope": "data:read" },
            { "path": "/notes", "methods": ["POST", "PUT"], "scope": "notes:write notes:read" },
        ],
        "upstream": { "origin": "https://origin.internal" },
    })
}

/// The same with a route `/admin` that asks introspection.
pub(crate) fn introspecting_policy() -> Value {
    let mut policy = policy();
    let admin = json!({ "path": "/admin", "scope": "admin", "introspection": true });
    policy["routes"].as_array_mut().unwrap().push(admin);
    policy["issuers"][0]["introspection"] = json!({
        "client_id": "gate",
        "client_secret_binding": "INTROSPECTION_CLIENT_SECRET",
        "introspection_endpoint": INTROSPECTION_URL,
    });
    policy
}

/// The metadata document of [`ISSUER`].
pub(crate) fn metadata() -> Value {
    json!({ "issuer": ISSUER, "jwks_uri": JWKS_URL, "introspection_endpoint": INTROSPECTION_URL })
}

/// The claims of an access token that is good at [`NOW`] and holds every scope of the policies above.
pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "client_id": "app",
        "iat": NOW - 10,
        "exp": NOW + 300,
        "jti": "jti-1",
        "scope": "data:read notes:write notes:read admin",
    })
}

/// The claims with some of them set; a null takes one away.
pub(crate) fn claims_with(changes: Value) -> Value {
    merged(claims(), changes)
}

/// An object with some members set; a null takes one away.
pub(crate) fn merged(mut object: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes {
        if value.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value);
        }
    }
    object
}

/// A gate and all that is outside of it. A document that is `None` can't be had.
pub(crate) struct World {
    pub(crate) gate: Gate,
    pub(crate) now: u64,
    pub(crate) metadata: Option<String>,
    /// What the second of the two places has.
    pub(crate) metadata_elsewhere: Option<String>,
    pub(crate) key_set: Option<String>,
    pub(crate) introspection: Option<String>,
    /// The URLs that were asked, in order; of a metadata need the first.
    pub(crate) fetched: Vec<String>,
    /// `Authorization` header and body of the last introspection request.
    pub(crate) asked: Option<(String, String)>,
    /// What was to be signed for it.
    pub(crate) client_assertion: Option<ClientAssertion>,
    /// What the token endpoint answers: status, line feed, document.
    pub(crate) token: Option<String>,
    /// What the host says of every signature it is asked about.
    pub(crate) host: Option<&'static str>,
    /// What is said of the use of every proof.
    pub(crate) proof_use: Option<&'static str>,
    /// The proofs whose use was asked about: key, proof, and how long it has to be remembered.
    pub(crate) proofs: Vec<(String, String, u64)>,
    /// The deny list's entries by their id; `None` where it can't be had.
    pub(crate) deny_list: Option<BTreeMap<String, String>>,
    /// How many entries it takes.
    pub(crate) deny_list_room: usize,
    /// The body of the request.
    pub(crate) body: Option<String>,
    /// Algorithm, key, message and signature of those it was asked about.
    pub(crate) signatures: Vec<(&'static str, String, String, String)>,
    /// What stores keep, by store and key. Several worlds can have the same.
    pub(crate) stores: Stores,
    /// What a Durable Object says of every document that it is asked for.
    pub(crate) object: Option<String>,
}

/// Texts by store and key, with the seconds for which they are kept.
pub(crate) type Stores = Rc<RefCell<BTreeMap<(&'static str, String), (String, u64)>>>;

impl World {
    /// Every secret the policy names is [`SECRET`]; the metadata is good; there are no keys and no introspection answer.
    pub(crate) fn new(policy: &Value) -> Self {
        Self::with(gate(policy))
    }

    /// The same around a gate of one's own.
    pub(crate) fn with(gate: Gate) -> Self {
        Self {
            gate,
            now: NOW,
            metadata: Some(metadata().to_string()),
            metadata_elsewhere: None,
            key_set: None,
            introspection: None,
            fetched: Vec::new(),
            asked: None,
            client_assertion: None,
            token: None,
            host: None,
            proof_use: None,
            proofs: Vec::new(),
            deny_list: Some(BTreeMap::new()),
            deny_list_room: 3,
            body: None,
            signatures: Vec::new(),
            stores: Stores::default(),
            object: None,
        }
    }

    /// Runs one request to its decision.
    pub(crate) fn call(&mut self, request: &Request<'_>) -> Decision {
        let mut progress = self.gate.authorize(request, self.time());
        for _ in 0..8 {
            match progress {
                Progress::Decided(decision) => return decision,
                Progress::Need(need, pending) => {
                    let answer = self.answer(&need);
                    progress = self.gate.resume(pending, answer.as_deref(), self.time());
                    self.keep();
                }
            }
        }
        panic!("the gate asks without end: {:?}", self.fetched);
    }

    /// GET with a bearer token.
    pub(crate) fn get(&mut self, path: &str, token: &str) -> Decision {
        let authorization = format!("Bearer {token}");
        self.call(&Request { method: "GET", path, authorization: Some(&authorization), ..Request::default() })
    }

    /// What was fetched since the last time this was asked.
    pub(crate) fn take_fetched(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fetched)
    }

    pub(crate) const fn time(&self) -> UnixTime {
        UnixTime::from_seconds(self.now)
    }

    /// Has the stores keep what the gate says.
    pub(crate) fn keep(&mut self) {
        let Some(StoreWrite { stores, key, text, seconds }) = self.gate.take_store_write() else { return };
        for store in stores {
            self.stores.borrow_mut().insert((store.name(), key.clone()), (text.clone(), seconds));
        }
    }

    pub(crate) fn answer(&mut self, need: &Need) -> Option<String> {
        match need {
            Need::Shared { url, max_age_seconds, .. } => {
                self.fetched.push(format!("object {url} {max_age_seconds}"));
                self.object.clone()
            }
            Need::Stored { store, key, .. } => {
                self.fetched.push(store.name().into());
                self.stores.borrow().get(&(store.name(), key.clone())).map(|(text, _)| text.clone())
            }
            Need::Metadata { url } => {
                self.fetched.push(url.clone());
                if url.ends_with("/openid-configuration") {
                    self.metadata.clone()
                } else {
                    self.metadata_elsewhere.clone()
                }
            }
            Need::KeySet { url } => {
                self.fetched.push(url.clone());
                self.key_set.clone()
            }
            Need::Introspection { url, authorization, body, client_assertion } => {
                self.client_assertion.clone_from(client_assertion);
                self.fetched.push(url.clone());
                self.asked = Some((authorization.clone().unwrap_or_default(), body.clone()));
                self.introspection.clone()
            }
            Need::Token { url, authorization, body, client_assertion } => {
                self.client_assertion.clone_from(client_assertion);
                self.fetched.push(url.clone());
                self.asked = Some((authorization.clone().unwrap_or_default(), body.clone()));
                self.token.clone()
            }
            Need::ProofUse { jkt, proof, until } => {
                self.proofs.push((jkt.clone(), proof.clone(), until.as_seconds()));
                self.proof_use.map(Into::into)
            }
            Need::DenyList => {
                self.fetched.push("(deny list)".into());
                let entries: Vec<&str> = self.deny_list.as_ref()?.values().map(String::as_str).collect();
                Some(format!("{{\"entries\":[{}]}}", entries.join(",")))
            }
            Need::DenyListPut { id, entry, .. } => {
                let list = self.deny_list.as_mut()?;
                if list.len() >= self.deny_list_room {
                    return Some("full".into());
                }
                list.insert(id.clone(), entry.clone());
                Some("written".into())
            }
            Need::DenyListRemove { id } => {
                let removed = self.deny_list.as_mut()?.remove(id);
                Some(removed.map_or("absent", |_| "removed").into())
            }
            Need::RequestBody => self.body.clone(),
            Need::Moment { .. } => panic!("one request at a time waits for no other"),
            Need::Signature { jws, key } => {
                let message = String::from_utf8(jws.signing_input().to_vec()).expect("ASCII");
                let (algorithm, jwk, signature) =
                    (jws.header().algorithm(), key.key().to_jwk(), crate::signing::encode(jws.signature()));
                self.signatures.push((algorithm.name(), jwk.clone(), message.clone(), signature.clone()));
                self.host.map(Into::into)
            }
        }
    }
}

/// Whether metadata was asked for, and nothing else.
pub(crate) fn only_metadata(fetched: &[String]) -> bool {
    !fetched.is_empty() && fetched.iter().all(|url| url.contains("/.well-known/"))
}

/// A gate with every secret that the policy names.
pub(crate) fn gate(policy: &Value) -> Gate {
    let policy = Policy::parse(&policy.to_string()).expect("the policy is good");
    let secrets = policy.secret_bindings().into_iter().map(|name| (name.to_owned(), SECRET.to_owned())).collect();
    Gate::new(policy, secrets, Box::new(FastEngine)).expect("the secrets are there")
}

/// The answer of a request that must not have been let through.
pub(crate) fn refused(decision: Decision) -> Response {
    match decision {
        Decision::Respond(response) => response,
        Decision::Forward(forward) => panic!("let through to {}", forward.url),
    }
}

/// The onward request of one that must have been let through.
pub(crate) fn forwarded(decision: Decision) -> Forward {
    match decision {
        Decision::Forward(forward) => forward,
        Decision::Respond(response) => panic!("refused: {} {:?}", response.status, response.error),
    }
}

/// Status and private code of a request that must not have been let through.
pub(crate) fn verdict(decision: Decision) -> (u16, &'static str) {
    let response = refused(decision);
    (response.status, code(&response))
}

pub(crate) fn code(response: &Response) -> &'static str {
    response.error.as_ref().map_or("(none)", edgeward::Error::code)
}

/// A response header's value; panics where it is there twice.
pub(crate) fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let mut values = headers.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str());
    let value = values.next();
    assert_eq!(values.next(), None, "{name} is there twice");
    value
}

/// A header for the origin.
pub(crate) fn onward(forward: &Forward, name: &str) -> Option<String> {
    forward.headers().into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}
