// Defences of the client: pushed requests, proofs, renewed tokens, challenges, kept sessions.

/** @typedef {import("./list.mjs").Defence} Defence */

const pushed = "src/client/pushed.rs";
const proofs = "src/client/dpop.rs";
const token = "src/client/token.rs";
const renewed = "src/client/id_token.rs";
const challenge = "src/client/challenge.rs";
const kept = "src/client/kept_session.rs";

/** @type {Defence[]} */
export const clientDefences = [
  {
    name: "where requests can be pushed no URL has the parameters",
    file: "src/client/authorization.rs",
    find: "let step = match metadata.pushed_authorization_request_endpoint() {",
    replace:
      "let step = match metadata.pushed_authorization_request_endpoint().filter(|_| dpop_jkt.is_none()) {",
    test: "client",
  },
  {
    name: "a pushed request's answer has status 201",
    file: pushed,
    find: "if status != 201 {",
    replace: "if status > 299 {",
    test: "client",
  },
  {
    name: "a refused pushed request ends the sign-in",
    file: pushed,
    find: 'if let Some(error) = text("error")? {',
    replace: 'if let Some(error) = text("error")?.filter(|_| status != 201) {',
    test: "client",
  },
  {
    name: "a pushed request's reference is a URI",
    file: pushed,
    find: "!uri.is_empty() && uri.bytes().all(|byte| byte.is_ascii_graphic())",
    replace: "!uri.is_empty()",
    test: "client",
  },
  {
    name: "the endpoint's own query has none of the request's parameters",
    file: "src/client/authorization.rs",
    find: "any(|(name, _)| PARAMETERS.contains(&name.as_str())) {",
    replace: 'any(|(name, _)| PARAMETERS.contains(&name.as_str()) && name != "request_uri") {',
    test: "client",
  },
  {
    name: "proofs are made by keys on P-256",
    file: proofs,
    find: "if key.key_type() != KeyType::EcP256 {",
    replace: "if key.key_type() == KeyType::EcP256 && key.thumbprint().is_empty() {",
    test: "client",
  },
  {
    name: "htu has neither query nor fragment",
    file: proofs,
    find: "request.url.split(['?', '#'])",
    replace: "request.url.split(['#'])",
    test: "client",
  },
  {
    name: "a proof at an API has the token's hash",
    file: proofs,
    find: 'claims.insert("ath", base64url::encode(&Sha256::digest(token)));',
    replace: 'claims.insert("ath", base64url::encode(&Sha256::digest(request.url)));',
    test: "client",
  },
  {
    name: "a proof has its own identifier",
    file: proofs,
    find: '("jti", random_text(random)?.into()),',
    replace: '("jti", random_text(&random.map(|byte| byte | 1))?.into()),',
    test: "client",
  },
  {
    name: "a server's nonce is bounded",
    file: proofs,
    find: "if nonce.len() > limits::MAX_DPOP_NONCE_BYTES {",
    replace: "if nonce.len() > limits::MAX_DPOP_NONCE_BYTES * 2 {",
    test: "client",
  },
  {
    name: "who asked for bound tokens takes no bearer token",
    file: token,
    find: 'let token_type = if jkt.is_some() { "DPoP" } else { "Bearer" };',
    replace: 'let token_type = if jkt.is_some() && !text.contains("Bearer") { "DPoP" } else { "Bearer" };',
    test: "client",
  },
  {
    name: "renewed tokens are the same user's",
    file: renewed,
    find: 'Some("sub").filter(differs).or(claim)',
    replace: 'Some("sub").filter(|_| false).or(claim)',
    test: "client",
  },
  {
    name: "renewed tokens are of the same authentication",
    file: renewed,
    find: '["auth_time", "azp", "nonce"]',
    replace: '["azp", "nonce"]',
    test: "client",
  },
  {
    name: "a nonce that comes with renewed tokens is the sign-in's",
    file: renewed,
    find: '["auth_time", "azp", "nonce"]',
    replace: '["auth_time", "azp"]',
    test: "client",
  },
  {
    name: "a renewed ID token names no party where none was named before",
    file: renewed,
    find: '["auth_time", "azp", "nonce"]',
    replace: '["auth_time", "nonce"]',
    test: "client",
  },
  {
    name: "the signature of a renewed ID token counts",
    file: "src/client/session.rs",
    find: "let verified = self.verified(verdict, engine)?;\n        let access_token =",
    replace:
      "let verified = self.verified(HostVerdict::Holds, engine).or(Err(verdict)).map_err(|_| Error::SignatureInvalid)?;\n        let access_token =",
    test: "client",
  },
  {
    name: "another scheme's challenge is not ours",
    file: challenge,
    find: "self.error.as_deref().filter(|_| self.is_ours)",
    replace: "self.error.as_deref().filter(|_| self.is_ours || true)",
    test: "client",
  },
  {
    name: "a challenge counts with status 401 alone",
    file: challenge,
    find: "if status != 401 ||",
    replace: "if status < 400 ||",
    test: "client",
  },
  {
    name: "a malformed list of challenges is no advice",
    file: challenge,
    find: "if rest.is_empty() { advice } else { Self::Nothing }",
    replace: "advice",
    test: "client",
  },
  {
    name: "a parameter that is there twice spoils its challenge",
    file: challenge,
    find: "place.replace(value).is_none().then_some(())",
    replace: "place.replace(value).is_none().then_some(()).or(Some(()))",
    test: "client",
  },
  {
    name: "a demand that can't be read is not left out",
    file: challenge,
    find: "Some(text) => Some(seconds(text)?),",
    replace: "Some(text) => seconds(text),",
    test: "client",
  },
  {
    name: "challenges are bounded",
    file: challenge,
    find: "www_authenticate.len() > limits::MAX_CHALLENGE_BYTES",
    replace: "www_authenticate.len() > limits::MAX_CHALLENGE_BYTES * 2",
    test: "client",
  },
  {
    name: "a kept session is of this issuer",
    file: kept,
    find: 'text("issuer")? == config.issuer.as_str() &&',
    replace: '!text("issuer")?.is_empty() &&',
    test: "client",
  },
  {
    name: "a kept session is of this client",
    file: kept,
    find: 'text("client_id")? == config.client_id;',
    replace: '!text("client_id")?.is_empty();',
    test: "client",
  },
  {
    name: "a kept session is of this key",
    file: kept,
    find: ".filter(|session| session.tokens.jkt.as_deref() == jkt.filter(|_| session.tokens.jkt.is_some()))",
    replace: ".filter(|session| session.tokens.jkt.is_none() || jkt.is_some())",
    test: "client",
  },
  {
    name: "a kept session is bound where bound tokens are asked for",
    file: kept,
    find: "tokens.jkt.is_some() || !config.dpop",
    replace: "tokens.jkt.is_some() || !config.client_id.is_empty()",
    test: "client",
  },
  {
    name: "a kept session's token can't end a header",
    file: kept,
    find: "!access_token.is_empty() && access_token.bytes().all(|byte| byte.is_ascii_graphic())",
    replace: "!access_token.is_empty()",
    test: "client",
  },
  {
    name: "a kept session is bounded",
    file: kept,
    find: "if text.len() > limits::MAX_SESSION_BYTES {",
    replace: "if text.len() > limits::MAX_SESSION_BYTES * 2 {",
    test: "client",
  },
  {
    name: "the refresh token is left out where it is not to be shared",
    file: kept,
    find: ".filter(|_| with_refresh_token)",
    replace: ".filter(|_| with_refresh_token || true)",
    test: "client",
  },
  {
    name: "no slash follows where a path back begins",
    file: "src/client/transaction.rs",
    find: "path.starts_with('/') && !path.starts_with(\"//\")",
    replace: "path.starts_with('/')",
    test: "attacks class_44",
  },
  {
    name: "dot segments in a path back are refused",
    file: "src/client/transaction.rs",
    find: "if is_local && is_plain && !has_dots",
    replace: "if is_local && is_plain && (!has_dots || !path.is_empty())",
    test: "attacks class_44",
  },
  {
    name: "the callback comes to the redirect URI",
    file: "src/client/config.rs",
    find: "url.split(['?', '#']).next() == Some(self.redirect_uri.as_str())",
    replace: "url.split(['?', '#']).next().is_some_and(|url| url.ends_with(self.redirect_uri.path()))",
    test: "attacks class_43",
  },
  {
    name: "a sign-in waits for its own server's answer",
    file: "src/client/callback.rs",
    find: "let is_this_clients = transaction.issuer == metadata.issuer()",
    replace: "let is_this_clients = !transaction.issuer.is_empty()",
    test: "attacks class_45",
  },
  {
    name: "a sign-in grows too old",
    file: "src/client/callback.rs",
    find: "if !is_this_clients || transaction.is_expired(now) {",
    replace: "if !is_this_clients {",
    test: "attacks class_46",
  },
];
