//! A policy document as a whole: its size, its form, and every problem in it told at once.

use alloc::string::{String, ToString};

use crate::{
    error::{Error, Problems},
    json::{Fields, Object},
    limits,
};

/// Reads a document by what `read` makes of its members and says of their problems.
///
/// # Errors
/// `policy_invalid` with every problem and its place.
pub(super) fn read<T>(text: &str, read: impl FnOnce(&Object, &mut Problems) -> Option<T>) -> Result<T, Error> {
    let whole = |problem: String| Error::PolicyInvalid { problems: Problems::of("(document)", problem) };
    if text.len() > limits::MAX_POLICY_BYTES {
        return Err(whole("is too large".into()));
    }
    let document = Object::parse(text.as_bytes()).map_err(|error| whole(error.to_string()))?;
    let mut problems = Problems::default();
    match read(&document, &mut problems) {
        Some(made) if problems.is_empty() => Ok(made),
        _ => Err(Error::PolicyInvalid { problems: problems.into_vec() }),
    }
}

/// `$schema`, by which editors find the JSON Schema of the document. It decides nothing, so any text may stand there.
pub(super) fn pass_over_schema(document: &Fields<'_>, problems: &mut Problems) {
    document.defaulted_text("$schema", problems);
}
