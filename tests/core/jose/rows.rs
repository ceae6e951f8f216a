//! Reads the rows of a file of `tests/vectors/`, and what they ask for in this crate's types.

use std::io::Read;

use edgeward::{
    crypto::FastEngine,
    jose::{Algorithm, JwkSet},
    jwt::{Rules, RulesBuilder},
};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

/// Every row of the file, as its text.
pub fn lines(file: &str) -> Vec<String> {
    let path = format!("{}/tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = String::new();
    if file.strip_suffix(".gz").is_some() {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    text.lines().map(ToOwned::to_owned).collect()
}

/// Every row of the file.
pub fn rows(file: &str) -> Vec<Value> {
    lines(file).iter().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
}

pub fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {}", row["id"]))
}

/// The set of the row, or its one key as a set.
pub fn key_set(row: &Value) -> JwkSet {
    let set = row.get("jwks").cloned().unwrap_or_else(|| json!({"keys": [row["jwk"]]}));
    JwkSet::parse(set.to_string().as_bytes(), &FastEngine).expect("a set")
}

/// The algorithm that the row names, which every row of these files has to be one of this crate's.
pub fn algorithm(row: &Value) -> &'static Algorithm {
    Algorithm::by_name(text(row, "alg")).unwrap_or_else(|| panic!("algorithm of {}", row["id"]))
}

/// What the `options` of a row demand of the claims.
pub fn rules(options: &Value) -> Rules {
    let builder = match options["typ"].as_str() {
        Some("at+jwt") => Rules::access_token(),
        Some(typ) => Rules::typed(typ),
        None => Rules::any_type(),
    };
    let builder = match options["iss"].as_str() {
        Some(issuer) => builder.issuer(issuer),
        None => builder.any_issuer(),
    };
    let builder = match &options["aud"] {
        Value::String(audience) => builder.audience(audience),
        Value::Array(list) => list.iter().filter_map(Value::as_str).fold(builder, RulesBuilder::audience),
        _ => builder.any_audience(),
    };
    builder.clock_tolerance_seconds(options["skew"].as_u64().unwrap_or(0)).build().expect("rules")
}
