//! The keys that tokens are checked against.

use std::sync::LazyLock;

use edgeward::{
    crypto::FastEngine,
    jose::{Algorithm, JwkSet},
};

/// One key for each type of key: those of RFC 7515 appendices A.2 (RSA) and A.3 (P-256), RFC 7520 section 3.1 (P-521) and RFC 8037
/// appendix A.2 (Ed25519), and one on P-384 that was made for these targets.
pub static KEY_SET: LazyLock<JwkSet> = LazyLock::new(|| {
    let set = JwkSet::parse(include_bytes!("../key_set.json"), &FastEngine).expect("a key set");
    assert_eq!((set.keys().len(), set.unusable()), (5, 0));
    set
});

/// Every algorithm.
pub static ALGORITHMS: LazyLock<Vec<&'static Algorithm>> = LazyLock::new(|| Algorithm::available().collect());
