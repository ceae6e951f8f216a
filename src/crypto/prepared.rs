//! A public key with room for what an engine computes from it once.

use core::fmt;

use super::fast::Workspace;
use crate::jose::PublicKey;

/// A public key, and what [`FastEngine`](super::FastEngine) has computed from it so far, to check the next signature faster. That is
/// made when it is first worth it and goes with the key. A copy begins without it.
pub struct PreparedKey {
    key: PublicKey,
    #[cfg_attr(
        not(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512")),
        allow(dead_code, reason = "without RSA and P-256 there is nothing to keep")
    )]
    workspace: Workspace,
}

impl PreparedKey {
    /// The key itself.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// What has been computed from it.
    #[cfg(any(feature = "es256", feature = "rs256", feature = "ps256-ps384-ps512"))]
    pub(super) const fn workspace(&self) -> &Workspace {
        &self.workspace
    }
}

impl From<PublicKey> for PreparedKey {
    fn from(key: PublicKey) -> Self {
        Self { key, workspace: Workspace::default() }
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
