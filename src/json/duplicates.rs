//! Whether an object has a member twice.

use alloc::{collections::BinaryHeap, string::String};

use super::Value;

/// Up to so many members each name is compared with those before it that share its mark: at most 2,016 comparisons, in a text of as
/// many members; and of an honest claims set hardly any.
const FEW_MEMBERS: usize = 64;

/// Whether two members have one name. Whoever makes a text chooses the names, so nothing here may depend on their being harmless: with
/// many members they come out of a heap in order, where two that are the same follow each other. That takes at most about
/// n log n comparisons, for the worst names as for any, where hashing with a known function would not.
pub(crate) fn has_duplicate(members: &[(String, Value)]) -> bool {
    if members.len() <= FEW_MEMBERS { is_among_few(members) } else { is_among_many(members) }
}

fn is_among_few(members: &[(String, Value)]) -> bool {
    let mut seen = 0;
    members.iter().enumerate().any(|(index, (name, _))| {
        let mark = mark_of(name);
        let is_new = seen & mark == 0;
        seen |= mark;
        !is_new && members.iter().take(index).any(|(other, _)| other == name)
    })
}

/// One of 64 bits, the same for the same name: a name whose bit no other has is nobody else's.
fn mark_of(name: &str) -> u64 {
    let byte = |byte: Option<&u8>| byte.copied().map_or(0, u32::from);
    let (first, last) = (byte(name.as_bytes().first()), byte(name.as_bytes().last()));
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    // Shifting takes the number modulo 64.
    1_u64.wrapping_shl(first.wrapping_mul(5) ^ last.wrapping_mul(11) ^ length.wrapping_mul(3))
}

fn is_among_many(members: &[(String, Value)]) -> bool {
    let mut names: BinaryHeap<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    let mut last = None;
    while let Some(name) = names.pop() {
        if last == Some(name) {
            return true;
        }
        last = Some(name);
    }
    false
}
