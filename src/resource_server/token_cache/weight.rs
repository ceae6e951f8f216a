//! What an entry of the cache takes in memory: an upper bound, counted from what it holds.
//!
//! The text of a token says little of it. Twelve thousand bytes of `[{"":0},{"":0},…]` are sixteen hundred objects, and each
//! takes a block of its own. So the parsed claims are walked through, once, when the token is kept.

use alloc::string::String;

use crate::{
    json::{Object, Value},
    jwt::{Scope, ValidatedToken},
};

/// What every entry takes beside its text and claims: a slot (about 120 bytes, twice where the list has just grown), its share of
/// the index (under 120 bytes) and the block of the validated token (about 110 bytes).
const ENTRY_BYTES: usize = 512;

/// What an allocator takes for itself by block.
const BLOCK_BYTES: usize = 16;

/// The text that a list points to, and twice its place in the list, which may hold room for as many again.
const WORD_BYTES: usize = 2 * size_of::<String>() + BLOCK_BYTES;

/// A list holds room for four at least.
const SHORT_LIST_BYTES: usize = 4 * size_of::<String>() + BLOCK_BYTES;

/// The bytes that a token's text and what was read from it take, at most.
pub(in super::super) fn of_entry(text: &str, token: &ValidatedToken) -> usize {
    [text.len(), of_object(token.claims().as_object()), of_scope(token.scope())]
        .into_iter()
        .fold(ENTRY_BYTES, usize::saturating_add)
}

/// The blocks that a value points to. The value itself is counted by what holds it.
fn of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(number) => of_text(number.heap_bytes()),
        Value::String(text) => of_text(text.capacity()),
        Value::Array(elements) => {
            let block = elements.capacity().saturating_mul(size_of::<Value>()).saturating_add(BLOCK_BYTES);
            elements.iter().map(of_value).fold(block, usize::saturating_add)
        }
        Value::Object(members) => of_object(members),
    }
}

fn of_object(members: &Object) -> usize {
    let members = members.as_list();
    let block = members.capacity().saturating_mul(size_of::<(String, Value)>()).saturating_add(BLOCK_BYTES);
    let member = |(name, value): &(String, Value)| of_text(name.capacity()).saturating_add(of_value(value));
    members.iter().map(member).fold(block, usize::saturating_add)
}

fn of_text(bytes: usize) -> usize {
    bytes.saturating_add(BLOCK_BYTES)
}

fn of_scope(scope: &Scope) -> usize {
    scope.iter().map(|word| word.len().saturating_add(WORD_BYTES)).fold(SHORT_LIST_BYTES, usize::saturating_add)
}
