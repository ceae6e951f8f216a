/**
 * A client of the authorization server in plain HTTP, one function per message, so that a row can also send
 * the wrong one. An application doesn't write this: the package's browser client does it.
 */

import { createHash, randomBytes } from "node:crypto";
import type { ConfidentialClient, DemoClient, SignInClient } from "../authorization-server/clients.ts";
import type { DpopKey } from "../dpop.ts";
import { API_AUDIENCE } from "../resources.ts";
import type { Outcome } from "./row.ts";

export interface TokenAnswer {
  readonly status: number;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** What the client keeps between sending somebody to sign in and seeing them come back. */
export interface AuthorizationRequest {
  readonly url: string;
  readonly code_verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** The authorization request (RFC 6749 section 4.1.1) with PKCE; `changes` replaces or (undefined) removes. */
export function authorizationRequest(
  issuer: string,
  client: SignInClient,
  scope: string,
  changes: Record<string, string | undefined> = {},
): AuthorizationRequest {
  const random = () => randomBytes(32).toString("base64url");
  const [code_verifier, state, nonce] = [random(), random(), random()];
  const parameters: Record<string, string | undefined> = {
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: client.redirect_uri,
    scope,
    resource: API_AUDIENCE,
    state,
    nonce,
    code_challenge: createHash("sha256").update(code_verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return { url: `${issuer}/auth?${query}`, code_verifier, state, nonce };
}

/** The code for tokens (RFC 6749 section 4.1.3). Without `resource` the access token is for userinfo. */
export async function redeemCode(
  issuer: string,
  client: SignInClient,
  parameters: { code: string; code_verifier?: string; resource?: string },
): Promise<TokenAnswer> {
  return await tokenRequest(issuer, client, {
    grant_type: "authorization_code",
    redirect_uri: client.redirect_uri,
    ...parameters,
  });
}

export async function refresh(
  issuer: string,
  client: DemoClient,
  parameters: { refresh_token: string; resource?: string },
): Promise<TokenAnswer> {
  return await tokenRequest(issuer, client, { grant_type: "refresh_token", ...parameters });
}

export async function clientCredentials(
  issuer: string,
  client: ConfidentialClient,
  parameters: { scope: string; resource?: string },
): Promise<TokenAnswer> {
  return await tokenRequest(issuer, client, {
    grant_type: "client_credentials",
    resource: API_AUDIENCE,
    ...parameters,
  });
}

/** Like `clientCredentials`, for rows that only need the token. */
export async function machineToken(
  issuer: string,
  client: ConfidentialClient,
  scope: string,
  resource = API_AUDIENCE,
): Promise<string> {
  return accessTokenOf(await clientCredentials(issuer, client, { scope, resource }));
}

/** The same, bound to a key that the request proves (RFC 9449 section 5). */
export async function boundMachineToken(
  issuer: string,
  client: ConfidentialClient,
  scope: string,
  key: DpopKey,
): Promise<string> {
  const dpop = key.proof({ method: "POST", url: `${issuer}/token` });
  const parameters = { grant_type: "client_credentials", resource: API_AUDIENCE, scope };
  return accessTokenOf(await tokenRequest(issuer, client, parameters, { dpop }));
}

/** Revocation (RFC 7009): 200 whether or not the token was known. */
export async function revoke(issuer: string, client: DemoClient, token: string): Promise<number> {
  const response = await post(`${issuer}/token/revocation`, client, { token });
  await response.arrayBuffer();
  return response.status;
}

export function accessTokenOf(answer: TokenAnswer): string {
  if (answer.access_token === undefined) throw new Error(`no token: ${answer.status} ${answer.error ?? ""}`);
  return answer.access_token;
}

/** `200`, `400 invalid_grant` */
export function describeTokenAnswer({ status, error }: TokenAnswer): Outcome {
  return { answer: error === undefined ? String(status) : `${status} ${error}` };
}

async function tokenRequest(
  issuer: string,
  client: DemoClient,
  parameters: Record<string, string | undefined>,
  sent: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await post(`${issuer}/token`, client, parameters, sent);
  return { status: response.status, ...((await response.json()) as object) };
}

async function post(
  url: string,
  client: DemoClient,
  parameters: Record<string, string | undefined>,
  sent: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) body.set(name, value);
  const headers = new Headers({ accept: "application/json", ...sent });
  if (client.client_secret === undefined) body.set("client_id", client.client_id);
  else headers.set("authorization", basicAuthentication(client.client_id, client.client_secret));
  return await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(30_000) });
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function basicAuthentication(client_id: string, client_secret: string): string {
  const credentials = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
