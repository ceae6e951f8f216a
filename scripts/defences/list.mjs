// Each defence with the edit that takes it out, and the suite that must then go red.

import { answerDefences } from "./answers.mjs";
import { clientDefences } from "./client.mjs";
import { dpopDefences } from "./dpop.mjs";
import { engineDefences } from "./engine.mjs";
import { forwardingDefences } from "./forwarding.mjs";
import { jsonDefences } from "./json.mjs";
import { machineDefences } from "./machine.mjs";
import { memoryDefences } from "./memory.mjs";
import { policyDefences } from "./policy.mjs";
import { recoveryDefences } from "./recovery.mjs";
import { refreshTokenDefences } from "./refresh-token.mjs";
import { requirementDefences } from "./requirement.mjs";
import { revocationDefences } from "./revocation.mjs";
import { rsaDefences } from "./rsa.mjs";
import { signInDefences } from "./sign-in.mjs";
import { storeDefences } from "./stores.mjs";
import { tenantDefences } from "./tenants.mjs";
import { tokenDefences } from "./tokens.mjs";
import { upstreamTokenDefences } from "./upstream-token.mjs";

/**
 * @typedef {object} Defence
 * @property {string} name what is taken out
 * @property {string} file
 * @property {string} find must be there exactly once
 * @property {string} replace
 * @property {"json" | "jose" | "jwt" | "attacks" | "resource_server" | `resource_server ${string}` | `attacks ${string}` | "client" | `client ${string}` | `engine ${string}` | `tests/${string}.test.ts`} test a native test binary,
 *   or those of its tests whose names hold a text, the crate's own tests whose names hold one of some texts, or a file for node:test
 */

/** @type {Defence[]} */
export const defences = [
  ...jsonDefences,
  ...tokenDefences,
  ...tenantDefences,
  ...memoryDefences,
  ...engineDefences,
  ...rsaDefences,
  ...signInDefences,
  ...clientDefences,
  ...refreshTokenDefences,
  ...machineDefences,
  ...policyDefences,
  ...dpopDefences,
  ...forwardingDefences,
  ...requirementDefences,
  ...answerDefences,
  ...storeDefences,
  ...revocationDefences,
  ...upstreamTokenDefences,
  ...recoveryDefences,
  {
    name: "the signature is checked",
    file: "src/jose/verify.rs",
    find: ".map_err(|_| Error::SignatureInvalid)",
    replace: ".or(Ok(()))",
    test: "jose",
  },
  {
    name: "the algorithm must be allowed",
    file: "src/jose/verify.rs",
    find: "if allowed.contains(&jws.header().algorithm()) { Ok(()) } else { Err(Error::AlgorithmNotAllowed) }",
    replace: "if allowed.contains(&jws.header().algorithm()) { Ok(()) } else { Ok(()) }",
    test: "jose",
  },
  {
    name: "crit is refused",
    file: "src/jose/header.rs",
    find: "return Err(Error::CriticalHeaderUnsupported);",
    replace: "",
    test: "jose",
  },
  {
    name: "a key with private members is refused",
    file: "src/jose/jwk.rs",
    find: 'return Err(unusable("it shows private members"));',
    replace: "",
    test: "jose",
  },
  {
    name: "aud is compared",
    file: "src/jwt/validate.rs",
    find: "Err(Error::AudienceMismatch)",
    replace: "Ok(())",
    test: "jwt",
  },
  {
    name: "exp is compared",
    file: "src/jwt/validate.rs",
    find: "return Err(Error::TokenExpired);",
    replace: "",
    test: "jwt",
  },
  {
    name: "typ is checked",
    file: "src/jwt/profile.rs",
    find: "if fits { Ok(()) } else { Err(Error::TypeMismatch) }",
    replace: "if fits { Ok(()) } else { Ok(()) }",
    test: "jwt",
  },
  {
    name: "active must be the boolean true",
    file: "src/jwt/introspection.rs",
    find: "_ => return Err(Error::INTROSPECTION_UNAVAILABLE),",
    replace: "_ => {}",
    test: "jwt",
  },
  {
    name: "identity headers of the client are dropped (core)",
    file: "src/resource_server/claim_headers.rs",
    find: "name.starts_with(RESERVED_PREFIX)",
    replace: "false",
    test: "resource_server",
  },
  {
    name: "identity headers of the client are dropped (Worker)",
    file: "js/forward.ts",
    find: "for (const name of dropped) own.delete(name);",
    replace: "namesIn(own, (name) => state.dropsHeader(name) && false)",
    test: "tests/conformance/forwarding.test.ts",
  },
  {
    name: "no redirect is followed to the keys",
    file: "js/documents.ts",
    find: 'redirect: "manual",',
    replace: 'redirect: "follow",',
    test: "tests/conformance/keys.test.ts",
  },
  {
    name: "state is compared",
    file: "src/client/callback.rs",
    find: "if !bool::from(state.as_bytes().ct_eq(transaction.state.as_bytes())) {",
    replace: "if !bool::from(state.as_bytes().ct_eq(state.as_bytes())) {",
    test: "client",
  },
  {
    name: "the callback's issuer is compared",
    file: "src/client/callback.rs",
    find: "_ => return Err(Error::CallbackIssuerMismatch),",
    replace: "_ => {}",
    test: "client",
  },
  {
    name: "an implicit response is refused",
    file: "src/client/callback.rs",
    find: "return Err(Error::ImplicitResponseRefused);",
    replace: "",
    test: "client",
  },
  {
    name: "the nonce is compared",
    file: "src/jwt/id_token.rs",
    find: "if !equal_in_constant_time(claimed, nonce) {",
    replace: "if !equal_in_constant_time(claimed, nonce) && claimed.is_empty() {",
    test: "client",
  },
  {
    name: "iss is compared",
    file: "src/jwt/issuer.rs",
    find: "if issuer != expected => Err(Error::IssuerUnknown)",
    replace: "if issuer.is_empty() && issuer != expected => Err(Error::IssuerUnknown)",
    test: "jwt",
  },
  {
    name: "a token bound to a key is refused",
    file: "src/jwt/validate.rs",
    find: "Confirmation::of(&claims, rules.taken_bindings)?;",
    replace: "let _ = Confirmation::of(&claims, rules.taken_bindings);",
    test: "jwt",
  },
  {
    name: "a token in the query is refused",
    file: "src/resource_server/bearer.rs",
    find: "if request.query.is_some_and(in_query) {",
    replace: "if request.query.is_some_and(|query| query.is_empty() && in_query(query)) {",
    test: "resource_server",
  },
  {
    name: "a path with capital letters is folded",
    file: "src/resource_server/route.rs",
    find: "b'a'..=b'z' | b'0'..=b'9' | b'-'",
    replace: "b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-'",
    test: "resource_server",
  },
  {
    name: "a path with dots is looked at by segment",
    file: "src/resource_server/route.rs",
    find: "b'_' | b'/')",
    replace: "b'_' | b'/' | b'.')",
    test: "resource_server",
  },
  {
    name: "a path with empty segments is refused",
    file: "src/resource_server/route.rs",
    find: '&& !path.contains("//")',
    replace: "",
    test: "resource_server",
  },
  {
    name: "a URL that a parser would change is parsed",
    file: "js/request-url.ts",
    find: "(?:\\/(?!\\.)[",
    replace: "(?:\\/[",
    test: "tests/verifier/request-url.test.ts",
  },
  {
    name: "look-alike paths do not lead past a route",
    file: "src/resource_server/route.rs",
    find: "if self.folded_pattern(&folded) != Some(pattern) {",
    replace: "if self.folded_pattern(&folded) != Some(pattern) && path.is_empty() {",
    test: "resource_server",
  },
  {
    name: "a client assertion is for one server alone",
    file: "src/resource_server/introspection.rs",
    find: "introspection_request(&endpoint, (&client.client, secret, issuer),",
    replace: "introspection_request(&endpoint, (&client.client, secret, endpoint.as_str()),",
    test: "resource_server",
  },
  {
    name: "a private key is looked at when the gate starts",
    file: "src/resource_server/client_authentication.rs",
    find: "self.method != Method::PrivateKeyJwt || PrivateKey::read(secret).is_some()",
    replace: "self.method != Method::PrivateKeyJwt || !secret.is_empty()",
    test: "resource_server",
  },
  {
    name: "scopes taken away are not forwarded",
    file: "src/resource_server/introspection.rs",
    find: "entitled.limited_by(&said, route, issuers, now)?",
    replace: "entitled",
    test: "resource_server",
  },
  {
    name: "return_to stays on the origin",
    file: "src/client/transaction.rs",
    find: "if is_local && is_plain && !has_dots",
    replace: "if is_plain && !has_dots",
    test: "client",
  },
  {
    name: "the token goes to named origins only",
    file: "src/client/config.rs",
    find: "self.api_origins.iter().any(|own| own.as_str() == origin)",
    replace: "self.api_origins.iter().any(|own| own.as_str() == origin || !origin.is_empty())",
    test: "client",
  },
  {
    name: "typ says that it is a DPoP proof",
    file: "src/resource_server/dpop.rs",
    find: 'typ.eq_ignore_ascii_case("dpop+jwt")',
    replace: "!typ.is_empty()",
    test: "resource_server",
  },
  {
    name: "htm is compared",
    file: "src/resource_server/dpop.rs",
    find: "? != request.method {",
    replace: "?.is_empty() {",
    test: "resource_server",
  },
  {
    name: "htu is compared",
    file: "src/resource_server/dpop.rs",
    find: "if htu::is_same(url, request.url) {",
    replace: "if !url.is_empty() || htu::is_same(url, request.url) {",
    test: "resource_server",
  },
  {
    name: "a DPoP proof grows too old",
    file: "src/resource_server/dpop.rs",
    find: "return Err(Error::ProofTooOld);",
    replace: "",
    test: "resource_server",
  },
  {
    name: "a DPoP proof is not of the future",
    file: "src/resource_server/dpop.rs",
    find: "return Err(Error::TokenIssuedInFuture);",
    replace: "",
    test: "resource_server",
  },
  {
    name: "ath is compared",
    file: "src/resource_server/dpop.rs",
    find: "if equal_in_constant_time(hash, &expected) {",
    replace: "if equal_in_constant_time(hash, &expected) || !hash.is_empty() {",
    test: "resource_server",
  },
  {
    name: "the proof's key is the one the token is bound to",
    file: "src/resource_server/dpop.rs",
    find: "return Err(Error::ProofKeyMismatch);",
    replace: "",
    test: "resource_server",
  },
  {
    name: "a used proof is refused",
    file: "src/resource_server/dpop.rs",
    find: "if was_used {",
    replace: "if was_used && self.jti.is_empty() {",
    test: "resource_server",
  },
  {
    name: "a back slash is no part of a URL's path",
    file: "src/resource_server/dpop/htu.rs",
    find: "if uri.contains('\\\\') {",
    replace: "if uri.contains('\\0') {",
    test: "resource_server",
  },
  {
    name: "an encoded slash is no slash",
    file: "src/resource_server/dpop/htu.rs",
    find: '|| b"-._~".contains(&byte)',
    replace: '|| b"-._~/".contains(&byte)',
    test: "resource_server",
  },
  {
    name: "a nested JWT is refused by its whole name",
    file: "src/jose/header.rs",
    find: '|cty| without_application(cty).eq_ignore_ascii_case("JWT")',
    replace: '|cty| cty.eq_ignore_ascii_case("JWT")',
    test: "jose",
  },
  {
    name: "the server must offer S256",
    file: "src/client/config.rs",
    find: "if !metadata.offers_s256() {",
    replace: "if !metadata.offers_s256() && false {",
    test: "client",
  },
];
