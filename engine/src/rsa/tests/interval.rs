//! Every value that a word may have, as the least and the greatest: the arithmetic runs over intervals as it does over words, and
//! stops where one could leave its type.

/// From `low` to `high`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub low: i128,
    pub high: i128,
}

impl Interval {
    pub const ZERO: Self = Self::point(0);

    pub const fn point(value: i128) -> Self {
        Self { low: value, high: value }
    }

    pub const fn new(low: i128, high: i128) -> Self {
        assert!(low <= high, "an interval");
        Self { low, high }
    }

    /// From −`size` to `size`.
    pub const fn around_zero(size: i128) -> Self {
        Self::new(-size, size)
    }

    pub const fn add(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    pub fn multiply(self, other: Self) -> Self {
        let ends = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        let [a, b, c, d] = ends;
        Self::new(a.min(b).min(c).min(d), a.max(b).max(c).max(d))
    }

    /// Divided by 2^`bits`, rounded down.
    pub const fn shift_right(self, bits: u32) -> Self {
        Self::new(self.low >> bits, self.high >> bits)
    }

    pub const fn is_within(self, other: Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The interval itself, if the type from `low` to `high` holds all of it.
    pub fn checked(self, low: i128, high: i128, what: &str) -> Self {
        assert!(self.is_within(Self::new(low, high)), "{what} leaves its word: {self:?}");
        self
    }
}
