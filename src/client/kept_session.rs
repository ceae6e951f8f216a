//! A session as text: for another tab of the application, or for storage where the application chooses that.

use alloc::string::String;

use super::{ClientConfig, Session, TokenSet};
use crate::{
    error::{Error, Problems},
    json::{Fields, Object},
    jwt::Scope,
    limits,
    time::UnixTime,
};

/// What a kept session says.
const MEMBERS: [&str; 12] = [
    "issuer",
    "client_id",
    "access_token",
    "refresh_token",
    "id_token",
    "scope",
    "expires_at",
    "received_at",
    "renewals",
    "jkt",
    "claims",
    "authentication",
];

impl Session {
    /// The session as JSON text, tokens and all, so whoever reads it can use them. `with_refresh_token` says whether the refresh token is
    /// among them.
    pub fn to_json(&self, config: &ClientConfig, with_refresh_token: bool) -> String {
        let tokens = &self.tokens;
        let mut document = Object::from([
            ("issuer", config.issuer.as_str().into()),
            ("client_id", config.client_id.as_str().into()),
            ("access_token", tokens.access_token.as_str().into()),
            ("scope", tokens.scope.to_text().into()),
            ("received_at", tokens.received_at.as_seconds().into()),
            ("renewals", self.renewals.into()),
            ("claims", self.claims.clone().into()),
            ("authentication", self.authentication.clone().into()),
        ]);
        let refresh_token = tokens.refresh_token.as_ref().filter(|_| with_refresh_token);
        for (member, text) in
            [("refresh_token", refresh_token), ("id_token", tokens.id_token.as_ref()), ("jkt", tokens.jkt.as_ref())]
        {
            if let Some(text) = text {
                document.insert(member, text.as_str());
            }
        }
        if let Some(expires_at) = tokens.expires_at {
            document.insert("expires_at", expires_at.as_seconds());
        }
        document.to_json()
    }

    /// Reads what [`Self::to_json`] wrote, for the same issuer and client. It believes it: who can write to the page's storage or to its channel is a
    /// script of the same origin, which could do whatever the page can. `jkt` is the thumbprint of the key that this page has.
    ///
    /// # Errors
    /// `session_unknown` where it is none of this client's, bound to another key, or to none where the configuration asks for bound tokens.
    pub fn from_json(text: &str, config: &ClientConfig, jkt: Option<&str>) -> Result<Self, Error> {
        let unknown = Error::SessionUnknown;
        if text.len() > limits::MAX_SESSION_BYTES {
            return Err(unknown);
        }
        let document = Object::parse(text.as_bytes()).map_err(|_| Error::SessionUnknown)?;
        let mut problems = Problems::default();
        let session = Self::read(&document, config, &mut problems).filter(|_| problems.is_empty());
        session
            .filter(|session| session.tokens.jkt.as_deref() == jkt.filter(|_| session.tokens.jkt.is_some()))
            .ok_or(unknown)
    }

    fn read(document: &Object, config: &ClientConfig, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_document(document, &MEMBERS, problems);
        let mut text = |member| fields.text(member, problems);
        let is_own = text("issuer")? == config.issuer.as_str() && text("client_id")? == config.client_id;
        let access_token = text("access_token")?;
        let scope = Scope::parse(text("scope")?)?;
        let object = |member| Some(document.get(member)?.as_object()?.clone());
        let (claims, authentication) = (object("claims")?, object("authentication")?);
        let is_token = !access_token.is_empty() && access_token.bytes().all(|byte| byte.is_ascii_graphic());
        let renewals = fields.count("renewals", problems)?;
        let mut optional = |member| fields.optional_text(member, problems).map(String::from);
        let tokens = TokenSet {
            access_token: access_token.into(),
            refresh_token: optional("refresh_token"),
            id_token: optional("id_token"),
            jkt: optional("jkt"),
            scope,
            expires_at: fields.optional_count("expires_at", problems).map(UnixTime::from_seconds),
            received_at: UnixTime::from_seconds(fields.count("received_at", problems)?),
        };
        // One from before the application asked for bound tokens would go on without.
        let is_bound = tokens.jkt.is_some() || !config.dpop;
        let is_one_user = claims.get("sub")?.as_str().is_some() && claims.get("sub") == authentication.get("sub");
        (is_own && is_token && is_bound && is_one_user).then_some(Self { tokens, claims, authentication, renewals })
    }
}
