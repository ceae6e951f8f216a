//! Headers that end at the gate: about one connection, or about how a request is to be read (RFC 9110 section 7.6.1).

use alloc::string::String;

use super::Gate;

/// Headers about one connection, not the request. A client's `Connection: edgeward-sub` would have the next hop take that header off. `Upgrade`
/// is among them because of h2c: what goes through a connection that was switched to another protocol, nobody judges. A WebSocket's is put
/// back by who forwards it.
const CONNECTION_HEADERS: [&str; 10] = [
    "connection",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers by which some origins take another path or method than the request line's. The route was chosen by the request line.
const OVERRIDE_HEADERS: [&str; 5] =
    ["x-http-method", "x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url"];

/// Of an answer's headers, those about the connection that it came by.
const ANSWER_HEADERS: [&str; 7] =
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/// What is in the names of headers that say where a request came from, written by whoever stands before the gate: `X-Forwarded-For`,
/// `X-Real-IP`, `True-Client-IP`, `Fly-Client-IP`, `X-Azure-ClientIP`, `X-Azure-SocketIP`, `DO-Connecting-IP`, `X-Envoy-External-Address`, and those of
/// others. A client that names them in `Connection` would have them taken off.
const FORWARDING_PARTS: [&str; 10] = [
    "forwarded",
    "client-ip",
    "clientip",
    "socketip",
    "real-ip",
    "connecting-ip",
    "connection-ip",
    "user-ip",
    "remote-addr",
    "external-address",
];

/// A header's name as the laxest of origins reads it: in lower case, and with "-" for all that is neither letter nor digit. In the names of CGI
/// and PHP "_" and "." are the same as "-".
pub(super) fn spelled(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    name.chars().map(letter).collect()
}

/// Whether a request's header, [`spelled`], is about the connection it came by.
pub(super) fn is_about_the_connection(name: &str) -> bool {
    CONNECTION_HEADERS.contains(&name)
}

/// Whether a header, [`spelled`], would have an origin take another path or method.
pub(super) fn overrides_the_request(name: &str) -> bool {
    OVERRIDE_HEADERS.contains(&name)
}

/// Whether an answer's header is about the connection it came by.
pub(super) fn ends_at_the_gate(name: &str) -> bool {
    ANSWER_HEADERS.contains(&spelled(name).as_str())
}

/// Whether a header that `Connection` names is taken off for it. Not so what was added before the gate about where the request came from:
/// clients could have it removed (CVE-2022-31813).
pub(super) fn is_connection_option(name: &str) -> bool {
    let name = spelled(name);
    // By hand, because the standard library's search in texts is larger than this file.
    let has = |part: &&str| name.as_bytes().windows(part.len()).any(|window| window == part.as_bytes());
    name != "via" && !name.starts_with("cf-") && !FORWARDING_PARTS.iter().any(has)
}

impl Gate {
    /// Whether a header of the client's must be taken off before the request goes to the origin.
    pub fn drops_header(&self, name: &str) -> bool {
        self.policy.upstream.is_dropped(name) || (self.policy.takes_dpop() && name.eq_ignore_ascii_case("dpop"))
    }

    /// Whether a header of the origin's answer must be taken off: those about the connection, unless the runtime has done it, and where
    /// the policy speaks of CORS, it alone does. Where the origin gets a token that is not the client's, what it has to say of that is not for the
    /// client either (RFC 9110 section 11.6.1).
    pub fn drops_response_header(&self, name: &str) -> bool {
        let is_challenge = || name.eq_ignore_ascii_case("www-authenticate");
        ends_at_the_gate(name)
            || self.policy.cors.drops_response_header(name)
            || (self.upstream_tokens.is_some() && is_challenge())
    }

    /// Whether a header that `Connection` names is taken off for it, of a request or an answer (RFC 9110 section 7.6.1). Not so the addresses that
    /// were added before the gate.
    pub fn drops_connection_option(&self, name: &str) -> bool {
        is_connection_option(name)
    }
}
