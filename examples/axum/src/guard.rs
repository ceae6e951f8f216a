//! The gate at work: the core decides, this asks for what it needs until it has decided.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::{HeaderMap, Method, Uri, header, header::HeaderName};
use edgeward::{
    UnixTime,
    crypto::FastEngine,
    resource_server::{Decision, Gate, Need, Pending, Policy, Progress, Request},
};

use crate::documents::Documents;

/// A policy at work, for all requests of the server.
pub struct Guard {
    /// Locked for as long as the core computes, never while something is waited for.
    gate: Mutex<Gate>,
    documents: Documents,
}

impl Guard {
    /// Sets a policy to work. `secrets` holds those that it names, here environment variables.
    pub fn new(policy: &str, secrets: HashMap<String, String>) -> Result<Arc<Self>, Box<dyn std::error::Error>> {
        let policy = Policy::parse_for_guard(policy)?;
        // Stores, deny lists and memories of proofs are what a platform gives, and this server has none of them.
        if let Some(binding) = policy.bindings().first() {
            return Err(format!("{} names a {}, which this example has not", binding.path, binding.kind).into());
        }
        if policy.trusts_url_origin() {
            return Err("dpop.origin is missing; the Host header is what the caller has written, so name it".into());
        }
        let named: Vec<String> = policy.secret_bindings().into_iter().map(Into::into).collect();
        let given = named.into_iter().filter_map(|name| secrets.get(&name).cloned().map(|secret| (name, secret)));
        let gate = Gate::new(policy, given.collect(), Box::new(FastEngine))?;
        Ok(Arc::new(Self { gate: Mutex::new(gate), documents: Documents::new()? }))
    }

    /// Judges a request. Once keys are being fetched, which others may wait for, that comes to its end even where this is no longer awaited.
    pub async fn authorize(self: &Arc<Self>, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Decision> {
        let progress = {
            let [authorization, dpop, origin, requested_method] = [
                header::AUTHORIZATION,
                HeaderName::from_static("dpop"),
                header::ORIGIN,
                header::ACCESS_CONTROL_REQUEST_METHOD,
            ]
            .map(|name| text_of(headers, &name));
            let request = Request {
                method: method.as_str(),
                path: uri.path(),
                query: uri.query(),
                authorization: authorization.as_deref(),
                dpop: dpop.as_deref(),
                origin: origin.as_deref(),
                access_control_request_method: requested_method.as_deref(),
                ..Request::default()
            };
            self.gate().authorize(&request, now())
        };
        let decision = match progress {
            Progress::Decided(decision) => decision,
            Progress::Need(need, pending) => {
                let guard = Arc::clone(self);
                tokio::spawn(async move { guard.settle(need, pending).await }).await.ok()?
            }
        };
        if self.gate().is_refresh_due() {
            tokio::spawn(Arc::clone(self).refresh());
        }
        Some(decision)
    }

    /// Whether a header of the client's must not be seen by the application: it may say who calls, and only the grant does.
    pub fn drops_header(&self, name: &HeaderName) -> bool {
        name == header::AUTHORIZATION || self.gate().drops_header(name.as_str())
    }

    async fn settle(&self, mut need: Need, mut pending: Pending) -> Decision {
        loop {
            let answer = self.answer_to(&need).await;
            match self.gate().resume(pending, answer.as_deref(), now()) {
                Progress::Decided(decision) => return decision,
                Progress::Need(next, then) => (need, pending) = (next, then),
            }
        }
    }

    /// What is about to be due, beside the requests: nobody waits for it.
    async fn refresh(self: Arc<Self>) {
        let mut next = self.gate().begin_refresh(now());
        while let Some((need, refresh)) = next {
            let answer = self.answer_to(&need).await;
            next = self.gate().resume_refresh(refresh, answer.as_deref(), now());
        }
    }

    /// The text of what is needed; `None` where it can't be had, and then the core refuses.
    async fn answer_to(&self, need: &Need) -> Option<String> {
        match need {
            Need::Metadata { url } | Need::KeySet { url } => self.documents.get(url, need).await,
            Need::Introspection { url, authorization, body, client_assertion: None } => {
                self.documents.post(url, authorization.as_deref(), body.clone(), need).await
            }
            // Another request asks for the same: there is one fetch for all of them.
            Need::Moment { milliseconds } => {
                tokio::time::sleep(Duration::from_millis((*milliseconds).into())).await;
                None
            }
            _ => None,
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        // The core does not panic; if it did, what it remembers is still true.
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A header as one text. Two of a name become a list (RFC 9110 section 5.2), and what is no text can't be a token: the core refuses both.
fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A clock that shows a time before 1970 shows the epoch, at which no token is good.
fn now() -> UnixTime {
    UnixTime::from_seconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}
