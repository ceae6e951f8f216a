//! The language between the gate and whoever runs it: what came in, what is needed next, what was decided.

use core::fmt;

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};

use super::{
    About, BearerToken, ClientAssertion, ClientCertificate, Forward, Ground, UntrustedProof,
    credentials::Sent,
    grant::Entitled,
    key_fetch::OtherPlaces,
    key_stores::{Entry, Store},
    route::Route,
    token_validator::Wait,
};
use crate::{
    error::Error,
    http_url::Transport,
    jose::{Jwk, UntrustedJws},
    limits,
    time::UnixTime,
};

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

/// Something only the outside can give. Whatever is fetched is bounded by [`Need::max_bytes`] and
/// [`limits::FETCH_TIMEOUT_MILLISECONDS`], and no redirect is followed.
pub enum Need {
    /// The authorization server's metadata, fetched with GET (RFC 8414 section 3).
    Metadata {
        /// Where it may be. Should it not be there, the gate asks for another place.
        url: String,
    },
    /// What a store has under a key: what it was given to keep as [`StoreWrite`](super::StoreWrite). The caller of the API waits for it, so no
    /// longer than [`limits::STORE_TIMEOUT_MILLISECONDS`].
    Stored {
        /// Which.
        store: Store,
        /// Under which key.
        key: String,
        /// Larger is nothing that it was given.
        max_bytes: usize,
    },
    /// A document that one Durable Object fetches for all who are near to it: its age in whole seconds, a line feed, and the document; or
    /// "unavailable", where its server has failed the object. Whatever else comes, or nothing, and it is asked for directly.
    Shared {
        /// Where the document is.
        url: String,
        /// Whether it is metadata, and not a key set.
        is_metadata: bool,
        /// One that is older has to be fetched anew, unless it can't be.
        max_age_seconds: u64,
        /// Which URLs may be fetched.
        transport: Transport,
    },
    /// A JWK set, fetched with GET.
    KeySet {
        /// Where it is.
        url: String,
    },
    /// An introspection answer: a POST with this body, of type `application/x-www-form-urlencoded` (RFC 7662 section 2.1).
    Introspection {
        /// The introspection endpoint.
        url: String,
        /// The `Authorization` header to send, the gate's own credentials; `None` where they are in the form.
        authorization: Option<String>,
        /// The form body. It holds the caller's token.
        body: String,
        /// What the host signs and adds to the form as `client_assertion`, where the gate has a private key.
        client_assertion: Option<ClientAssertion>,
    },
    /// Whether a DPoP proof was used before (RFC 9449 section 11.1): "new", and it is remembered from now on, or "used". One memory has to
    /// answer for all gates that take the proof, at once and never out of date. Whatever else comes, or nothing, means that it can't be said.
    ProofUse {
        /// The thumbprint of the key that made it. Proofs of different keys never have to be compared.
        jkt: String,
        /// Which of that key's proofs it is: a digest of its `jti`.
        proof: String,
        /// The last moment until which it has to be remembered.
        until: UnixTime,
    },
    /// Nothing but time: another request has asked for what this one needs and has no answer yet. Wait so long, then go on with `None`.
    Moment {
        /// Grows each time, within [`limits::MOMENT_MILLISECONDS`].
        milliseconds: u32,
    },
    /// The host's verdict on a signature, where the engine [asks the host](crate::crypto::SignatureEngine::asks_host): "holds",
    /// "fails", or "unable" where the host can't take the key.
    Signature {
        /// The token or the proof: its algorithm, what was signed, and the signature.
        jws: UntrustedJws,
        /// The key that may have signed it.
        key: Arc<Jwk>,
    },
}

impl Need {
    /// The greatest answer that is read, in bytes.
    pub const fn max_bytes(&self) -> usize {
        match self {
            Self::Metadata { .. } => limits::MAX_METADATA_BYTES,
            Self::KeySet { .. } => limits::MAX_KEY_SET_BYTES,
            Self::Stored { max_bytes, .. } => *max_bytes,
            Self::Shared { is_metadata: true, .. } => limits::MAX_METADATA_BYTES.saturating_add(Entry::HEAD_BYTES),
            Self::Shared { .. } => limits::MAX_KEY_SET_BYTES.saturating_add(Entry::HEAD_BYTES),
            Self::Introspection { .. } => limits::MAX_INTROSPECTION_BYTES,
            Self::Signature { .. } => "unable".len(),
            Self::ProofUse { .. } => "full".len(),
            Self::Moment { .. } => 0,
        }
    }
}

impl fmt::Debug for Need {
    /// Names the kind and the place, never the credentials or the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata { url } => f.debug_struct("Metadata").field("url", url).finish(),
            Self::KeySet { url } => f.debug_struct("KeySet").field("url", url).finish(),
            Self::Shared { url, .. } => f.debug_struct("Shared").field("url", url).finish_non_exhaustive(),
            Self::Stored { store, key, .. } => {
                f.debug_struct("Stored").field("store", store).field("key", key).finish_non_exhaustive()
            }
            Self::Introspection { url, .. } => {
                f.debug_struct("Introspection").field("url", url).finish_non_exhaustive()
            }
            Self::ProofUse { until, .. } => f.debug_struct("ProofUse").field("until", until).finish_non_exhaustive(),
            Self::Moment { milliseconds } => f.debug_struct("Moment").field("milliseconds", milliseconds).finish(),
            Self::Signature { jws, .. } => f.debug_struct("Signature").field("jws", jws).finish_non_exhaustive(),
        }
    }
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
}

impl InFlight {
    /// A request with a token for its route; `on_its_way` is where it would go, and with which headers its answer would come back.
    pub(super) fn new(
        route: Arc<Route>,
        token: BearerToken<'_>,
        sent: Sent,
        issuer: usize,
        on_its_way: (String, Vec<Header>),
    ) -> Self {
        let (forward_to, response_headers) = on_its_way;
        Self { route, token: token.into_owned(), sent, issuer, forward_to, response_headers, used_stale_keys: false }
    }
}

/// What a pending request waits for.
#[derive(Debug)]
pub(super) enum Stage {
    /// What judging the token by itself needs.
    Token(Wait),
    /// Metadata on the way to introspection.
    IntrospectionMetadata(Option<Entitled>, OtherPlaces),
    /// The answer to what another request has asked introspection, since when, and looked for again after so many milliseconds.
    IntrospectionMoment(Option<Entitled>, UnixTime, u32),
    /// The introspection answer, with what the token itself has proved so far, and when it was asked.
    Introspection(Option<Entitled>, UnixTime),
    /// The host's verdict on the signature of a proof, for what the token would open.
    ProofSignature(Entitled, UntrustedProof),
    /// Whether the proof was used before; and the nonce that the next one has to carry, where the client needs another.
    ProofUse(Entitled, Option<String>),
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
