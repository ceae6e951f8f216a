/**
 * The registered clients: who may ask for tokens, how they authenticate, and what kind of token they get.
 *
 * Secrets are made at start. `client_id`s are fixed, because people read them in logs and on the consent page.
 */

import { randomBytes } from "node:crypto";
import type { ClientMetadata } from "oidc-provider";
import { PERSON_SCOPES } from "../resources.ts";
import type { SigningAlgorithm } from "./keys.ts";

/** How the access tokens for the API look: signed JWTs (RFC 9068), or opaque and only good with introspection. */
export type AccessTokenFormat = SigningAlgorithm | "opaque";

export interface DemoClient {
  readonly client_id: string;
  /** Absent for public clients: a page or an app can't keep a secret. */
  readonly client_secret?: string;
  readonly redirect_uri?: string;
  /** The API scopes it may ask for. */
  readonly scopes: readonly string[];
  readonly accessTokenFormat: AccessTokenFormat;
}

/** A client that signs people in, with its registered redirect URI. */
export interface SignInClient extends DemoClient {
  readonly redirect_uri: string;
}

/** A client that authenticates with a secret. */
export interface ConfidentialClient extends DemoClient {
  readonly client_secret: string;
}

export interface DemoClients {
  /** The single-page app: public, RS256 tokens, refresh tokens that are good once. */
  readonly page: SignInClient;
  /** An app that keeps its access with a refresh token: public, ES256 tokens. */
  readonly notebook: SignInClient;
  /** A program that acts for itself (client credentials), RS256 tokens. */
  readonly gauge: ConfidentialClient;
  /** The same with ES256 tokens. */
  readonly buoy: ConfidentialClient;
  /** A program that gets opaque tokens: those can be revoked at once, and the gate has to ask about them. */
  readonly auditor: ConfidentialClient;
  /** A program that takes other clients' tokens back, by the gate's deny list. */
  readonly office: ConfidentialClient;
  /** The gate itself, when it asks the introspection endpoint about a token. It gets no tokens. */
  readonly gate: ConfidentialClient;
}

export function createClients(pageOrigin: string): DemoClients {
  return {
    page: {
      client_id: "tidewater-page",
      redirect_uri: `${pageOrigin}/callback`,
      scopes: PERSON_SCOPES,
      accessTokenFormat: "RS256",
    },
    notebook: {
      client_id: "tidewater-notebook",
      redirect_uri: `${pageOrigin}/notebook/callback`,
      scopes: PERSON_SCOPES,
      accessTokenFormat: "ES256",
    },
    gauge: confidential("tide-gauge", ["machine", "data:read"], "RS256"),
    buoy: confidential("weather-buoy", ["machine", "data:read"], "ES256"),
    auditor: confidential("auditor", ["audit:read"], "opaque"),
    office: confidential("harbour-office", ["tokens:revoke"], "RS256"),
    gate: confidential("edgeward-gate", [], "opaque"),
  };
}

/** What oidc-provider is told about them. */
export function toClientMetadata(clients: DemoClients, pageOrigin: string): ClientMetadata[] {
  return [
    {
      ...publicClient(clients.page, "Tidewater"),
      grant_types: ["authorization_code", "refresh_token"],
      post_logout_redirect_uris: [`${pageOrigin}/`],
    },
    {
      ...publicClient(clients.notebook, "Tidewater Notebook"),
      grant_types: ["authorization_code", "refresh_token"],
      id_token_signed_response_alg: "ES256",
    },
    machineClient(clients.gauge, "Tide gauge"),
    machineClient(clients.buoy, "Weather buoy"),
    machineClient(clients.auditor, "Auditor"),
    machineClient(clients.office, "Harbour office"),
    { ...machineClient(clients.gate, "edgeward"), grant_types: [] },
  ];
}

function confidential(
  client_id: string,
  scopes: readonly string[],
  accessTokenFormat: AccessTokenFormat,
): ConfidentialClient {
  return { client_id, client_secret: randomBytes(24).toString("base64url"), scopes, accessTokenFormat };
}

function publicClient(client: SignInClient, client_name: string): ClientMetadata {
  return {
    client_id: client.client_id,
    client_name,
    redirect_uris: [client.redirect_uri],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: "none",
  };
}

function machineClient(client: ConfidentialClient, client_name: string): ClientMetadata {
  return {
    client_id: client.client_id,
    client_secret: client.client_secret,
    client_name,
    redirect_uris: [],
    response_types: [],
    grant_types: ["client_credentials"],
    token_endpoint_auth_method: "client_secret_basic",
  };
}
