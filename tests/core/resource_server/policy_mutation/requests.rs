//! Requests by chance: what comes beside a token, from a page or not, over a connection with a certificate or without.

use edgeward::resource_server::ClientCertificate;
use serde_json::{Value, json};

use super::{
    demands::{self, texts},
    documents::Random,
    reference,
};
use crate::{
    dpop_gate::proof,
    outside::{NOW, World},
    signing::{Key, encode},
};

/// Pages that requests come from: one that policies name, another one.
pub(super) const PAGES: [&str; 2] = ["https://app.example", "https://evil.example"];

const REQUESTED: [&str; 7] = ["/a", "/a/b", "/a/b/c", "/b", "/b/c/d", "/x", "/"];

/// Where a resource's metadata is (RFC 9728 section 3.1), without a path of the resource and with one.
const METADATA: [&str; 2] = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/v1"];

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Bearer,
    /// With a proof of the EC key, for this request.
    Proved,
    /// With one for another method.
    Misdirected,
    /// With one that is good but for its nonce, where there have to be some.
    WithoutNonce,
    /// With one that has opened the gate before.
    Replayed,
}

/// Digests of the two certificates that there are.
const DIGESTS: [[u8; 32]; 2] = [[0xab; 32], [0xac; 32]];

/// How a certificate is named in a token (RFC 8705 section 3.1).
pub(super) fn thumbprint(certificate: usize) -> String {
    encode(&DIGESTS[certificate])
}

/// The client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presented {
    /// Of the two; by an application's word.
    Own(usize),
    /// One that the edge has verified, or not.
    Verified(usize),
    SelfSigned(usize),
    /// One that was revoked.
    Revoked(usize),
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// The page that it comes from.
    pub(super) page: Option<&'static str>,
    /// What a preflight asks for.
    pub(super) asks_method: Option<&'static str>,
    pub(super) certificate: Option<Presented>,
    pub(super) sent: Sent,
    /// The proof beside the token.
    pub(super) proof: Option<String>,
    /// Whether that carries a nonce of the gate's.
    pub(super) has_nonce: bool,
}

impl Sending {
    /// By chance; as an honest client would be most of the time.
    pub(super) fn any(claims: Option<&Value>, document: &Value, random: &mut Random) -> Self {
        let page = random.often(3).then(|| *random.pick(&PAGES));
        let is_preflight = page.is_some() && random.often(3);
        let bound = |member: &str| claims.and_then(|claims| claims["cnf"][member].as_str());
        let sent = match bound("jkt") {
            None if random.often(9) => Sent::Bearer,
            _ => *random.pick(&[
                Sent::Proved,
                Sent::Proved,
                Sent::Proved,
                Sent::Replayed,
                Sent::Replayed,
                Sent::WithoutNonce,
                Sent::Misdirected,
                Sent::Bearer,
            ]),
        };
        let presented: &[fn(usize) -> Presented] =
            &[Presented::Own, Presented::Own, Presented::Verified, Presented::SelfSigned, Presented::Revoked];
        let certificate = match bound("x5t#S256") {
            Some(named) if random.often(5) => usize::from(named != thumbprint(0)),
            _ => random.below(2),
        };
        let is_presented = random.often(if bound("x5t#S256").is_some() { 9 } else { 2 });
        let paths = if document["resource_metadata"].is_object() || random.often(1) { &METADATA[..] } else { &[] };
        let method = if is_preflight { "OPTIONS" } else { *random.pick(&["GET", "GET", "POST", "HEAD"]) };
        let mut path = *random.pick(&REQUESTED);
        for _ in 0..2 {
            // Most go somewhere.
            if reference::route(document, method, path).is_err() {
                path = *random.pick(&REQUESTED);
            }
        }
        if !paths.is_empty() && random.often(2) {
            path = *random.pick(paths);
        }
        Self {
            method,
            path,
            page,
            asks_method: is_preflight.then(|| *random.pick(&["GET", "POST", "PUT"])),
            certificate: is_presented.then(|| random.pick(presented)(certificate)),
            sent,
            proof: None,
            has_nonce: false,
        }
    }

    /// With the proof that it says it has.
    pub(super) fn proved(mut self, token: &str, number: usize, world: &World, nonce: Option<&str>) -> Self {
        let htm = match self.sent {
            Sent::Bearer => return self,
            Sent::Misdirected => "DELETE",
            _ => self.method,
        };
        let nonce = nonce.filter(|_| self.sent != Sent::WithoutNonce);
        self.has_nonce = nonce.is_some();
        let url = format!("https://api.example{}", self.path);
        let changes = json!({ "jti": number.to_string(), "htm": htm, "htu": url, "iat": world.now, "nonce": nonce });
        self.proof = Some(proof(Key::Ec, token, changes));
        self
    }

    /// The certificate as the runtime tells of it, with its digest in hexadecimal digits.
    pub(super) fn client_certificate<'a>(&self, texts: &'a [String; 4]) -> Option<ClientCertificate<'a>> {
        let [thumbprint, other, digest, other_digest] = texts.each_ref().map(String::as_str);
        let told = |certificate: usize, verified: &'static str, revoked: &'static str| {
            let fingerprint_sha256 = if certificate == 0 { digest } else { other_digest };
            ClientCertificate::TlsClientAuth { verified, revoked, fingerprint_sha256 }
        };
        Some(match self.certificate? {
            Presented::Own(0) => ClientCertificate::Thumbprint(thumbprint),
            Presented::Own(_) => ClientCertificate::Thumbprint(other),
            Presented::Verified(which) => told(which, "SUCCESS", "0"),
            Presented::SelfSigned(which) => told(which, "FAILED:self signed certificate", "0"),
            Presented::Revoked(which) => told(which, "SUCCESS", "1"),
        })
    }
}

/// The two certificates' thumbprints and their digests in hexadecimal digits.
pub(super) fn certificates() -> [String; 4] {
    // All bytes of each are the same.
    let hex = |digest: [u8; 32]| format!("{:02x}", digest[0]).repeat(digest.len());
    [thumbprint(0), thumbprint(1), hex(DIGESTS[0]), hex(DIGESTS[1])]
}

/// Entries of the deny list; `None` where it can't be had.
pub(super) fn deny_list(random: &mut Random) -> Option<Vec<Value>> {
    if random.below(8) == 0 {
        return None;
    }
    let entries = (0..random.below(4)).map(|_| {
        let issuers = [super::documents::ISSUERS[0], super::documents::ISSUERS[1], "https://three.example/a"];
        let mut entry = json!({ "iss": random.pick(&issuers), "expires_at": NOW + 100_000 });
        match random.below(4) {
            0 => entry["issued_before"] = json!(NOW - 100),
            1 => entry["sid"] = json!(random.pick(&super::documents::WORDS)),
            2 => entry["jti"] = json!(random.below(240).to_string()),
            _ => {
                entry["sub"] = json!(random.pick(&super::documents::WORDS));
                entry["issued_before"] = json!(NOW - 10 * u64::try_from(random.below(4)).unwrap());
            }
        }
        entry
    });
    Some(entries.collect())
}

/// A token's place, of those that the policy may take most of the time.
pub(super) fn chosen(document: &Value, tokens: &[(Value, String)], random: &mut Random) -> usize {
    let suits = |claims: &Value| {
        let issuers = document["issuers"].as_array().into_iter().flatten();
        let mut own = issuers.filter(|issuer| demands::issues(issuer, claims));
        let named = texts(&claims["aud"]);
        let takes = |member: &str, named: &str| claims["cnf"].get(named).is_none() || document[member].is_object();
        own.any(|issuer| texts(&issuer["audience"]).iter().any(|audience| named.contains(audience)))
            && takes("dpop", "jkt")
            && takes("mtls", "x5t#S256")
    };
    let mut at = random.below(tokens.len());
    for _ in 0..8 {
        if !suits(&tokens[at].0) {
            at = random.below(tokens.len());
        }
    }
    at
}

/// How long after the last one a request comes, in seconds; in all so little that no proof is too old.
pub(super) fn pause(random: &mut Random) -> u64 {
    *random.pick(&[0, 0, 1, 7])
}
