//! Classes 11 and 12: two readings of one text. What JSON parsers and base64 decoders forgive differs, so nothing is forgiven.

use serde_json::Value;

use crate::{
    gate::{honest, honest_header, refused_for},
    outside::claims,
    signing::{Key, encode},
};

/// The object's text with one member more, before or behind the others.
fn with_member(object: &Value, member: &str, first: bool) -> String {
    let text = object.to_string();
    let inside = &text[1..text.len() - 1];
    if first { format!("{{{member},{inside}}}") } else { format!("{{{inside},{member}}}") }
}

/// The first character of a name by its escape: the same name to whoever compares after parsing.
fn escaped(name: &str) -> String {
    format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..])
}

/// Header and claims, each member, in both orders, with the same and another value, by its name and by an escape.
#[test]
fn class_11_a_duplicate_member_is_refused_in_both_orders() {
    let mut tokens = Vec::new();
    let header = honest_header(Key::Ec);
    for name in header.as_object().unwrap().keys() {
        for (spelling, value) in
            [(name.clone(), "\"none\""), (escaped(name), "\"none\""), (name.clone(), &header[name].to_string())]
        {
            for first in [true, false] {
                let member = format!("\"{spelling}\":{value}");
                tokens.push(
                    Key::Ec
                        .sign_texts(with_member(&header, &member, first).as_bytes(), claims().to_string().as_bytes()),
                );
            }
        }
    }
    let claims = claims();
    for name in claims.as_object().unwrap().keys() {
        for (spelling, value) in
            [(name.clone(), "\"x\""), (escaped(name), "\"x\""), (name.clone(), &claims[name].to_string())]
        {
            for first in [true, false] {
                let member = format!("\"{spelling}\":{value}");
                tokens.push(
                    Key::Ec.sign_texts(header.to_string().as_bytes(), with_member(&claims, &member, first).as_bytes()),
                );
            }
        }
    }
    for nested in [r#""x":{"a":1,"a":1}"#, r#""x":[{"a":1,"\u0061":2}]"#, r#""x":{"y":{"__proto__":1,"__proto__":2}}"#]
    {
        tokens.push(Key::Ec.sign_texts(with_member(&header, nested, true).as_bytes(), claims.to_string().as_bytes()));
        tokens.push(Key::Ec.sign_texts(header.to_string().as_bytes(), with_member(&claims, nested, false).as_bytes()));
    }
    assert_eq!(refused_for("token_malformed", tokens), (3 + 8) * 6 + 6);
}

/// What lenient JSON takes: comments, trailing commas, single quotes, NaN, lone surrogates, invalid UTF-8, a byte order mark.
#[test]
fn class_11_json_that_only_a_lenient_parser_takes_is_refused() {
    let good = claims().to_string();
    let (open, rest) = good.split_at(1);
    let header = honest_header(Key::Ec).to_string();
    let mut payloads: Vec<Vec<u8>> = [
        "/*c*/",
        "//c\n",
        ",",
        "'x':1,",
        "x:1,",
        "\"x\":NaN,",
        "\"x\":Infinity,",
        "\"x\":01,",
        "\"x\":+1,",
        "\"x\":.5,",
        "\"x\":1.,",
        "\"x\":0x1,",
        "\"x\":1e400,",
        "\"x\":\"\\ud800\",",
        "\"x\":\"\\x41\",",
        "\"x\":\"\t\",",
        "\"x\":True,",
        "\"x\":,",
    ]
    .iter()
    .map(|text| format!("{open}{text}{rest}").into_bytes())
    .collect();
    payloads.push(format!("\u{feff}{good}").into_bytes());
    payloads.push(format!("{good}\0").into_bytes());
    payloads.push(format!("{good}{good}").into_bytes());
    payloads.push([open.as_bytes(), b"\"x\":\"\xff\",", rest.as_bytes()].concat());
    payloads.push([open.as_bytes(), b"\"x\":\"\xed\xa0\x80\",", rest.as_bytes()].concat());
    payloads.push([open.as_bytes(), b"\"x\":\"\xc0\x80\",", rest.as_bytes()].concat());
    payloads.push(good.encode_utf16().flat_map(u16::to_le_bytes).collect());
    let count = payloads.len();
    let tokens = payloads.iter().map(|payload| Key::Ec.sign_texts(header.as_bytes(), payload));
    assert_eq!(refused_for("token_malformed", tokens), count);
}

/// Every other spelling of the same bytes, in each segment. Three of them can travel in a header, the rest reach a parser alone.
#[test]
fn class_12_every_lax_form_of_base64_is_refused() {
    let token = honest(Key::Ec);
    let good: Vec<&str> = token.split('.').collect();
    let respelt = |at: usize, segment: String| {
        let mut segments: Vec<String> = good.iter().map(ToString::to_string).collect();
        segments[at] = segment;
        segments.join(".")
    };
    let mut at_the_gate = Vec::new();
    for (at, segment) in good.iter().enumerate() {
        at_the_gate.push(respelt(at, format!("+{}", &segment[1..])));
        at_the_gate.push(respelt(at, format!("/{}", &segment[1..])));
        at_the_gate.push(respelt(at, format!("{}~", &segment[..segment.len() - 1])));
        for spoil in ["=", "==", "\n", "\r\n", "\t", " ", "!", "\0", "%3D", "\u{e9}", ",", ".", "\""] {
            for text in [
                format!("{segment}{spoil}"),
                format!("{spoil}{segment}"),
                format!("{}{spoil}{}", &segment[..4], &segment[4..]),
            ] {
                let verdict = edgeward::jose::UntrustedJws::parse(&respelt(at, text.clone()));
                assert_eq!(verdict.unwrap_err().code(), "token_malformed", "{text:?}");
            }
        }
    }
    assert_eq!(refused_for("token_malformed", at_the_gate), 9);
    // Trailing bits: 64 bytes leave four of them in the last character, so fifteen other texts decode to the same signature.
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = good[2].as_bytes()[good[2].len() - 1];
    let index = alphabet.iter().position(|letter| *letter == last).unwrap();
    assert_eq!(index % 16, 0, "the honest encoding has none");
    let twins = (1..16)
        .map(|bits| respelt(2, format!("{}{}", &good[2][..good[2].len() - 1], char::from(alphabet[index + bits]))));
    assert_eq!(refused_for("token_malformed", twins), 15);
    assert_eq!(encode(&crate::signing::decode(good[2])), good[2]);
}
