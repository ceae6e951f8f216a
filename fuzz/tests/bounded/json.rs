//! Mutations of the JSON objects in an input that leave them JSON.

use serde_json::{Map, Value, json};

use crate::chance::Chance;

/// Changes one of the input's lines that are JSON objects; `None` where there is none.
pub fn change(input: &[u8], words: &[Vec<u8>], chance: &mut Chance) -> Option<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let objects = lines.iter_mut().filter(|line| line.starts_with(b"{"));
    let mut objects: Vec<_> = objects
        .filter_map(|line| {
            let object: Value = serde_json::from_slice(line).ok()?;
            Some((line, object))
        })
        .collect();
    let at = chance.below(objects.len());
    let (line, object) = objects.get_mut(at)?;
    for _ in 0..=chance.below(3) {
        let steps = chance.below(4);
        change_value(object, steps, words, chance);
    }
    **line = object.to_string().into_bytes();
    Some(lines.join(&b'\n'))
}

/// Goes down so many steps at random, and changes what is there.
fn change_value(value: &mut Value, steps: usize, words: &[Vec<u8>], chance: &mut Chance) {
    let inner = if steps == 0 { None } else { random_inner(value, chance) };
    if let Some(inner) = inner {
        return change_value(inner, steps - 1, words, chance);
    }
    let word = &words[chance.below(words.len())];
    match value {
        Value::Object(members) => change_members(members, word, chance),
        Value::Array(elements) if chance.below(4) > 0 => {
            let at = chance.below(elements.len());
            match chance.below(3) {
                0 => elements.push(of_word(word)),
                1 if !elements.is_empty() => drop(elements.remove(at)),
                _ => elements.extend(elements.get(at).cloned()),
            }
        }
        Value::String(text) if chance.below(4) > 0 => {
            let word = String::from_utf8_lossy(word);
            match chance.below(3) {
                0 => text.push_str(&word),
                1 => drop(text.pop()),
                _ => *text = format!("{word}{text}"),
            }
        }
        Value::Number(number) if chance.below(4) > 0 => {
            let near = number.as_i64().unwrap_or_default() + [-301, -31, -1, 1, 31, 301][chance.below(6)];
            *value = if chance.below(4) == 0 {
                json!(f64::from(i32::try_from(near).unwrap_or(1)) + 0.5)
            } else {
                json!(near)
            };
        }
        other => *other = of_word(word),
    }
}

fn random_inner<'a>(value: &'a mut Value, chance: &mut Chance) -> Option<&'a mut Value> {
    match value {
        Value::Object(members) => {
            let at = chance.below(members.len());
            members.values_mut().nth(at)
        }
        Value::Array(elements) => {
            let at = chance.below(elements.len());
            elements.get_mut(at)
        }
        _ => None,
    }
}

fn change_members(members: &mut Map<String, Value>, word: &[u8], chance: &mut Chance) {
    let at = chance.below(members.len());
    let name = members.keys().nth(at).cloned().unwrap_or_default();
    match chance.below(3) {
        0 => drop(members.remove(&name)),
        1 => drop(members.insert(name, of_word(word))),
        // A word of the dictionary that is a member, or the start of one.
        _ => {
            let text = format!("{{{}}}", String::from_utf8_lossy(word).trim_end_matches(','));
            if let Ok(Value::Object(member)) = serde_json::from_str(&text) {
                members.extend(member);
            }
        }
    }
}

/// The word as JSON where it is some, or as a text.
fn of_word(word: &[u8]) -> Value {
    serde_json::from_slice(word).unwrap_or_else(|_| String::from_utf8_lossy(word).into_owned().into())
}
