//! Proofs of possession that a client makes (RFC 9449 section 4): what one says. Who has the private key signs it.

use core::fmt;

use alloc::string::String;

use sha2::{Digest, Sha256};

use super::pkce::random_text;
use crate::{
    crypto::SignatureEngine,
    error::Error,
    jose::{Jwk, algorithm::KeyType, base64url},
    json::Object,
    limits,
    time::UnixTime,
};

/// The public half of a client's key for proofs, on P-256.
#[derive(Clone)]
pub struct DpopKey {
    jwk: String,
    thumbprint: String,
}

/// What a proof is for.
pub struct ProofRequest<'a> {
    /// The request's method, as it is sent.
    pub method: &'a str,
    /// Its URL. Query and fragment are left out of the proof (RFC 9449 section 4.2).
    pub url: &'a str,
    /// The access token that it carries; none at the authorization server.
    pub access_token: Option<&'a str>,
    /// The last nonce that the server gave out, where it did (RFC 9449 sections 8 and 9).
    pub nonce: Option<&'a str>,
}

impl DpopKey {
    /// Reads a public key: a JWK as JSON text.
    ///
    /// # Errors
    /// `key_unusable` where it is no public key on P-256.
    pub fn parse(text: &str, engine: &dyn SignatureEngine) -> Result<Self, Error> {
        let jwk = Jwk::parse(text.as_bytes(), engine)?;
        let key = jwk.key();
        if key.key_type() != KeyType::EcP256 {
            return Err(Error::KeyUnusable { reason: "it is not on P-256" });
        }
        Ok(Self { jwk: key.to_jwk(), thumbprint: key.thumbprint() })
    }

    /// Its thumbprint, to which tokens are bound (RFC 7638).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// What is to be signed by ES256 for a proof of this request: header and claims. `random` becomes its `jti`, so it must be fresh.
    ///
    /// # Errors
    /// `randomness_invalid`, `proof_nonce_mismatch` where the server's nonce is none, see [`is_nonce`].
    pub fn signing_input(
        &self,
        request: &ProofRequest<'_>,
        random: &[u8; limits::RANDOM_BYTES],
        now: UnixTime,
    ) -> Result<String, Error> {
        // Its parts are base64url and fixed names, so nothing needs escaping.
        let header = [r#"{"typ":"dpop+jwt","alg":"ES256","jwk":"#, &self.jwk, "}"].concat();
        let htu = request.url.split(['?', '#']).next().unwrap_or_default();
        let mut claims = Object::from([
            ("jti", random_text(random)?.into()),
            ("htm", request.method.into()),
            ("htu", htu.into()),
            ("iat", now.as_seconds().into()),
        ]);
        if let Some(token) = request.access_token {
            claims.insert("ath", base64url::encode(&Sha256::digest(token)));
        }
        if let Some(nonce) = request.nonce {
            if !is_nonce(nonce) {
                return Err(Error::ProofNonceMismatch);
            }
            claims.insert("nonce", nonce);
        }
        let claims = claims.to_json();
        Ok([base64url::encode(header.as_bytes()), base64url::encode(claims.as_bytes())].join("."))
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopKey").field("thumbprint", &self.thumbprint).finish_non_exhaustive()
    }
}

/// Whether what a server gives out as a nonce can be sent back in a proof: it has the characters of RFC 9449 section 8.1, and its length a bound. What
/// can't is not to be kept: every further request to that server would fail.
pub fn is_nonce(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    (1..=limits::MAX_DPOP_NONCE_BYTES).contains(&text.len()) && text.bytes().all(is_part)
}

/// The proof: what was signed, and the signature (RFC 7518 section 3.4: 64 bytes).
///
/// # Errors
/// `signature_invalid` where the signature has another length.
pub fn proof(signing_input: &str, signature: &[u8]) -> Result<String, Error> {
    if signature.len() != 64 {
        return Err(Error::SignatureInvalid);
    }
    Ok([signing_input, ".", &base64url::encode(signature)].concat())
}
