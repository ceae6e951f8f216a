//! The policy, checked as a whole when it is loaded: every problem is listed, and nothing runs on a policy that has one.

use alloc::{format, string::String, vec::Vec};

use super::{
    client_authentication::ClientAuthentication,
    client_certificate::MtlsPolicy,
    cors::Cors,
    document,
    dpop_policy::{DpopPolicy, Replay},
    issuer::Issuer,
    key_policy::KeyPolicy,
    key_stores::KeyStores,
    requirement::Reader,
    resource_metadata::ResourceMetadata,
    revocation::RevocationPolicy,
    route::{Route, Routes},
    token_cache::Bounds,
    token_policy::read_issuers,
    upstream::Upstream,
};
use crate::{
    error::{Error, Problems},
    http_url::Transport,
    json::{Fields, Object, Value},
    jwt::TakenBindings,
    limits,
};

/// What a gate enforces: who may issue tokens, which route demands what, and where requests go.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) realm: String,
    pub(super) issuers: Vec<Issuer>,
    pub(super) routes: Routes,
    pub(super) upstream: Upstream,
    pub(super) cors: Cors,
    pub(super) resource_metadata: Option<ResourceMetadata>,
    /// `None` where no proofs are taken, and so no tokens that need one.
    pub(super) dpop: Option<DpopPolicy>,
    /// `None` where no tokens are taken that are bound to a certificate.
    pub(super) mtls: Option<MtlsPolicy>,
    /// `None` where no deny list is looked at.
    pub(super) revocation: Option<RevocationPolicy>,
    pub(super) keys: KeyPolicy,
    pub(super) stores: KeyStores,
    pub(super) token_cache: Bounds,
    pub(super) explain: bool,
    pub(super) server_timing: bool,
    pub(super) analytics_engine_binding: Option<String>,
    pub(super) transport: Transport,
}

/// Something of the platform's that a policy refers to by the name of its binding, and that is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The place in the policy that names it.
    pub path: &'static str,
    /// Its name.
    pub name: &'a str,
    /// What it has to be: `durable_object`, `kv_namespace`, `service` or `analytics_engine`.
    pub kind: &'static str,
}

/// What a policy may say.
const MEMBERS: [&str; 16] = [
    "$schema",
    "realm",
    "issuers",
    "routes",
    "upstream",
    "cors",
    "resource_metadata",
    "dpop",
    "mtls",
    "revocation",
    "keys",
    "token_cache",
    "explain",
    "server_timing",
    "analytics_engine_binding",
    "allow_insecure_loopback",
];

impl Policy {
    /// Reads and checks a policy document.
    ///
    /// # Errors
    /// `policy_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        document::read(text, |document, problems| Self::read(document, true, problems))
    }

    /// The same for who only asks what may pass and sends nothing on: `upstream` and its `origin` need not be there.
    ///
    /// # Errors
    /// `policy_invalid` with every problem and its place.
    pub fn parse_for_guard(text: &str) -> Result<Self, Error> {
        document::read(text, |document, problems| Self::read(document, false, problems))
    }

    /// The names of the secret bindings the policy refers to, each once.
    pub fn secret_bindings(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        // Each to its place as it comes: there are few, and a sort of the standard library would be the largest function of a small module.
        let nonces = self.dpop.as_ref().and_then(DpopPolicy::nonces).map(|(name, _)| name);
        for name in self.clients().map(ClientAuthentication::secret_binding).chain(nonces) {
            if let Err(place) = names.binary_search(&name) {
                names.insert(place, name);
            }
        }
        names
    }

    /// The gate as a client of authorization servers.
    pub(super) fn clients(&self) -> impl Iterator<Item = &ClientAuthentication> {
        let introspection = self.issuers.iter().filter_map(|issuer| Some(&issuer.introspection.as_ref()?.client));
        introspection.chain(self.upstream.token_request.as_ref().map(|request| &request.client))
    }

    /// The bindings that are no secrets: whoever runs the gate has to have each of them.
    pub fn bindings(&self) -> Vec<Binding<'_>> {
        let replay = match self.dpop.as_ref().map(DpopPolicy::replay) {
            Some(Replay::Binding(name)) => Some(Binding { path: "dpop.replay_binding", name, kind: "durable_object" }),
            Some(Replay::Memory) | None => None,
        };
        let service = self.upstream.service_binding();
        let service = service.map(|name| Binding { path: "upstream.service_binding", name, kind: "service" });
        let kv = self.stores.kv_binding();
        let kv = kv.map(|name| Binding { path: "keys.kv_binding", name, kind: "kv_namespace" });
        let objects = self.stores.durable_object_binding();
        let objects = objects.map(|name| Binding { path: "keys.durable_object_binding", name, kind: "durable_object" });
        let analytics = self.analytics_engine_binding.as_deref();
        let analytics =
            analytics.map(|name| Binding { path: "analytics_engine_binding", name, kind: "analytics_engine" });
        let deny_list = self.revocation.as_ref().map(RevocationPolicy::binding);
        let deny_list = deny_list.map(|(path, name, kind)| Binding { path, name, kind });
        replay.into_iter().chain(service).chain(kv).chain(objects).chain(analytics).chain(deny_list).collect()
    }

    /// The origin that requests go to; empty where the policy names none.
    pub fn upstream_origin(&self) -> &str {
        self.upstream.origin()
    }

    /// Whether tokens are taken that are bound to a key and come with a proof of it (RFC 9449).
    pub const fn takes_dpop(&self) -> bool {
        self.dpop.is_some()
    }

    /// Whether answers say how long each part of the way to them took (W3C Server Timing).
    pub const fn tells_timing(&self) -> bool {
        self.server_timing
    }

    /// Whether tokens are taken that are bound to the client's certificate (RFC 8705 section 3).
    pub const fn takes_mtls(&self) -> bool {
        self.mtls.is_some()
    }

    /// Whether proofs are held against the origin of the request's own URL. Where that is the `Host` that a caller has written, a proof that was
    /// made for another server would hold, so only a runtime that knows its own name may have such a policy (RFC 9449 section 4.3).
    pub fn trusts_url_origin(&self) -> bool {
        self.dpop.as_ref().is_some_and(|dpop| dpop.origin().is_none())
    }

    /// Whether the token that was found good goes on to the origin.
    pub const fn forwards_token(&self) -> bool {
        self.upstream.forwards_token
    }

    /// Whether the gate sends a token of another kind in place of the client's.
    pub const fn replaces_token(&self) -> bool {
        self.upstream.token_request.is_some()
    }

    /// How long the origin may take until its answer begins, in milliseconds.
    pub const fn upstream_timeout_milliseconds(&self) -> Option<u32> {
        self.upstream.timeout_milliseconds
    }

    /// Whether a claim can ever become a header for the origin.
    pub fn sets_claim_headers(&self) -> bool {
        !self.upstream.claim_headers.is_empty()
    }

    /// Whether [`Gate::drops_response_header`](super::Gate::drops_response_header) ever says yes of what is not about the connection.
    pub const fn drops_response_headers(&self) -> bool {
        self.replaces_token() || self.cors.drops_response_headers()
    }

    /// Reads the members. Whoever adds one adds it to [`MEMBERS`] as well, or it is refused as unknown.
    fn read(document: &Object, is_sent_on: bool, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_document(document, &MEMBERS, problems);
        document::pass_over_schema(&fields, problems);
        let transport = Transport::from_switch(fields.switch("allow_insecure_loopback", problems));
        let dpop = DpopPolicy::read(&fields, transport, problems);
        let mtls = MtlsPolicy::read(&fields, problems);
        let taken = TakenBindings { jkt: dpop.is_some(), x5t_s256: mtls.is_some() };
        let issuers = read_issuers(&fields, asks_introspection(&fields), taken, transport, problems);
        let routes = read_routes(&fields, problems);
        let upstream = Upstream::read(&fields, is_sent_on, &issuers, transport, problems);
        let cors = Cors::read(&fields, dpop.is_some(), transport, problems);
        let resource_metadata = ResourceMetadata::read(&fields, &issuers, transport, problems);
        let revocation = RevocationPolicy::read(&fields, problems);
        if fields.value("revocation").is_none_or(Value::is_null) {
            for place in routes_that_say(&fields, "deny_list") {
                problems.add(&place, "needs \"revocation\", which says where the list is");
            }
        }
        let (keys, stores) = KeyPolicy::read_with_stores(&fields, problems);
        let token_cache = Bounds::read(&fields, problems);
        let explain = fields.switch("explain", problems);
        let server_timing = fields.switch("server_timing", problems);
        let analytics_engine_binding = fields.optional_text("analytics_engine_binding", problems);
        if analytics_engine_binding.is_some_and(str::is_empty) {
            fields.refuse("analytics_engine_binding", "must be the name of a binding", problems);
        }
        let realm = fields.optional_text("realm", problems);
        let realm = realm.or_else(|| issuers.first()?.audience.first().map(String::as_str)).unwrap_or_default();
        if !realm.bytes().all(|byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
            problems
                .add("realm", "must be printable ASCII without quotes and back slashes; it stands in WWW-Authenticate");
        }
        Some(Self {
            realm: realm.into(),
            issuers,
            routes,
            upstream: upstream?,
            cors,
            resource_metadata,
            dpop,
            mtls,
            revocation,
            keys,
            stores,
            token_cache,
            explain,
            server_timing,
            analytics_engine_binding: analytics_engine_binding.map(Into::into),
            transport,
        })
    }
}

fn asks_introspection(policy: &Fields<'_>) -> bool {
    !routes_that_say(policy, "introspection").is_empty()
}

/// The places of this switch in routes where it is on.
fn routes_that_say(policy: &Fields<'_>, switch: &str) -> Vec<String> {
    let routes = policy.value("routes").and_then(Value::as_array).unwrap_or_default();
    let says = |route: &Value| route.get(switch) == Some(&Value::Bool(true));
    let places = routes.iter().enumerate().filter(|(_, route)| says(route));
    places.map(|(index, _)| format!("{}.{switch}", policy.at_element("routes", index))).collect()
}

fn read_routes(policy: &Fields<'_>, problems: &mut Problems) -> Routes {
    let mut routes = Routes::default();
    let Some(list) = policy.list("routes", problems) else {
        return routes;
    };
    if list.is_empty() || list.len() > limits::MAX_ROUTES {
        problems.add("routes", &format!("must hold from 1 to {} routes", limits::MAX_ROUTES));
    }
    let mut reader = Reader::of(policy);
    let known = [Route::MEMBERS.as_slice(), &Reader::MEMBERS].concat();
    for (index, value) in list.iter().take(limits::MAX_ROUTES).enumerate() {
        let fields = Fields::of_element(value, policy.at_element("routes", index), &known, problems);
        let Some(fields) = fields else { continue };
        let (path, route) = (fields.text("path", problems), Route::read(index, &fields, &mut reader, problems));
        let Some(path) = path else { continue };
        if let Err(problem) = routes.insert(path, route) {
            fields.refuse("path", problem, problems);
        }
    }
    routes
}
