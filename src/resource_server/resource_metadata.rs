//! Protected resource metadata (RFC 9728): what clients may know of the API before they have a token.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Ground,
    issuer::Issuer,
    progress::{Request, Response},
};
use crate::{
    error::{Error, Problems},
    http_url::{HttpUrl, Transport},
    json::{Fields, Object, Value},
    jwt::Scope,
    limits,
};

/// Where it lies, before the path of the resource (RFC 9728 section 3).
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Members that are URLs for people, in the document as in the policy (RFC 9728 section 2).
const PAGES: [&str; 3] = ["resource_documentation", "resource_policy_uri", "resource_tos_uri"];

/// The metadata document and where it is.
#[derive(Clone, Debug)]
pub(super) struct ResourceMetadata {
    /// Named by every challenge (RFC 9728 section 5.1). It stands in a quoted string as it is.
    url: String,
    path: String,
    members: Object,
    /// The members as they are sent.
    document: String,
}

impl ResourceMetadata {
    const MEMBERS: [&str; 6] = [
        "resource",
        "scopes_supported",
        "resource_name",
        "resource_documentation",
        "resource_policy_uri",
        "resource_tos_uri",
    ];

    /// Reads `resource_metadata` of a policy. Who may issue tokens it has from the policy itself.
    pub(super) fn read(
        policy: &Fields<'_>,
        issuers: &[Issuer],
        transport: Transport,
        problems: &mut Problems,
    ) -> Option<Self> {
        let fields = policy.optional_object("resource_metadata", &Self::MEMBERS, problems)?;
        let resource = fields.text_as(
            "resource",
            "must be an https URL without query and fragment, like \"https://api.example\" (RFC 9728 section 1.2)",
            |text| HttpUrl::parse(text, transport).filter(|url| url.query().is_none()),
            problems,
        );
        // A member without a value is left out (RFC 9728 section 3.2), and so is what the policy does not say.
        let mut document = Object::new();
        // Of a provider whose tenants may all come, none can be named.
        let issuers: Vec<Value> = issuers.iter().filter_map(Issuer::identifiers).flatten().map(Value::from).collect();
        if !issuers.is_empty() {
            document.insert("authorization_servers", issuers);
        }
        // The gate takes tokens nowhere else (RFC 6750 section 2.1).
        document.insert("bearer_methods_supported", Vec::from(["header".into()]));
        for name in PAGES {
            let rule = "must be an https URL";
            let page = fields.optional_text_as(name, rule, |text| HttpUrl::parse(text, transport), problems);
            if let Some(page) = page {
                document.insert(name, page.as_str());
            }
        }
        if let Some(name) = fields.optional_text("resource_name", problems) {
            document.insert("resource_name", name);
        }
        let scopes = fields.optional_texts("scopes_supported", problems).unwrap_or_default();
        let is_scope = |text: &&str| Scope::parse(text).is_some_and(|scope| scope.iter().eq([*text]));
        if !scopes.iter().all(is_scope) {
            fields.refuse("scopes_supported", "must be scopes, each by itself (RFC 6749 section 3.3)", problems);
        }
        if !scopes.is_empty() {
            document.insert("scopes_supported", scopes.into_iter().map(Into::into).collect::<Vec<Value>>());
        }
        let resource = resource?;
        document.insert("resource", resource.as_str());
        // The slash after a host is not part of the path that is added (RFC 9728 section 3.1).
        let path = format!("{WELL_KNOWN}{}", if resource.path() == "/" { "" } else { resource.path() });
        let text = document.to_string();
        Some(Self { url: format!("{}{path}", resource.origin()), path, members: document, document: text })
    }

    /// Says by which algorithms proofs of possession may be signed, and whether no other token will do (RFC 9728 section 2). `algs` are names
    /// separated by spaces.
    pub(super) fn takes_proofs(&mut self, algs: &str, are_required: bool) {
        let algs: Vec<Value> = algs.split_whitespace().map(Into::into).collect();
        self.members.insert("dpop_signing_alg_values_supported", algs);
        // The default is said by saying nothing.
        if are_required {
            self.members.insert("dpop_bound_access_tokens_required", true);
        }
        self.document = self.members.to_string();
    }

    /// Says that tokens may be bound to the client's certificate (RFC 8705 section 3.3, RFC 9728 section 2).
    pub(super) fn takes_certificates(&mut self) {
        self.members.insert("tls_client_certificate_bound_access_tokens", true);
        self.document = self.members.to_string();
    }

    /// The URL of the document.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The answer where the request is for the document: to everybody, pages of all origins included, since it is public by its purpose.
    ///
    /// # Errors
    /// `method_not_allowed` for what neither reads it nor asks whether it may.
    pub(super) fn answer(&self, request: &Request<'_>) -> Result<Option<Response>, Error> {
        if request.path != self.path {
            return Ok(None);
        }
        let everybody = ("access-control-allow-origin", String::from("*"));
        let (status, headers, body) = match request.method {
            "GET" | "HEAD" => {
                let headers = [
                    ("content-type", "application/json".into()),
                    ("cache-control", format!("public, max-age={}", limits::RESOURCE_METADATA_MAX_AGE_SECONDS)),
                    everybody,
                ];
                let body = if request.method == "GET" { self.document.clone() } else { String::new() };
                (200, headers.to_vec(), body)
            }
            // Clients add headers of their protocols, and then browsers ask first (the Fetch standard, section 3.3).
            "OPTIONS" => {
                let headers = [
                    everybody,
                    ("access-control-allow-methods", "GET".into()),
                    ("access-control-allow-headers", "*".into()),
                    ("access-control-max-age", limits::PREFLIGHT_MAX_AGE_SECONDS.to_string()),
                ];
                (204, headers.to_vec(), String::new())
            }
            _ => return Err(Error::MethodNotAllowed { allow: "GET, HEAD, OPTIONS".into() }),
        };
        Ok(Some(Response::good(status, headers, body, Ground::MetadataServed)))
    }
}
