//! What a policy says of keys: how long a key set serves when it can't be refreshed, and where else it is looked for.

use alloc::format;

use super::key_stores::KeyStores;
use crate::{error::Problems, json::Fields, limits};

/// What `keys` of every policy may say.
const MEMBERS: [&str; 1] = ["stale_if_error_seconds"];

/// `keys` of a policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyPolicy {
    /// How long a key set that is due still serves where it can't be refreshed (RFC 5861 section 4). 0 for not at all.
    pub(super) stale_if_error_seconds: u64,
}

impl KeyPolicy {
    /// Reads `keys` of a policy for tokens alone, which has no stores.
    pub(super) fn read(policy: &Fields<'_>, problems: &mut Problems) -> Self {
        Self::read_fields(policy.optional_object("keys", &MEMBERS, problems).as_ref(), problems)
    }

    /// Reads `keys` of a gate's policy.
    pub(super) fn read_with_stores(policy: &Fields<'_>, problems: &mut Problems) -> (Self, KeyStores) {
        let members = [MEMBERS.as_slice(), &KeyStores::MEMBERS].concat();
        let keys = policy.optional_object("keys", &members, problems);
        (Self::read_fields(keys.as_ref(), problems), KeyStores::read(keys.as_ref(), problems))
    }

    fn read_fields(keys: Option<&Fields<'_>>, problems: &mut Problems) -> Self {
        let usual = limits::STALE_IF_ERROR_SECONDS;
        let said = keys.and_then(|keys| keys.optional_count("stale_if_error_seconds", problems));
        let stale_if_error_seconds = said.unwrap_or(usual);
        if let Some(keys) = keys.filter(|_| stale_if_error_seconds > limits::MAX_STALE_IF_ERROR_SECONDS) {
            let problem = format!("must be from 0 to {}", limits::MAX_STALE_IF_ERROR_SECONDS);
            keys.refuse("stale_if_error_seconds", &problem, problems);
        }
        Self { stale_if_error_seconds }
    }

    /// How old a key set may be that still serves somehow, in seconds.
    pub(super) const fn last_age_seconds(self) -> u64 {
        limits::KEY_SET_TTL_SECONDS.saturating_add(self.stale_if_error_seconds)
    }
}
