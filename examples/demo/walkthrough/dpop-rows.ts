/** A token that is bound to a key of the client's (RFC 9449): good with a proof of it, and with nothing else. */

import { createDpopKey } from "../dpop.ts";
import { askGate } from "./gate-request.ts";
import { boundMachineToken } from "./oauth-client.ts";
import { type Context, type Group, once } from "./row.ts";

export function dpopRows({ stack }: Context): Group {
  const { gate, authorizationServer: issuer } = stack.urls;
  const url = `${gate}/data`;
  const [key, otherKey] = [createDpopKey(), createDpopKey()];
  const token = once(() => boundMachineToken(issuer, stack.clients.gauge, "data:read", key));
  const used = once(async () => key.headers({ url, token: await token() }));

  return {
    title: "Tokens bound to a key",
    rows: [
      {
        name: "bound token with its proof",
        request: "GET /data",
        expected: { answer: "200" },
        run: async () => askGate(url, { headers: await used() }),
      },
      {
        name: "the same proof once more",
        request: "GET /data",
        expected: { answer: "401 invalid_dpop_proof", reason: "proof_replayed" },
        run: async () => askGate(url, { headers: await used() }),
      },
      {
        name: "a proof for another path",
        request: "GET /data",
        expected: { answer: "401 invalid_dpop_proof", reason: "proof_request_mismatch" },
        run: async () =>
          askGate(url, { headers: key.headers({ url: `${gate}/admin`, token: await token() }) }),
      },
      {
        name: "stolen, with the thief's own proof",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "proof_key_mismatch" },
        run: async () => askGate(url, { headers: otherKey.headers({ url, token: await token() }) }),
      },
      {
        name: "stolen, sent as a bearer token",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "proof_of_possession_missing" },
        run: async () => askGate(url, { token: await token() }),
      },
    ],
  };
}
