//! `htu` against the request's URL (RFC 9449 section 4.3 check 9, RFC 3986 sections 6.2.2 and 6.2.3).
//!
//! The signature is taken on trust here, so that only the URLs decide, and with no algorithm compiled in as well.

use crate::proofs::is_same;

/// Both ways round: neither place is read more kindly than the other.
fn assert_pair(one: &str, other: &str, expected: bool) {
    assert_eq!(is_same(one, other), expected, "htu {one:?}, URL {other:?}");
    assert_eq!(is_same(other, one), expected, "htu {other:?}, URL {one:?}");
}

#[test]
fn one_resource_may_be_spelt_in_several_ways() {
    for (one, other) in [
        ("https://api.example/notes", "https://api.example/notes"),
        // Section 6.2.2.1: scheme and host have no case, nor have the digits of a percent-encoding.
        ("HTTPS://api.example/notes", "https://api.example/notes"),
        ("hTTp://api.example/notes", "http://api.example/notes"),
        ("https://API.Example/notes", "https://api.example/notes"),
        ("https://[2001:DB8::A]/", "https://[2001:db8::a]/"),
        ("https://api.example/%c3%a9", "https://api.example/%C3%A9"),
        ("https://api.example/a%2fb", "https://api.example/a%2Fb"),
        ("https://%c3%a9.example/", "https://%C3%A9.example/"),
        // Section 6.2.2.2: an unreserved character may be encoded.
        ("https://api.example/%6Eotes", "https://api.example/notes"),
        ("https://api.example/%7Euser", "https://api.example/~user"),
        ("https://api.example/%41%2D%2E%5f%39", "https://api.example/A-._9"),
        ("https://%61pi.example/", "https://api.example/"),
        ("https://%41PI.example/", "https://api.example/"),
        ("https://api%2Eexample/", "https://api.example/"),
        // Section 6.2.2.3, with the examples of section 5.2.4.
        ("https://api.example/a/b/c/./../../g", "https://api.example/a/g"),
        ("https://api.example/mid/content=5/../6", "https://api.example/mid/6"),
        ("https://api.example/./notes", "https://api.example/notes"),
        ("https://api.example/../../notes", "https://api.example/notes"),
        ("https://api.example/x/%2e%2E/notes", "https://api.example/notes"),
        ("https://api.example/%2e/notes", "https://api.example/notes"),
        ("https://api.example/.%2e/notes", "https://api.example/notes"),
        ("https://api.example/notes/.", "https://api.example/notes/"),
        ("https://api.example/notes/x/..", "https://api.example/notes/"),
        ("https://api.example/..", "https://api.example/"),
        ("https://api.example/a//../b", "https://api.example/a/b"),
        ("https://api.example//..//b", "https://api.example//b"),
        // Section 6.2.3: the port that the scheme has anyway, and the empty path.
        ("https://api.example:443/notes", "https://api.example/notes"),
        ("http://api.example:80/notes", "http://api.example/notes"),
        ("https://api.example:/notes", "https://api.example/notes"),
        ("https://api.example:0443/notes", "https://api.example/notes"),
        ("https://api.example:8443/notes", "https://api.example:08443/notes"),
        ("https://[::1]:443/", "https://[::1]"),
        ("https://[::1]:/", "https://[::1]"),
        ("https://api.example", "https://api.example/"),
        ("https://api.example:443", "https://api.example/"),
        ("https://api.example?a", "https://api.example/"),
        // RFC 9449 section 4.3 check 9: query and fragment are left out.
        ("https://api.example/notes?a=1", "https://api.example/notes"),
        ("https://api.example/notes?a=1", "https://api.example/notes?b=2"),
        ("https://api.example/notes?", "https://api.example/notes#"),
        ("https://api.example/notes#a?b", "https://api.example/notes"),
        ("https://api.example/notes?to=https://evil.example/x/../y", "https://api.example/notes"),
        ("https://api.example/notes?a=%zz", "https://api.example/notes"),
        // WHATWG URLs, which is what runtimes hand over, keep a back slash there.
        ("https://api.example/notes?a=\\", "https://api.example/notes"),
        ("https://api.example/notes#\\", "https://api.example/notes"),
        ("https://api.example/a;v=1,2@x:y!$&'()*+=", "https://api.example/a;v=1,2@x:y!$&'()*+="),
    ] {
        assert_pair(one, other, true);
    }
}

#[test]
fn what_may_be_another_resource_is_another() {
    for (one, other) in [
        // Another scheme, host or port.
        ("http://api.example/notes", "https://api.example/notes"),
        ("http://api.example:443/", "https://api.example/"),
        ("https://api.example:80/", "https://api.example/"),
        ("https://api.example:8443/", "https://api.example/"),
        ("https://api.example:4430/", "https://api.example:443/"),
        ("https://api.example:0/", "https://api.example/"),
        ("https://api.example./", "https://api.example/"),
        ("https://example/", "https://api.example/"),
        ("https://api.example.evil.example/", "https://api.example/"),
        ("https://api-example/", "https://api.example/"),
        ("https://127.0.0.1/", "https://127.1/"),
        ("https://127.0.0.1/", "https://2130706433/"),
        ("https://[::1]/", "https://[0:0:0:0:0:0:0:1]/"),
        ("https://[::ffff:127.0.0.1]/", "https://127.0.0.1/"),
        ("https://[::1]/", "https://[::2]/"),
        ("https://xn--bcher-kva.example/", "https://b%C3%BCcher.example/"),
        // Another path: case, slashes, and the reserved characters count.
        ("https://api.example/Notes", "https://api.example/notes"),
        ("https://api.example/notes/", "https://api.example/notes"),
        ("https://api.example//notes", "https://api.example/notes"),
        ("https://api.example/notes//", "https://api.example/notes/"),
        ("https://api.example/a//b", "https://api.example/a/b"),
        ("https://api.example/notes", "https://api.example/note"),
        ("https://api.example/notes", "https://api.example/"),
        ("https://api.example/a%2Fb", "https://api.example/a/b"),
        ("https://api.example/a%3Fb", "https://api.example/a?b"),
        ("https://api.example/a%23b", "https://api.example/a#b"),
        ("https://api.example/a%5Cb", "https://api.example/a/b"),
        ("https://api.example/a%3Bb", "https://api.example/a;b"),
        ("https://api.example/a+b", "https://api.example/a%20b"),
        ("https://api.example/a%2Bb", "https://api.example/a+b"),
        ("https://api.example/%40", "https://api.example/@"),
        ("https://api.example/%00", "https://api.example/"),
        // Decoded once, never twice.
        ("https://api.example/%2561", "https://api.example/a"),
        ("https://api.example/%252e%252e/notes", "https://api.example/notes"),
        ("https://api.example/x/..%2Fnotes", "https://api.example/notes"),
        ("https://api.example/x/%2e%2e%2fnotes", "https://api.example/notes"),
        // No dot segments.
        ("https://api.example/.../notes", "https://api.example/notes"),
        ("https://api.example/..;/notes", "https://api.example/notes"),
        ("https://api.example/.x/notes", "https://api.example/notes"),
        ("https://api.example/x/..y/notes", "https://api.example/notes"),
    ] {
        assert_pair(one, other, false);
    }
}

/// A text that is no absolute http or https URI of RFC 3986 equals nothing, not even itself.
#[test]
fn what_is_no_http_uri_is_the_same_as_nothing() {
    for text in [
        "",
        " ",
        "/",
        "/notes",
        "notes",
        "?a",
        "#a",
        "api.example/notes",
        "//api.example/notes",
        "https:",
        "https:/api.example/notes",
        "https:api.example/notes",
        "https//api.example/notes",
        "https://",
        "https:///notes",
        "https:////api.example/notes",
        "https://?a",
        "https://#a",
        "https://:443/notes",
        "://api.example/notes",
        // Other schemes.
        "ftp://api.example/notes",
        "ws://api.example/notes",
        "wss://api.example/notes",
        "httpss://api.example/notes",
        "file:///notes",
        "data:,x",
        "javascript://api.example/%0Aalert(1)",
        "blob:https://api.example/notes",
        "view-source:https://api.example/notes",
        "%68ttps://api.example/notes",
        // RFC 9110 section 4.2.4: user information.
        "https://ada@api.example/notes",
        "https://ada:secret@api.example/notes",
        "https://ada:443@api.example/notes",
        "https://@api.example/notes",
        "https://:@api.example/notes",
        "https://api.example:443@evil.example/notes",
        "https://[::1]@evil.example/notes",
        // Ports and IP literals that are none.
        "https://api.example:https/notes",
        "https://api.example:+443/notes",
        "https://api.example:-1/notes",
        "https://api.example:4 43/notes",
        "https://api.example:%34%34%33/notes",
        "https://api.example:65536/notes",
        "https://api.example:18446744073709552059/notes",
        "https://api.example:443:443/notes",
        "https://[::1/notes",
        "https://[::1]443/notes",
        "https://[::1]x/notes",
        "https://[::1]:x/notes",
        "https://::1/notes",
        // Characters of no URI.
        "https://api.example\\notes",
        "https:\\\\api.example/notes",
        "https://api.example/a\\..\\notes",
        "https://api.example\\@evil.example/notes",
        "https://api.example/no tes",
        " https://api.example/notes",
        "https://api.example/notes ",
        "https://api.example/notes\n",
        "https://api.example/\tnotes",
        "https://api.exa\nmple/notes",
        "https://api.example/notes\r\nx",
        "https://api.example/\u{0}",
        "https://api.example/\u{7f}",
        "https://api.example/é",
        "https://bücher.example/notes",
        "https://api。example/notes",
        "https://api.example\u{ad}/notes",
        "https://api.example／notes",
        "https://api.example/notes?é",
        "https://api.example/notes?a b",
        "\u{feff}https://api.example/notes",
        // Percent-encodings that are none.
        "https://api.example/%",
        "https://api.example/%6",
        "https://api.example/%6g",
        "https://api.example/%+6",
        "https://api.example/%%41",
        "https://api.example/%u0041",
        "https://api.example/%é",
        "https://api.example%/notes",
        "https://%zz.example/notes",
    ] {
        assert!(!is_same(text, text), "{text:?} is the same as itself");
        assert_pair(text, "https://api.example/notes", false);
        assert_pair(text, "https://api.example/", false);
    }
}
