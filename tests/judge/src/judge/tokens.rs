//! Layers `jws`, `jwt` and `parse`: a token in the compact form.

use std::sync::Arc;

use edgeward::{
    Error,
    jose::{Algorithm, JwkSet, SignatureCheck, UntrustedJws, VerifiedJws},
    jwt::{Rules, validate},
};

use super::{
    Engine, Stop, keys,
    row::{Members, Row},
    signatures,
};

pub(super) fn parse(row: &Row) -> Result<(), Stop> {
    let jws = UntrustedJws::parse(&row.token()?)?;
    if !jws.header().algorithm().is_available() {
        return Err(Stop::Refused("algorithm_not_allowed"));
    }
    Ok(jws.check_claims_set()?)
}

pub(super) fn jws(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    verified(row, engine).map(drop)
}

pub(super) fn jwt(row: &Row, engine: Engine<'_>) -> Result<(), Stop> {
    let verified = verified(row, engine)?;
    let (options, now) = (row.object("options")?, row.now()?);
    let judge = |issuer| Ok(validate(&verified, &rules(&options, issuer)?, now).map(drop)?);
    let Some(issuers) = options.texts("iss")? else {
        return judge(None);
    };
    // The crate's rules name one issuer each; of several any will do. Of none, none will.
    let mut outcome = Err(Stop::Refused("issuer_unknown"));
    for issuer in issuers {
        outcome = judge(Some(issuer));
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// A key that the row gives by itself (`jwk`) is the one to use, whatever `kid` says; of a set (`jwks`) the token's header chooses.
fn verified(row: &Row, engine: Engine<'_>) -> Result<VerifiedJws, Stop> {
    let jws = UntrustedJws::parse(&row.token()?)?;
    let allowed: Vec<_> = Algorithm::available().collect();
    if row.raw("jwk").is_none() {
        let set = row.raw("jwks").ok_or(Stop::Refused("key_unknown"))?;
        let keys = JwkSet::parse(set.as_bytes(), engine.engine)?;
        return conclude(SignatureCheck::select(&jws, &keys, &allowed)?, engine);
    }
    let key = Arc::new(keys::jwk(row, engine)?);
    conclude(SignatureCheck::with_key(&jws, &key, &allowed)?, engine)
}

fn conclude(check: SignatureCheck<'_>, engine: Engine<'_>) -> Result<VerifiedJws, Stop> {
    let host = engine.host_verdict(check.algorithm().scheme(), || {
        signatures::request(check.algorithm(), check.key(), check.message(), check.signature())
    })?;
    Ok(check.conclude(host, engine.engine)?)
}

fn rules(options: &Members, issuer: Option<&str>) -> Result<Rules, Stop> {
    let mut rules = match options.optional_text("typ")? {
        Some(typ) => Rules::typed(typ),
        None => Rules::any_type(),
    };
    rules = match issuer {
        Some(issuer) => rules.issuer(issuer),
        None => rules.any_issuer(),
    };
    rules = match options.texts("aud")? {
        Some(audiences) => audiences.into_iter().fold(rules, edgeward::jwt::RulesBuilder::audience),
        None => rules.any_audience(),
    };
    rules = rules.clock_tolerance_seconds(options.seconds("skew")?.unwrap_or(0));
    if !options.flag("require_exp", true)? {
        rules = rules.without_expiry_required();
    }
    if let Some(max_age) = options.seconds("max_age")? {
        rules = rules.max_age_seconds(max_age);
    }
    if !options.flag("expect_issued_in_the_past", false)? {
        rules = rules.future_issuance_allowed();
    }
    // Rules that can't be built take no token: an empty list of audiences, for example, names none.
    rules.build().map_err(|error: Error| error.into())
}
