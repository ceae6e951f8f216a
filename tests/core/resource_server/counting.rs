//! A world whose gate counts the signatures it checks, which is how a test sees what was remembered.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use edgeward::{
    crypto::{FastEngine, InvalidSignature, PreparedKey, SignatureEngine},
    jose::{PublicKey, algorithm::Scheme},
    resource_server::{Decision, Gate, Policy},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    outside::{SECRET, World},
    signing::{Key, encode, key_set},
};

/// When a signature of ES256's length holds over a message.
type Scheming = fn(message: &[u8], signature: &[u8]) -> bool;

/// An engine that counts.
struct Counting {
    checks: Arc<AtomicUsize>,
    /// `None` for the real one.
    scheme: Option<Scheming>,
}

impl SignatureEngine for Counting {
    fn accepts_key(&self, key: &PublicKey) -> bool {
        FastEngine.accepts_key(key)
    }

    fn verify(
        &self,
        scheme: Scheme,
        key: &PreparedKey,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        match self.scheme {
            None => FastEngine.verify(scheme, key, message, signature),
            Some(holds) if holds(message, signature) => Ok(()),
            Some(_) => Err(InvalidSignature),
        }
    }

    fn admits(&self, scheme: Scheme, key: &PublicKey, signature: &[u8]) -> bool {
        FastEngine.admits(scheme, key, signature)
    }
}

/// A world with the keys of both kinds, and the signatures that its gate has checked.
pub(crate) struct Counted {
    pub(crate) world: World,
    checks: Arc<AtomicUsize>,
}

impl Counted {
    /// With real signatures.
    pub(crate) fn new(policy: &Value) -> Self {
        Self::with(policy, None)
    }

    /// With signatures as [`sealed`] makes them: for tests that need thousands.
    pub(crate) fn of_seals(policy: &Value) -> Self {
        Self::with(policy, Some(|message, signature| signature == seal(message)))
    }

    /// With signatures that are one byte again and again, so that tokens can end alike: see [`ending_in`].
    pub(crate) fn of_equal_ends(policy: &Value) -> Self {
        Self::with(policy, Some(|_, signature| signature.iter().all(|byte| *byte == signature[0])))
    }

    fn with(policy: &Value, scheme: Option<Scheming>) -> Self {
        let checks = Arc::new(AtomicUsize::new(0));
        let mut world = World::new(policy);
        let policy = Policy::parse(&policy.to_string()).unwrap();
        let secrets = policy.secret_bindings().into_iter().map(|name| (name.to_owned(), SECRET.to_owned())).collect();
        world.gate = Gate::new(policy, secrets, Box::new(Counting { checks: checks.clone(), scheme })).unwrap();
        world.key_set = Some(key_set());
        Self { world, checks }
    }

    /// GET with a bearer token; the decision, and how many signatures it took.
    pub(crate) fn get(&mut self, path: &str, token: &str) -> (Decision, usize) {
        let before = self.checks.load(Ordering::Relaxed);
        let decision = self.world.get(path, token);
        (decision, self.checks.load(Ordering::Relaxed) - before)
    }
}

/// A token whose signature is the digest of its message, twice: as long as one of ES256, and made at once.
pub(crate) fn sealed(claims: &Value) -> String {
    let input = signing_input(claims);
    format!("{input}.{}", encode(&seal(input.as_bytes())))
}

/// A token whose signature is this byte again and again.
pub(crate) fn ending_in(byte: u8, claims: &Value) -> String {
    format!("{}.{}", signing_input(claims), encode(&[byte; 64]))
}

fn signing_input(claims: &Value) -> String {
    let header = json!({ "alg": Key::Ec.alg(), "kid": Key::Ec.kid(), "typ": "at+jwt" });
    format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

fn seal(message: &[u8]) -> [u8; 64] {
    let digest: [u8; 32] = Sha256::digest(message).into();
    core::array::from_fn(|at| digest[at % 32])
}

/// Numbers that look random and are the same in every run (Marsaglia's xorshift with 64 bits).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// One below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}
