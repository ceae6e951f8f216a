//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use alloc::string::String;

use sha2::{Digest, Sha256};

use crate::{error::Error, jose::base64url, limits};

/// Random text for `state`, `nonce` and `code_verifier`: 32 bytes as 43 characters, which RFC 7636 section 4.1 names as the
/// recommended form of a verifier.
///
/// # Errors
/// `randomness_invalid` unless exactly [`limits::RANDOM_BYTES`] bytes are given, and not all of them the same: a sign that
/// the source of randomness was never read.
pub fn random_text(random: &[u8]) -> Result<String, Error> {
    let characters = random.try_into().ok().and_then(random_characters).ok_or_else(|| Error::RandomnessInvalid)?;
    Ok(characters.map(char::from).into_iter().collect())
}

/// The `code_challenge` of a `code_verifier`: `BASE64URL(SHA256(verifier))` (RFC 7636 section 4.2).
pub fn code_challenge(code_verifier: &str) -> String {
    challenge_characters(code_verifier.as_bytes()).map(char::from).into_iter().collect()
}

/// The characters of [`random_text`].
pub(crate) fn random_characters(random: &[u8; limits::RANDOM_BYTES]) -> Option<[u8; 43]> {
    let is_constant = random.windows(2).all(|pair| pair.first() == pair.last());
    (!is_constant).then(|| base64url::encode_32(random))
}

/// The characters of [`code_challenge`].
pub(crate) fn challenge_characters(code_verifier: &[u8]) -> [u8; 43] {
    base64url::encode_32(&Sha256::digest(code_verifier).into())
}
