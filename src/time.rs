//! Time as an argument: the core has no clock.

use core::time::Duration;

use crate::{json::Value, limits};

/// A moment in whole seconds since 1970-01-01T00:00:00Z, as the caller's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The moment `seconds` after the epoch.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn as_seconds(self) -> u64 {
        self.0
    }

    /// This moment and `seconds` more; stays at the greatest value where that would overflow.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This moment and `seconds` less; stays at the epoch where that would underflow.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// How long ago `earlier` was; zero where it lies in the future.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }
}

/// A `NumericDate` (RFC 7519 section 2): seconds since the epoch, integer or decimal, within the years 1970 to 9999.
///
/// A fraction is kept as the one bit that comparing with whole seconds needs, and is read from the number as it was written: so no
/// rounding, to seconds or to a double, ever changes a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericDate {
    seconds: u64,
    has_fraction: bool,
}

impl NumericDate {
    /// Reads a JSON number. `None` for every other type and for negative and out-of-range numbers.
    pub fn from_json(value: &Value) -> Option<Self> {
        let (seconds, has_fraction) = value.as_number()?.whole_part()?;
        let greatest = limits::MAX_NUMERIC_DATE_SECONDS;
        (seconds < greatest || (seconds == greatest && !has_fraction)).then_some(Self { seconds, has_fraction })
    }

    /// The whole seconds.
    pub const fn as_seconds(self) -> u64 {
        self.seconds
    }

    /// Whether this moment lies strictly after `time`.
    pub const fn is_after(self, time: UnixTime) -> bool {
        self.seconds > time.0 || (self.seconds == time.0 && self.has_fraction)
    }

    /// Whether this moment is `time` or lies after it.
    pub const fn is_at_or_after(self, time: UnixTime) -> bool {
        self.seconds >= time.0
    }
}
