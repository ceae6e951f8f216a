/** Tokens whose signature doesn't hold, and the tricks to get around it. */

import { generateSigningKeys } from "../authorization-server/keys.ts";
import { accessTokenClaims, hmacToken, signToken, unsignedToken, withClaims } from "../tokens.ts";
import { askGate } from "./gate-request.ts";
import { machineToken } from "./oauth-client.ts";
import { type Context, type Group, once } from "./row.ts";

export function signatureRows({ stack }: Context): Group {
  const issuer = stack.urls.authorizationServer;
  const data = `${stack.urls.gate}/data`;
  const { RS256 } = stack.signingKeys;
  const strangersKeys = once(generateSigningKeys);

  return {
    title: "Forged tokens",
    rows: [
      {
        name: "unsigned (alg none)",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "algorithm_not_allowed" },
        run: () => askGate(data, { token: unsignedToken(accessTokenClaims(issuer)) }),
      },
      {
        name: "HS256 with the public key",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "algorithm_not_allowed" },
        run: () => askGate(data, { token: hmacToken(accessTokenClaims(issuer), RS256.publicKey, RS256.kid) }),
      },
      {
        name: "forged: claims changed later",
        request: "GET /admin",
        expected: { answer: "401 invalid_token", reason: "signature_invalid" },
        run: async () => {
          const token = await machineToken(issuer, stack.clients.gauge, "data:read");
          return await askGate(`${stack.urls.gate}/admin`, { token: withClaims(token, { scope: "admin" }) });
        },
      },
      {
        name: "forged: a stranger’s key",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "signature_invalid" },
        run: async () => {
          const stranger = (await strangersKeys()).RS256;
          return await askGate(data, {
            token: signToken(accessTokenClaims(issuer), stranger, { kid: RS256.kid }),
          });
        },
      },
      {
        name: "key unknown",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "key_unknown" },
        run: async () => {
          const stranger = (await strangersKeys()).ES256;
          return await askGate(data, { token: signToken(accessTokenClaims(issuer), stranger) });
        },
      },
    ],
  };
}
