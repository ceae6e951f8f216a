//! `htu` against rules written down a second time, and against what browsers make of URLs.

use std::{collections::BTreeSet, fmt::Write, io::Read};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::proofs::is_same;

/// RFC 3986 section 5.2.4, step by step as it stands there: an input buffer and an output buffer.
fn remove_dot_segments(path: &str) -> String {
    let (mut input, mut output) = (path.to_owned(), String::new());
    while !input.is_empty() {
        if let Some(rest) = input.strip_prefix("../").or_else(|| input.strip_prefix("./")) {
            input = rest.to_owned();
        } else if input.starts_with("/./") || input == "/." {
            input = format!("/{}", input.get(3..).unwrap_or_default());
        } else if input.starts_with("/../") || input == "/.." {
            input = format!("/{}", input.get(4..).unwrap_or_default());
            output.truncate(output.rfind('/').unwrap_or(0));
        } else if input == "." || input == ".." {
            input.clear();
        } else {
            let end = input[1..].find('/').map_or(input.len(), |at| at + 1);
            output.push_str(&input[..end]);
            input = input[end..].to_owned();
        }
    }
    output
}

/// RFC 3986 sections 6.2.2.1 and 6.2.2.2, a byte at a time.
fn normal_percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut at, mut normal) = (0, String::new());
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let byte = u8::from_str_radix(&text[at + 1..at + 3], 16).expect("the generator makes good ones");
            match char::from(byte) {
                unreserved @ ('a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~') => normal.push(unreserved),
                _ => write!(normal, "%{byte:02X}").unwrap(),
            }
            at += 3;
        } else {
            normal.push(char::from(bytes[at]));
            at += 1;
        }
    }
    normal
}

/// A URL in pieces, so that its normal form can be written down without taking a text apart.
struct Pieces {
    scheme: &'static str,
    host: String,
    port: &'static str,
    path: String,
}

impl Pieces {
    fn text(&self) -> String {
        format!("{}://{}{}{}", self.scheme, self.host, self.port, self.path)
    }

    fn normal(&self) -> String {
        let scheme = self.scheme.to_lowercase();
        let host = normal_percent(&self.host).to_lowercase();
        let default = if scheme == "https" { ":443" } else { ":80" };
        let port = if self.port == default || self.port == ":" { "" } else { self.port };
        let path = if self.path.is_empty() { "/".into() } else { remove_dot_segments(&normal_percent(&self.path)) };
        format!("{scheme}://{host}{port}{path}")
    }
}

/// Numbers that look random and are the same in every run (Marsaglia's xorshift with 64 bits).
struct Numbers(u64);

impl Numbers {
    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let count = u64::try_from(choices.len()).unwrap();
        choices[usize::try_from((self.0 >> 20) % count).unwrap()]
    }

    /// Few choices of each piece, so that two URLs are often the same.
    fn url(&mut self) -> Pieces {
        let scheme = self.pick(&["https", "https", "HTTPS", "http"]);
        let host = self.pick(&["h", "H", "%68", "%48", "i", "h.", "[::a]", "[::A]", "%c3", "%C3"]).to_owned();
        let port = self.pick(&["", "", ":", ":443", ":80", ":8443"]);
        let mut path = String::new();
        for _ in 0..self.pick(&[0, 1, 2, 3, 4, 5]) {
            path.push('/');
            path.push_str(
                self.pick(&[
                    "", ".", "..", "%2e", ".%2E", "a", "a", "%61", "A", "b", "%2F", "%2f", "%25", "%252e", "...",
                ]),
            );
        }
        Pieces { scheme, host, port, path }
    }
}

/// Two URLs are the same where their normal forms are one text, whichever is the proof's: so the relation is reflexive and
/// symmetric, and normalising twice changes nothing.
#[test]
fn urls_are_the_same_where_their_normal_forms_are() {
    let mut numbers = Numbers(9_449);
    let (mut same, mut different) = (0, 0);
    for _ in 0..3_000 {
        let one = numbers.url();
        let mut other = numbers.url();
        // Half of the pairs differ in the path alone, where most of the rules are.
        if numbers.pick(&[true, false]) {
            other = Pieces { path: other.path, host: one.host.clone(), ..one };
        }
        let (text, normal) = (one.text(), one.normal());
        assert!(is_same(&text, &normal) && is_same(&normal, &text), "{text} is {normal}");
        assert!(is_same(&text, &text), "{text}");
        let expected = normal == other.normal();
        assert_eq!(is_same(&text, &other.text()), expected, "{text} and {}", other.text());
        assert_eq!(is_same(&other.text(), &text), expected, "{} and {text}", other.text());
        *(if expected { &mut same } else { &mut different }) += 1;
    }
    assert!(same > 100 && different > 100, "the generator makes both: {same} and {different}");
}

/// Whatever is put in a text at whatever place: it may change the answer, it never stops the check.
#[test]
fn no_text_stops_the_check() {
    let good = "https://h.example:443/a/../%61?q#f";
    for at in 0..=good.len() {
        for piece in ["%", "%4", "/", "..", ":", "@", "[", "]", "?", "#", "\\", "\u{0}", "é", "://", "%00", "\u{ad}"] {
            let text = format!("{}{piece}{}", &good[..at], &good[at..]);
            assert_eq!(is_same(&text, good), is_same(good, &text), "{text:?}");
            if text.contains(['\u{0}', 'é', '\u{ad}']) {
                assert!(!is_same(&text, good), "{text:?}");
            }
        }
    }
}

/// The http and https rows of the WHATWG URL Standard's own tests. See `tests/vectors/README.md`.
fn whatwg_rows() -> Vec<Value> {
    let bytes = include_bytes!("../../vectors/urls/wpt_http_urls.jsonl.gz");
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("gzip");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect();
    assert_eq!(rows.len(), 445);
    rows
}

fn member<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {row}"))
}

/// Section 2.1 of RFC 3986; that standard lets others stand.
fn has_good_percent_encodings(text: &str) -> bool {
    let is_hex = |digit: u8| digit.is_ascii_hexdigit();
    text.split('%').skip(1).all(|rest| matches!(rest.as_bytes(), [one, two, ..] if is_hex(*one) && is_hex(*two)))
}

/// A runtime hands the request's URL over as that standard writes it. Each of them is a URL here as well, but for user information
/// and for a percent sign that stands by itself.
#[test]
fn every_url_that_a_browser_writes_is_the_same_as_itself() {
    let mut count = 0;
    for row in whatwg_rows().iter().filter(|row| row["href"].is_string()) {
        let href = member(row, "href");
        let stem = href.split(['?', '#']).next().unwrap();
        let is_uri = row["has_user"] != true && has_good_percent_encodings(stem);
        assert_eq!((is_same(href, href), is_same(stem, href)), (is_uri, is_uri), "{href}");
        count += 1;
    }
    assert_eq!(count, 247);
}

/// Whatever a browser would send elsewhere is never the same here: a text that fails there, or has another scheme, host or port
/// there, is no `htu` for that URL, be its path the same.
#[test]
fn no_text_passes_for_a_url_that_a_browser_finds_elsewhere() {
    let rows = whatwg_rows();
    let origins: BTreeSet<&str> = rows.iter().filter_map(|row| row["origin"].as_str()).collect();
    let mut same = 0;
    for row in &rows {
        // The path begins at the third slash.
        let path = row["href"].as_str().and_then(|href| href.match_indices('/').nth(2).map(|(at, _)| &href[at..]));
        let path = path.unwrap_or("/");
        for origin in &origins {
            let url = format!("{origin}{path}");
            if is_same(member(row, "input"), &url) {
                assert_eq!(row["origin"].as_str(), Some(*origin), "{row} for {url}");
                same += 1;
            }
        }
    }
    assert!(same > 50, "some are the same: {same}");
}
