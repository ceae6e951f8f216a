//! Class 44: where a sign-in leads back to. An open redirect there sends a person who has just signed in to whoever made the link.

use edgeward::client::{
    Transaction,
    authorization::{Options, start},
};
use serde_json::json;

use crate::signing_in::{NOW, config, metadata, random, start_with, transaction, with};

/// Whether a browser that stands on the application's page would leave its origin, by the WHATWG URL standard's own steps: white space around it
/// goes, tabs and line ends go anywhere, a back slash is a slash, and dot segments are taken out.
fn leaves_the_origin(path: &str) -> bool {
    let trimmed = path.trim_matches(|c: char| c <= ' ');
    let text: String = trimmed.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let text = text.split(['?', '#']).next().unwrap().replace('\\', "/");
    if !text.starts_with('/') || text.starts_with("//") {
        // Another host; or a scheme, or a path that depends on the page.
        return true;
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = text.split('/').skip(1).collect();
    for (at, segment) in segments.iter().enumerate() {
        match segment.to_ascii_lowercase().replace("%2e", ".").as_str() {
            "." if at + 1 < segments.len() => {}
            "." => kept.push(""),
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    // What a page gets by `new URL(return_to, origin).pathname` and goes to.
    kept.len() > 1 && kept[0].is_empty()
}

/// Every beginning of up to four pieces in which parsers differ, before a host or a path.
#[test]
fn class_44_no_beginning_of_a_path_leads_to_another_origin() {
    let pieces = [
        "",
        "/",
        "\\",
        "\t",
        "\n",
        "\r",
        " ",
        "\0",
        "%09",
        "%0a",
        "%2f",
        "%5c",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "@",
        ":",
        "?",
        "#",
        ";",
        "\u{2028}",
        "\u{ff0f}",
        "https:",
        "javascript:",
    ];
    let (config, metadata, random) = (config(), metadata(), random());
    let (mut refused, mut taken) = (0, 0);
    for first in pieces {
        for second in pieces {
            for third in pieces {
                for fourth in ["", "/", "\\", "\t/", "%2f/"] {
                    let path = format!("{first}{second}{third}{fourth}evil.example/a");
                    let options = Options { return_to: Some(path.clone()), ..Options::default() };
                    match start(&config, &metadata, &options, &random, None, NOW) {
                        Ok(started) => {
                            assert_eq!(started.transaction.return_to(), path);
                            assert!(!leaves_the_origin(&path), "{path:?}");
                            taken += 1;
                        }
                        Err(error) => {
                            assert_eq!(error.code(), "config_invalid", "{path:?}");
                            refused += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!((refused, taken), (77_315, 810));
}

/// In the spirit of the web platform's tests of URLs: known ways out, and ways that only look like it.
#[test]
fn class_44_the_known_ways_out_are_refused() {
    let out = [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "//evil.example/%2f..",
        "//evil%E3%80%82example",
        "//user@evil.example",
        "//evil.example:443",
        "//[::1]",
        "//0x7f.1",
        "http:evil.example",
        "http:/evil.example",
        "http:\\\\evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,x",
        "blob:https://evil.example/x",
        "about:blank",
        "file:///etc/passwd",
        "/.//evil.example",
        "/..//evil.example",
        "/a/..//evil.example",
        "/%2e%2e//evil.example",
        "/.%2E/\\evil.example",
        "evil.example",
        ".evil.example",
        "@evil.example",
        "?next=x",
        "#x",
        "",
    ];
    for path in out {
        let options = Options { return_to: Some(path.into()), ..Options::default() };
        assert_eq!(start_with(&options).unwrap_err().code(), "config_invalid", "{path:?}");
        let stored: serde_json::Value = serde_json::from_str(&transaction().to_json()).unwrap();
        let stored = with(stored, json!({ "return_to": path })).to_string();
        assert_eq!(
            Transaction::from_json(&stored).unwrap_err().code(),
            "transaction_unknown",
            "{path:?}, out of storage"
        );
    }
    for path in [
        "/%09/evil.example",
        "/%2f/evil.example",
        "/%5cevil.example",
        "/a//evil.example",
        "/@evil.example",
        "/?//evil.example",
    ] {
        assert!(!leaves_the_origin(path), "{path}");
        let options = Options { return_to: Some(path.into()), ..Options::default() };
        assert!(start_with(&options).is_ok(), "{path}: browsers decode nothing of it before the host is known");
    }
}
