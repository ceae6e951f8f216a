//! The URLs that are configured or come from an authorization server: a strict subset of http and https.
//!
//! A general URL parser forgives what a security check must not (back slashes, tabs, user names). This one takes a URL only
//! in the plain form in which issuers and endpoints are published, keeps its text as it is, and never rewrites it.

use core::fmt;

use alloc::string::String;

/// Whether `http` may be used where it can't leave the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `https` only.
    SecureOnly,
    /// `https`, and `http` to `127.0.0.1`, `[::1]` and `localhost`, for development and tests.
    InsecureLoopback,
}

impl Transport {
    /// From the switch `allow_insecure_loopback`.
    pub const fn from_switch(allow_insecure_loopback: bool) -> Self {
        if allow_insecure_loopback { Self::InsecureLoopback } else { Self::SecureOnly }
    }
}

/// An absolute http or https URL without user information and fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpUrl {
    text: String,
    origin_length: usize,
    path_end: usize,
}

impl HttpUrl {
    /// Reads a URL. `None` for anything outside the subset, and for `http` where `transport` does not allow it.
    pub fn parse(text: &str, transport: Transport) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>^`{|}#".contains(&byte));
        if !is_plain {
            return None;
        }
        let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return None,
        };
        let authority = rest.split(['/', '?']).next()?;
        let host = host_of(authority)?;
        if !secure && (transport == Transport::SecureOnly || !is_loopback(host)) {
            return None;
        }
        let origin_length = text.len().checked_sub(rest.len())?.checked_add(authority.len())?;
        let path_end = text.find('?').unwrap_or(text.len());
        Some(Self { text: text.into(), origin_length, path_end })
    }

    /// The whole URL as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port as they were given.
    pub fn origin(&self) -> &str {
        self.text.get(..self.origin_length).unwrap_or_default()
    }

    /// The path as it was given; empty where there is none.
    pub fn path(&self) -> &str {
        self.text.get(self.origin_length..self.path_end).unwrap_or_default()
    }

    /// Whether it is an origin in the one form in which browsers write it (URL standard, section 5): no path and no query,
    /// the host in lower case, no port that the scheme implies. In any other form it would never equal what they send.
    pub fn is_serialized_origin(&self) -> bool {
        self.path().is_empty() && self.query().is_none() && self.has_serialized_origin()
    }

    /// Whether scheme, host and port are in that form, whatever follows.
    pub fn has_serialized_origin(&self) -> bool {
        let origin = self.origin();
        let implied = if origin.starts_with("https:") { ":443" } else { ":80" };
        !origin.bytes().any(|byte| byte.is_ascii_uppercase())
            && !origin.ends_with(implied)
            && !origin.as_bytes().windows(2).any(|pair| pair == b":0")
    }

    /// The query after "?", where there is one.
    pub fn query(&self) -> Option<&str> {
        self.text.get(self.path_end..)?.strip_prefix('?')
    }
}

impl fmt::Debug for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.origin(), f)
    }
}

/// The host of `host[:port]`, with the brackets of an IPv6 address. `None` where either is not in plain form.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            if !is_ipv6_address(address) {
                return None;
            }
            (
                authority.get(..address.len().checked_add(2)?)?,
                after.strip_prefix(':').or(after.is_empty().then_some(""))?,
            )
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let has_port = authority.len() > host.len();
    if has_port && (port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) || port.parse::<u16>().is_err())
    {
        return None;
    }
    let is_name = |name: &str| {
        name.strip_suffix('.')
            .unwrap_or(name)
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    (host.starts_with('[') || is_name(host)).then_some(host)
}

/// RFC 4291 section 2.2, without its third form, which ends in an IPv4 address. (The standard library's reader takes that as well, and is
/// larger than the rest of this file.)
fn is_ipv6_address(text: &str) -> bool {
    let is_group = |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups = |part: &str| match part {
        "" => Some(0),
        _ => part.split(':').all(is_group).then(|| part.split(':').count()),
    };
    match text.split_once("::") {
        Some((before, after)) => {
            groups(before).zip(groups(after)).is_some_and(|(before, after)| before.saturating_add(after) < 8)
        }
        None => groups(text) == Some(8),
    }
}

fn is_loopback(host: &str) -> bool {
    ["127.0.0.1", "[::1]", "localhost"].contains(&host)
}
