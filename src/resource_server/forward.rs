//! The request as the origin receives it: the verified claims as headers, and nothing that could be taken for them.

use core::fmt;

use alloc::{string::String, sync::Arc, vec::Vec};

use super::{About, Grant, Ground, claim_headers::ClaimHeaders, progress::Header, upstream_token::UpstreamToken};

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
    /// The token that the origin gets in place of the client's.
    pub(super) upstream_token: Option<UpstreamToken>,
}

impl Forward {
    /// What it rests on.
    pub fn ground(&self) -> Ground {
        self.grant.as_ref().map_or(Ground::PublicRoute, Grant::ground)
    }

    /// The `Authorization` header to set, where the policy has the gate send a token of another kind than the client's.
    pub fn authorization(&self) -> Option<&str> {
        self.upstream_token.as_ref().map(|token| &*token.authorization)
    }

    /// A number under which [`Self::authorization`] can be kept: no other such token of the gate has had the same. For
    /// [`Gate::upstream_token_rejected`](super::Gate::upstream_token_rejected).
    pub fn upstream_token_serial(&self) -> Option<u64> {
        self.upstream_token.as_ref().map(|token| token.serial)
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
