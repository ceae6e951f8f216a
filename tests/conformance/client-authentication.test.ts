/** How the gate says who it is where it asks introspection: in the form, and with a signed assertion, at the real authorization server. */
import assert from "node:assert/strict";
import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { after, before, test } from "node:test";
import { Provider } from "oidc-provider";
import { type LoopbackServer, openServer, reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { IntrospectionPolicy } from "../../js/policy.ts";
import { bearer, policyFor } from "./gate.ts";
import { type Origin, startOrigin } from "./origin.ts";

const API = "https://api.example";
const SECRET = "s3cret: +/&=%";

interface Pair {
  privateJwk: JsonWebKey;
  publicJwk: JsonWebKey;
}

function pair(alg: string): Pair {
  const { privateKey, publicKey } =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const named = { alg, kid: `gate-${alg}`, use: "sig" };
  return {
    privateJwk: { ...privateKey.export({ format: "jwk" }), ...named },
    publicJwk: { ...publicKey.export({ format: "jwk" }), ...named },
  };
}

const pairs: Record<string, Pair> = { ES256: pair("ES256"), PS256: pair("PS256") };
const stranger = pair("ES256");
/** The server's own. */
const signing = { ...pair("RS256").privateJwk, kty: "RSA" as const };

let server: LoopbackServer;
let origin: Origin;
const gates: Worker[] = [];

before(async () => {
  [server, origin] = await Promise.all([openServer("authorization server", 0), startOrigin()]);
  const silent = { redirect_uris: [], response_types: [], grant_types: [] };
  const withKey = (alg: string) => ({
    ...silent,
    client_id: `gate-${alg}`,
    token_endpoint_auth_method: "private_key_jwt" as const,
    token_endpoint_auth_signing_alg: alg as "ES256",
    jwks: { keys: [{ ...pairs[alg]?.publicJwk, kty: alg === "ES256" ? ("EC" as const) : ("RSA" as const) }] },
  });
  const provider = new Provider(server.origin, {
    jwks: { keys: [signing] },
    cookies: { keys: ["only for this test"] },
    clients: [
      {
        ...silent,
        client_id: "gate-post",
        client_secret: SECRET,
        token_endpoint_auth_method: "client_secret_post",
      },
      withKey("ES256"),
      withKey("PS256"),
      {
        ...silent,
        client_id: "machine",
        client_secret: "machine",
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    clientAuthMethods: ["client_secret_post", "private_key_jwt"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId.startsWith("gate") },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: "data:read", audience: API, accessTokenFormat: "opaque" }),
      },
    },
  });
  const protocol = provider.callback();
  server.serve(async (request, response) => {
    await protocol(request, response);
  });
});
after(async () => {
  await Promise.all(gates.map((gate) => gate.stop()));
  await Promise.all([server?.close(), origin?.close()]);
});

/** A gate that asks as it is told to, with this secret under the name it is told. */
async function gateThat(introspection: IntrospectionPolicy, secret: string): Promise<Worker> {
  const policy = policyFor(server.origin, origin.origin);
  policy.issuers = [{ issuer: server.origin, audience: API, introspection }];
  const name = introspection.private_key_binding ?? introspection.client_secret_binding ?? "";
  const variables = { EDGEWARD_POLICY: JSON.stringify(policy), [name]: secret };
  const gate = await startWorker({ port: await reservePort("gate", 0), config: "wrangler.toml", variables });
  gates.push(gate);
  return gate;
}

async function opaqueToken(): Promise<string> {
  const response = await fetch(`${server.origin}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "machine",
      client_secret: "machine",
      scope: "data:read",
      resource: API,
    }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  assert.ok(access_token && !access_token.includes("."), "it is opaque");
  return access_token;
}

const statusAt = async (gate: Worker, token: string) =>
  (await fetch(`${gate.origin}/fresh`, bearer(token))).status;

test("RFC 6749 2.3.1: the gate's secret in the form", async () => {
  const introspection = {
    client_id: "gate-post",
    introspection_endpoint_auth_method: "client_secret_post",
    client_secret_binding: "INTROSPECTION_SECRET",
  } as const;
  const gate = await gateThat(introspection, SECRET);
  assert.equal(await statusAt(gate, await opaqueToken()), 200);
  assert.equal(await statusAt(gate, "bogus"), 401);
});

for (const alg of ["ES256", "PS256"]) {
  const introspection = {
    client_id: `gate-${alg}`,
    introspection_endpoint_auth_method: "private_key_jwt",
    private_key_binding: "GATE_KEY",
  } as const;
  test(`RFC 7523 3: an assertion signed with the gate's key, ${alg}; each is used once`, async () => {
    const gate = await gateThat(introspection, JSON.stringify(pairs[alg]?.privateJwk));
    // The server refuses a `jti` that it has seen.
    for (let i = 0; i < 3; i++) assert.equal(await statusAt(gate, await opaqueToken()), 200);
    assert.equal(await statusAt(gate, "bogus"), 401);
    assert.doesNotMatch(gate.output(), new RegExp(String(pairs[alg]?.privateJwk.d)));
  });
}

test("RFC 7523 3: a key that the server does not know proves nothing: 503, and nothing passes", async () => {
  const introspection = {
    client_id: "gate-ES256",
    introspection_endpoint_auth_method: "private_key_jwt",
    private_key_binding: "GATE_KEY",
  } as const;
  const gate = await gateThat(introspection, JSON.stringify(stranger.privateJwk));
  const before = origin.received.length;
  assert.equal(await statusAt(gate, await opaqueToken()), 503);
  assert.equal(origin.received.length, before);
});
