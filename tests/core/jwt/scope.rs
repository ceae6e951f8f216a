//! Scopes (RFC 6749 section 3.3).

use edgeward::{jwt::Scope, limits};

#[test]
fn a_list_is_a_set_of_case_sensitive_words() {
    let granted = Scope::parse("read:notes write:notes  openid read:notes").unwrap();
    assert_eq!(granted.iter().collect::<Vec<_>>(), ["read:notes", "write:notes", "openid"]);
    for (demanded, holds) in [
        ("", true),
        ("openid", true),
        ("write:notes read:notes", true),
        ("Openid", false),
        ("read", false),
        ("read:notes admin", false),
    ] {
        assert_eq!(granted.contains_all(&Scope::parse(demanded).unwrap()), holds, "{demanded}");
    }
}

/// Attack class 36: a scope stands in a challenge, so nothing that could end a quoted string is one.
#[test]
fn words_with_other_characters_are_refused() {
    for text in ["a\"b", "a\\b", "a\tb", "a\r\nb", "ä", "a\u{0}", "a\u{7f}", &"x".repeat(9_000)] {
        assert_eq!(Scope::parse(text), None, "{text:?}");
    }
    assert!(Scope::parse("https://www.example/auth!#$%&'()*+,-./:;<=>?@[]^_`{|}~").is_some());
}

#[test]
fn the_size_counts_to_the_byte() {
    assert!(Scope::parse(&"x".repeat(limits::MAX_SCOPE_BYTES)).is_some());
    assert_eq!(Scope::parse(&"x".repeat(limits::MAX_SCOPE_BYTES + 1)), None);
}
