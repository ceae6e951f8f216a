//! Layer `dpop`: a proof, the request it came with, and what the server remembers (RFC 9449 sections 4.3 and 11.1).

use edgeward::{
    limits,
    resource_server::{DpopProof, DpopRequest, DpopRules, UntrustedProof},
};
use serde_json::Value;

use super::{
    Engine, Stop,
    row::{Members, Row},
    signatures,
};

pub(super) fn dpop(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    let proof = UntrustedProof::parse(&row.token()?, engine.engine)?;
    let options = row.object("options")?;
    let rules = rules(&options)?;
    let check = proof.signature_check(&rules.algorithms)?;
    let host = engine.host_verdict(check.algorithm().scheme(), || {
        signatures::request(check.algorithm(), check.key(), check.message(), check.signature())
    })?;

    let request = row.object("request")?;
    let (bound_to, also_bound_to) = (row.optional_text("jkt")?, options.optional_text("jkt")?);
    let nonce = options.optional_text("nonce")?;
    let request = DpopRequest {
        method: request.text("method")?,
        url: request.text("url")?,
        access_token: request.optional_text("access_token")?,
        jkt: bound_to.as_deref().or(also_bound_to),
        nonces: nonce.as_slice(),
    };
    let proof = proof.conclude(host, &request, &rules, engine.engine, row.now()?)?;
    if also_bound_to.is_some_and(|jkt| jkt != proof.thumbprint()) {
        return Err(Stop::Refused("proof_key_mismatch"));
    }
    let was_used = was_used(&options, &proof)?;
    Ok(proof.unless_used(was_used).map(drop)?)
}

/// `skew` widens both ends of the window; the future one has an option of its own.
fn rules(options: &Members) -> Result<DpopRules, Stop> {
    let skew = options.seconds("skew")?.unwrap_or(0);
    let max_age = options.seconds("max_age")?.unwrap_or(limits::DPOP_PROOF_MAX_AGE_SECONDS);
    Ok(DpopRules {
        max_age_seconds: max_age.saturating_add(skew),
        clock_tolerance_seconds: options.seconds("future_skew")?.unwrap_or(skew),
        ..DpopRules::default()
    })
}

/// `seen_jti` is true, the identifier that was used, or a list of them.
fn was_used(options: &Members, proof: &DpopProof) -> Result<bool, Stop> {
    match options.get("seen_jti") {
        Some(Value::Bool(was_used)) => Ok(*was_used),
        _ => Ok(options.texts("seen_jti")?.is_some_and(|used| used.contains(&proof.jti()))),
    }
}
