//! An engine for tests of form: it takes every key and every signature, so they run whatever algorithms are compiled in.

use edgeward::{
    crypto::{InvalidSignature, PreparedKey, SignatureEngine},
    jose::{PublicKey, algorithm::Scheme},
};

pub struct TakesAll;

impl SignatureEngine for TakesAll {
    fn accepts_key(&self, _: &PublicKey) -> bool {
        true
    }
    fn verify(&self, _: Scheme, _: &PreparedKey, _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Ok(())
    }
    fn admits(&self, _: Scheme, _: &PublicKey, _: &[u8]) -> bool {
        true
    }
}
