//! Random signatures, good and spoilt: here and for `RustCrypto` alike.

use alloc::vec::Vec;

use super::{cases, crafted};

/// Judges as many random signatures as are asked for on every path.
fn differential(count: u64, seed: u64) {
    let cases: Vec<cases::Case> = cases::random(count, seed).collect();
    assert!(cases.iter().any(|case| case.valid) && cases.iter().any(|case| !case.valid));
    crafted::judge(&cases);
}

#[test]
fn random_signatures_come_out_as_for_rustcrypto() {
    differential(60, 256);
}
