//! Attack 35: no error and no `Debug` output shows a piece of a token, a key or a secret.

use core::fmt::Debug;

use edgeward::Error;

/// The shortest piece that counts. Eleven characters of base64url are 66 bits: fewer can be guessed.
const PIECE: usize = 12;

/// Panics where an error shows a piece of `secrets`.
pub fn of_error(error: &Error, secrets: &[&[u8]]) {
    of_text(&format!("{error} {error:?} {} {:?}", error.code(), error.subject()), secrets, &[]);
}

/// Panics where `Debug` shows a piece of `secrets` that is in none of `shown`, which it may show: as it is, or escaped.
pub fn of_debug(value: &dyn Debug, secrets: &[&[u8]], shown: &[&str]) {
    let escaped: Vec<String> = shown.iter().map(|shown| format!("{shown:?}")).collect();
    let all = shown.iter().copied().chain(escaped.iter().map(String::as_str)).map(str::as_bytes);
    of_text(&format!("{value:?} {value:#?}"), secrets, &all.collect::<Vec<_>>());
}

/// Panics where a text shows a piece of `secrets` that is in none of `shown`.
fn of_text(text: &str, secrets: &[&[u8]], shown: &[&[u8]]) {
    let holds = |place: &&[u8], piece: &[u8]| place.windows(PIECE).any(|window| window == piece);
    for piece in text.as_bytes().windows(PIECE).filter(|piece| looks_random(piece)) {
        let is_secret = secrets.iter().any(|secret| holds(secret, piece));
        assert!(!is_secret || shown.iter().any(|shown| holds(shown, piece)), "a piece of a secret is in: {text}");
    }
}

/// Whether it could be of base64url. The words of the core's own sentences are not, so an input that holds such a word is no finding.
fn looks_random(piece: &[u8]) -> bool {
    piece.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && piece.iter().any(u8::is_ascii_uppercase)
        && piece.iter().any(u8::is_ascii_lowercase)
        && piece.iter().any(u8::is_ascii_digit)
}
