//! Error answers of an authorization server, made safe to show.

use alloc::{boxed::Box, string::String};

use crate::{error::ServerError, limits};

/// Keeps the characters that RFC 6749 appendices A.7 and A.8 allow up to a bounded length: the text comes from outside, perhaps from an attacker's link.
#[expect(clippy::unnecessary_box_returns, reason = "it goes into an error, which has it in a box")]
pub(super) fn server_error(error: &str, description: Option<&str>) -> Box<ServerError> {
    Box::new(ServerError {
        error: printable(error),
        error_description: description.map(printable).filter(|text| !text.is_empty()),
    })
}

fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, ' ' | '!' | '#'..='[' | ']'..='~'))
        .take(limits::MAX_SERVER_TEXT_CHARACTERS)
        .collect()
}
