//! DPoP proofs, good and hostile, and the request they came with.

use std::sync::LazyLock;

use edgeward::{
    Error, UnixTime,
    crypto::FastEngine,
    jose::algorithm::ALGORITHMS,
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use serde_json::{Value, json};

use crate::{
    engine::TakesAll,
    outside::NOW,
    signing::{Key, encode},
};

pub(crate) const URL: &str = "https://api.example/notes";
/// The access token of the example in RFC 9449 section 7.1, and its hash.
pub(crate) const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
pub(crate) const ATH: &str = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

/// The claims of a proof for `GET` [`URL`] with [`TOKEN`], made at [`NOW`].
pub(crate) fn claims() -> Value {
    json!({ "jti": "jti-1", "htm": "GET", "htu": URL, "iat": NOW, "ath": ATH })
}

/// The header of a proof by this key.
pub(crate) fn header(key: Key) -> Value {
    json!({ "typ": "dpop+jwt", "alg": key.alg(), "jwk": public_jwk(key) })
}

/// The key's public numbers and nothing else.
pub(crate) fn public_jwk(key: Key) -> Value {
    let mut jwk = key.jwk();
    for member in ["kid", "use", "alg"] {
        jwk.as_object_mut().unwrap().remove(member);
    }
    jwk
}

/// The request that [`claims`] speaks of.
pub(crate) const fn request() -> DpopRequest<'static> {
    DpopRequest { method: "GET", url: URL, access_token: Some(TOKEN), jkt: None, nonces: &[] }
}

/// 300 seconds of age, 30 of tolerance, and whatever algorithm the engine takes.
pub(crate) fn rules() -> DpopRules {
    DpopRules { algorithms: ALGORITHMS.to_vec(), max_age_seconds: 300, clock_tolerance_seconds: 30 }
}

/// Checks a proof's text at [`NOW`] with the Rust engine.
pub(crate) fn check_text(proof: &str, request: &DpopRequest<'_>) -> Result<DpopProof, Error> {
    DpopProof::check(proof, request, &rules(), &FastEngine, UnixTime::from_seconds(NOW))
}

/// Signs claims with the EC key and checks the proof.
pub(crate) fn check(claims: &Value) -> Result<DpopProof, Error> {
    check_text(&Key::Ec.sign_with(&header(Key::Ec), claims), &request())
}

/// The private code of a check that must have failed.
pub(crate) fn code(verdict: Result<DpopProof, Error>) -> &'static str {
    match verdict {
        Ok(proof) => panic!("taken: {proof:?}"),
        Err(error) => error.code(),
    }
}

/// Whether a proof for one URL is good for a request of another. Only the URLs can make it fail.
pub(crate) fn is_same(htu: &str, url: &str) -> bool {
    static HEADER: LazyLock<String> = LazyLock::new(|| encode(header(Key::Ec).to_string().as_bytes()));
    let claims = json!({ "jti": "jti-1", "htm": "GET", "htu": htu, "iat": NOW });
    let proof = format!("{}.{}.AAAA", *HEADER, encode(claims.to_string().as_bytes()));
    let request = DpopRequest { method: "GET", url, access_token: None, jkt: None, nonces: &[] };
    match DpopProof::check(&proof, &request, &rules(), &TakesAll, UnixTime::from_seconds(NOW)) {
        Ok(_) => true,
        Err(Error::ProofRequestMismatch { claim: "htu" }) => false,
        Err(error) => panic!("{htu:?} for {url:?}: {error:?}"),
    }
}
