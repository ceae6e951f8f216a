//! The language between the gate and whoever runs it: what came in, what is needed next, what was decided.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};

use super::{
    About, BearerToken, ClientCertificate, Forward, Grant, Ground, Need, UntrustedProof, credentials::Sent,
    crowd::Place, grant::Entitled, key_fetch::OtherPlaces, revocation::Change, route::Route, token_validator::Wait,
    upstream_token::TokenWait,
};
use crate::{error::Error, time::UnixTime};

/// A response header: a fixed name and its value, free of control characters.
pub type Header = (&'static str, String);

/// What the gate needs to know of an HTTP request. The body never matters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The URL's path, percent-encoded as it came.
    pub path: &'a str,
    /// The URL's query without the "?".
    pub query: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The `DPoP` header (RFC 9449 section 4.1). It is looked at only beside credentials of the scheme DPoP.
    pub dpop: Option<&'a str>,
    /// Scheme, host and port of the URL, as `https://api.example`. Needed with a `DPoP` header alone.
    pub url_origin: Option<&'a str>,
    /// The client's certificate, where the runtime knows of one. Needed for tokens alone that are bound to it (RFC 8705 section 3).
    pub client_certificate: Option<ClientCertificate<'a>>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Access-Control-Request-Method` header.
    pub access_control_request_method: Option<&'a str>,
}

/// A request under way, to be handed back with the answer to its [`Need`].
#[derive(Debug)]
pub struct Pending {
    pub(super) request: InFlight,
    pub(super) stage: Box<Stage>,
}

/// What stays the same about a request from stage to stage.
#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) route: Arc<Route>,
    pub(super) token: BearerToken<'static>,
    /// What came beside the token.
    pub(super) sent: Sent,
    /// The place of its issuer in the policy.
    pub(super) issuer: usize,
    pub(super) forward_to: String,
    pub(super) response_headers: Vec<Header>,
    /// Whether keys of a set that is due have been used for it.
    pub(super) used_stale_keys: bool,
    /// Its method, where it is for the deny list and not for the origin.
    pub(super) administers: Option<String>,
    /// The room that it takes, for as long as it is there, where it may be asked about.
    _place: Option<Place>,
}

impl InFlight {
    /// A request with a token for its route, where it would go, and with which headers its answer would come back.
    pub(super) fn new(
        route: Arc<Route>,
        token: BearerToken<'_>,
        sent: Sent,
        issuer: usize,
        (forward_to, response_headers): (String, Vec<Header>),
        place: Option<Place>,
    ) -> Self {
        let (token, used_stale_keys, administers) = (token.into_owned(), false, None);
        Self { route, token, sent, issuer, forward_to, response_headers, used_stale_keys, administers, _place: place }
    }

    /// The same request, which has this method.
    pub(super) fn for_method(mut self, method: &str) -> Self {
        self.administers = self.route.deny_list.then(|| method.into());
        self
    }
}

/// What a pending request waits for.
#[derive(Debug)]
pub(super) enum Stage {
    /// What judging the token by itself needs.
    Token(Wait),
    /// Metadata on the way to introspection, asked for at that moment.
    IntrospectionMetadata(Option<Entitled>, OtherPlaces, UnixTime),
    /// The answer to what another request has asked introspection, since when, and looked for again after so many milliseconds.
    IntrospectionMoment(Option<Entitled>, UnixTime, u32),
    /// The introspection answer, with what the token itself has proved so far, and when it was asked.
    Introspection(Option<Entitled>, UnixTime),
    /// The deny list, for what the token would open, and when it was asked for.
    DenyList(Entitled, UnixTime),
    /// The list that another request has asked for, since when, and looked for again after so many milliseconds.
    DenyListMoment(Entitled, UnixTime, u32),
    /// The list, for who may see it.
    DenyListShown,
    /// The body of a request that writes an entry.
    DenyListBody,
    /// What became of an entry that was written or taken out.
    DenyListChange(Change),
    /// The host's verdict on the signature of a proof, for what the token would open.
    ProofSignature(Entitled, UntrustedProof),
    /// Whether the proof was used before; and the nonce that the next one has to carry, where the client needs another.
    ProofUse(Entitled, Option<String>),
    /// The token that the origin is to get, for what was granted.
    UpstreamToken(Grant, TokenWait),
}

impl Stage {
    /// Whether it ends in the answer to who reads or writes the deny list.
    pub(super) const fn administers(&self) -> bool {
        matches!(self, Self::DenyListShown | Self::DenyListChange(_))
    }
}

/// Where a request stands.
#[derive(Debug)]
pub enum Progress {
    /// The gate needs something; call [`Gate::resume`](super::Gate::resume) with it, or with `None` where it can't be had.
    Need(Need, Pending),
    /// The gate has decided.
    Decided(Decision),
}

/// The gate's verdict.
#[derive(Debug)]
pub enum Decision {
    /// The request goes to the origin.
    Forward(Forward),
    /// The request is answered here: a refusal, or the answer to a preflight.
    Respond(Response),
}

impl Decision {
    /// The stable code that every decision has: an [error's](Error::code), or that of [what it rests on](Ground::code).
    pub fn code(&self) -> &'static str {
        let refused = |response: &Response| response.error.as_ref().map(Error::code);
        match self {
            Self::Forward(forward) => forward.ground().code(),
            Self::Respond(response) => refused(response).or(response.ground.map(Ground::code)).unwrap_or_default(),
        }
    }

    /// Which route was found, and whose token was looked at.
    pub const fn about(&self) -> About {
        match self {
            Self::Forward(forward) => forward.about,
            Self::Respond(response) => response.about,
        }
    }
}

impl Response {
    /// An answer that is no refusal.
    pub(super) fn good(status: u16, headers: Vec<Header>, body: String, ground: Ground) -> Self {
        let about = About::default();
        Self { status, headers, body, error: None, ground: Some(ground), about, key_set_is_stale: false }
    }
}

/// An answer of the gate's own.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<Header>,
    /// The body; empty for none.
    pub body: String,
    /// The private reason of a refusal, for logs and metrics.
    pub error: Option<Error>,
    /// What it rests on, where it is no refusal.
    pub ground: Option<Ground>,
    /// Which route was found, and whose token was looked at.
    pub about: About,
    /// Whether keys of a set that is due were used: it could not be refreshed, or is just being.
    pub key_set_is_stale: bool,
}
