/** What arrives before there is a token to look at. */

import { askGate } from "./gate-request.ts";
import { machineToken } from "./oauth-client.ts";
import type { Context, Group } from "./row.ts";

export function credentialsRows({ stack }: Context): Group {
  const { gate, authorizationServer } = stack.urls;
  const data = `${gate}/data`;

  return {
    title: "At the gate without a token",
    rows: [
      {
        name: "a public route",
        request: "GET /health",
        expected: { answer: "200" },
        run: () => askGate(`${gate}/health`),
      },
      {
        name: "no token",
        request: "GET /data",
        expected: { answer: "401 bare challenge", reason: "credentials_missing" },
        run: () => askGate(data),
      },
      {
        name: "another scheme (Basic)",
        request: "GET /data",
        expected: { answer: "401 bare challenge" },
        run: () => askGate(data, { headers: { authorization: "Basic YWRhOnRpZGUtdGFibGVz" } }),
      },
      {
        name: "garbage header",
        request: "GET /data",
        expected: { answer: "400 invalid_request", reason: "credentials_malformed" },
        run: () => askGate(data, { headers: { authorization: "Bearer not, a; token" } }),
      },
      {
        name: "a word that is no JWT",
        request: "GET /data",
        expected: { answer: "401 invalid_token", reason: "token_malformed" },
        run: () => askGate(data, { token: "gibberish" }),
      },
      {
        name: "good token in the query string",
        request: "GET /data",
        expected: { answer: "400 invalid_request", reason: "credentials_malformed" },
        run: async () => {
          const token = await machineToken(authorizationServer, stack.clients.gauge, "data:read");
          return await askGate(`${data}?access_token=${token}`);
        },
      },
      {
        name: "no such route",
        request: "GET /nowhere",
        expected: { answer: "404", reason: "route_unknown" },
        run: () => askGate(`${gate}/nowhere`),
      },
      {
        name: "a method the route lacks",
        request: "DELETE /notes",
        expected: { answer: "405", reason: "method_not_allowed" },
        run: () => askGate(`${gate}/notes`, { method: "DELETE" }),
      },
    ],
  };
}
