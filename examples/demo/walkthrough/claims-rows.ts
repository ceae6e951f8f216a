/** Tokens that are signed by the right key, and still not good here. */

import { ARCHIVE_AUDIENCE } from "../resources.ts";
import { accessTokenClaims, type JsonObject, signToken } from "../tokens.ts";
import { askGate } from "./gate-request.ts";
import { machineToken, redeemCode } from "./oauth-client.ts";
import type { Context, Group, Outcome } from "./row.ts";
import { signIn } from "./sign-in.ts";

export function claimsRows({ stack }: Context): Group {
  const issuer = stack.urls.authorizationServer;
  const data = `${stack.urls.gate}/data`;
  const now = () => Math.floor(Date.now() / 1000);

  /** Signed with the server's own key, so that nothing but the claim is wrong. */
  const withClaim = (changes: JsonObject): Promise<Outcome> =>
    askGate(data, { token: signToken(accessTokenClaims(issuer, changes), stack.signingKeys.RS256) });

  return {
    title: "Genuine signature, wrong token",
    rows: [
      {
        name: "expired",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "token_expired" },
        run: () => withClaim({ iat: now() - 600, exp: now() - 300 }),
      },
      {
        name: "not valid yet",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "token_not_yet_valid" },
        run: () => withClaim({ nbf: now() + 120 }),
      },
      {
        name: "wrong audience (the archive’s)",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "audience_mismatch" },
        run: async () => {
          const token = await machineToken(issuer, stack.clients.gauge, "data:read", ARCHIVE_AUDIENCE);
          return await askGate(data, { token });
        },
      },
      {
        name: "wrong issuer",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "issuer_unknown" },
        run: () => withClaim({ iss: "https://accounts.other.example" }),
      },
      {
        name: "an ID token as access token",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "type_mismatch" },
        run: async () => {
          const client = stack.clients.page;
          const { code, request } = await signIn(stack, {
            client,
            username: "grace",
            scope: "openid data:read",
          });
          const { id_token } = await redeemCode(issuer, client, {
            code,
            code_verifier: request.code_verifier,
          });
          if (id_token === undefined) throw new Error("no ID token came back");
          return await askGate(data, { token: id_token });
        },
      },
      {
        name: "the issuer’s keys can’t be had",
        request: "GET /data",
        expected: { answer: "503 Retry-After", reason: "key_set_unavailable" },
        run: async () => {
          // A gate of its own, that looks for the keys where there are none.
          const gate = await stack.startGate((policy) => ({
            ...policy,
            issuers: policy.issuers.map((known) => ({ ...known, jwks_uri: `${issuer}/nothing-here` })),
          }));
          const token = signToken(accessTokenClaims(issuer), stack.signingKeys.RS256);
          return await askGate(`${gate.origin}/data`, { token });
        },
      },
    ],
  };
}
