/** Tokens that are taken back before they expire, by the gate's own deny list: one token, and all of a client's. */

import type { Gate } from "../gate.ts";
import { decodeClaims } from "../tokens.ts";
import { askGate } from "./gate-request.ts";
import { machineToken } from "./oauth-client.ts";
import { type Context, type Group, type Outcome, once } from "./row.ts";

/** Far beyond the bound that the policy states, for a machine that is busy with other things. */
const PATIENCE_MS = 30_000;

export function revocationRows({ stack }: Context, strictGate: () => Promise<Gate>): Group {
  const issuer = stack.urls.authorizationServer;
  const { buoy, gauge, office } = stack.clients;
  const url = async (path: string) => (await strictGate()).origin + path;
  const leaked = once(() => machineToken(issuer, buoy, "data:read"));
  const other = once(() => machineToken(issuer, buoy, "data:read"));
  const askWith = async (token: string) => askGate(await url("/data"), { token });
  const revoke = async (token: string, entry: Record<string, unknown>) =>
    askGate(await url("/deny-list"), { method: "POST", token, body: entry });
  const officeToken = once(() => machineToken(issuer, office, "tokens:revoke"));

  return {
    title: "The same gate: tokens taken back",
    rows: [
      {
        name: "a token that has leaked",
        request: "GET /data",
        expected: { answer: "200" },
        run: async () => askWith(await leaked()),
      },
      {
        name: "taken back by who may not",
        request: "POST /deny-list",
        expected: { answer: "403 insufficient_scope", reason: "scope_missing" },
        run: async () => {
          const token = await machineToken(issuer, gauge, "data:read");
          return revoke(token, { jti: decodeClaims(await leaked()).jti });
        },
      },
      {
        name: "taken back by its jti",
        request: "POST /deny-list",
        expected: { answer: "201" },
        run: async () => revoke(await officeToken(), { jti: decodeClaims(await leaked()).jti }),
      },
      {
        name: "no good from the stated bound on",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "token_revoked" },
        run: async () => inTime("401", async () => askWith(await leaked())),
      },
      {
        name: "another of that client’s still is",
        request: "GET /data",
        expected: { answer: "200" },
        run: async () => askWith(await other()),
      },
      {
        name: "all of it taken back, by its sub",
        request: "POST /deny-list",
        expected: { answer: "201" },
        run: async () => revoke(await officeToken(), { sub: decodeClaims(await other()).sub }),
      },
      {
        name: "no good from the bound on, either",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "token_revoked" },
        run: async () => inTime("401", async () => askWith(await other())),
      },
      {
        name: "one that was issued since then",
        request: "GET /data",
        expected: { answer: "200" },
        // What is issued in the very second counts as before.
        run: async () => inTime("200", async () => askWith(await machineToken(issuer, buoy, "data:read"))),
      },
    ],
  };
}

/** Asks until the answer begins so, or patience ends. */
async function inTime(status: string, ask: () => Promise<Outcome>): Promise<Outcome> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = await ask();
    if (outcome.answer.startsWith(status) || Date.now() > end) return outcome;
  }
}
