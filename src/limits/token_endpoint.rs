//! Bounds of what comes from token endpoints, and of the tokens among it that the gate gets for the origin.

/// A token endpoint answer in bytes (RFC 6749 section 5): an access, a refresh and an ID token.
pub const MAX_TOKEN_RESPONSE_BYTES: usize = 128 * 1024;

/// A token that the gate gets for the origin, in bytes: it goes into one header, and servers refuse headers past 8 KiB.
pub const MAX_UPSTREAM_TOKEN_BYTES: usize = 7 * 1024;

/// Tokens that the gate keeps which it got in exchange for clients': at most 7 MiB of them.
pub const EXCHANGED_TOKENS: usize = 1_000;

/// How long before its end a token for the origin is no longer sent, in seconds: the request is under way for a while, and the clocks may differ.
/// Of one that lives less than twice as long, half of its life.
pub const UPSTREAM_TOKEN_MARGIN_SECONDS: u64 = 10;

/// How long a token for the origin is sent of which the server does not say how long it is good, in seconds.
pub const UPSTREAM_TOKEN_UNSTATED_SECONDS: u64 = 60;

/// How long one is sent at most, in seconds, whatever the server says: a day, within which a client that was shut out there is noticed.
pub const MAX_UPSTREAM_TOKEN_SECONDS: u64 = 86_400;

/// How old a token has to be that the origin refuses, in seconds, for another to be asked for: an origin that takes none must not have the token
/// endpoint asked for each request.
pub const UPSTREAM_TOKEN_REPLACEMENT_SECONDS: u64 = 10;

/// How long it stands that the token endpoint gives nothing in exchange for a client's token, in seconds.
pub const SUBJECT_TOKEN_REFUSAL_SECONDS: u64 = 5;

/// Resources, and audiences, that a token is asked for.
pub const MAX_TOKEN_TARGETS: usize = 10;
