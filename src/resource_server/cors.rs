//! Cross-origin requests (the Fetch standard, section 3.3): pages of the named origins may call the API.
//!
//! A preflight carries no credentials, so it is answered before they are asked for. It opens nothing: the request itself
//! still needs its token.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Ground,
    progress::{Header, Request, Response},
};
use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
    json::Fields,
    limits,
};

/// Response headers of the gate's own that pages may read.
const DEFAULT_EXPOSED_HEADERS: &str = "www-authenticate, retry-after";

/// Request headers that pages send with a token and a JSON body.
const DEFAULT_HEADERS: &str = "authorization, content-type";

/// The origins whose pages may read answers; none unless the policy names them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cors {
    origins: Vec<String>,
    allow_headers: String,
    expose_headers: String,
}

impl Cors {
    /// Reads `cors` of a policy.
    pub(super) fn read(policy: &Fields<'_>, takes_dpop: bool, transport: Transport, problems: &mut Problems) -> Self {
        let Some(fields) = policy.optional_object("cors", &["origins", "headers", "expose_headers"], problems) else {
            return Self::default();
        };
        let origins = fields.texts("origins", problems).unwrap_or_default();
        for (index, origin) in origins.iter().enumerate() {
            if !HttpUrl::parse(origin, transport).is_some_and(|url| url.is_serialized_origin()) {
                problems.add(
                    &fields.at_element("origins", index),
                    "must be an origin as browsers write it, like \"https://app.example\"",
                );
            }
        }
        let is_name =
            |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let mut joined = |member: &str, own: &[&'static str]| {
            let names = fields.defaulted_texts(member, problems).unwrap_or_default();
            if !names.iter().all(is_name) {
                fields.refuse(member, "must be header names", problems);
            }
            own.iter().copied().chain(names).collect::<Vec<_>>().join(", ")
        };
        // What pages need for proofs (RFC 9449 section 4.1), where proofs are taken.
        let [headers, exposed]: [&[&'static str]; 2] = if takes_dpop {
            [&[DEFAULT_HEADERS, "dpop"], &[DEFAULT_EXPOSED_HEADERS, "dpop-nonce"]]
        } else {
            [&[DEFAULT_HEADERS], &[DEFAULT_EXPOSED_HEADERS]]
        };
        Self {
            allow_headers: joined("headers", headers),
            expose_headers: joined("expose_headers", exposed),
            origins: origins.into_iter().map(Into::into).collect(),
        }
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
            headers.push(("access-control-max-age", limits::PREFLIGHT_MAX_AGE_SECONDS.to_string()));
        }
        Response::good(204, headers, String::new(), Ground::PreflightAnswered)
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
            headers.push(("access-control-expose-headers", self.expose_headers.clone()));
        }
        headers
    }

    /// Whether a header of the origin's answer would speak of CORS beside the policy.
    pub(super) fn drops_response_header(&self, name: &str) -> bool {
        self.drops_response_headers() && name.to_ascii_lowercase().starts_with("access-control-")
    }

    /// Whether there is any such header: not where the policy says nothing of CORS.
    pub(super) const fn drops_response_headers(&self) -> bool {
        !self.origins.is_empty()
    }

    fn allows(&self, request: &Request<'_>) -> bool {
        request.origin.is_some_and(|origin| self.origins.iter().any(|own| own == origin))
    }
}

/// A token of RFC 9110 section 5.6.2, as a method is: the answer names it in a header.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
