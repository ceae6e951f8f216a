//! The form of a key set's document: strict outside its keys, forgiving of what a single key is (RFC 7517 section 5).

use edgeward::{Error, jose::JwkSet, json::Object, limits};

use crate::{engine::TakesAll, signing::Key};

fn keys_in(text: &[u8]) -> Option<(usize, usize)> {
    match JwkSet::parse(text, &TakesAll) {
        Ok(set) => Some((set.keys().len(), set.unusable())),
        Err(Error::KeySetMalformed { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn good() -> String {
    Key::Ec.jwk().to_string()
}

/// RFC 7517 section 5: members nobody knows are ignored, wherever they stand.
#[test]
fn other_members_of_the_set_are_ignored() {
    let key = good();
    for text in [
        format!(r#"{{"keys":[{key}]}}"#),
        format!(r#"{{"x":1,"keys":[{key}],"y":{{"keys":[]}}}}"#),
        format!("\n\t {{ \"k\\u0065ys\" : [ {key} ] , \"z\": null }} \r\n"),
        format!(r#"{{"Keys":[],"KEYS":1,"keys":[{key}]}}"#),
    ] {
        assert_eq!(keys_in(text.as_bytes()), Some((1, 0)), "{text}");
    }
}

/// Attack class 11: two parsers must not see two sets. A member twice, before or after the keys, by an escape, or in depth.
#[test]
fn a_duplicate_member_of_the_set_is_refused_wherever_it_is() {
    let key = good();
    for text in [
        format!(r#"{{"keys":[],"keys":[{key}]}}"#),
        format!(r#"{{"keys":[{key}],"keys":[{key}]}}"#),
        format!(r#"{{"keys":[{key}],"k\u0065ys":[]}}"#),
        format!(r#"{{"x":1,"x":1,"keys":[{key}]}}"#),
        format!(r#"{{"keys":[{key}],"x":1,"x":2}}"#),
        format!(r#"{{"x":1,"keys":[{key}],"x":2}}"#),
        format!(r#"{{"x":1,"keys":[{key}],"\u0078":2}}"#),
        format!(r#"{{"keys":[{key}],"x":{{"a":1,"a":2}}}}"#),
        format!(r#"{{"x":[[{{"a":1,"a":2}}]],"keys":[{key}]}}"#),
    ] {
        assert_eq!(keys_in(text.as_bytes()), None, "{text}");
    }
}

/// Inside a key a duplicate spoils that key alone (attack class 28), in any place of it.
#[test]
fn a_duplicate_member_of_a_key_spoils_that_key_alone() {
    let key = good();
    let body = &key[1..key.len() - 1];
    for bad in [
        format!(r#"{{"kty":"EC",{body}}}"#),
        format!(r#"{{{body},"kty":"RSA"}}"#),
        format!(r#"{{{body},"\u0078":"AA"}}"#),
        format!(r#"{{{body},"ext":{{"a":1,"a":1}}}}"#),
        format!(r#"{{{body},"ext":[{{"a":1,"a":1}}]}}"#),
    ] {
        assert!(Object::parse(bad.as_bytes()).is_err(), "{bad}");
        for keys in [format!("{bad},{key}"), format!("{key},{bad}"), format!("{bad},{key},{bad}")] {
            let unusable = keys.matches(&bad).count();
            assert_eq!(keys_in(format!(r#"{{"keys":[{keys}]}}"#).as_bytes()), Some((1, unusable)), "{keys}");
        }
    }
}

#[test]
fn junk_beside_a_good_key_is_left_out_and_counted() {
    let key = good();
    for junk in [
        "null",
        "true",
        "-1",
        "1e400",
        r#""x""#,
        "[]",
        "[[[[]]]]",
        "{}",
        r#"{"kty":"oct","k":"AA"}"#,
        r#"{"kty":null}"#,
    ] {
        for keys in [format!("{junk},{key}"), format!("{key},{junk}"), format!("{junk},{key},{junk}")] {
            let unusable = keys.split(&key).filter(|part| part.contains(junk)).count();
            assert_eq!(keys_in(format!(r#"{{"keys":[{keys}]}}"#).as_bytes()), Some((1, unusable)), "{keys}");
        }
    }
}

/// Attack class 32, in every place of the document: no stack is overflown, and outside a key the depth is refused.
#[test]
fn depth_is_bounded_in_every_place() {
    let key = good();
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}0{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for depth in [limits::MAX_JSON_DEPTH, 50, 127, 128, 129, 1_000, 50_000] {
        for deep in [nested(depth), objects(depth)] {
            if 2 * deep.len() + 1_000 > limits::MAX_KEY_SET_BYTES {
                continue;
            }
            assert_eq!(keys_in(format!(r#"{{"x":{deep},"keys":[{key}]}}"#).as_bytes()), None, "{depth} before");
            assert_eq!(keys_in(format!(r#"{{"keys":[{key}],"x":{deep}}}"#).as_bytes()), None, "{depth} after");
            let inside = format!(r#"{{"keys":[{{"kty":"EC","x":{deep}}},{key},{deep}]}}"#);
            assert_eq!(keys_in(inside.as_bytes()), Some((1, 2)), "{depth} as a key");
            assert_eq!(keys_in(format!(r#"{{"keys":{deep}}}"#).as_bytes()).map_or(0, |(good, _)| good), 0);
        }
    }
    let open = format!(r#"{{"keys":[{}"#, "[".repeat(100_000));
    assert_eq!(keys_in(open.as_bytes()), None);
}

/// Nothing before and nothing after the one object, in UTF-8 without a byte order mark (RFC 8259 section 8.1).
#[test]
fn what_stands_around_the_object_is_refused() {
    let set = format!(r#"{{"keys":[{}]}}"#, good());
    let around = [
        ("\u{feff}", ""),
        ("", "x"),
        ("", "{}"),
        ("", "\0"),
        ("\0", ""),
        ("", ","),
        ("// c\n", ""),
        ("", "]"),
        (")]}'\n", ""),
    ];
    for (before, after) in around {
        assert_eq!(keys_in(format!("{before}{set}{after}").as_bytes()), None, "{before:?} {after:?}");
    }
    let utf16: Vec<u8> = set.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(keys_in(&utf16), None);
}

/// Text that is no UTF-8 is refused in a name, in a value and in a key.
#[test]
fn invalid_utf8_is_never_taken() {
    let key = good();
    for (before, after) in [
        (r#"{"x":"#.to_owned() + "\"", format!("\",\"keys\":[{key}]}}")),
        ("{\"".to_owned(), format!("\":1,\"keys\":[{key}]}}")),
    ] {
        let text = [before.as_bytes(), &[0xff, 0xfe], after.as_bytes()].concat();
        assert_eq!(keys_in(&text), None);
    }
    let bad_kid =
        [br#"{"keys":[{"kty":"EC","kid":""#.as_slice(), &[0xc3, 0x28], b"\"},", key.as_bytes(), b"]}"].concat();
    assert!(keys_in(&bad_kid).is_none_or(|(good, unusable)| (good, unusable) == (1, 1)), "never a key with that kid");
}
