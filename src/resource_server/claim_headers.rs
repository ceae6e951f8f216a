//! Verified claims as headers for the origin: which of them the policy has sent, and how their values are written.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{Grant, claim_path};
use crate::{
    error::Problems,
    json::{Fields, Value},
    jwt::ClaimPath,
    limits,
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

/// Which claim goes into which header.
#[derive(Clone, Debug)]
pub(super) struct ClaimHeaders(Vec<(Source, String)>);

/// Where the value of a header comes from.
#[derive(Clone, Debug)]
enum Source {
    /// The scopes, as the token has them in whichever claim (RFC 9068 section 2.2.3).
    Scope,
    /// The client, which some providers name in `azp`.
    ClientId,
    /// The claim there.
    Claim(ClaimPath),
}

impl Source {
    fn of(path: ClaimPath) -> Self {
        match path.only_name() {
            Some("scope") => Self::Scope,
            Some("client_id") => Self::ClientId,
            _ => Self::Claim(path),
        }
    }
}

impl Default for ClaimHeaders {
    fn default() -> Self {
        let own = |(claim, header): (&str, &str)| (Source::of(ClaimPath::new([claim])), header.to_owned());
        Self(DEFAULT_CLAIM_HEADERS.into_iter().map(own).collect())
    }
}

impl ClaimHeaders {
    /// What an element of the list may say.
    const MEMBERS: [&str; 2] = ["path", "header"];

    /// Reads `claim_headers` of a policy's `upstream`: an object of claim and header, or a list of paths and headers.
    pub(super) fn read(upstream: &Fields<'_>, problems: &mut Problems) -> Self {
        let mut headers = Self(Vec::new());
        match upstream.value("claim_headers") {
            None | Some(Value::Null) => return Self::default(),
            Some(Value::Array(list)) => {
                for (index, value) in list.iter().take(limits::MAX_CLAIM_HEADERS).enumerate() {
                    let at = upstream.at_element("claim_headers", index);
                    let Some(fields) = Fields::of_element(value, at, &Self::MEMBERS, problems) else { continue };
                    let path = claim_path::read(&fields, problems);
                    headers.add(path, &fields, "header", problems);
                }
                Self::check_count(list.len(), upstream, problems);
            }
            Some(Value::Object(_)) => {
                let Some(fields) = upstream.optional_free_object("claim_headers", problems) else { return headers };
                for claim in fields.names().take(limits::MAX_CLAIM_HEADERS) {
                    headers.add(Some(ClaimPath::new([claim])), &fields, claim, problems);
                }
                Self::check_count(fields.names().count(), upstream, problems);
            }
            Some(_) => upstream.refuse(
                "claim_headers",
                "must be an object of claims with their headers, or a list of objects with \"path\" and \"header\"",
                problems,
            ),
        }
        headers
    }

    /// Adds a claim's header, which is in a member of an object.
    fn add(&mut self, path: Option<ClaimPath>, fields: &Fields<'_>, member: &str, problems: &mut Problems) {
        let Some(header) = fields.text(member, problems) else { return };
        let is_name = !header.is_empty()
            && header.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_name || FORBIDDEN_HEADERS.contains(&header) {
            fields.refuse(member, "must be a lower-case header name without a meaning of its own", problems);
        }
        if self.0.iter().any(|(_, taken)| *taken == header) {
            fields.refuse(member, "names a header that another claim has", problems);
        }
        if let Some(path) = path {
            // In the order of the headers, so that two policies that say the same are the same.
            let at = self.0.partition_point(|(_, present)| present.as_str() < header);
            self.0.insert(at, (Source::of(path), header.into()));
        }
    }

    fn check_count(count: usize, upstream: &Fields<'_>, problems: &mut Problems) {
        let most = limits::MAX_CLAIM_HEADERS;
        if count > most {
            upstream.refuse("claim_headers", &format!("must name at most {most} claims"), problems);
        }
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
        for (source, header) in &self.0 {
            let value = match source {
                Source::Scope => Some(encode(&token.scope().to_string())).filter(|scope| !scope.is_empty()),
                Source::ClientId => token.client_id().map(encode),
                Source::Claim(path) => path.find(token.claims()).and_then(claim_text),
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
