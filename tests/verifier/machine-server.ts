/** The real authorization server for machines: a client for each way to say who one is, and the faults that a test asks for. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { openServer } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import type { PrivateJwk } from "../../js/machine-node.ts";

/** How long its tokens live, in seconds. */
export const LIFE = 300;
export const SECRET = "s3cret: +/&=%";

export type Fault = (request: IncomingMessage, response: ServerResponse) => void;

export interface MachineServer {
  readonly issuer: string;
  /** What it does at the token endpoint in place of an answer. */
  fault: Fault | undefined;
  /** How often the token endpoint was asked, and the metadata. */
  readonly asked: { token: number; metadata: number };
  /** The private key of the client `with-key-ES256` or `with-key-PS256`. */
  keyOf(alg: "ES256" | "PS256"): PrivateJwk;
  reset(): void;
  close(): Promise<void>;
}

const pairOf = (alg: "ES256" | "PS256" | "RS256") => {
  const { privateKey, publicKey } =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const named = { alg, kid: `machine-${alg}`, use: "sig" };
  const kty = alg === "ES256" ? ("EC" as const) : ("RSA" as const);
  return {
    privateJwk: { ...privateKey.export({ format: "jwk" }), ...named, kty },
    publicJwk: { ...publicKey.export({ format: "jwk" }), ...named, kty },
  };
};

const pairs = { ES256: pairOf("ES256"), PS256: pairOf("PS256") };

export async function startMachineServer(): Promise<MachineServer> {
  const server = await openServer("authorization server", 0);
  const machine = { redirect_uris: [], response_types: [], grant_types: ["client_credentials"] };
  const withSecret = (method: "client_secret_basic" | "client_secret_post") => ({
    ...machine,
    ...{ client_id: `with-${method}`, client_secret: SECRET, token_endpoint_auth_method: method },
  });
  const withKey = (alg: "ES256" | "PS256") => ({
    ...machine,
    client_id: `with-key-${alg}`,
    token_endpoint_auth_method: "private_key_jwt" as const,
    token_endpoint_auth_signing_alg: alg,
    jwks: { keys: [pairs[alg].publicJwk] },
  });
  const provider = new Provider(server.origin, {
    jwks: { keys: [pairOf("RS256").privateJwk] },
    cookies: { keys: ["only for this test"] },
    clients: [
      withSecret("client_secret_basic"),
      withSecret("client_secret_post"),
      withKey("ES256"),
      withKey("PS256"),
    ],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          ...{ scope: "data:read", audience: API_AUDIENCE, accessTokenFormat: "jwt", accessTokenTTL: LIFE },
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const protocol = provider.callback();
  const asked = { token: 0, metadata: 0 };
  const started: MachineServer = {
    issuer: server.origin,
    fault: undefined,
    asked,
    keyOf: (alg) => pairs[alg].privateJwk,
    reset() {
      started.fault = undefined;
      Object.assign(asked, { token: 0, metadata: 0 });
    },
    close: () => server.close(),
  };
  server.serve(async (request, response) => {
    if (request.url?.includes("/.well-known/")) asked.metadata += 1;
    if (request.url === "/token") {
      asked.token += 1;
      if (started.fault !== undefined) return started.fault(request, response);
    }
    await protocol(request, response);
  });
  return started;
}
