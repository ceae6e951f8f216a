//! What the gate needs from outside: each kind with the form of its answer, how long that may be and how long it may take.

use core::fmt;

use alloc::{string::String, sync::Arc};

use super::{
    ClientAssertion,
    key_stores::{Entry, Store},
};
use crate::{
    http_url::Transport,
    jose::{Jwk, UntrustedJws},
    limits,
    time::UnixTime,
};

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
    /// A token endpoint's answer, with its status, a line feed and the document: good with status 200 (RFC 6749 section 5.1), and of use with any other,
    /// where it says why there is no token (section 5.2). A POST as for [`Self::Introspection`].
    Token {
        /// The token endpoint.
        url: String,
        /// The `Authorization` header to send, the gate's own credentials; `None` where they are in the form.
        authorization: Option<String>,
        /// The form body. It may hold the caller's token.
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
    /// The deny list as a whole, `{"entries": […]}` as JSON text, from the store that the policy names: as it is at this moment, and as
    /// [`Self::DenyListPut`] has written it.
    DenyList,
    /// An entry of the deny list is written, in place of one with the same name: "written" once it will not be lost, or "full".
    DenyListPut {
        /// The name it is kept under: 22 characters of base64url.
        id: String,
        /// The entry as JSON text, at most [`limits::MAX_DENY_ENTRY_BYTES`].
        entry: String,
        /// The last moment until which it has to be kept.
        expires_at: UnixTime,
    },
    /// An entry of the deny list is taken out: "removed", or "absent" where there is none.
    DenyListRemove {
        /// The name it is kept under.
        id: String,
    },
    /// The body of the request, which writes an entry of the deny list: UTF-8, at most [`limits::MAX_DENY_ENTRY_BYTES`].
    RequestBody,
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
            Self::Token { .. } => limits::MAX_TOKEN_RESPONSE_BYTES,
            Self::Signature { .. } => "unable".len(),
            Self::ProofUse { .. } => "full".len(),
            Self::DenyList => limits::MAX_DENY_LIST_BYTES,
            Self::DenyListPut { .. } | Self::DenyListRemove { .. } => "removed".len(),
            Self::RequestBody => limits::MAX_DENY_ENTRY_BYTES,
            Self::Moment { .. } => 0,
        }
    }
}

impl Need {
    /// How long an answer may take, in milliseconds.
    pub const fn timeout_milliseconds(&self) -> u32 {
        match self {
            Self::DenyList | Self::DenyListPut { .. } | Self::DenyListRemove { .. } => {
                limits::DENY_LIST_TIMEOUT_MILLISECONDS
            }
            Self::ProofUse { .. } => limits::PROOF_USE_TIMEOUT_MILLISECONDS,
            _ => limits::FETCH_TIMEOUT_MILLISECONDS,
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
            Self::Token { url, .. } => f.debug_struct("Token").field("url", url).finish_non_exhaustive(),
            Self::ProofUse { until, .. } => f.debug_struct("ProofUse").field("until", until).finish_non_exhaustive(),
            Self::DenyList => f.write_str("DenyList"),
            Self::DenyListPut { id, .. } => f.debug_struct("DenyListPut").field("id", id).finish_non_exhaustive(),
            Self::DenyListRemove { id } => f.debug_struct("DenyListRemove").field("id", id).finish(),
            Self::RequestBody => f.write_str("RequestBody"),
            Self::Moment { milliseconds } => f.debug_struct("Moment").field("milliseconds", milliseconds).finish(),
            Self::Signature { jws, .. } => f.debug_struct("Signature").field("jws", jws).finish_non_exhaustive(),
        }
    }
}
