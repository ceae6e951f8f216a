// `edgeward/durable-objects`: real objects of each class, which the Worker of this run exports and binds, asked by guards that know nothing of each other.

import { env } from "cloudflare:workers";
import { createGuard } from "edgeward/worker";
import { equal } from "./expect.mjs";

const API = "https://api.example";

const policyOf = ({ issuer, audience }, changes) => ({
  issuers: [{ issuer, audience, jwks_uri: `${issuer}/jwks` }],
  routes: [{ path: "/data", methods: ["GET"], scope: "data:read" }],
  ...changes,
});

const guardOf = (given, changes) =>
  createGuard(policyOf(given, changes), {
    bindings: env,
    fetch: async () => new Response(JSON.stringify(given.keySet)),
  });

const ask = (token, path = "/data", init = {}) =>
  new Request(API + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

async function outcome(guard, request) {
  const { outcome, response, code } = await guard.authorize(request);
  return outcome === "forward" ? outcome : [response.status, code];
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** A proof for a request for the data (RFC 9449 section 4.2). */
async function proofOf({ token, privateKey }) {
  const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", privateKey, ecdsa, false, ["sign"]);
  const text = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));
  const { kty, crv, x, y } = privateKey;
  const ath = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const iat = Math.floor(Date.now() / 1000);
  const claims = { jti: crypto.randomUUID(), htm: "GET", htu: `${API}/data`, iat, ath };
  const input = `${text({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } })}.${text(claims)}`;
  return `${input}.${base64url(await crypto.subtle.sign(ecdsa, key, new TextEncoder().encode(input)))}`;
}

export const cases = [
  {
    name: "DpopReplay: a proof that one guard has taken no other one takes",
    run: async (given) => {
      const policy = { dpop: { replay_binding: "DPOP_REPLAY" } };
      const [one, other] = [guardOf(given, policy), guardOf(given, policy)];
      const { token } = given.bound;
      const withProof = (dpop) => ask("", "/data", { headers: { authorization: `DPoP ${token}`, dpop } });
      const [first, second] = [await proofOf(given.bound), await proofOf(given.bound)];
      equal(await outcome(one, withProof(first)), "forward", "the first time");
      equal(await outcome(other, withProof(first)), [401, "proof_replayed"], "the second time");
      equal(await outcome(other, withProof(second)), "forward", "another proof");
    },
  },
  {
    name: "DenyList: what is revoked at one guard another one refuses",
    run: async (given) => {
      const routes = [
        { path: "/data", scope: "data:read" },
        { path: "/deny-list", scope: "data:read", deny_list: true },
      ];
      const policy = { routes, revocation: { durable_object_binding: "DENY_LIST" } };
      const { leaked, ES256 } = given.tokens;
      const one = guardOf(given, policy);
      equal(await outcome(one, ask(leaked)), "forward", "before");
      const entry = { method: "POST", body: JSON.stringify({ jti: "leaked" }) };
      const { response } = await one.authorize(ask(ES256, "/deny-list", entry));
      equal(response.status, 201, "it is written");
      for (const guard of [one, guardOf(given, policy)]) {
        equal(await outcome(guard, ask(leaked)), [401, "token_revoked"], "afterwards");
        equal(await outcome(guard, ask(ES256)), "forward", "another token");
      }
    },
  },
  {
    name: "KeySets: the object fetches the key set from a real server, and the guard does not",
    run: async (given) => {
      const { issuer, audience, server, tokens, spoilt } = given;
      const asked = [];
      const guard = createGuard(
        policyOf(given, {
          issuers: [{ issuer, audience, jwks_uri: `${server}/jwks` }],
          keys: { durable_object_binding: "KEY_SETS" },
          allow_insecure_loopback: true,
        }),
        {
          bindings: env,
          fetch: async (input) => {
            asked.push(String(input));
            throw new TypeError("not by the guard");
          },
        },
      );
      equal(await outcome(guard, ask(tokens.ES256)), "forward", "a good token");
      equal(await outcome(guard, ask(spoilt.ES256)), [401, "signature_invalid"], "a spoilt one");
      equal(asked, [], "what the guard fetched");
    },
  },
];
