//! What a policy says of revocation: where the deny list is, and how old a copy of it may be.

use alloc::string::String;

use crate::{error::Problems, json::Fields, limits};

/// What `revocation` of a policy may say.
const MEMBERS: [&str; 5] =
    ["durable_object_binding", "kv_binding", "refresh_seconds", "stale_if_error_seconds", "entry_lifetime_seconds"];

/// `revocation` of a policy.
#[derive(Clone, Debug)]
pub(in crate::resource_server) struct RevocationPolicy {
    store: Store,
    /// How old the copy of the list may be that a request is decided by.
    pub(super) refresh_seconds: u64,
    /// How much older it may be where the list can't be read.
    pub(super) stale_if_error_seconds: u64,
    /// How long an entry is kept that does not say when it ends.
    pub(super) entry_lifetime_seconds: u64,
}

/// Where the list is.
#[derive(Clone, Debug)]
enum Store {
    DurableObject(String),
    Kv(String),
}

impl RevocationPolicy {
    /// Reads `revocation`. Without it no list is looked at.
    pub(in crate::resource_server) fn read(policy: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let fields = policy.optional_object("revocation", &MEMBERS, problems)?;
        let store = Store::read(&fields, problems);
        let mut seconds =
            |member: &str, usual: u64, least: u64, most: u64| fields.seconds(member, usual, (least, most), problems);
        let refresh_seconds =
            seconds("refresh_seconds", limits::DENY_LIST_REFRESH_SECONDS, 1, limits::MAX_DENY_LIST_REFRESH_SECONDS);
        let stale_if_error_seconds = seconds(
            "stale_if_error_seconds",
            limits::DENY_LIST_STALE_IF_ERROR_SECONDS,
            0,
            limits::MAX_DENY_LIST_STALE_IF_ERROR_SECONDS,
        );
        let entry_lifetime_seconds = seconds(
            "entry_lifetime_seconds",
            limits::DENY_ENTRY_SECONDS,
            limits::MIN_DENY_ENTRY_SECONDS,
            limits::MAX_DENY_ENTRY_SECONDS,
        );
        Some(Self { store: store?, refresh_seconds, stale_if_error_seconds, entry_lifetime_seconds })
    }

    /// The place in the policy that names the store's binding, its name, and what it has to be.
    pub(in crate::resource_server) fn binding(&self) -> (&'static str, &str, &'static str) {
        match &self.store {
            Store::DurableObject(name) => ("revocation.durable_object_binding", name, "durable_object"),
            Store::Kv(name) => ("revocation.kv_binding", name, "kv_namespace"),
        }
    }
}

impl Store {
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let (object, kv) = ("durable_object_binding", "kv_binding");
        match (fields.defaulted_text(object, problems), fields.defaulted_text(kv, problems)) {
            (Some(""), None) => fields.refuse(object, "must name a binding", problems),
            (None, Some("")) => fields.refuse(kv, "must name a binding", problems),
            (Some(name), None) => return Some(Self::DurableObject(name.into())),
            (None, Some(name)) => return Some(Self::Kv(name.into())),
            (Some(_), Some(_)) => fields.refuse(kv, "can't stand beside \"durable_object_binding\"", problems),
            (None, None) if fields.value(object).is_none() && fields.value(kv).is_none() => {
                let problem =
                    "is missing; it must name the Durable Objects that keep the list, or \"kv_binding\" a KV namespace";
                fields.refuse(object, problem, problems);
            }
            (None, None) => {}
        }
        None
    }
}
