//! What an entry of the cache takes in memory: an upper bound, counted from what it holds.
//!
//! The text of a token says little of it. Twelve thousand bytes of `[{"":0},{"":0},…]` are sixteen hundred maps, and each
//! takes the memory of a whole tree node. So the parsed claims are walked through, once, when the token is kept.

use alloc::string::String;

use serde_json::{Map, Value};

use crate::jwt::{Scope, ValidatedToken};

/// What every entry takes beside its text and claims: a slot (about 120 bytes, twice where the list has just grown), its share of
/// the index (under 120 bytes) and the block of the validated token (about 110 bytes).
const ENTRY_BYTES: usize = 512;

/// What an allocator takes for itself by block.
const BLOCK_BYTES: usize = 16;

/// A node of the standard library's B-tree, which is what `serde_json` keeps an object in: eleven names and values, twelve links,
/// and a few counters.
const NODE_BYTES: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 14 * size_of::<usize>() + BLOCK_BYTES;

/// The text that a list points to, and twice its place in the list, which may hold room for as many again.
const WORD_BYTES: usize = 2 * size_of::<String>() + BLOCK_BYTES;

/// A list holds room for four at least.
const SHORT_LIST_BYTES: usize = 4 * size_of::<String>() + BLOCK_BYTES;

/// How many members each node but the root holds at least.
const NODE_MIN_MEMBERS: usize = 5;

/// The bytes that a token's text and what was read from it take, at most.
pub(super) fn of_entry(text: &str, token: &ValidatedToken) -> usize {
    [text.len(), of_object(token.claims().as_object()), of_scope(token.scope())]
        .into_iter()
        .fold(ENTRY_BYTES, usize::saturating_add)
}

/// The blocks that a value points to. The value itself is counted by what holds it.
fn of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => of_text(text),
        Value::Array(elements) => {
            let block = elements.capacity().saturating_mul(size_of::<Value>()).saturating_add(BLOCK_BYTES);
            elements.iter().map(of_value).fold(block, usize::saturating_add)
        }
        Value::Object(members) => of_object(members),
    }
}

fn of_object(members: &Map<String, Value>) -> usize {
    if members.is_empty() {
        return 0;
    }
    let nodes = members.len().div_euclid(NODE_MIN_MEMBERS).saturating_add(1);
    let member = |(name, value): (&String, &Value)| of_text(name).saturating_add(of_value(value));
    members.iter().map(member).fold(nodes.saturating_mul(NODE_BYTES), usize::saturating_add)
}

fn of_text(text: &String) -> usize {
    text.capacity().saturating_add(BLOCK_BYTES)
}

fn of_scope(scope: &Scope) -> usize {
    scope.iter().map(|word| word.len().saturating_add(WORD_BYTES)).fold(SHORT_LIST_BYTES, usize::saturating_add)
}
