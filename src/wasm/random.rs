//! The platform's randomness.

use crate::error::Error;

/// Bytes of the platform's generator (`crypto.getRandomValues`).
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::RandomnessInvalid)?;
    Ok(bytes)
}
