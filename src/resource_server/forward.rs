//! The request as the origin receives it: the verified claims as headers, and nothing that could be taken for them.

use core::fmt;

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{About, Grant, Ground, progress::Header};
use crate::{
    error::Problems,
    json::{Fields, Value},
};

/// Every header of this prefix is the gate's own. A client's are dropped, whatever the policy sets.
const RESERVED_PREFIX: &str = "edgeward-";

/// Claims and the headers that carry them unless the policy names others.
const DEFAULT_CLAIM_HEADERS: [(&str, &str); 5] = [
    ("client_id", "edgeward-client-id"),
    ("iss", "edgeward-iss"),
    ("jti", "edgeward-jti"),
    ("scope", "edgeward-scope"),
    ("sub", "edgeward-sub"),
];

/// Headers with a meaning of their own, which a claim must never set.
const FORBIDDEN_HEADERS: [&str; 12] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is percent-encoded in a header value: all but visible ASCII, "%" itself so that decoding is unique, and the comma,
/// which separates the elements of a list.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%').add(b',');

/// A request that may pass.
#[derive(Clone)]
pub struct Forward {
    /// The URL at the origin; path and query alone where the policy names none.
    pub url: String,
    /// Headers to set on the origin's answer.
    pub response_headers: Vec<Header>,
    /// Whether keys of a set that is due were used: it could not be refreshed, or is just being.
    pub key_set_is_stale: bool,
    /// What was granted to whom; `None` on a public route.
    pub grant: Option<Grant>,
    /// Which route let it pass, with whose token.
    pub about: About,
    pub(super) claim_headers: Arc<ClaimHeaders>,
}

impl Forward {
    /// What it rests on.
    pub fn ground(&self) -> Ground {
        self.grant.as_ref().map_or(Ground::PublicRoute, Grant::ground)
    }

    /// Headers to set, after those of [`Gate::drops_header`](super::Gate::drops_header) are gone: names in lower case, values visible ASCII
    /// and space, everything else in them percent-encoded as UTF-8. They say what the grant says, so they can be kept under
    /// [its number](Grant::serial).
    pub fn headers(&self) -> Vec<(String, String)> {
        self.grant.as_ref().map(|grant| self.claim_headers.of(grant)).unwrap_or_default()
    }
}

impl fmt::Debug for Forward {
    /// Leaves out the headers, which hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("url", &self.url).field("grant", &self.grant).finish_non_exhaustive()
    }
}

/// Which claim goes into which header.
#[derive(Clone, Debug)]
pub(super) struct ClaimHeaders(Vec<(String, String)>);

impl Default for ClaimHeaders {
    fn default() -> Self {
        let own = |(claim, header): (&str, &str)| (claim.to_owned(), header.to_owned());
        Self(DEFAULT_CLAIM_HEADERS.into_iter().map(own).collect())
    }
}

impl ClaimHeaders {
    /// Reads `claim_headers` of a policy's `upstream`: an object of claim and header.
    pub(super) fn read(upstream: &Fields<'_>, problems: &mut Problems) -> Self {
        let Some(fields) = upstream.optional_free_object("claim_headers", problems) else {
            return Self::default();
        };
        let mut headers: Vec<(String, String)> = Vec::new();
        for claim in fields.names() {
            let Some(header) = fields.text(claim, problems) else { continue };
            let is_name = !header.is_empty()
                && header.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            if !is_name || FORBIDDEN_HEADERS.contains(&header) {
                fields.refuse(claim, "must be a lower-case header name without a meaning of its own", problems);
            }
            if headers.iter().any(|(_, taken)| *taken == header) {
                fields.refuse(claim, "names a header that another claim has", problems);
            }
            // In the order of the claims, so that two policies that say the same are the same.
            let at = headers.partition_point(|(present, _)| present.as_str() < claim);
            headers.insert(at, (claim.into(), header.into()));
        }
        Self(headers)
    }

    /// Whether no claim has a header.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a header, in lower case and with "-" for "_", carries a claim, or is of the prefix that is the gate's own.
    pub(super) fn has(&self, name: &str) -> bool {
        name.starts_with(RESERVED_PREFIX) || self.0.iter().any(|(_, header)| *header == name)
    }

    /// The headers for a grant. A claim that is absent, or is neither text, number, truth value nor a list of texts, sets none.
    pub(super) fn of(&self, grant: &Grant) -> Vec<(String, String)> {
        let token = grant.token();
        let mut headers = Vec::new();
        for (claim, header) in &self.0 {
            let value = match claim.as_str() {
                "scope" => Some(encode(&token.scope().to_string())).filter(|scope| !scope.is_empty()),
                "client_id" => token.client_id().map(encode),
                _ => token.claims().get(claim).and_then(claim_text),
            };
            headers.extend(value.map(|value| (header.clone(), value)));
        }
        headers
    }
}

fn claim_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(encode(text)),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Array(elements) => {
            let texts: Option<Vec<_>> = elements.iter().map(|element| element.as_str().map(encode)).collect();
            texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn encode(text: &str) -> String {
    let encoded = utf8_percent_encode(text, ENCODED).to_string();
    // White space at either end of a header value is lost on the way (RFC 9110 section 5.5).
    if encoded.starts_with(' ') || encoded.ends_with(' ') { encoded.replace(' ', "%20") } else { encoded }
}
