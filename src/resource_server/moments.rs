//! How long ago something was, by a clock that may be set.

use crate::{limits, time::UnixTime};

/// Whether `now` lies less than `seconds` after `moment`. A clock that went back a little counts as no time at all; one that had
/// been far ahead has dated nothing that is believed, or a key that was removed could serve until that date.
pub(super) fn is_within(moment: UnixTime, seconds: u64, now: UnixTime) -> bool {
    now.since(moment).as_secs() < seconds && moment <= now.plus(limits::MAX_CLOCK_SETBACK_SECONDS)
}

/// How many of the seconds after `moment` are left at `now`, as [`is_within`] counts them; `None` where they are over.
pub(super) fn seconds_left(moment: UnixTime, seconds: u64, now: UnixTime) -> Option<u64> {
    is_within(moment, seconds, now).then(|| seconds.saturating_sub(now.since(moment).as_secs()))
}
