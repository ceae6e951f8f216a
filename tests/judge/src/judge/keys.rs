//! Layers `jwk_import` and `jwks_import`, and the keys of the other layers.

use edgeward::jose::{Algorithm, Jwk, JwkSet};
use serde_json::Value;

use super::{
    Engine, Stop,
    row::{Row, unreadable},
};

/// The row's `alg`, where it is one that is compiled in.
pub(super) fn algorithm(row: &Row) -> Result<&'static Algorithm, Stop> {
    Algorithm::by_name(&row.label("alg"))
        .filter(|algorithm| algorithm.is_available())
        .ok_or(Stop::Refused("algorithm_not_allowed"))
}

/// The row's `jwk`. None is no key, which is the row's to say: it must then be refused.
pub(super) fn jwk(row: &Row, engine: Engine<'_>) -> Result<Jwk, Stop> {
    let text = row.raw("jwk").ok_or(Stop::Refused("key_unknown"))?;
    Ok(Jwk::parse(text.as_bytes(), engine.engine)?)
}

pub(super) fn jwk_import(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    let algorithm = algorithm(row)?;
    if jwk(row, engine)?.fits_algorithm(algorithm) { Ok(()) } else { Err(Stop::Refused("key_unknown")) }
}

pub(super) fn jwks_import(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    let set = JwkSet::parse(row.text("jwks_text")?.as_bytes(), engine.engine)?;
    let usable = match row.raw("usable_keys").map(serde_json::from_str::<Value>) {
        None => None,
        Some(Ok(Value::Number(count))) if count.is_u64() => count.as_u64(),
        Some(_) => return Err(unreadable("usable_keys", "is no count")),
    };
    let found = u64::try_from(set.keys().len()).ok();
    if set.is_empty() || usable.is_some_and(|usable| found != Some(usable)) {
        return Err(Stop::Refused("key_set_malformed"));
    }
    Ok(())
}
