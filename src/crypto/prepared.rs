//! A public key with room for what an engine computes from it once.

use core::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

use edgeward_engine::Workspace;

use crate::jose::PublicKey;

/// A public key, and what [`FastEngine`](super::FastEngine) has computed from it so far, to check the next signature faster. That is
/// made when it is first worth it and goes with the key. A copy begins without it.
pub struct PreparedKey {
    key: PublicKey,
    id: usize,
    #[cfg_attr(
        not(any(feature = "es256", feature = "rs256", feature = "ps256")),
        allow(dead_code, reason = "without RSA and P-256 there is nothing to keep")
    )]
    workspace: Workspace,
}

impl PreparedKey {
    /// The key itself.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// A number that no other key of the process has, by which a host can keep what it made of this one. A copy has one of its own. (It
    /// would come round after as many keys as a word of the machine can count.)
    pub const fn id(&self) -> usize {
        self.id
    }

    /// What has been computed from it.
    #[cfg(any(feature = "es256", feature = "rs256", feature = "ps256"))]
    pub(super) const fn workspace(&self) -> &Workspace {
        &self.workspace
    }
}

impl From<PublicKey> for PreparedKey {
    fn from(key: PublicKey) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Self { key, id: NEXT.fetch_add(1, Ordering::Relaxed), workspace: Workspace::default() }
    }
}

impl Clone for PreparedKey {
    fn clone(&self) -> Self {
        self.key.clone().into()
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}
