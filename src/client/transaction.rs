//! What has to be remembered between leaving for the authorization server and coming back.

use core::fmt;

use alloc::string::String;

use crate::{
    error::{Error, Problems},
    json::{Fields, Object},
    limits,
    time::UnixTime,
};

/// One sign-in under way. It belongs in storage of the browser tab that started it (`sessionStorage`), under its `state`,
/// and is taken out when the callback comes, so it serves once (RFC 9700 section 4.7).
pub struct Transaction {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) code_verifier: String,
    pub(super) scope: String,
    pub(super) return_to: String,
    pub(super) started_at: u64,
    /// What was asked of the authentication, and is therefore demanded of the ID token.
    pub(super) acr_values: Option<String>,
    pub(super) max_age: Option<u64>,
}

/// What a stored transaction says.
const MEMBERS: [&str; 11] = [
    "issuer",
    "client_id",
    "redirect_uri",
    "state",
    "nonce",
    "code_verifier",
    "scope",
    "return_to",
    "started_at",
    "acr_values",
    "max_age",
];

impl Transaction {
    /// Reads a stored transaction.
    ///
    /// # Errors
    /// `transaction_unknown` where the text is none, or its path leads elsewhere: other scripts can write to that storage.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let document = Object::parse(text.as_bytes()).map_err(|_| Error::TransactionUnknown)?;
        let mut problems = Problems::default();
        let transaction = Self::read(&document, &mut problems);
        let transaction = transaction.filter(|_| problems.is_empty()).ok_or_else(|| Error::TransactionUnknown)?;
        check_return_to(&transaction.return_to).map_err(|_| Error::TransactionUnknown)?;
        Ok(transaction)
    }

    fn read(document: &Object, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_document(document, &MEMBERS, problems);
        let mut text = |member| fields.text(member, problems).map(String::from);
        Some(Self {
            issuer: text("issuer")?,
            client_id: text("client_id")?,
            redirect_uri: text("redirect_uri")?,
            state: text("state")?,
            nonce: text("nonce")?,
            code_verifier: text("code_verifier")?,
            scope: text("scope")?,
            return_to: text("return_to")?,
            started_at: fields.count("started_at", problems)?,
            acr_values: fields.optional_text("acr_values", problems).map(String::from),
            max_age: fields.optional_count("max_age", problems),
        })
    }

    /// The text to store. It holds the `code_verifier`: useless without the code, and gone after the callback.
    pub fn to_json(&self) -> String {
        let text = |text: &String| text.as_str().into();
        let mut document = Object::from([
            ("issuer", text(&self.issuer)),
            ("client_id", text(&self.client_id)),
            ("redirect_uri", text(&self.redirect_uri)),
            ("state", text(&self.state)),
            ("nonce", text(&self.nonce)),
            ("code_verifier", text(&self.code_verifier)),
            ("scope", text(&self.scope)),
            ("return_to", text(&self.return_to)),
            ("started_at", self.started_at.into()),
        ]);
        if let Some(acr_values) = &self.acr_values {
            document.insert("acr_values", acr_values.as_str());
        }
        if let Some(max_age) = self.max_age {
            document.insert("max_age", max_age);
        }
        document.to_json()
    }

    /// The `state` it is stored under.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The `scope` that was asked for.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The path to go back to after signing in.
    pub fn return_to(&self) -> &str {
        &self.return_to
    }

    /// Whether it is too old to be answered at `now`.
    pub(super) fn is_expired(&self, now: UnixTime) -> bool {
        now.since(UnixTime::from_seconds(self.started_at)).as_secs() > limits::TRANSACTION_MAX_AGE_SECONDS
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Checks a path to go back to: one on this very origin (an open redirect else; RFC 9700 section 4.11.1).
///
/// # Errors
/// `config_invalid`.
pub(super) fn check_return_to(path: &str) -> Result<(), Error> {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    // "/.//evil.example" becomes "//evil.example" once a browser has taken the dot segment out.
    let has_dots = path.split(['?', '#']).next().is_some_and(|path| path.split('/').any(is_dots));
    let is_local = path.starts_with('/') && !path.starts_with("//");
    if is_local && is_plain && !has_dots && path.len() <= limits::MAX_PATH_BYTES {
        return Ok(());
    }
    let problem = "must be a path on this origin: one leading slash, no back slash, white space or dot segment";
    Err(Error::ConfigInvalid { problems: Problems::of("return_to", problem) })
}

/// Whether a segment is one dot or two, each as it is or encoded (URL standard, section 4.1).
fn is_dots(segment: &str) -> bool {
    let behind_dot = |text: &str| match text.as_bytes() {
        [b'.', ..] => Some(1),
        [b'%', b'2', b'e' | b'E', ..] => Some(3),
        _ => None,
    };
    let Some(rest) = behind_dot(segment).and_then(|length| segment.get(length..)) else {
        return false;
    };
    rest.is_empty() || behind_dot(rest) == Some(rest.len())
}
