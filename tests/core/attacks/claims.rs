//! Classes 17 to 19: dates of the wrong type, out of range, and at their edges.

use serde_json::json;

use crate::{
    gate::{Door, honest_header, refused_for},
    outside::{NOW, claims, claims_with},
    signing::Key,
};

/// The token whose claim has this JSON text, well-formed or not.
fn with_text(claim: &str, text: &str) -> String {
    let rest = claims_with(json!({ claim: null })).to_string();
    let payload = format!("{{\"{claim}\":{text},{}", &rest[1..]);
    Key::Ec.sign_texts(honest_header(Key::Ec).to_string().as_bytes(), payload.as_bytes())
}

/// 33 spellings of a date that is none, in each of the three claims: never absent, never zero, never "no limit".
#[test]
fn class_17_a_date_of_the_wrong_type_never_fails_open() {
    let spellings = [
        "\"1700000300\"",
        "\"1.7e9\"",
        "\"\"",
        "\" \"",
        "\"0\"",
        "\"never\"",
        "\"2099-01-01T00:00:00Z\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"-1\"",
        "null",
        "true",
        "false",
        "[]",
        "[1700000300]",
        "[null]",
        "{}",
        "{\"seconds\":1700000300}",
        "{\"$date\":1700000300}",
        "-1",
        "-0.5",
        "-1700000300",
        "-1e-300",
        "-1e300",
        "1e300",
        "1.7e308",
        "253402300800",
        "1700000300000",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
    ];
    assert_eq!(spellings.len(), 33);
    let tokens = ["exp", "nbf", "iat"].into_iter().flat_map(|claim| spellings.map(|text| with_text(claim, text)));
    assert_eq!(refused_for("claim_invalid", tokens), 33 * 3);
}

/// Numbers that are no JSON, or that no double holds, spoil the whole claims set.
#[test]
fn class_18_numbers_out_of_range_are_refused() {
    let malformed = [
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e99999",
        "0x65",
        "01700000300",
        "+1700000300",
        "1_700_000_300",
    ];
    let tokens = ["exp", "nbf", "iat"].into_iter().flat_map(|claim| malformed.map(|text| with_text(claim, text)));
    assert_eq!(refused_for("token_malformed", tokens), 30);
    let mut door = Door::new();
    // In range, in every spelling JSON has for it.
    for text in ["1700000300", "1700000300.0", "1700000300.75", "1.7000003e9", "17000003E2", "253402300799"] {
        door.lets_through(&with_text("exp", text));
    }
    assert_eq!(door.refuses(&with_text("exp", "0")), "token_expired");
    assert_eq!(door.refuses(&with_text("exp", "-0")), "token_expired");
    assert_eq!(door.refuses(&with_text("nbf", "253402300799")), "token_not_yet_valid");
    assert_eq!(door.refuses(&with_text("iat", "253402300799")), "token_issued_in_future");
}

/// At `exp` plus the tolerance the token ends, to the second, and no earlier verdict on it is remembered.
#[test]
fn class_19_the_edge_of_exp_is_exact_and_no_verdict_is_remembered() {
    let token = Key::Ec.sign(&claims());
    let end = NOW + 300 + 30;
    let mut door = Door::new().at(end - 1);
    for _ in 0..3 {
        door.lets_through(&token);
    }
    door.set_time(end);
    assert_eq!(door.refuses(&token), "token_expired");
    door.set_time(end - 1);
    door.lets_through(&token);
    assert_eq!(Door::new().at(end).refuses(&token), "token_expired", "of a gate that never saw it before");
}

/// The same at the beginning of a token's life.
#[test]
fn class_19_the_edges_of_nbf_and_iat_are_exact() {
    for (claim, reason) in [("nbf", "token_not_yet_valid"), ("iat", "token_issued_in_future")] {
        let token = Key::Ec.sign(&claims_with(json!({ claim: NOW + 100 })));
        let mut door = Door::new().at(NOW + 69);
        assert_eq!(door.refuses(&token), reason);
        door.set_time(NOW + 70);
        door.lets_through(&token);
        door.set_time(NOW + 69);
        assert_eq!(door.refuses(&token), reason);
    }
}
