//! How long an endpoint that has failed is left alone: twice as long after each failure, up to a bound, and not at all once it has answered.
//! Everybody who waits is told the seconds that are left. There is no randomness in it: each isolate asks when its own callers come.

use super::moments::seconds_left;
use crate::{limits, time::UnixTime};

/// The failures of one endpoint in a row.
#[derive(Debug)]
pub(super) struct BackOff {
    failures: u32,
    failed_at: Option<UnixTime>,
}

impl BackOff {
    /// None yet.
    pub(super) const fn new() -> Self {
        Self { failures: 0, failed_at: None }
    }

    /// Notes a failure. Those of requests that were under way together count as one.
    pub(super) fn failed(&mut self, now: UnixTime) {
        if self.seconds_left(now).is_none() {
            self.failures = self.failures.saturating_add(1);
            self.failed_at = Some(now);
        }
    }

    /// Notes a good answer.
    pub(super) const fn succeeded(&mut self) {
        *self = Self::new();
    }

    /// For how many seconds more it is left alone; `None` where it may be asked.
    pub(super) fn seconds_left(&self, now: UnixTime) -> Option<u64> {
        seconds_left(self.failed_at?, self.seconds(), now)
    }

    fn seconds(&self) -> u64 {
        let doublings = self.failures.saturating_sub(1);
        let factor = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        limits::FETCH_BACKOFF_SECONDS.saturating_mul(factor).min(limits::MAX_FETCH_BACKOFF_SECONDS)
    }
}
