//! DPoP proofs: that who sends an access token holds the key it is bound to (RFC 9449 section 4.3).

mod htu;

use core::fmt;

use alloc::{string::String, sync::Arc, vec::Vec};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::Error,
    jose::{Algorithm, Jwk, SignatureCheck, UntrustedJws, base64url},
    json::Value,
    jwt::Claims,
    limits,
    time::UnixTime,
};

/// What is the same for every proof.
#[derive(Clone, Debug)]
pub struct DpopRules {
    /// The algorithms that are taken (RFC 9449 section 4.2: asymmetric ones; here there are no others).
    pub algorithms: Vec<&'static Algorithm>,
    /// How long ago a proof may have been made, in seconds.
    pub max_age_seconds: u64,
    /// How far a client's clock may be ahead, in seconds.
    pub clock_tolerance_seconds: u64,
}

impl Default for DpopRules {
    /// Every algorithm that is compiled in, and the ages of [`limits`].
    fn default() -> Self {
        Self {
            algorithms: Algorithm::available().collect(),
            max_age_seconds: limits::DPOP_PROOF_MAX_AGE_SECONDS,
            clock_tolerance_seconds: limits::DEFAULT_CLOCK_TOLERANCE_SECONDS,
        }
    }
}

/// The request that a proof came with.
#[derive(Clone, Copy)]
pub struct DpopRequest<'a> {
    /// The method, compared exactly with `htm` (RFC 9110 section 9.1: methods are case-sensitive).
    pub method: &'a str,
    /// The URL the client asked for, compared with `htu` without query and fragment, both normalised (RFC 3986 section 6.2).
    pub url: &'a str,
    /// The access token it carries; `ath` must then be its hash.
    pub access_token: Option<&'a str>,
    /// The thumbprint the access token is bound to: `jkt` of its `cnf` claim (RFC 9449 section 6.1).
    pub jkt: Option<&'a str>,
    /// The nonces that the server takes now, of which the proof has to carry one; none where it demands none (RFC 9449 section 9).
    pub nonces: &'a [&'a str],
}

impl fmt::Debug for DpopRequest<'_> {
    /// Leaves out the access token and the nonces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A proof that is good for its request. Whether it was used before, only who remembers proofs can say.
#[derive(Clone, Debug)]
pub struct DpopProof {
    thumbprint: String,
    jti: String,
    nonce: Option<String>,
    good_until: UnixTime,
}

impl DpopProof {
    /// Checks a proof at `now`: form, `typ`, algorithm, its key, the signature, then every claim (RFC 9449 section 4.3).
    ///
    #[cfg_attr(feature = "es256", doc = "```")]
    #[cfg_attr(not(feature = "es256"), doc = "```ignore")]
    /// use edgeward::{UnixTime, crypto::FastEngine, resource_server::{DpopProof, DpopRequest, DpopRules}};
    ///
    /// # let proof = include_str!("../../tests/vectors/example_proof.txt");
    /// let request = DpopRequest {
    ///     method: "POST",
    ///     url: "https://server.example.com/token",
    ///     access_token: None, // at an API: the token beside it, and as `jkt` what it is bound to
    ///     jkt: None,
    ///     nonces: &[],
    /// };
    /// let now = UnixTime::from_seconds(1_562_262_620);
    /// let proof = DpopProof::check(proof, &request, &DpopRules::default(), &FastEngine, now)?;
    /// let was_used = false; // what your memory of thumbprints and `jti`s says, until `proof.good_until()`
    /// let proof = proof.unless_used(was_used)?;
    /// assert_eq!(proof.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    /// # Ok::<(), edgeward::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`UntrustedJws::parse`]; `type_mismatch`, `header_invalid` where there is no `jwk`, `key_unusable`,
    /// `algorithm_not_allowed`, `key_unknown` where key and `alg` don't fit, `signature_invalid`, `token_malformed`,
    /// `claim_missing`, `claim_invalid`, `proof_request_mismatch`, `token_expired`, `token_not_yet_valid`,
    /// `token_issued_in_future`, `proof_too_old`, `proof_token_mismatch`, `proof_key_mismatch`, `proof_nonce_mismatch`.
    pub fn check(
        proof: &str,
        request: &DpopRequest<'_>,
        rules: &DpopRules,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<Self, Error> {
        UntrustedProof::parse(proof, engine)?.conclude(HostVerdict::Unable, request, rules, engine, now)
    }

    /// The thumbprint of the key that made it (RFC 7638).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Its identifier, unique for this key.
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// The nonce that it carries, of those that the server takes; `None` where it demands none.
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// The last moment at which the proof itself would be taken. Until then thumbprint and `jti` have to be remembered.
    pub const fn good_until(&self) -> UnixTime {
        self.good_until
    }

    /// Ends the check with what the memory of used proofs said of this thumbprint and `jti` (RFC 9449 section 11.1).
    ///
    /// # Errors
    /// `proof_replayed`.
    pub fn unless_used(self, was_used: bool) -> Result<Self, Error> {
        if was_used { Err(Error::ProofReplayed) } else { Ok(self) }
    }
}

/// A proof of good form with a usable key. The key is the client's own word: it proves only that what it signed is from who has it.
#[derive(Debug)]
pub struct UntrustedProof {
    jws: UntrustedJws,
    key: Arc<Jwk>,
}

impl UntrustedProof {
    /// Reads the header: `typ` and the public key in `jwk`.
    ///
    /// # Errors
    /// Those of [`UntrustedJws::parse`]; `type_mismatch`, `header_invalid`, `key_unusable`.
    pub fn parse(proof: &str, engine: &dyn SignatureEngine) -> Result<Self, Error> {
        let jws = UntrustedJws::parse(proof)?;
        if !jws.header().media_type().is_some_and(|typ| typ.eq_ignore_ascii_case("dpop+jwt")) {
            return Err(Error::TypeMismatch);
        }
        let Some(Value::Object(members)) = jws.header().jwk() else {
            return Err(Error::HeaderInvalid { parameter: "jwk" });
        };
        let key = Arc::new(Jwk::from_members(members, engine)?);
        Ok(Self { jws, key })
    }

    /// The proof as a JWS, for a host that checks its signature.
    pub(super) const fn jws(&self) -> &UntrustedJws {
        &self.jws
    }

    /// The signature to check, with an engine or by the host.
    ///
    /// # Errors
    /// `algorithm_not_allowed`, `key_unknown` where key and `alg` don't fit.
    pub fn signature_check(&self, allowed: &[&'static Algorithm]) -> Result<SignatureCheck<'_>, Error> {
        SignatureCheck::with_key(&self.jws, &self.key, allowed)
    }

    /// Ends the check at `now` with what the host said of the signature (see [`HostVerdict::settle`]), then every claim. The
    /// signature is settled in here, so no other token's can stand in for it.
    ///
    /// # Errors
    /// Those of [`DpopProof::check`] that come after the header.
    pub fn conclude(
        self,
        verdict: HostVerdict,
        request: &DpopRequest<'_>,
        rules: &DpopRules,
        engine: &dyn SignatureEngine,
        now: UnixTime,
    ) -> Result<DpopProof, Error> {
        let verified = self.signature_check(&rules.algorithms)?.conclude(verdict, engine)?;
        let claims = Claims::of(&verified)?;
        let jti = claims
            .string("jti")?
            .ok_or(Error::ClaimMissing { claim: "jti" })
            .and_then(|jti| if is_identifier(jti) { Ok(jti) } else { Err(Error::ClaimInvalid { claim: "jti" }) })?;
        check_request(&claims, request)?;
        let good_until = check_times(&claims, rules, now)?;
        check_access_token(&claims, request.access_token)?;
        let thumbprint = self.key.key().thumbprint();
        if request.jkt.is_some_and(|jkt| !equal_in_constant_time(jkt, &thumbprint)) {
            return Err(Error::ProofKeyMismatch);
        }
        // The last, so that a new nonce is given to who can make a good proof with it.
        let nonce = check_nonce(&claims, request.nonces)?.map(Into::into);
        Ok(DpopProof { thumbprint, jti: jti.into(), nonce, good_until })
    }
}

fn check_request(claims: &Claims, request: &DpopRequest<'_>) -> Result<(), Error> {
    if claims.string("htm")?.ok_or(Error::ClaimMissing { claim: "htm" })? != request.method {
        return Err(Error::ProofRequestMismatch { claim: "htm" });
    }
    let url = claims.string("htu")?.ok_or(Error::ClaimMissing { claim: "htu" })?;
    if htu::is_same(url, request.url) { Ok(()) } else { Err(Error::ProofRequestMismatch { claim: "htu" }) }
}

/// `iat` lies within the window. `exp` and `nbf` are none of a proof's claims, but where they are present they count, as in every
/// JWT. Gives the end of the window.
fn check_times(claims: &Claims, rules: &DpopRules, now: UnixTime) -> Result<UnixTime, Error> {
    let (tolerance, max_age) = (rules.clock_tolerance_seconds, rules.max_age_seconds);
    let issued_at = claims.numeric_date("iat")?.ok_or(Error::ClaimMissing { claim: "iat" })?;
    if issued_at.is_after(now.plus(tolerance)) {
        return Err(Error::TokenIssuedInFuture);
    }
    if !issued_at.is_at_or_after(now.minus(max_age)) {
        return Err(Error::ProofTooOld);
    }
    if claims.numeric_date("exp")?.is_some_and(|expires_at| !expires_at.is_after(now.minus(tolerance))) {
        return Err(Error::TokenExpired);
    }
    if claims.numeric_date("nbf")?.is_some_and(|not_before| not_before.is_after(now.plus(tolerance))) {
        return Err(Error::TokenNotYetValid);
    }
    Ok(UnixTime::from_seconds(issued_at.as_seconds()).plus(max_age))
}

/// Each is compared whole, whichever it is.
fn check_nonce<'a>(claims: &'a Claims, taken: &[&str]) -> Result<Option<&'a str>, Error> {
    let nonce = claims.string("nonce")?;
    if taken.is_empty() {
        return Ok(None);
    }
    let nonce = nonce.ok_or(Error::ProofNonceMismatch)?;
    let is_taken = taken.iter().fold(false, |found, taken| equal_in_constant_time(nonce, taken) | found);
    if is_taken { Ok(Some(nonce)) } else { Err(Error::ProofNonceMismatch) }
}

/// `ath` is base64url of the SHA-256 of the access token's ASCII text (RFC 9449 section 4.2).
fn check_access_token(claims: &Claims, access_token: Option<&str>) -> Result<(), Error> {
    let hash = claims.string("ath")?;
    let Some(access_token) = access_token else {
        return Ok(());
    };
    let hash = hash.ok_or(Error::ClaimMissing { claim: "ath" })?;
    let expected = base64url::encode(&Sha256::digest(access_token));
    if equal_in_constant_time(hash, &expected) { Ok(()) } else { Err(Error::ProofTokenMismatch) }
}

/// An empty identifier tells nothing apart, and every one has to be kept for a while.
fn is_identifier(jti: &str) -> bool {
    (1..=limits::MAX_JTI_BYTES).contains(&jti.len())
}

fn equal_in_constant_time(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
