//! Texts on their way in: JavaScript writes them into memory of the module's own, in place, and says how long they are.
//!
//! `TextEncoder.encodeInto` writes there directly; with an owned string for each argument every text would be allocated, and copied
//! by JavaScript a character at a time.

use alloc::vec::Vec;

/// Where JavaScript writes.
#[derive(Default)]
pub(super) struct Input(Vec<u8>);

impl Input {
    /// Makes room for so many bytes, and says where it is. It stays there until the next call of this function.
    pub(super) fn reserve(&mut self, bytes: usize) -> *const u8 {
        if self.0.len() < bytes {
            self.0.resize(bytes, 0);
        }
        self.0.as_ptr()
    }

    /// The text of so many bytes that was written. `None` where there was no room for as many, or they are no UTF-8.
    pub(super) fn text(&self, bytes: usize) -> Option<&str> {
        core::str::from_utf8(self.0.get(..bytes)?).ok()
    }
}
