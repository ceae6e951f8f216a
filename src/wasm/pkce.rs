//! PKCE by itself (RFC 7636): the smallest module there is. It allocates nothing and imports nothing: JavaScript writes random bytes of the
//! platform's generator to one place in memory, and reads the texts that are made of them there.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::client::pkce;

/// 32 random bytes, or the 43 characters of a text.
static PLACE: [AtomicU8; 43] = [const { AtomicU8::new(0) }; 43];

/// Where JavaScript writes and reads.
#[wasm_bindgen(js_name = placeAddress)]
pub fn place_address() -> *const u8 {
    PLACE.as_ptr().cast()
}

/// Makes the 32 random bytes a `code_verifier`, a `state` or a `nonce` of 43 characters. False is `randomness_invalid`: they are all the same, so
/// nobody has written them.
#[wasm_bindgen(js_name = makeRandomText)]
pub fn make_random_text() -> bool {
    pkce::random_characters(&read()).map(write).is_some()
}

/// Makes the `code_verifier` that is there its S256 `code_challenge` of 43 characters (RFC 7636 section 4.2).
#[wasm_bindgen(js_name = makeCodeChallenge)]
pub fn make_code_challenge() {
    write(pkce::challenge_characters(&read::<43>()));
}

/// What is there; nothing of it stays.
fn read<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    for (byte, place) in bytes.iter_mut().zip(&PLACE) {
        *byte = place.swap(0, Relaxed);
    }
    bytes
}

fn write(text: [u8; 43]) {
    for (byte, place) in text.into_iter().zip(&PLACE) {
        place.store(byte, Relaxed);
    }
}
