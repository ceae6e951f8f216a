//! The place of a claim as a policy says it.

use alloc::vec::Vec;

use crate::{
    error::Problems,
    json::{Fields, Value},
    jwt::ClaimPath,
    limits,
};

/// Reads the member `path`: names separated by dots, or a list of names where one has a dot in it.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<ClaimPath> {
    let said = fields.text_or_texts("path", problems)?;
    let is_text = fields.value("path").and_then(Value::as_str).is_some();
    let names: Vec<&str> = if is_text { said.iter().flat_map(|text| text.split('.')).collect() } else { said };
    if names.is_empty() || names.len() > limits::MAX_JSON_DEPTH || names.contains(&"") {
        let problem = "must be a claim's name, names separated by dots for one inside of others, or a list of names";
        fields.refuse("path", problem, problems);
        return None;
    }
    Some(ClaimPath::new(names))
}
