//! Errors that are put together in more than one place.

use super::Error;
use crate::limits;

impl Error {
    /// For whoever has no keys and fetches none.
    pub(crate) const KEY_SET_UNAVAILABLE: Self = Self::KeySetUnavailable { retry_after_seconds: 1 };

    /// For introspection that was asked and has not answered as it should. It is asked again for the next request.
    pub const INTROSPECTION_UNAVAILABLE: Self =
        Self::IntrospectionUnavailable { retry_after_seconds: limits::FETCH_BACKOFF_SECONDS };

    pub(crate) const UPSTREAM_TOKEN_UNAVAILABLE: Self =
        Self::UpstreamTokenUnavailable { retry_after_seconds: limits::FETCH_BACKOFF_SECONDS };

    pub(crate) const PAYLOAD_MALFORMED: Self =
        Self::TokenMalformed { reason: "the payload is not one strict JSON object" };
}

/// Seconds as those errors hold them that hold something else beside: an error is moved about at every step, so it is kept small.
pub(crate) fn whole_seconds(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
