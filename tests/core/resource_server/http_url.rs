//! The strict subset of URLs that may be configured or come from an authorization server.

use edgeward::http_url::{
    HttpUrl, Transport,
    Transport::{InsecureLoopback, SecureOnly},
};

/// RFC 3986 section 3: the parts are given back as they were written.
#[test]
fn the_parts_are_the_text_as_it_was_given() {
    for (text, origin, path, query) in [
        ("https://as.example", "https://as.example", "", None),
        ("https://as.example/", "https://as.example", "/", None),
        ("https://AS.example:8443/a/b?c=d?e", "https://AS.example:8443", "/a/b", Some("c=d?e")),
        ("https://as.example?q=/x", "https://as.example", "", Some("q=/x")),
        ("https://as.example/?", "https://as.example", "/", Some("")),
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]:443", "/x", None),
        ("https://192.0.2.1/%2e%2F", "https://192.0.2.1", "/%2e%2F", None),
        ("https://as.example/a:b@c", "https://as.example", "/a:b@c", None),
    ] {
        let url = HttpUrl::parse(text, SecureOnly).expect(text);
        assert_eq!((url.as_str(), url.origin(), url.path(), url.query()), (text, origin, path, query));
    }
}

/// Attack 27: what a URL parser would forgive or rewrite is refused, so that nothing can be read in two ways.
#[test]
fn everything_outside_the_subset_is_refused() {
    let rows = [
        "",
        "as.example",
        "//as.example",
        "/path",
        "https:",
        "https:as.example",
        "https:/as.example",
        "https://",
        "https:///path",
        "https://?x",
        "HTTPS://as.example",
        "Https://as.example",
        "ftp://as.example",
        "file:///etc/passwd",
        "data:application/json,{}",
        "javascript:alert(1)",
        "blob:https://as.example/1",
        "https://user@as.example",
        "https://user:pass@as.example",
        "https://as.example@evil.example",
        "https://as.example:@evil.example",
        "https://as.example\\@evil.example",
        "https:\\\\as.example",
        "https://as.example\\path",
        "https://as.example#fragment",
        "https://as.example/#",
        " https://as.example",
        "https://as.example ",
        "https://as.example/a b",
        "https://as.exa\tmple",
        "https://as.example\n",
        "https://as.example\r\nHost: evil.example",
        "https://as.example\0",
        "https://as.ex\u{e4}mple",
        "https://as.example/\u{e4}",
        "https://as%2eexample",
        "https://as_example",
        "https://as.example:",
        "https://as.example:x",
        "https://as.example:65536",
        "https://as.example:-1",
        "https://as.example:+443",
        "https://as.example:443:443",
        "https://as.example,evil.example",
        "https://as.example;evil.example",
        "https://*.example",
        "https://[::1",
        "https://[::1::]",
        "https://[1:2:3:4:5:6:7]",
        "https://[1:2:3:4:5:6:7:8:9]",
        "https://[1:2:3:4::5:6:7:8]",
        "https://[:1:2:3:4:5:6:7:8]",
        "https://[:::]",
        "https://[12345::]",
        "https://[g::]",
        "https://[]",
        "https://[::1.2.3.4]",
        "https://::1",
        "https://[::1]x",
        "https://[::1]:",
        "https://[fe80::1%25eth0]",
        "https://[as.example]",
        "https://as.example/<script>",
        "https://as.example/\"",
        "https://as.example/{tenant}",
        "https://as.example/a|b",
        "https://as.example/^",
        "https://as.example/`",
    ];
    for text in rows {
        for transport in [SecureOnly, InsecureLoopback] {
            assert_eq!(HttpUrl::parse(text, transport), None, "{text:?}");
        }
    }
}

/// RFC 3986 section 3.2.2: brackets hold an IPv6 address, and a name has labels between its dots.
#[test]
fn a_host_is_an_address_or_a_name() {
    for text in ["https://[]", "https://[]/jwks", "https://[:]", "https://.", "https://..", "https://as..example"] {
        assert_eq!(HttpUrl::parse(text, SecureOnly), None, "{text}");
    }
}

/// RFC 6749 section 1.6, BCP 240: plain http leaves this machine under no switch.
#[test]
fn http_is_for_loopback_and_only_with_the_switch() {
    for text in
        ["http://127.0.0.1", "http://127.0.0.1:4000/x", "http://localhost:1", "http://[::1]", "http://[::1]:80/"]
    {
        assert!(HttpUrl::parse(text, InsecureLoopback).is_some(), "{text}");
        assert_eq!(HttpUrl::parse(text, SecureOnly), None, "{text}");
    }
    for text in [
        "http://as.example",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example/127.0.0.1",
        "http://evil.example?localhost",
        "http://localhost.",
        "http://LOCALHOST",
        "http://0.0.0.0",
        "http://127.1",
        "http://10.0.0.1",
        "http://169.254.169.254",
        "http://[::ffff:127.0.0.1]",
        "http://[::]",
    ] {
        assert_eq!(HttpUrl::parse(text, InsecureLoopback), None, "{text}");
    }
}

/// The switch opens http and nothing else; https stays what it is.
#[test]
fn the_switch_is_off_unless_it_is_on() {
    assert_eq!(Transport::from_switch(false), SecureOnly);
    assert_eq!(Transport::from_switch(true), InsecureLoopback);
    assert_eq!(
        HttpUrl::parse("https://as.example", InsecureLoopback),
        HttpUrl::parse("https://as.example", SecureOnly)
    );
}

/// Paths and queries can hold codes and keys, so debug output stops at the origin.
#[test]
fn debug_output_shows_the_origin_only() {
    let url = HttpUrl::parse("https://as.example/path?code=secret", SecureOnly).unwrap();
    assert_eq!(format!("{url:?}"), "\"https://as.example\"");
}
