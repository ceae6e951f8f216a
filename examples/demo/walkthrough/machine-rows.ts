/** Programs that act for themselves: client credentials, opaque tokens, revocation. */

import { askGate, askWithAlgorithm } from "./gate-request.ts";
import { clientCredentials, describeTokenAnswer, machineToken, revoke } from "./oauth-client.ts";
import { type Context, type Group, once } from "./row.ts";

export function machineRows({ stack }: Context): Group {
  const { gate, authorizationServer: issuer } = stack.urls;
  const { gauge, buoy, auditor } = stack.clients;
  const auditorsToken = once(() => machineToken(issuer, auditor, "audit:read"));

  return {
    title: "Programs",
    rows: [
      {
        name: "good token, RS256",
        request: "GET /data",
        expected: { answer: "200", reason: "RS256" },
        run: async () => askWithAlgorithm(`${gate}/data`, await machineToken(issuer, gauge, "data:read")),
      },
      {
        name: "good token, ES256",
        request: "GET /data",
        expected: { answer: "200", reason: "ES256" },
        run: async () => askWithAlgorithm(`${gate}/data`, await machineToken(issuer, buoy, "data:read")),
      },
      {
        name: "client credentials token",
        request: "GET /machine/report",
        expected: { answer: "200" },
        run: async () =>
          askGate(`${gate}/machine/report`, { token: await machineToken(issuer, gauge, "machine") }),
      },
      {
        name: "the same client, missing scope",
        request: "GET /machine/report",
        expected: { answer: "403 insufficient_scope", reason: "scope_missing" },
        run: async () =>
          askGate(`${gate}/machine/report`, { token: await machineToken(issuer, gauge, "data:read") }),
      },
      {
        name: "wrong client secret",
        request: "POST /token",
        expected: { answer: "401 invalid_client" },
        run: async () => {
          const impostor = { ...gauge, client_secret: "guessed" };
          return describeTokenAnswer(await clientCredentials(issuer, impostor, { scope: "machine" }));
        },
      },
      {
        name: "opaque token, introspected",
        request: "GET /audit",
        expected: { answer: "200" },
        run: async () => askGate(`${gate}/audit`, { token: await auditorsToken() }),
      },
      {
        name: "revoked at the server",
        request: "POST /revocation",
        expected: { answer: "200" },
        run: async () => ({ answer: String(await revoke(issuer, auditor, await auditorsToken())) }),
      },
      {
        name: "the revoked token again",
        request: "GET /audit",
        expected: { answer: "401 invalid_token", reason: "token_inactive" },
        run: async () => askGate(`${gate}/audit`, { token: await auditorsToken() }),
      },
    ],
  };
}
