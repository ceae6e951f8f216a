//! What is behind the gate: where requests go once they may, and what they carry.

use alloc::sync::Arc;

use super::forward::ClaimHeaders;
use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
    json::Fields,
};

/// `upstream` of a policy.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    /// `None` where nothing is sent on, and requests are only decided about.
    origin: Option<HttpUrl>,
    pub(super) claim_headers: Arc<ClaimHeaders>,
}

impl Upstream {
    /// What an `upstream` may say.
    const MEMBERS: [&str; 2] = ["origin", "claim_headers"];

    /// Reads `upstream` of a policy. Where requests are sent on, it must be there and say where they go.
    pub(super) fn read(
        policy: &Fields<'_>,
        is_sent_on: bool,
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let fields = if is_sent_on {
            policy.object("upstream", &Self::MEMBERS, problems)?
        } else {
            match policy.optional_object("upstream", &Self::MEMBERS, problems) {
                Some(fields) => fields,
                None => return Some(Self { origin: None, claim_headers: Arc::default() }),
            }
        };
        let origin = read_origin(&fields, is_sent_on, transport, problems);
        Some(Self { origin, claim_headers: Arc::new(ClaimHeaders::read(&fields, problems)) })
    }

    /// Scheme, host and port of the origin; empty where there is none.
    pub(super) fn origin(&self) -> &str {
        self.origin.as_ref().map(HttpUrl::origin).unwrap_or_default()
    }
}

fn read_origin(
    upstream: &Fields<'_>,
    is_needed: bool,
    transport: Transport,
    problems: &mut Problems,
) -> Option<HttpUrl> {
    let rule = "must be an https origin without a path, like \"https://api.internal.example\"";
    let read =
        |text: &str| HttpUrl::parse(text, transport).filter(|url| url.path().is_empty() && url.query().is_none());
    if is_needed {
        upstream.text_as("origin", rule, read, problems)
    } else {
        upstream.optional_text_as("origin", rule, read, problems)
    }
}
