//! How the gate, or a machine, proves to an authorization server who it is: a secret as HTTP Basic or in the form (RFC 6749 section 2.3.1), or an assertion
//! signed with its private key (RFC 7523 section 2.2, `private_key_jwt` of OIDC Core section 9).
//!
//! The core holds no private key and signs nothing: it says what the assertion states, and the host, which has the key and random values,
//! signs it.

use alloc::string::{String, ToString};

use crate::{
    basic_credentials::basic_credentials,
    error::Problems,
    form::Form,
    jose::{Algorithm, algorithm::KeyType},
    json::{Fields, Object, Value},
    limits,
    time::UnixTime,
};

/// The gate, or a machine, as a client of an authorization server.
#[derive(Clone, Debug)]
pub(crate) struct ClientAuthentication {
    client_id: String,
    method: Method,
    /// The name of the secret: a client secret, or the private key as a JWK.
    secret_binding: String,
}

/// The standard's methods that are known here (OIDC Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

impl Method {
    /// What a document must say for one.
    pub(crate) const RULE: &str = "must be \"client_secret_basic\", \"client_secret_post\" or \"private_key_jwt\"";

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        match name {
            "client_secret_basic" => Some(Self::ClientSecretBasic),
            "client_secret_post" => Some(Self::ClientSecretPost),
            "private_key_jwt" => Some(Self::PrivateKeyJwt),
            _ => None,
        }
    }
}

/// A client assertion to be signed (RFC 7523 section 3). The host adds a random `jti`, signs, and adds the JWT to the form as `client_assertion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAssertion {
    /// The name of the secret that is the private key, a JWK.
    pub private_key_binding: String,
    /// How it is signed.
    pub algorithm: &'static Algorithm,
    /// The JOSE header, JSON text.
    pub header: String,
    /// The claims without `jti`, JSON text.
    pub claims: String,
}

/// What a request to an authorization server says of who asks.
pub(crate) struct Credentials {
    pub(crate) authorization: Option<String>,
    pub(crate) client_assertion: Option<ClientAssertion>,
}

impl ClientAuthentication {
    /// Whether it proves itself by client assertions.
    pub(super) fn makes_assertions(&self) -> bool {
        self.method == Method::PrivateKeyJwt
    }

    /// What a policy may say of it; the name of the method's member comes with it.
    pub(super) const MEMBERS: [&str; 3] = ["client_id", "client_secret_binding", "private_key_binding"];

    /// Reads it; `method_member` is the standard's name of the member that names the method.
    pub(super) fn read(fields: &Fields<'_>, method_member: &str, problems: &mut Problems) -> Option<Self> {
        let named = fields.optional_text(method_member, problems);
        let Some(method) = named.map_or(Some(Method::ClientSecretBasic), Method::by_name) else {
            fields.refuse(method_member, Method::RULE, problems);
            return None;
        };
        let (binding, other) = match method {
            Method::PrivateKeyJwt => ("private_key_binding", "client_secret_binding"),
            Method::ClientSecretBasic | Method::ClientSecretPost => ("client_secret_binding", "private_key_binding"),
        };
        if fields.optional_text(other, problems).is_some() {
            fields.refuse(other, "is not what this method of authentication uses", problems);
        }
        let client_id = fields.text("client_id", problems);
        let secret_binding = fields.text(binding, problems);
        for (member, text) in [("client_id", client_id), (binding, secret_binding)] {
            if text == Some("") {
                fields.refuse(member, "must not be empty", problems);
            }
        }
        Some(Self { client_id: client_id?.into(), method, secret_binding: secret_binding?.into() })
    }

    /// A client whose secret has this name.
    pub(crate) const fn new(client_id: String, method: Method, secret_binding: String) -> Self {
        Self { client_id, method, secret_binding }
    }

    /// The name of the secret it needs.
    pub(crate) fn secret_binding(&self) -> &str {
        &self.secret_binding
    }

    /// What is wrong with the secret, if anything is.
    pub(crate) fn problem_with(&self, secret: &str) -> Option<&'static str> {
        let is_key = self.method != Method::PrivateKeyJwt || PrivateKey::read(secret).is_some();
        (!is_key).then_some("must be a private key as a JWK with \"alg\" (RFC 7517): it signs client assertions")
    }

    /// Puts into the form, and beside it, who asks. `audience` is the server's issuer identifier, and no endpoint's URL: an assertion for one
    /// server is then good at no other.
    pub(crate) fn authenticate(
        &self,
        secret: &str,
        audience: &str,
        form: &mut Form,
        now: UnixTime,
    ) -> Option<Credentials> {
        match self.method {
            Method::ClientSecretBasic => {
                let authorization = Some(basic_credentials(&self.client_id, secret));
                Some(Credentials { authorization, client_assertion: None })
            }
            Method::ClientSecretPost => {
                form.append_pair("client_id", &self.client_id).append_pair("client_secret", secret);
                Some(Credentials { authorization: None, client_assertion: None })
            }
            Method::PrivateKeyJwt => {
                form.append_pair("client_id", &self.client_id)
                    .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                let client_assertion = Some(self.assertion(&PrivateKey::read(secret)?, audience, now));
                Some(Credentials { authorization: None, client_assertion })
            }
        }
    }

    fn assertion(&self, key: &PrivateKey, audience: &str, now: UnixTime) -> ClientAssertion {
        let mut header = Object::from([("alg", key.algorithm.name().into()), ("typ", "JWT".into())]);
        if let Some(kid) = &key.kid {
            header.insert("kid", kid.as_str());
        }
        let claims = Object::from([
            ("iss", self.client_id.as_str().into()),
            ("sub", self.client_id.as_str().into()),
            ("aud", audience.into()),
            ("iat", now.as_seconds().into()),
            ("exp", now.plus(limits::CLIENT_ASSERTION_SECONDS).as_seconds().into()),
        ]);
        ClientAssertion {
            private_key_binding: self.secret_binding.clone(),
            algorithm: key.algorithm,
            header: header.to_string(),
            claims: claims.to_string(),
        }
    }
}

/// What is looked at of the private key. The key itself is the host's to use.
struct PrivateKey {
    algorithm: &'static Algorithm,
    kid: Option<String>,
}

impl PrivateKey {
    fn read(jwk: &str) -> Option<Self> {
        let members = Object::parse(jwk.as_bytes()).ok()?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let algorithm = Algorithm::by_name(text("alg")?)?;
        let kty = match algorithm.key_type() {
            KeyType::Rsa => "RSA",
            KeyType::Ed25519 => "OKP",
            KeyType::EcP256 | KeyType::EcP384 | KeyType::EcP521 => "EC",
        };
        let is_whole = text("kty") == Some(kty) && text("d").is_some_and(|d| !d.is_empty());
        is_whole.then(|| Self { algorithm, kid: text("kid").map(Into::into) })
    }
}
