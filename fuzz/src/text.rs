//! Inputs as text.

use edgeward::jose::base64url;

/// The input as text. Bytes that are no UTF-8 become U+FFFD, which the core has to cope with as well.
pub fn lossy(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// The input's first line, and what follows it.
pub fn split_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}

/// A compact JWS of a header, a payload and a signature as they are, well-formed or not.
pub fn compact(header: &[u8], payload: &[u8], signature: &[u8]) -> String {
    format!("{}.{}.{}", base64url::encode(header), base64url::encode(payload), base64url::encode(signature))
}

/// Runs something twice: the core has no clock and no randomness, so both come out alike.
pub fn twice<T: PartialEq + core::fmt::Debug>(run: impl Fn() -> T) -> T {
    let first = run();
    assert_eq!(first, run(), "two runs on one input differ");
    first
}
