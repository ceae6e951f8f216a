//! How much memory all keys together may keep for being checked faster.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::MAX_PREPARED_KEYS_BYTES;

static TAKEN_BYTES: AtomicUsize = AtomicUsize::new(0);

/// A part of the budget, given back when it is dropped.
pub(super) struct Lease {
    pub(super) bytes: usize,
}

impl Lease {
    /// Takes so many bytes; `None` where that would be over [`MAX_PREPARED_KEYS_BYTES`].
    pub(super) fn take(bytes: usize) -> Option<Self> {
        let enough = |taken: usize| taken.checked_add(bytes).filter(|taken| *taken <= MAX_PREPARED_KEYS_BYTES);
        TAKEN_BYTES.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enough).ok().map(|_| Self { bytes })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        TAKEN_BYTES.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Lease;
    use crate::MAX_PREPARED_KEYS_BYTES;

    /// No test that runs beside this one takes half of it.
    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more_than_there_is() {
        for _ in 0..3 {
            let half = Lease::take(MAX_PREPARED_KEYS_BYTES / 2);
            assert!(half.is_some());
            assert!(Lease::take(MAX_PREPARED_KEYS_BYTES / 2 + 1).is_none());
            drop(half);
        }
        assert!(Lease::take(usize::MAX).is_none());
    }
}
