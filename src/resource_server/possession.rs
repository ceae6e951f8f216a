//! That whoever sends a token may use it: the last thing that is asked, of a request that would pass without it.
//!
//! A token that is bound to a key (`cnf.jkt`) passes with a proof of that key alone, made for this request and this token, and not used
//! before (RFC 9449 section 7.1). One that is bound to a certificate (`cnf["x5t#S256"]`) passes over a connection alone whose client has presented
//! that one (RFC 8705 section 3), one that is bound to both with both. One that is bound to nothing passes as it is, by the scheme Bearer.

use alloc::{borrow::ToOwned, string::String};

use sha2::{Digest, Sha256};

use super::{
    DpopProof, DpopRequest, DpopRules, Gate, Need, UntrustedProof,
    credentials::{Sent, SentProof},
    dpop_nonce::Taken,
    dpop_policy::{DpopPolicy, Replay},
    gate::Outcome,
    grant::Entitled,
    progress::{InFlight, Stage},
};
use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::Error,
    jose::base64url,
    limits,
    time::UnixTime,
};

/// That the sender has proved what the token is bound to. Only this module makes one, and without one there is no
/// [`Grant`](super::Grant).
pub(super) struct Possession {
    /// The nonce that the sender's next proof has to carry, where it needs another.
    pub(super) next_nonce: Option<String>,
}

/// A request with a bound token, and the proof that it needs: no part of it can be left out.
struct BoundRequest<'a> {
    sent: &'a SentProof,
    access_token: &'a str,
    /// What the token is bound to.
    jkt: &'a str,
    /// The nonces that are taken; none where none is demanded.
    nonces: &'a [&'a str],
}

impl Possession {
    /// Of a token that was sent without a proof: it is bound to nothing, or to the certificate that came with it.
    ///
    /// # Errors
    /// `proof_of_possession_missing` where it is bound to more, `certificate_untrusted`, `certificate_mismatch`.
    pub(super) fn of_bearer(entitled: &Entitled, sent: &Sent) -> Result<Self, Error> {
        let bound = entitled.confirmation()?;
        if bound.jkt.is_some() {
            return Err(Error::ProofOfPossessionMissing);
        }
        sent.certificate.prove(bound).map(|()| Self { next_nonce: None })
    }
}

impl Gate {
    /// Asks for a proof of what the token is bound to.
    pub(super) fn prove(&mut self, entitled: Entitled, request: &InFlight, now: UnixTime) -> Result<Outcome, Error> {
        let Some(sent) = &request.sent.proof else {
            let possession = Possession::of_bearer(&entitled, &request.sent)?;
            return Ok(Outcome::Granted(entitled.granted(possession)));
        };
        let proof = UntrustedProof::parse(&sent.proof, self.validator.engine()).map_err(of_proof)?;
        let check = proof.signature_check(&self.dpop()?.rules().algorithms).map_err(of_proof)?;
        if self.validator.engine().asks_host(check.algorithm().scheme()) {
            let need = Need::Signature { jws: proof.jws().clone(), key: check.key().clone() };
            return Ok(Outcome::need(need, Stage::ProofSignature(entitled, proof)));
        }
        self.proved(entitled, proof, HostVerdict::Unable, request, now)
    }

    /// Ends the check of a proof, with what the host said of its signature.
    pub(super) fn proved(
        &mut self,
        entitled: Entitled,
        proof: UntrustedProof,
        verdict: HostVerdict,
        request: &InFlight,
        now: UnixTime,
    ) -> Result<Outcome, Error> {
        let Some(sent) = &request.sent.proof else {
            return Err(Error::ProofMissing);
        };
        let confirmation = entitled.confirmation()?;
        let jkt = confirmation.jkt.ok_or(Error::TokenUnbound)?;
        let nonces = self.nonces.as_ref().map(|nonces| nonces.at(now));
        let taken = nonces.as_ref().map(Taken::all);
        let bound = BoundRequest {
            sent,
            access_token: request.token.expose(),
            jkt,
            nonces: taken.as_ref().map_or(&[], |taken| taken.as_slice()),
        };
        let proof = bound.conclude(proof, verdict, self.dpop()?.rules(), self.validator.engine(), now)?;
        let next_nonce = nonces.and_then(|nonces| nonces.next_after(proof.nonce()));
        // Who is bound to both has to prove both.
        request.sent.certificate.prove(confirmation)?;
        // The last of all, so that nothing is remembered of a request that does not pass.
        match self.dpop()?.replay() {
            Replay::Memory => {
                self.proofs.remember(&proof, now)?;
                Ok(Outcome::Granted(entitled.granted(Possession { next_nonce })))
            }
            Replay::Binding(_) => Ok(Outcome::need(self.use_of(&proof)?, Stage::ProofUse(entitled, next_nonce))),
        }
    }

    /// The question whether a proof was used. What answers has a clock of its own, so it remembers for a while longer.
    fn use_of(&self, proof: &DpopProof) -> Result<Need, Error> {
        Ok(Need::ProofUse {
            jkt: proof.thumbprint().to_owned(),
            proof: base64url::encode(&Sha256::digest(proof.jti())),
            until: proof
                .good_until()
                .plus(self.dpop()?.rules().clock_tolerance_seconds)
                .plus(limits::PROOF_SWEEP_SECONDS),
        })
    }

    /// There is none only where no proof is taken, and then no bound token either.
    fn dpop(&self) -> Result<&DpopPolicy, Error> {
        self.policy.dpop.as_ref().ok_or(Error::ProofOfPossessionMissing)
    }
}

impl BoundRequest<'_> {
    fn conclude(
        &self,
        proof: UntrustedProof,
        verdict: HostVerdict,
        rules: &DpopRules,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<DpopProof, Error> {
        let request = DpopRequest {
            method: &self.sent.method,
            url: &self.sent.url,
            access_token: Some(self.access_token),
            jkt: Some(self.jkt),
            nonces: self.nonces,
        };
        proof.conclude(verdict, &request, rules, engine, now).map_err(of_proof)
    }
}

/// Goes on with what is known of a proof's use. Only "new" lets it pass.
pub(super) fn unused(entitled: Entitled, next_nonce: Option<String>, answer: Option<&str>) -> Result<Outcome, Error> {
    match answer {
        Some("new") => Ok(Outcome::Granted(entitled.granted(Possession { next_nonce }))),
        Some("used") => Err(Error::ProofReplayed),
        _ => Err(Error::ProofMemoryUnavailable),
    }
}

/// A reason that would otherwise be taken for one about the access token.
fn of_proof(error: Error) -> Error {
    match error {
        Error::ProofRequestMismatch { .. }
        | Error::ProofTokenMismatch
        | Error::ProofKeyMismatch
        | Error::ProofTooOld
        | Error::ProofNonceMismatch => error,
        other => Error::ProofInvalid { reason: other.code() },
    }
}
