//! `htu` compared with the request's URL: both without query and fragment, after syntax-based and scheme-based normalisation
//! (RFC 9449 section 4.3, RFC 3986 sections 6.2.2 and 6.2.3).

use alloc::{string::String, vec::Vec};

/// Whether both are http or https URIs that name the same resource. A text that is no such URI equals nothing.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    match (Target::parse(one), Target::parse(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Scheme, host, port and path in their normal form.
#[derive(PartialEq, Eq)]
struct Target {
    is_secure: bool,
    host: String,
    port: u16,
    path: Vec<String>,
}

impl Target {
    fn parse(uri: &str) -> Option<Self> {
        // RFC 3986 section 2: a URI is printable ASCII.
        if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let uri = uri.split(['?', '#']).next()?;
        // Back slashes are none of a URI's characters, and some parsers read them as slashes. WHATWG URLs keep them in query and
        // fragment, which don't count here.
        if uri.contains('\\') {
            return None;
        }
        let (scheme, rest) = uri.split_once("://")?;
        let is_secure = match () {
            () if scheme.eq_ignore_ascii_case("https") => true,
            () if scheme.eq_ignore_ascii_case("http") => false,
            () => return None,
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, "/"),
        };
        let (host, port) = split_port(authority)?;
        let port = match port {
            "" if is_secure => 443,
            "" => 80,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            _ => return None,
        };
        let mut host = normalise_percent(host)?;
        host.make_ascii_lowercase();
        // RFC 9110 section 4.2.4: no user information; and a host there must be.
        if host.is_empty() || host.contains('@') {
            return None;
        }
        Some(Self { is_secure, host, port, path: remove_dot_segments(&normalise_percent(path)?) })
    }
}

/// The host, and the port's digits; empty where there are none (RFC 3986 section 3.2.3 lets them be left out after the colon).
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let end_of_host = match authority.strip_prefix('[') {
        Some(_) => authority.find(']')?.checked_add(1)?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, rest) = authority.split_at_checked(end_of_host)?;
    match rest.strip_prefix(':') {
        Some(port) => Some((host, port)),
        None if rest.is_empty() => Some((host, "")),
        None => None,
    }
}

/// Percent-encodings in upper case, and those of unreserved characters decoded (RFC 3986 sections 6.2.2.1 and 6.2.2.2).
fn normalise_percent(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut normal = String::from(pieces.next()?);
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        let byte = digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u8::from_str_radix(digits, 16).ok())
            .flatten()?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            normal.push('%');
            normal.push_str(&digits.to_ascii_uppercase());
        }
        normal.push_str(rest);
    }
    Some(normal)
}

/// The segments of an absolute path without "." and ".." (RFC 3986 section 5.2.4). One that ends in either ends in a slash.
fn remove_dot_segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = Vec::new();
    let mut ends_in_dots = false;
    for segment in path.split('/').skip(1) {
        ends_in_dots = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment.into()),
        }
    }
    if ends_in_dots {
        segments.push(String::new());
    }
    segments
}
