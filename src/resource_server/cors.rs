//! Cross-origin requests (the Fetch standard, section 3.3): pages of the named origins may call the API.
//!
//! A preflight carries no credentials, so it is answered before they are asked for. It opens nothing: the request itself
//! still needs its token.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    policy_document::CorsDocument,
    progress::{Header, Request, Response},
};
use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
};

/// Request headers that pages send with a token and a JSON body.
const DEFAULT_HEADERS: &str = "authorization, content-type";

/// How long a browser may keep a preflight's answer, in seconds: Chromium's own bound.
const PREFLIGHT_MAX_AGE_SECONDS: &str = "7200";

/// The origins whose pages may read answers; none unless the policy names them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cors {
    origins: Vec<String>,
    allow_headers: String,
}

impl Cors {
    pub(super) fn check(document: Option<CorsDocument>, transport: Transport, problems: &mut Problems) -> Self {
        let Some(CorsDocument { origins, headers }) = document else {
            return Self::default();
        };
        for (index, origin) in origins.iter().enumerate() {
            if !HttpUrl::parse(origin, transport).is_some_and(|url| url.is_serialized_origin()) {
                problems.add(
                    &format!("cors.origins[{index}]"),
                    "must be an origin as browsers write it, like \"https://app.example\"",
                );
            }
        }
        let is_name =
            |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !headers.iter().all(is_name) {
            problems.add("cors.headers", "must be header names");
        }
        let allow_headers = [DEFAULT_HEADERS].into_iter().chain(headers.iter().map(String::as_str));
        Self { allow_headers: allow_headers.collect::<Vec<_>>().join(", "), origins }
    }

    /// Whether the request is a preflight.
    pub(super) fn is_preflight(&self, request: &Request<'_>) -> bool {
        !self.origins.is_empty()
            && request.method == "OPTIONS"
            && request.origin.is_some()
            && request.access_control_request_method.is_some_and(is_token)
    }

    /// The answer to a preflight for a path that takes `method`.
    pub(super) fn preflight(&self, request: &Request<'_>, method: &str) -> Response {
        let mut headers = self.response_headers(request);
        if self.allows(request) {
            headers.push(("access-control-allow-methods", method.to_string()));
            headers.push(("access-control-allow-headers", self.allow_headers.clone()));
            headers.push(("access-control-max-age", PREFLIGHT_MAX_AGE_SECONDS.into()));
        }
        Response { status: 204, headers, body: String::new(), error: None }
    }

    /// What is added to every other answer.
    pub(super) fn response_headers(&self, request: &Request<'_>) -> Vec<Header> {
        let mut headers = Vec::new();
        if self.origins.is_empty() {
            return headers;
        }
        headers.push(("vary", "origin".into()));
        if let Some(origin) = request.origin.filter(|_| self.allows(request)) {
            headers.push(("access-control-allow-origin", origin.into()));
            headers.push(("access-control-expose-headers", "www-authenticate, retry-after".into()));
        }
        headers
    }

    fn allows(&self, request: &Request<'_>) -> bool {
        request.origin.is_some_and(|origin| self.origins.iter().any(|own| own == origin))
    }
}

/// A token of RFC 9110 section 5.6.2, as a method is: the answer names it in a header.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
