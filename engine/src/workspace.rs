//! What is kept with a key: made when it is first worth it, within the budget, and dropped with the key.

use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};

use once_cell::race::OnceBox;
use sha2::{Digest, Sha256};

use crate::{
    Hash,
    budget::Lease,
    p256::{Generator, Multiplicand, Point, Table, verify},
    rsa,
};

/// In WebAssembly under Node a table took 315 µs to make, and with both tables a signature took 39 µs instead of 113 with G's alone and 122
/// with none (2026-11-21, quiet moments of a busy machine): it pays for itself after four or five. Many keys never get that far, such as
/// one that came with a DPoP proof, so a few more are asked for.
const SIGNATURES_BEFORE_A_TABLE: u32 = 7;

/// What a table takes, with the coordinates of its key.
const TABLE_BYTES: usize = Table::BYTES + 64;

/// What is kept with a key; empty at first. One for each key: asked about another one it answers for that one, and keeps nothing of it.
#[derive(Default)]
pub struct Workspace {
    p256: Tabled<KeyTable>,
    rsa: OnceBox<(RsaKey, Lease)>,
}

/// The table of a key, with the key's coordinates.
struct KeyTable {
    of: [[u8; 32]; 2],
    table: Table,
}

/// An RSA key made ready, with the numbers that it was made from.
struct RsaKey {
    n: Vec<u8>,
    e: Vec<u8>,
    key: rsa::Key,
}

impl RsaKey {
    fn bytes(&self) -> usize {
        self.key.bytes().saturating_add(self.n.len()).saturating_add(self.e.len())
    }
}

/// A table that is made once enough signatures were checked without it.
struct Tabled<T> {
    signatures: AtomicU32,
    table: OnceBox<(T, Lease)>,
}

impl<T> Default for Tabled<T> {
    fn default() -> Self {
        Self { signatures: AtomicU32::new(0), table: OnceBox::new() }
    }
}

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
            let lease = Lease::take(TABLE_BYTES)?;
            let _ = self.table.set(Box::new((make(), lease)));
        }
        self.table.get().map(|(table, _)| table)
    }
}

/// The base point's table, which all keys share.
static GENERATOR: Tabled<Generator> = Tabled::new();

// Never inlined: a caller that is compiled for size would have the arithmetic compiled for size as well.
impl Workspace {
    /// Whether a signature is the key's over a message by ES256: `r || s` over its SHA-256 (FIPS 186-5 section 6.4.2, RFC 7518
    /// section 3.4). `x` and `y` are the key's coordinates, big-endian: without such a point on P-256 no signature holds.
    #[inline(never)]
    pub fn verify_es256(&self, x: &[u8; 32], y: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        let Some(point) = Point::from_coordinates(x, y) else {
            return false;
        };
        let of = [*x, *y];
        let kept = self.p256.get(|| KeyTable { of, table: Table::new(&point) }).filter(|kept| kept.of == of);
        let multiplicand = kept.map_or(Multiplicand::Point(&point), |kept| Multiplicand::Table(&kept.table));
        verify(multiplicand, GENERATOR.get(Generator::new), &Sha256::digest(message).into(), signature)
    }

    /// Whether a signature is the key's over a message by RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2). `n` and `e` are modulus and exponent,
    /// big-endian: where they are none of a usable key ([`is_usable_rsa_key`](crate::is_usable_rsa_key)), no signature holds.
    #[inline(never)]
    pub fn verify_pkcs1(&self, n: &[u8], e: &[u8], hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        self.with_rsa(n, e, |key| key.verify_pkcs1(hash, message, signature))
    }

    /// The same by RSASSA-PSS (RFC 8017 section 8.1.2), with MGF1 on the same hash and a salt as long as the hash.
    #[inline(never)]
    pub fn verify_pss(&self, n: &[u8], e: &[u8], hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        self.with_rsa(n, e, |key| key.verify_pss(hash, message, signature))
    }

    /// Asks the key made ready; there is none where the numbers are none of a usable key.
    fn with_rsa(&self, n: &[u8], e: &[u8], holds: impl Fn(&rsa::Key) -> bool) -> bool {
        let kept = self.rsa.get();
        if let Some((kept, _)) = kept.filter(|(kept, _)| kept.n == n && kept.e == e) {
            return holds(&kept.key);
        }
        let Some(key) = rsa::Key::new(n, e) else {
            return false;
        };
        let verdict = holds(&key);
        if kept.is_none() {
            let key = RsaKey { n: n.into(), e: e.into(), key };
            if let Some(lease) = Lease::take(key.bytes()) {
                let _ = self.rsa.set(Box::new((key, lease)));
            }
        }
        verdict
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use ::p256::{ProjectivePoint, elliptic_curve::sec1::ToEncodedPoint};

    use super::{SIGNATURES_BEFORE_A_TABLE, TABLE_BYTES, Workspace};

    fn base_point() -> [[u8; 32]; 2] {
        let point = ProjectivePoint::GENERATOR.to_affine().to_encoded_point(false);
        [point.x(), point.y()].map(|coordinate| coordinate.copied().map(Into::into).unwrap_or_default())
    }

    #[test]
    fn a_table_is_made_after_some_signatures_and_weighs_what_it_takes() {
        let (workspace, [x, y]) = (Workspace::default(), base_point());
        for _ in 0..SIGNATURES_BEFORE_A_TABLE {
            assert!(!workspace.verify_es256(&x, &y, b"a message", &[1; 64]));
            assert!(workspace.p256.table.get().is_none());
        }
        assert!(!workspace.verify_es256(&x, &y, b"a message", &[1; 64]));
        assert_eq!(workspace.p256.table.get().map(|(_, lease)| lease.bytes), Some(TABLE_BYTES));
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

    /// A workspace is public, so whoever uses one for two keys must not get the verdicts of one under the other.
    #[test]
    fn asked_about_another_key_it_answers_for_that_one() {
        let (workspace, two) = (Workspace::default(), [[0; 255].as_slice(), &[2]].concat());
        // 2^3 modulo whatever is greater, and 2^65537 modulo 2^2048 - 1, which is 2^(65537 mod 2048).
        let eight = [[0; 255].as_slice(), &[8]].concat();
        assert!(workspace.with_rsa(&[0xff; 256], &[1, 0, 1], |key| key.power(&two) == Some(two.clone())));
        assert!(workspace.with_rsa(&[0xff; 256], &[3], |key| key.power(&two) == Some(eight.clone())));
        assert!(workspace.with_rsa(&[0xff; 512], &[3], |key| key.power(&two).is_none()), "the length is another");
        let kept = workspace.rsa.get().map(|(kept, _)| (kept.n.len(), kept.e.as_slice()));
        assert_eq!(kept, Some((256, [1, 0, 1].as_slice())), "the first one stays");
    }
}
