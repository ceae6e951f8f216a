//! What is behind the gate: where requests go once they may, how long they wait, and what they carry.

use core::ops::RangeInclusive;

use alloc::{borrow::ToOwned, format, string::String, sync::Arc, vec::Vec};

use super::{
    claim_headers::ClaimHeaders,
    hop_by_hop::{is_about_the_connection, overrides_the_request, spelled},
    issuer::Issuer,
    upstream_token::TokenRequest,
};
use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
    json::{Fields, Value},
    limits,
};

/// `upstream` of a policy.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    place: Place,
    /// Whether the token that was found good goes on.
    pub(super) forwards_token: bool,
    /// How the gate gets another token, which goes on in its place.
    pub(super) token_request: Option<TokenRequest>,
    pub(super) timeout_milliseconds: Option<u32>,
    pub(super) claim_headers: Arc<ClaimHeaders>,
    /// In lower case and with "-" for "_".
    drop_headers: Vec<String>,
}

/// Where requests go.
#[derive(Clone, Debug)]
enum Place {
    Origin(HttpUrl),
    /// The name of the binding of a service, whom the runtime reaches without a network.
    ServiceBinding(String),
    /// Nothing is sent on, and requests are only decided about.
    Nowhere,
}

impl Upstream {
    /// What an `upstream` may say.
    const MEMBERS: [&str; 6] =
        ["origin", "service_binding", "claim_headers", "drop_headers", "token", "timeout_milliseconds"];

    const TIMEOUTS: RangeInclusive<u32> = 1..=limits::MAX_UPSTREAM_TIMEOUT_MILLISECONDS;

    /// Reads `upstream` of a policy. Where requests are sent on, it must be there and say where they go.
    pub(super) fn read(
        policy: &Fields<'_>,
        is_sent_on: bool,
        issuers: &[Issuer],
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let fields = if is_sent_on {
            policy.object("upstream", &Self::MEMBERS, problems)?
        } else {
            match policy.optional_object("upstream", &Self::MEMBERS, problems) {
                Some(fields) => fields,
                None => return Some(Self::nowhere()),
            }
        };
        let place = Place::read(&fields, is_sent_on, transport, problems);
        let token = fields.value("token");
        let token_request = match token {
            None => None,
            Some(Value::String(said)) if ["remove", "forward"].contains(&said.as_str()) => None,
            // Who sends nothing on asks for nothing, but may have the policy of who does.
            Some(Value::Object(_)) => TokenRequest::read(&fields, issuers, transport, problems).filter(|_| is_sent_on),
            Some(_) => {
                let problem = "must be \"remove\", \"forward\" or an object that says how the gate gets another token";
                fields.refuse("token", problem, problems);
                None
            }
        };
        Some(Self {
            place,
            forwards_token: token.and_then(Value::as_str) == Some("forward"),
            token_request,
            timeout_milliseconds: read_timeout(&fields, problems),
            claim_headers: Arc::new(ClaimHeaders::read(&fields, problems)),
            drop_headers: read_drop_headers(&fields, problems),
        })
    }

    fn nowhere() -> Self {
        Self {
            place: Place::Nowhere,
            forwards_token: false,
            token_request: None,
            timeout_milliseconds: None,
            claim_headers: Arc::default(),
            drop_headers: Vec::new(),
        }
    }

    /// Scheme, host and port of the origin; empty where there is none.
    pub(super) fn origin(&self) -> &str {
        match &self.place {
            Place::Origin(origin) => origin.origin(),
            Place::ServiceBinding(_) | Place::Nowhere => "",
        }
    }

    /// The name of the service's binding, where requests go to one.
    pub(super) fn service_binding(&self) -> Option<&str> {
        match &self.place {
            Place::ServiceBinding(name) => Some(name),
            Place::Origin(_) | Place::Nowhere => None,
        }
    }

    /// Whether a header of the client's must not reach the origin: the credentials, what carries a claim or could be taken for that, what is
    /// about the connection, what would override path or method, and what the policy names. "_" counts as "-", because CGI-style origins can't
    /// tell them apart.
    pub(super) fn is_dropped(&self, name: &str) -> bool {
        let name = spelled(name);
        name == "authorization"
            || is_about_the_connection(&name)
            || overrides_the_request(&name)
            || self.claim_headers.has(&name)
            || self.drop_headers.contains(&name)
    }
}

impl Place {
    fn read(upstream: &Fields<'_>, is_needed: bool, transport: Transport, problems: &mut Problems) -> Self {
        let binding = upstream.optional_text("service_binding", problems);
        if binding.is_some_and(str::is_empty) {
            upstream.refuse("service_binding", "must be the name of a binding", problems);
        }
        let rule = "must be an https origin without a path, like \"https://api.internal.example\"";
        let read =
            |text: &str| HttpUrl::parse(text, transport).filter(|url| url.path().is_empty() && url.query().is_none());
        let origin = if is_needed && binding.is_none() {
            upstream.text_as("origin", rule, read, problems)
        } else {
            upstream.optional_text_as("origin", rule, read, problems)
        };
        match (origin, binding) {
            (Some(_), Some(_)) => {
                let problem = "can't stand beside \"origin\": requests go to one of them";
                upstream.refuse("service_binding", problem, problems);
                Self::Nowhere
            }
            (Some(origin), None) => Self::Origin(origin),
            (None, Some(name)) => Self::ServiceBinding(name.to_owned()),
            (None, None) => Self::Nowhere,
        }
    }
}

fn read_timeout(upstream: &Fields<'_>, problems: &mut Problems) -> Option<u32> {
    let said = upstream.optional_count("timeout_milliseconds", problems)?;
    let timeout = u32::try_from(said).ok().filter(|timeout| Upstream::TIMEOUTS.contains(timeout));
    if timeout.is_none() {
        let problem = format!("must be from {} to {}", Upstream::TIMEOUTS.start(), Upstream::TIMEOUTS.end());
        upstream.refuse("timeout_milliseconds", &problem, problems);
    }
    timeout
}

fn read_drop_headers(upstream: &Fields<'_>, problems: &mut Problems) -> Vec<String> {
    let names = upstream.optional_texts("drop_headers", problems).unwrap_or_default();
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if !names.iter().all(is_name) {
        upstream.refuse("drop_headers", "must be header names", problems);
    }
    if names.iter().any(|name| spelled(name) == "upgrade") {
        let problem = "can't name \"upgrade\": it goes on for a WebSocket alone, which can't be opened without; a route that takes no GET opens none";
        upstream.refuse("drop_headers", problem, problems);
    }
    names.into_iter().map(spelled).collect()
}
