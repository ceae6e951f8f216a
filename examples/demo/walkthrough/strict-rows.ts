/** What a route can ask for beside scopes: roles, claims, a fresh sign-in, a key; and what the gate tells of itself. */

import { createDpopKey } from "../dpop.ts";
import type { Gate } from "../gate.ts";
import { API_AUDIENCE } from "../resources.ts";
import { askGate, describeGateAnswer, sendToGate } from "./gate-request.ts";
import { accessTokenOf, boundMachineToken, machineToken, redeemCode } from "./oauth-client.ts";
import { type Context, type Group, once } from "./row.ts";
import { type Authentication, signIn } from "./sign-in.ts";

const READ = "openid profile data:read profile:read";

export function demandRows({ stack }: Context, strictGate: () => Promise<Gate>): Group {
  const issuer = stack.urls.authorizationServer;
  const client = stack.clients.page;
  const url = async (path: string) => (await strictGate()).origin + path;

  const personToken = async (username: string, scope: string, authentication: Authentication = {}) => {
    const { code, request } = await signIn(stack, { client, username, scope, ...authentication });
    const { code_verifier } = request;
    return accessTokenOf(await redeemCode(issuer, client, { code, code_verifier, resource: API_AUDIENCE }));
  };
  const ada = once(() => personToken("ada", READ));
  const grace = once(() => personToken("grace", READ));
  const adaWrites = once(() => personToken("ada", `${READ} notes:write`));
  const write = async (token: string) =>
    sendToGate(await url("/notes"), { method: "POST", token, body: { text: "High water at noon." } });

  return {
    title: "A second gate: roles, claims, step-up",
    rows: [
      {
        name: "ada is a keeper",
        request: "GET /admin",
        expected: { answer: "200" },
        run: async () => askGate(await url("/admin"), { token: await ada() }),
      },
      {
        name: "grace is none",
        request: "GET /admin",
        expected: { answer: "403 insufficient_scope", reason: "rights_missing" },
        run: async () => askGate(await url("/admin"), { token: await grace() }),
      },
      {
        name: "ada’s station.level is 3",
        request: "GET /user/profile",
        expected: { answer: "200" },
        run: async () => askGate(await url("/user/profile"), { token: await ada() }),
      },
      {
        name: "grace’s is 1",
        request: "GET /user/profile",
        expected: { answer: "403 insufficient_scope", reason: "rights_missing" },
        run: async () => askGate(await url("/user/profile"), { token: await grace() }),
      },
      {
        name: "signed in for reading, writes",
        request: "POST /notes",
        expected: {
          answer: "401 insufficient_user_authentication",
          reason: "authentication_insufficient",
        },
        run: async () => describeGateAnswer(await write(await adaWrites())),
      },
      {
        name: "signed in again as it was told",
        request: "POST /notes",
        expected: { answer: "201" },
        run: async () => {
          const refusal = await write(await adaWrites());
          await refusal.arrayBuffer();
          const challenge = refusal.headers.get("www-authenticate") ?? "";
          const said = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
          const asked = { acr_values: said("acr_values"), max_age: said("max_age") };
          return describeGateAnswer(await write(await personToken("ada", `${READ} notes:write`, asked)));
        },
      },
    ],
  };
}

export function nonceRows({ stack }: Context, strictGate: () => Promise<Gate>): Group {
  const issuer = stack.urls.authorizationServer;
  const key = createDpopKey();
  const url = async () => `${(await strictGate()).origin}/machine/report`;
  const token = once(() => boundMachineToken(issuer, stack.clients.gauge, "machine", key));
  const send = async (changes: { nonce?: string } = {}) => {
    const request = { url: await url(), token: await token(), changes };
    return await sendToGate(request.url, { headers: key.headers(request) });
  };

  return {
    title: "The same gate: proofs with its nonces",
    rows: [
      {
        name: "no key where one is asked for",
        request: "GET /machine/report",
        expected: { answer: "401 invalid_token", reason: "token_not_for_route" },
        run: async () =>
          askGate(await url(), { token: await machineToken(issuer, stack.clients.gauge, "machine") }),
      },
      {
        name: "a proof without a nonce",
        request: "GET /machine/report",
        expected: { answer: "401 use_dpop_nonce", reason: "proof_nonce_mismatch" },
        run: async () => describeGateAnswer(await send()),
      },
      {
        name: "one with the nonce that came",
        request: "GET /machine/report",
        expected: { answer: "200" },
        run: async () => {
          const told = await send();
          await told.arrayBuffer();
          return describeGateAnswer(await send({ nonce: told.headers.get("dpop-nonce") ?? "none came" }));
        },
      },
    ],
  };
}

export function tellingRows({ stack }: Context, strictGate: () => Promise<Gate>): Group {
  const issuer = stack.urls.authorizationServer;
  const url = async (path: string) => (await strictGate()).origin + path;
  const path = "/.well-known/oauth-protected-resource";

  return {
    title: "What that gate tells of itself",
    rows: [
      {
        name: "where tokens come from (RFC 9728)",
        request: "GET /.well-known/…",
        expected: { answer: "200", reason: "issuer, ES256 proofs" },
        run: async () => {
          const response = await sendToGate(await url(path));
          const metadata = (await response.json()) as Record<string, string[] | undefined>;
          const isNamed = metadata.authorization_servers?.includes(issuer) ?? false;
          const isAsked = metadata.dpop_signing_alg_values_supported?.includes("ES256") ?? false;
          const told = [isNamed && "issuer", isAsked && "ES256 proofs"].filter(Boolean);
          return { answer: String(response.status), reason: told.join(", ") };
        },
      },
      {
        name: "no token, and where to read that",
        request: "GET /data",
        expected: { answer: "401 bare challenge", reason: "it names that place" },
        run: async () => {
          const response = await sendToGate(await url("/data"));
          const challenge = response.headers.get("www-authenticate") ?? "";
          const named = /\bresource_metadata="([^"]*)"/.exec(challenge)?.[1];
          const reason = named === `${API_AUDIENCE}${path}` ? "it names that place" : `it names ${named}`;
          return { ...(await describeGateAnswer(response)), reason };
        },
      },
      {
        name: "how long each part took",
        request: "GET /data",
        expected: { answer: "200", reason: "seven parts" },
        run: async () => {
          const token = await machineToken(issuer, stack.clients.gauge, "data:read");
          const response = await sendToGate(await url("/data"), { token });
          const timing = response.headers.get("server-timing") ?? "";
          const parts = [...timing.matchAll(/(\w+);dur=[\d.]+/g)].map(([, part]) => part).join(" ");
          const isWhole = parts === "keys verify introspect proof revocation token upstream";
          const reason = isWhole ? "seven parts" : `not all of it: ${parts}`;
          return { ...(await describeGateAnswer(response)), reason };
        },
      },
    ],
  };
}
