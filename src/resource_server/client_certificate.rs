//! The client's certificate, as far as the runtime knows it (RFC 8705 section 3): who sends a request has proved in the TLS handshake that the
//! certificate's private key is its own. What a token is bound to is the certificate's SHA-256 thumbprint (section 3.1).
//!
//! It comes from the runtime alone, never from a header of the request: whoever can reach the gate can write those.

use alloc::string::String;

use super::Request;
use crate::{
    error::{Error, Problems},
    jose::base64url,
    json::Fields,
    jwt::Confirmation,
};

/// What a runtime knows of the client's certificate.
#[derive(Clone, Copy, Debug)]
pub enum ClientCertificate<'a> {
    /// Its SHA-256 thumbprint in base64url, `x5t#S256` (RFC 8705 section 3.1). Who gives it has decided that the certificate is to be trusted.
    Thumbprint(&'a str),
    /// As Cloudflare's `request.cf.tlsClientAuth` has it, where `certPresented` is "1".
    TlsClientAuth {
        /// "SUCCESS", or "FAILED:" and why; whatever else counts as not presented.
        verified: &'a str,
        /// "1" where it was revoked; only "0" says that it was not.
        revoked: &'a str,
        /// SHA-256 of the certificate in hexadecimal.
        fingerprint_sha256: &'a str,
    },
}

/// What a policy says of certificates: `mtls`.
#[derive(Clone, Copy, Debug)]
pub(super) struct MtlsPolicy {
    /// Whether certificates are taken whose issuer the runtime doesn't know. RFC 8705 section 6.2: to prove possession, none has to be known.
    takes_unverified: bool,
}

/// What came of a certificate beside a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Presented {
    /// There is none, or the policy takes no tokens that need one.
    Nothing,
    /// There is one that does not count.
    Untrusted,
    /// There is one, with this thumbprint in base64url.
    Thumbprint(String),
}

impl MtlsPolicy {
    const MEMBERS: [&str; 1] = ["certificates"];

    /// Reads `mtls` of a policy. Without it no token is taken that is bound to a certificate.
    pub(super) fn read(policy: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let fields = policy.optional_object("mtls", &Self::MEMBERS, problems)?;
        let takes_unverified = match fields.defaulted_text("certificates", problems) {
            None | Some("verified") => false,
            Some("any") => true,
            Some(_) => {
                fields.refuse("certificates", "must be \"verified\" or \"any\"", problems);
                false
            }
        };
        Some(Self { takes_unverified })
    }

    /// What came beside a request's token.
    pub(super) fn presented(self, request: &Request<'_>) -> Presented {
        let thumbprint = match request.client_certificate {
            None => return Presented::Nothing,
            Some(ClientCertificate::Thumbprint(thumbprint)) => is_thumbprint(thumbprint).then(|| thumbprint.into()),
            Some(ClientCertificate::TlsClientAuth { verified, revoked, fingerprint_sha256 }) => {
                let is_known = verified == "SUCCESS" || (self.takes_unverified && verified.starts_with("FAILED:"));
                let digest = hexadecimal(fingerprint_sha256).filter(|_| is_known && revoked == "0");
                digest.map(|digest| base64url::encode(&digest))
            }
        };
        thumbprint.map_or(Presented::Untrusted, Presented::Thumbprint)
    }
}

impl Presented {
    /// Whether it is what a token is bound to, where that is bound to a certificate.
    ///
    /// # Errors
    /// `proof_of_possession_missing` where none was presented, `certificate_untrusted`, `certificate_mismatch`.
    pub(super) fn prove(&self, bound: Confirmation<'_>) -> Result<(), Error> {
        match (bound.x5t_s256, self) {
            (None, _) => Ok(()),
            (Some(_), Self::Nothing) => Err(Error::ProofOfPossessionMissing),
            (Some(_), Self::Untrusted) => Err(Error::CertificateUntrusted),
            (Some(bound), Self::Thumbprint(own)) if own == bound => Ok(()),
            (Some(_), Self::Thumbprint(_)) => Err(Error::CertificateMismatch),
        }
    }

    /// What it keeps in memory while its request waits, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        match self {
            Self::Nothing | Self::Untrusted => 0,
            Self::Thumbprint(thumbprint) => thumbprint.len(),
        }
    }
}

/// A SHA-256 digest in base64url.
fn is_thumbprint(text: &str) -> bool {
    base64url::decode(text).is_some_and(|digest| digest.len() == 32)
}

/// The 32 bytes that 64 hexadecimal digits stand for.
fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut digest = [0; 32];
    if pairs.len() != digest.len() {
        return None;
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = (digit(*high)? << 4) | digit(*low)?;
    }
    Some(digest)
}
