//! How a request carries its token: with the scheme Bearer (RFC 6750 section 2.1), or with DPoP and a proof (RFC 9449 section 7.1).

use core::fmt;

use alloc::{borrow::ToOwned, boxed::Box, string::String};

use super::{BearerToken, Policy, Request, client_certificate::Presented};
use crate::{error::Error, limits};

/// The scheme of the credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// The scheme that a request uses. Where the policy takes no proofs there is only one, and a request with DPoP has no credentials.
    pub(super) fn of(request: &Request<'_>, policy: &Policy) -> Self {
        let names_dpop = |authorization: &str| {
            let scheme = authorization.split(' ').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case(Self::Dpop.name())
        };
        if policy.dpop.is_some() && request.authorization.is_some_and(names_dpop) { Self::Dpop } else { Self::Bearer }
    }

    /// Its name (RFC 6750 section 3, RFC 9449 section 7.1).
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

/// A proof as it was sent, and the request that it came with.
pub(super) struct SentProof {
    pub(super) proof: String,
    pub(super) method: String,
    /// Scheme, host and path as the client sees them: without query, which does not count (RFC 9449 section 4.3).
    pub(super) url: String,
}

/// What came beside the token to show that the sender may use it.
#[derive(Debug)]
pub(super) struct Sent {
    /// A proof, with the scheme DPoP; without one, whoever has a token that is bound to no key may use it.
    pub(super) proof: Option<Box<SentProof>>,
    pub(super) certificate: Presented,
}

impl Sent {
    /// Reads a request's token and what came with it.
    ///
    /// # Errors
    /// `credentials_missing`, `credentials_malformed`, `token_too_large`, `proof_missing`, `proof_invalid` where it is too large.
    pub(super) fn read<'a>(request: &Request<'a>, policy: &Policy) -> Result<(BearerToken<'a>, Self), Error> {
        let certificate = policy.mtls.map_or(Presented::Nothing, |mtls| mtls.presented(request));
        let (Scheme::Dpop, Some(dpop)) = (Scheme::of(request, policy), &policy.dpop) else {
            return Ok((BearerToken::from_request(request)?, Self { proof: None, certificate }));
        };
        let token = BearerToken::after_scheme(request, Scheme::Dpop.name())?;
        let proof = request.dpop.ok_or(Error::ProofMissing)?;
        if proof.len() > limits::MAX_PROOF_BYTES {
            return Err(Error::ProofInvalid { reason: Error::TokenTooLarge.code() });
        }
        let origin = dpop.origin().or(request.url_origin).unwrap_or_default();
        let url = [origin, request.path].concat();
        let proof = SentProof { proof: proof.to_owned(), method: request.method.to_owned(), url };
        Ok((token, Self { proof: Some(Box::new(proof)), certificate }))
    }

    /// The scheme that it came by.
    pub(super) const fn scheme(&self) -> Scheme {
        if self.proof.is_some() { Scheme::Dpop } else { Scheme::Bearer }
    }

    /// What it keeps in memory while its request waits, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let proof = self.proof.as_ref().map_or(0, |sent| sent.proof.len().saturating_add(sent.url.len()));
        proof.saturating_add(self.certificate.bytes())
    }
}

impl fmt::Debug for SentProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentProof(..)")
    }
}
