/**
 * The authorization server of these tests: oidc-provider as it is, with somebody at it who signs in at once, or when a test lets them.
 *
 * It has what the demo's has not: pushed requests, refresh tokens that rotate, access tokens that last seconds, nonces for proofs.
 */

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { errors, type JWKS, Provider } from "oidc-provider";
import {
  ACR_CONFIRMED,
  ACR_SESSION,
  authenticationClaims,
  authenticationPolicy,
  loginResult,
} from "../../examples/demo/authorization-server/authentication.ts";
import { generateSigningKeys, toPrivateJwk } from "../../examples/demo/authorization-server/keys.ts";
import { createStorage } from "../../examples/demo/authorization-server/storage.ts";
import type { LoopbackServer } from "../../examples/demo/loopback-server.ts";

export const API_AUDIENCE = "https://api.example";
export const SCOPES = "openid profile data:read";

/** How long access tokens last, in seconds, by the client that they are for. */
const lifetimes: Readonly<Record<string, number>> = { app: 300, "short-app": 5, "bound-app": 300 };

export interface AuthorizationServer {
  readonly issuer: string;
  /** Every request, as `METHOD /path`, in order. */
  readonly requests: string[];
  /** What the token endpoint has granted: grant types, in order. */
  readonly grants: string[];
  /** Who signs in next. */
  account: string;
  /** Whether the person is still thinking at the login page. */
  isThinking: boolean;
  /** Whether nothing can be reached. */
  isDown: boolean;
  /** Whether proofs have to carry a nonce. */
  requiresNonce: boolean;
  /** Whether a request without a proof is refused as one with a bad proof: oidc-provider would say `invalid_grant`, and the code be gone. */
  demandsProofs: boolean;
  /** The nonce for proofs that every answer of the token endpoint has, as of a faulty server. */
  nonce: string | undefined;
  /** What the token endpoint waits for before it looks at a request. */
  tokenRequestsWaitFor: Promise<unknown> | undefined;
  /** Has all refresh tokens of a client taken back. */
  revokeAll(): Promise<void>;
}

export async function startProvider(server: LoopbackServer, page: string): Promise<AuthorizationServer> {
  const keys = await generateSigningKeys();
  const storage = createStorage();
  const grantIds = new Set<string>();
  const state: AuthorizationServer = {
    issuer: server.origin,
    requests: [],
    grants: [],
    account: "ada",
    isThinking: false,
    isDown: false,
    requiresNonce: false,
    demandsProofs: false,
    nonce: undefined,
    tokenRequestsWaitFor: undefined,
    async revokeAll() {
      for (const id of grantIds) await storage("RefreshToken").revokeByGrantId(id);
    },
  };
  const client = (client_id: string, more: object = {}) => ({
    client_id,
    redirect_uris: [`${page}/callback`],
    post_logout_redirect_uris: [`${page}/`],
    response_types: ["code" as const],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "none" as const,
    ...more,
  });
  const provider = new Provider(server.origin, {
    clients: [
      client("app"),
      client("short-app"),
      client("bound-app", { dpop_bound_access_tokens: true }),
      // Without refresh tokens.
      client("plain-app", { grant_types: ["authorization_code"] }),
    ],
    jwks: { keys: [toPrivateJwk(keys.RS256), toPrivateJwk(keys.ES256)] } as JWKS,
    adapter: storage,
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    responseTypes: ["code"],
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["name"] },
    acrValues: [ACR_SESSION, ACR_CONFIRMED],
    clientAuthMethods: ["none"],
    clientBasedCORS: (_ctx, origin) => origin === page,
    issueRefreshToken: async (_ctx, { grantTypes }) => grantTypes?.includes("refresh_token") ?? false,
    rotateRefreshToken: true,
    ...(authenticationClaims && { extraTokenClaims: authenticationClaims }),
    ttl: {
      AccessToken: (_ctx, _token, { clientId }) => lifetimes[clientId] ?? 300,
      AuthorizationCode: 60,
      IdToken: 300,
      Interaction: 600,
      RefreshToken: 3600,
      Grant: 3600,
      Session: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => state.requiresNonce },
      userinfo: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== API_AUDIENCE) throw new errors.InvalidTarget();
          const jwt = { sign: { alg: "ES256" as const } };
          return {
            audience: API_AUDIENCE,
            scope: "data:read",
            accessTokenFormat: "jwt",
            jwt,
          };
        },
      },
    },
    interactions: { policy: authenticationPolicy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    // Whoever signs in has allowed everything before.
    async loadExistingGrant({ oidc }) {
      const { client: asking, session } = oidc;
      if (!asking || !session?.accountId) return undefined;
      const grant = new oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile");
      grant.addResourceScope(API_AUDIENCE, "data:read");
      grantIds.add(await grant.save());
      return grant;
    },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: `${sub} of the tests` }) }),
  });
  provider.on("server_error", (_ctx, error) => console.error("authorization server:", error));
  provider.on("grant.success", ({ oidc }) => state.grants.push(String(oidc.params?.grant_type)));

  const protocol = provider.callback();
  server.serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", server.origin);
    if (request.method !== "OPTIONS") state.requests.push(`${request.method} ${pathname}`);
    if (pathname === "/token") await state.tokenRequestsWaitFor;
    if (pathname === "/token" && state.nonce !== undefined) response.setHeader("dpop-nonce", state.nonce);
    const isUnproven = request.method === "POST" && pathname === "/token" && !request.headers.dpop;
    if (state.isDown) response.destroy();
    else if (state.demandsProofs && isUnproven) {
      response.writeHead(400, { "content-type": "application/json", "access-control-allow-origin": page });
      response.end('{"error":"invalid_dpop_proof"}');
    } else if (pathname.startsWith("/interaction/")) await interact(provider, state, request, response);
    else await protocol(request, response);
  });
  return state;
}

async function interact(
  provider: Provider,
  state: AuthorizationServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (state.isThinking) {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Sign in</title><h1>Sign in</h1>");
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const result = loginResult(state.account, params.acr_values);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
