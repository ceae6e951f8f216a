//! What a policy says of keys: how long a key set serves when it can't be refreshed.

use alloc::format;

use crate::{error::Problems, json::Fields, limits};

/// What `keys` of a policy may say.
const MEMBERS: [&str; 1] = ["stale_if_error_seconds"];

/// `keys` of a policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyPolicy {
    /// How long a key set that is due still serves where it can't be refreshed (RFC 5861 section 4). 0 for not at all.
    pub(super) stale_if_error_seconds: u64,
}

impl KeyPolicy {
    /// Reads `keys`.
    pub(super) fn read(policy: &Fields<'_>, problems: &mut Problems) -> Self {
        let usual = limits::STALE_IF_ERROR_SECONDS;
        let fields = policy.optional_object("keys", &MEMBERS, problems);
        let said = fields.as_ref().and_then(|fields| fields.optional_count("stale_if_error_seconds", problems));
        let stale_if_error_seconds = said.unwrap_or(usual);
        if let Some(fields) = fields.filter(|_| stale_if_error_seconds > limits::MAX_STALE_IF_ERROR_SECONDS) {
            let problem = format!("must be from 0 to {}", limits::MAX_STALE_IF_ERROR_SECONDS);
            fields.refuse("stale_if_error_seconds", &problem, problems);
        }
        Self { stale_if_error_seconds }
    }
}
