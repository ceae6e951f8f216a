//! One entry of the deny list: which tokens of an issuer are refused, and until when that has to be remembered.
//!
//! Tokens are named by what they say (`jti`, `sub`, `sid`, `iat`) and never by their text: one token can be written in several ways.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use sha2::{Digest, Sha256};

use crate::{
    error::Problems,
    jose::base64url,
    json::{Fields, Object, Value},
    limits,
    time::UnixTime,
};

/// What an entry may say.
const MEMBERS: [&str; 6] = ["iss", "jti", "sub", "sid", "issued_before", "expires_at"];

/// The claims that an entry may name tokens by, one of them.
const CLAIMS: [Claim; 3] = [Claim::Jti, Claim::Sub, Claim::Sid];

/// A claim by which tokens are denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// One token (RFC 7519 section 4.1.7).
    Jti,
    /// All tokens of a user or client (RFC 7519 section 4.1.2).
    Sub,
    /// All tokens of a session (OIDC Front-Channel Logout section 3).
    Sid,
}

impl Claim {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Jti => "jti",
            Self::Sub => "sub",
            Self::Sid => "sid",
        }
    }
}

/// Tokens that are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DenyEntry {
    pub(super) iss: String,
    /// The claim and what it says; `None` for all tokens of the issuer.
    claim: Option<(Claim, String)>,
    /// Only those whose `iat` is less, in seconds since the epoch, and those without one.
    pub(super) issued_before: Option<u64>,
    /// The last moment at which it is needed.
    pub(super) expires_at: UnixTime,
}

/// What an entry is read with that comes from a person.
pub(super) struct Defaults<'a> {
    /// Whether tokens may have this `iss`.
    pub(super) is_issuer: &'a dyn Fn(&str) -> bool,
    /// The one that there is; then `iss` may be left out.
    pub(super) only_issuer: Option<&'a str>,
    pub(super) lifetime_seconds: u64,
    pub(super) now: UnixTime,
}

impl DenyEntry {
    /// Reads an entry as the store has it. `None` where it is none: nobody may guess what was meant.
    pub(super) fn of_store(value: &Value) -> Option<Self> {
        let mut problems = Problems::default();
        let fields = Fields::of_element(value, String::new(), &MEMBERS, &mut problems)?;
        let iss = fields.text("iss", &mut problems)?;
        let expires_at = fields.count("expires_at", &mut problems)?;
        let claim = read_claim(&fields, &mut problems);
        let issued_before = fields.optional_count("issued_before", &mut problems);
        let entry = Self { iss: iss.into(), claim, issued_before, expires_at: UnixTime::from_seconds(expires_at) };
        let names_tokens = entry.claim.is_some() || issued_before.is_some();
        (problems.is_empty() && names_tokens).then_some(entry)
    }

    /// Reads an entry as a person has written it, with what is left out filled in: a `sub` is denied what was issued up to now, and may sign in
    /// again.
    pub(super) fn read(document: &Object, defaults: &Defaults<'_>, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_document(document, &MEMBERS, problems);
        let iss = match (fields.optional_text("iss", problems), defaults.only_issuer) {
            (Some(iss), _) if (defaults.is_issuer)(iss) => Some(iss),
            (Some(_), _) => {
                fields.refuse("iss", "must be an issuer of the policy", problems);
                None
            }
            (None, Some(only)) => Some(only),
            (None, None) => {
                if fields.value("iss").is_none_or(Value::is_null) {
                    fields.refuse("iss", "is missing; the policy has several issuers", problems);
                }
                None
            }
        };
        let claim = read_claim(&fields, problems);
        let said = fields.optional_count("issued_before", problems);
        let issued_before = match claim.as_ref().map(|(claim, _)| claim) {
            Some(Claim::Jti) if said.is_some() => {
                fields.refuse("issued_before", "can't stand beside \"jti\", which is one token", problems);
                None
            }
            Some(Claim::Sub) => said.or(Some(defaults.now.plus(1).as_seconds())),
            Some(Claim::Jti | Claim::Sid) => said,
            None => {
                if said.is_none() && CLAIMS.iter().all(|claim| fields.value(claim.name()).is_none()) {
                    let problem =
                        "is missing; without \"jti\", \"sub\" and \"sid\" it says up to when all tokens are denied";
                    fields.refuse("issued_before", problem, problems);
                }
                said
            }
        };
        let (least, most) = (defaults.now.as_seconds(), defaults.now.plus(limits::MAX_DENY_ENTRY_SECONDS).as_seconds());
        let said = fields.optional_count("expires_at", problems);
        let expires_at = said.unwrap_or_else(|| defaults.now.plus(defaults.lifetime_seconds).as_seconds());
        if expires_at <= least || expires_at > most {
            let problem = format!("must be in the future, in seconds since the epoch, and at most {most}");
            fields.refuse("expires_at", &problem, problems);
        }
        let entry = Self { iss: iss?.into(), claim, issued_before, expires_at: UnixTime::from_seconds(expires_at) };
        if entry.to_text().len() > limits::MAX_DENY_ENTRY_BYTES {
            let problem = format!("is too long: an entry has at most {} bytes", limits::MAX_DENY_ENTRY_BYTES);
            problems.add("(document)", &problem);
        }
        Some(entry)
    }

    /// The claim that tokens are named by, and what it says.
    pub(super) fn claim(&self) -> Option<(Claim, &str)> {
        self.claim.as_ref().map(|(claim, value)| (*claim, value.as_str()))
    }

    /// The entry as JSON text, as stores keep it.
    pub(super) fn to_text(&self) -> String {
        self.to_object().to_string()
    }

    /// The entry as it is kept and shown.
    pub(super) fn to_object(&self) -> Object {
        let mut object = Object::from([("iss", self.iss.as_str().into())]);
        if let Some((claim, value)) = &self.claim {
            object.insert(claim.name(), value.as_str());
        }
        if let Some(moment) = self.issued_before {
            object.insert("issued_before", moment);
        }
        object.insert("expires_at", self.expires_at.as_seconds());
        object
    }

    /// The name under which it is kept: the same for the same tokens, so that who writes an entry again changes its end alone.
    pub(super) fn id(&self) -> String {
        let (claim, value) = self.claim.as_ref().map_or(("", ""), |(claim, value)| (claim.name(), value));
        let named: Vec<Value> =
            [self.iss.as_str().into(), claim.into(), value.into(), self.issued_before.into()].into();
        let digest = Sha256::digest(Value::from(named).to_string());
        base64url::encode(&digest.first_chunk::<16>().copied().unwrap_or_default())
    }
}

/// Whether a text has the form of [`DenyEntry::id`].
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn read_claim(fields: &Fields<'_>, problems: &mut Problems) -> Option<(Claim, String)> {
    let mut found = None;
    for claim in CLAIMS {
        // Null is no absence here: without a claim all tokens of the issuer would be meant.
        let Some(value) = fields.defaulted_text(claim.name(), problems) else { continue };
        if value.is_empty() {
            fields.refuse(claim.name(), "must not be empty", problems);
        }
        if found.is_some() {
            fields.refuse(claim.name(), "can't stand beside another of \"jti\", \"sub\" and \"sid\"", problems);
        }
        found = Some((claim, value.into()));
    }
    found
}
