//! Nonces that proofs of possession have to carry (RFC 9449 sections 8 and 9): so that none can be made long before it is sent, whatever the
//! clock of who makes it says.
//!
//! A nonce is an authenticated step of time, HMAC-SHA-256 over a version and the number of the step, under a secret of the deployment. So gates that
//! share the secret take each other's nonces without a word between them, also after they were started again, and nobody who lacks it can say
//! what the next one will be. That of the present step is given out, and that of the one before it is taken as well.

use core::fmt;

use alloc::{string::String, vec::Vec};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{
    dpop_policy::DpopPolicy,
    progress::{Header, InFlight},
};
use crate::{error::Problems, jose::base64url, limits, time::UnixTime};

/// What is authenticated before the number of the step: nothing else that is made with the same secret can be taken for a nonce.
const VERSION: &[u8] = b"edgeward DPoP nonce 1\0";

/// The nonces of a deployment.
pub(super) struct Nonces {
    keyed: Hmac<Sha256>,
    step_seconds: u64,
}

/// The nonces that are taken at one moment.
pub(super) struct Taken {
    present: String,
    previous: String,
}

impl fmt::Debug for Nonces {
    /// Leaves out the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonces").field("step_seconds", &self.step_seconds).finish_non_exhaustive()
    }
}

impl Nonces {
    /// Those that a policy has; `secrets` holds its secret by the name of the binding.
    pub(super) fn of(dpop: &DpopPolicy, secrets: &[(String, String)], problems: &mut Problems) -> Option<Self> {
        let (binding, step_seconds) = dpop.nonces()?;
        // That it is missing is told already.
        let (_, secret) = secrets.iter().find(|(name, secret)| name == binding && !secret.is_empty())?;
        if secret.len() < limits::MIN_NONCE_SECRET_BYTES {
            let problem = "names a secret that is too short; it must be random, and have at least 32 bytes";
            problems.add("dpop.nonce_secret_binding", problem);
            return None;
        }
        Some(Self { keyed: Hmac::new_from_slice(secret.as_bytes()).ok()?, step_seconds })
    }

    /// Those that are taken at `now`.
    pub(super) fn at(&self, now: UnixTime) -> Taken {
        let step = now.as_seconds().checked_div(self.step_seconds).unwrap_or_default();
        Taken { present: self.of_step(step), previous: self.of_step(step.saturating_sub(1)) }
    }

    fn of_step(&self, step: u64) -> String {
        let mac = self.keyed.clone().chain_update(VERSION).chain_update(step.to_be_bytes());
        base64url::encode(&mac.finalize().into_bytes())
    }
}

impl Taken {
    /// Both.
    pub(super) fn all(&self) -> [&str; 2] {
        [&self.present, &self.previous]
    }

    /// What a client has to be given whose proof had this one: nothing where it is the present one.
    pub(super) fn next_after(self, sent: Option<&str>) -> Option<String> {
        (sent != Some(&self.present)).then_some(self.present)
    }

    /// The one to give out.
    pub(super) fn into_present(self) -> String {
        self.present
    }
}

/// The headers that give a nonce to a client (RFC 9449 sections 8.1 and 8.2): no cache may give it to others later.
pub(super) fn headers_of(nonce: String) -> Vec<Header> {
    [("dpop-nonce", nonce), ("cache-control", "no-store".into())].into()
}

impl InFlight {
    /// Has the answer carry a nonce.
    pub(super) fn gives(&mut self, nonce: Option<String>) {
        self.response_headers.extend(nonce.into_iter().flat_map(headers_of));
    }
}
