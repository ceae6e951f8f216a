//! Where key sets and metadata are beyond the memory of one isolate: what a policy says of it, and the form in which they are kept there.
//! Whoever can write to a store could have any key taken for the issuer's, so nothing but what all may read goes in, and what comes out is
//! read as what a server has sent.

use alloc::{format, string::String, vec::Vec};

use sha2::{Digest, Sha256};

use crate::{error::Problems, jose::base64url, json::Fields, time::UnixTime};

/// Whether a gate is compiled in. A module for JavaScript that judges tokens alone has no stores, and is spared what is done with them.
pub(super) const HAS_STORES: bool = cfg!(any(not(feature = "wasm"), feature = "wasm-gate"));

/// A place beside memory where documents are kept for other isolates. They are asked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The runtime's Cache API: near, and one data centre's.
    CacheApi,
    /// A KV namespace: everybody's, and late by up to a minute.
    Kv,
}

impl Store {
    /// The name by which whoever runs the gate knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CacheApi => "cache_api",
            Self::Kv => "kv",
        }
    }
}

/// A document to be kept in stores, beside the request: nobody waits for it, and it may fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreWrite {
    /// Where.
    pub stores: Vec<Store>,
    /// Under which key.
    pub key: String,
    /// What is kept; it is handed back as it is.
    pub text: String,
    /// For how long it is of use, in seconds.
    pub seconds: u64,
}

/// The stores of a gate.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyStores {
    /// Whether the policy lets the Cache API be used.
    may_use_cache_api: bool,
    /// Whether the runtime has one.
    has_cache_api: bool,
    kv_binding: Option<String>,
    durable_object_binding: Option<String>,
}

impl KeyStores {
    /// What `keys` of a gate's policy may say of them.
    pub(super) const MEMBERS: [&str; 3] = ["cache_api", "kv_binding", "durable_object_binding"];

    /// Reads them off `keys`, where the policy has it.
    pub(super) fn read(keys: Option<&Fields<'_>>, problems: &mut Problems) -> Self {
        let usual = Self { may_use_cache_api: true, ..Self::default() };
        let Some(keys) = keys else { return usual };
        let mut binding = |member| {
            let binding = keys.defaulted_text(member, problems);
            if binding == Some("") {
                keys.refuse(member, "must be the name of a binding", problems);
            }
            binding.map(Into::into)
        };
        let (kv_binding, durable_object_binding) = (binding("kv_binding"), binding("durable_object_binding"));
        let may_use_cache_api = keys.defaulted_switch("cache_api", problems).unwrap_or(true);
        Self { may_use_cache_api, kv_binding, durable_object_binding, ..usual }
    }

    /// The name of the binding of the Durable Objects that fetch for many isolates.
    pub(super) fn durable_object_binding(&self) -> Option<&str> {
        self.durable_object_binding.as_deref()
    }

    /// The name of the binding of a KV namespace.
    pub(super) fn kv_binding(&self) -> Option<&str> {
        self.kv_binding.as_deref()
    }

    /// Notes that the runtime has a Cache API.
    pub(super) const fn runtime_has_cache_api(&mut self) {
        self.has_cache_api = true;
    }

    /// Those there are.
    pub(super) fn all(&self) -> impl Iterator<Item = Store> {
        let cache_api = (self.may_use_cache_api && self.has_cache_api).then_some(Store::CacheApi);
        cache_api.into_iter().chain(self.kv_binding.as_ref().map(|_| Store::Kv))
    }

    /// The one to be asked first, or after another.
    pub(super) fn after(&self, store: Option<Store>) -> Option<Store> {
        match store {
            None => self.all().next(),
            Some(asked) => self.all().skip_while(|store| *store != asked).nth(1),
        }
    }
}

/// What is kept of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    KeySet,
    Metadata,
}

/// The key of what is kept of an issuer: a digest, so that it has one length and says nothing. `jwks_uri` is the policy's, if it names one, for
/// another policy may have the same issuer with other keys.
pub(super) fn key_of(kept: Kept, issuer: &str, jwks_uri: Option<&str>) -> String {
    let kind = match kept {
        Kept::KeySet => "key_set",
        Kept::Metadata => "metadata",
    };
    // A line each: no URL has a line feed in it. The number is that of the form below.
    base64url::encode(&Sha256::digest(format!("edgeward 1\n{kind}\n{issuer}\n{}", jwks_uri.unwrap_or_default())))
}

/// A document with the moment when its server was asked for it. As a text: the seconds since the epoch, a line feed, the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) asked_at: UnixTime,
    pub(super) document: &'a str,
}

impl<'a> Entry<'a> {
    /// What its text has more than the document, in bytes, at most.
    pub(super) const HEAD_BYTES: usize = 21;

    /// Reads what a store had. `None` for what is none, and for what is dated later than `now`: who has written that had another clock, or
    /// meant to have it believed longer.
    pub(super) fn read(text: &'a str, now: UnixTime) -> Option<Self> {
        let (seconds, document) = text.split_once('\n')?;
        let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
        let asked_at = UnixTime::from_seconds(seconds.parse().ok().filter(|_| is_number)?);
        (asked_at <= now).then_some(Self { asked_at, document })
    }

    /// Its text.
    pub(super) fn to_text(self) -> String {
        format!("{}\n{}", self.asked_at.as_seconds(), self.document)
    }
}
