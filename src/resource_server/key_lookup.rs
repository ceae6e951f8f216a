//! What is to be done for a token, as the keys in memory are.

/// What to do for a token of this issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The set in memory serves.
    Use,
    /// It serves, is about to be due, and nobody is fetching it.
    UseAndRefresh,
    /// It is due and serves all the same: it is just being fetched, or it can't be.
    UseStale,
    /// A set has to be fetched.
    Fetch,
    /// A fetch failed a moment ago and nothing usable is in memory.
    Unavailable,
}

impl Lookup {
    /// Whether the set in memory serves.
    pub(super) const fn serves(self) -> bool {
        matches!(self, Self::Use | Self::UseAndRefresh | Self::UseStale)
    }
}
