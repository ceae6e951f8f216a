//! The policy, checked as a whole when it is loaded: every problem is listed, and nothing runs on a policy that has one.

use alloc::{format, string::String, sync::Arc, vec::Vec};

use super::{
    cors::Cors,
    forward::ClaimHeaders,
    issuer::Issuer,
    policy_document::{PolicyDocument, RouteDocument},
    route::{Route, Routes},
    token_cache::Bounds,
    token_policy::check_issuers,
};
use crate::{
    error::{Error, Problems},
    http_url::{HttpUrl, Transport},
    jose::json,
    jwt::Scope,
    limits,
};

/// What a gate enforces: who may issue tokens, which route demands what, and where requests go.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) realm: String,
    pub(super) issuers: Vec<Issuer>,
    pub(super) routes: Routes,
    pub(super) upstream_origin: HttpUrl,
    pub(super) claim_headers: Arc<ClaimHeaders>,
    pub(super) cors: Cors,
    pub(super) token_cache: Bounds,
    pub(super) explain: bool,
    pub(super) transport: Transport,
}

impl Policy {
    /// Reads and checks a policy document.
    ///
    /// # Errors
    /// `policy_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let whole = |problem: String| Error::PolicyInvalid { problems: Problems::of("(document)", problem) };
        if text.len() > limits::MAX_POLICY_BYTES {
            return Err(whole("is too large".into()));
        }
        let document: PolicyDocument = serde_json::from_str(text)
            .map_err(|error| Error::PolicyInvalid { problems: Problems::of_json("(document)", &error) })?;
        // serde takes the last of two members with one name in a free-form object, and two readers could differ on it.
        if json::parse_object(text.as_bytes()).is_none() {
            return Err(whole("has a member twice, or is nested too deeply".into()));
        }
        let mut problems = Problems::default();
        let policy = Self::check(document, &mut problems);
        match policy {
            Some(policy) if problems.is_empty() => Ok(policy),
            _ => Err(Error::PolicyInvalid { problems: problems.into_vec() }),
        }
    }

    /// The names of the secret bindings the policy refers to, each once.
    pub fn secret_bindings(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .issuers
            .iter()
            .filter_map(|issuer| Some(issuer.introspection.as_ref()?.client_secret_binding.as_str()))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The origin that requests go to.
    pub fn upstream_origin(&self) -> &str {
        self.upstream_origin.origin()
    }

    fn check(document: PolicyDocument, problems: &mut Problems) -> Option<Self> {
        let transport = Transport::from_switch(document.allow_insecure_loopback);
        let asks_introspection = document.routes.iter().any(|route| route.introspection);
        let issuers = check_issuers(document.issuers, asks_introspection, transport, problems);
        let routes = check_routes(document.routes, problems);
        let upstream_origin = HttpUrl::parse(&document.upstream.origin, transport)
            .filter(|url| url.path().is_empty() && url.query().is_none());
        if upstream_origin.is_none() {
            problems.add(
                "upstream.origin",
                "must be an https origin without a path, like \"https://api.internal.example\"",
            );
        }
        let claim_headers = ClaimHeaders::check(document.upstream.claim_headers, problems);
        let cors = Cors::check(document.cors, transport, problems);
        let token_cache = Bounds::check(&document.token_cache, problems);
        let realm = document.realm.or_else(|| issuers.first()?.audience.first().cloned()).unwrap_or_default();
        if !realm.bytes().all(|byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
            problems
                .add("realm", "must be printable ASCII without quotes and back slashes; it stands in WWW-Authenticate");
        }
        let explain = document.explain;
        Some(Self {
            realm,
            issuers,
            routes,
            upstream_origin: upstream_origin?,
            claim_headers: Arc::new(claim_headers),
            cors,
            token_cache,
            explain,
            transport,
        })
    }
}

fn check_routes(documents: Vec<RouteDocument>, problems: &mut Problems) -> Routes {
    let mut routes = Routes::default();
    if documents.is_empty() || documents.len() > limits::MAX_ROUTES {
        problems.add("routes", &format!("must hold from 1 to {} routes", limits::MAX_ROUTES));
    }
    for (index, document) in documents.into_iter().enumerate() {
        let at = |member: &str| format!("routes[{index}]{member}");
        let is_method = |method: &String| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        if document.methods.as_ref().is_some_and(|methods| methods.is_empty() || !methods.iter().all(is_method)) {
            problems.add(&at(".methods"), "must be upper-case method names, or left out for all methods");
        }
        let Some(scope) = Scope::parse(&document.scope) else {
            problems.add(&at(".scope"), "must be space-separated scopes (RFC 6749 section 3.3)");
            continue;
        };
        if document.public && (!scope.is_empty() || document.introspection) {
            problems.add(
                &at(".public"),
                "can't stand beside \"scope\" or \"introspection\": a public route looks at no token",
            );
        }
        let RouteDocument { path, public, introspection, .. } = document;
        let methods = document.methods.unwrap_or_default();
        if let Err(problem) = routes.insert(&path, Route { methods, public, scope, introspection }) {
            problems.add(&at(".path"), problem);
        }
    }
    routes
}
