//! Numbers by chance that are the same in every run: what tests and the bounded run of the fuzz targets choose by.

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014): small, and good enough to choose.
pub struct Chance(u64);

impl Chance {
    pub const fn new(start: u64) -> Self {
        Self(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number under `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a length fits").max(1);
        usize::try_from(self.next() % bound).expect("less than a length")
    }
}
