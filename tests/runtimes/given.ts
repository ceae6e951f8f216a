/** What the cases are given: an issuer's key set and tokens, made for each run, and a real server on 127.0.0.1. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { accessTokenClaims, unsignedToken } from "../../examples/demo/tokens.ts";
import type { PrivateJwk } from "../../js/machine-node.ts";
import { type MachineServer, SECRET } from "../verifier/machine-server.ts";
import { ISSUER, makeSigner, type Signer, spoilt } from "../verifier/tokens.ts";

/** As JSON says it, because it has to come into every runtime. */
export interface Given {
  readonly issuer: string;
  readonly audience: string;
  readonly keySet: Signer["keySet"];
  /** Good ones by their algorithms, and bad ones by what is wrong with them. */
  readonly tokens: Readonly<Record<string, string>>;
  /** The good ones with another signature. */
  readonly spoilt: Readonly<Record<string, string>>;
  /** An authorization server that can be fetched from: metadata, and the same key set. */
  readonly server: string;
  /** A token that is bound to a key (RFC 9449), and the key. */
  readonly bound: { readonly token: string; readonly privateKey: JWK };
  /** The real authorization server for machines, and what its clients prove who they are by. */
  readonly machines: {
    readonly issuer: string;
    readonly client_secret: string;
    readonly keys: { readonly ES256: PrivateJwk; readonly PS256: PrivateJwk };
  };
  /** Whether the runtime's `node:crypto` is used. */
  readonly hasNodeCrypto: boolean;
}

const ALGORITHMS = ["ES256", "RS256", "EdDSA"];

export async function makeGiven(server: string, machines: MachineServer): Promise<Given> {
  const signer = await makeSigner();
  const good = await Promise.all(
    ALGORITHMS.map(async (alg) => [alg, await signer.token(alg, { sub: alg })] as const),
  );
  const longAgo = Math.floor(Date.now() / 1000) - 3_600;
  return {
    issuer: ISSUER,
    audience: API_AUDIENCE,
    keySet: { keys: signer.keySet.keys.filter(({ alg }) => ALGORITHMS.includes(alg ?? "")) },
    tokens: {
      ...Object.fromEntries(good),
      expired: await signer.token("ES256", { iat: longAgo - 300, exp: longAgo }),
      foreign: await signer.token("ES256", { aud: "https://other.example" }),
      unsigned: unsignedToken(accessTokenClaims(ISSUER)),
      garbage: "not a token",
      leaked: await signer.token("ES256", { jti: "leaked" }),
    },
    spoilt: Object.fromEntries(good.map(([alg, token]) => [alg, spoilt(token)])),
    server,
    bound: await boundToken(signer),
    machines: {
      issuer: machines.issuer,
      client_secret: SECRET,
      keys: { ES256: machines.keyOf("ES256"), PS256: machines.keyOf("PS256") },
    },
    hasNodeCrypto: false,
  };
}

async function boundToken(signer: Signer): Promise<Given["bound"]> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jkt = await calculateJwkThumbprint(await exportJWK(publicKey));
  const token = await signer.token("ES256", { cnf: { jkt } });
  return { token, privateKey: await exportJWK(privateKey) };
}

export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server on a port of its own; what it answers is looked up with each request. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The documents of an authorization server, for pages as well. */
export function authorizationServer(given: () => Given | undefined) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { server = "", keySet } = given() ?? {};
    const metadata = {
      issuer: server,
      authorization_endpoint: `${server}/authorize`,
      token_endpoint: `${server}/token`,
      jwks_uri: `${server}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    };
    const documents: Record<string, unknown> = {
      "/.well-known/openid-configuration": metadata,
      // What it says is not what it was asked for.
      "/other/.well-known/openid-configuration": metadata,
      "/jwks": keySet,
    };
    const document = documents[request.url ?? ""];
    const headers = { "content-type": "application/json", "access-control-allow-origin": "*" };
    response.writeHead(document === undefined ? 404 : 200, headers);
    response.end(JSON.stringify(document ?? {}));
  };
}
