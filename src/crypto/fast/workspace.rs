//! What is kept with a key: made when it is first worth it, within the budget, and dropped with the key.

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
use alloc::boxed::Box;
#[cfg(feature = "es256")]
use core::sync::atomic::{AtomicU32, Ordering};

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
use once_cell::race::OnceBox;

#[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
use super::budget::Lease;
#[cfg(feature = "es256")]
use super::p256::{Generator, Multiplicand, Point, Table, verify};
#[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
use super::rsa;
#[cfg(feature = "es256")]
use crate::jose;

/// In WebAssembly under Node a table took 315 µs to make, and with both tables a signature took 39 µs instead of 113 with G's alone and 122
/// with none (2026-11-21, quiet moments of a busy machine): it pays for itself after four or five. Many keys never get that far, such as
/// one that came with a DPoP proof, so a few more are asked for.
#[cfg(feature = "es256")]
const SIGNATURES_BEFORE_A_TABLE: u32 = 7;

/// One for each key. Empty at first.
#[derive(Default)]
pub(in crate::crypto) struct Workspace {
    #[cfg(feature = "es256")]
    p256: Tabled<Table>,
    #[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
    rsa: OnceBox<(rsa::Key, Lease)>,
}

/// A table that is made once enough signatures were checked without it.
#[cfg(feature = "es256")]
struct Tabled<T> {
    signatures: AtomicU32,
    table: OnceBox<(T, Lease)>,
}

#[cfg(feature = "es256")]
impl<T> Default for Tabled<T> {
    fn default() -> Self {
        Self { signatures: AtomicU32::new(0), table: OnceBox::new() }
    }
}

#[cfg(feature = "es256")]
impl<T> Tabled<T> {
    const fn new() -> Self {
        Self { signatures: AtomicU32::new(0), table: OnceBox::new() }
    }

    /// The table. It is made now if this is the signature that makes it worth its time, and there is room for it.
    fn get(&self, make: impl FnOnce() -> T) -> Option<&T> {
        if self.table.get().is_none() {
            // Beside other threads one signature may go uncounted, or a table be made twice and dropped once.
            let signatures = self.signatures.load(Ordering::Relaxed);
            if signatures < SIGNATURES_BEFORE_A_TABLE {
                self.signatures.store(signatures.saturating_add(1), Ordering::Relaxed);
                return None;
            }
            let lease = Lease::take(Table::BYTES)?;
            let _ = self.table.set(Box::new((make(), lease)));
        }
        self.table.get().map(|(table, _)| table)
    }
}

/// The base point's table, which all keys share.
#[cfg(feature = "es256")]
static GENERATOR: Tabled<Generator> = Tabled::new();

impl Workspace {
    /// Whether `signature` is the key's over a message with this SHA-256 digest.
    #[cfg(feature = "es256")]
    pub(super) fn verify_p256(&self, key: &jose::Point<32>, digest: &[u8; 32], signature: &[u8; 64]) -> bool {
        let Some(point) = Point::from_coordinates(&key.x, &key.y) else {
            return false;
        };
        let table = self.p256.get(|| Table::new(&point));
        let multiplicand = table.map_or(Multiplicand::Point(&point), Multiplicand::Table);
        verify(multiplicand, GENERATOR.get(Generator::new), digest, signature)
    }

    /// Asks the key made ready; there is none where the numbers are none of a usable key.
    #[cfg(any(feature = "rs256", feature = "ps256-ps384-ps512"))]
    pub(super) fn with_rsa(&self, n: &[u8], e: &[u8], holds: impl Fn(&rsa::Key) -> bool) -> bool {
        if let Some((key, _)) = self.rsa.get() {
            return holds(key);
        }
        let Some(key) = rsa::Key::new(n, e) else {
            return false;
        };
        let verdict = holds(&key);
        if let Some(lease) = Lease::take(key.bytes()) {
            let _ = self.rsa.set(Box::new((key, lease)));
        }
        verdict
    }
}

#[cfg(all(test, not(target_arch = "wasm32"), feature = "es256", feature = "rs256"))]
mod tests {
    use ::p256::{ProjectivePoint, elliptic_curve::sec1::ToEncodedPoint};

    use super::{SIGNATURES_BEFORE_A_TABLE, Table, Workspace};
    use crate::jose::Point;

    fn base_point() -> Point<32> {
        let point = ProjectivePoint::GENERATOR.to_affine().to_encoded_point(false);
        let [x, y] = [point.x(), point.y()].map(|coordinate| coordinate.copied().map(Into::into).unwrap_or_default());
        Point { x, y }
    }

    #[test]
    fn a_table_is_made_after_some_signatures_and_weighs_what_it_takes() {
        let (workspace, key) = (Workspace::default(), base_point());
        for _ in 0..SIGNATURES_BEFORE_A_TABLE {
            assert!(!workspace.verify_p256(&key, &[1; 32], &[1; 64]));
            assert!(workspace.p256.table.get().is_none());
        }
        assert!(!workspace.verify_p256(&key, &[1; 32], &[1; 64]));
        assert_eq!(workspace.p256.table.get().map(|(_, lease)| lease.bytes), Some(Table::BYTES));
    }

    #[test]
    fn an_rsa_key_is_kept_from_its_first_signature_on_and_weighs_what_it_takes() {
        let workspace = Workspace::default();
        // Any odd number of enough bits is a modulus here.
        assert!(workspace.with_rsa(&[0xff; 256], &[1, 0, 1], |_| true));
        let kept = workspace.rsa.get().map(|(key, lease)| (key.bytes(), lease.bytes));
        assert!(kept.is_some_and(|(key, lease)| key == lease && key > 256), "{kept:?}");
        assert!(!Workspace::default().with_rsa(&[0xff; 255], &[1, 0, 1], |_| true), "too short for a key");
    }
}
