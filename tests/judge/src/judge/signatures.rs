//! Layer `raw`: a signature over bytes, without a token around it.

use edgeward::jose::{Algorithm, Jwk};

use super::{Engine, HostRequest, Stop, keys, row::Row};

pub(super) fn raw(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    let algorithm = keys::algorithm(row)?;
    let jwk = keys::jwk(row, engine)?;
    if !jwk.fits_algorithm(algorithm) {
        return Err(Stop::Refused("key_unknown"));
    }
    let (message, signature) = (row.bytes("message_hex")?, row.bytes("sig_hex")?);
    engine
        .host_verdict(algorithm.scheme(), || request(algorithm, &jwk, &message, &signature))?
        .settle(engine.engine, algorithm.scheme(), jwk.prepared(), &message, &signature)
        .map_err(|_| Stop::Refused("signature_invalid"))
}

/// What the host is asked.
pub(super) fn request(algorithm: &'static Algorithm, jwk: &Jwk, message: &[u8], signature: &[u8]) -> HostRequest {
    HostRequest {
        alg: algorithm.name(),
        jwk: jwk.key().to_jwk(),
        message: message.to_vec(),
        signature: signature.to_vec(),
    }
}
