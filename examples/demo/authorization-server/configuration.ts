/**
 * The authorization server's rules, in oidc-provider's words: which flows exist, which tokens come out.
 *
 * Only what OAuth 2.0 Security Best Current Practice (RFC 9700) leaves standing: the authorization code with
 * PKCE for every client, client credentials for programs, and nothing that puts a token in a URL.
 */

import { randomBytes } from "node:crypto";
import {
  type Configuration,
  errors,
  type JWKS,
  type KoaContextWithOIDC,
  type ResourceServer,
} from "oidc-provider";
import { API_AUDIENCE, ARCHIVE_AUDIENCE } from "../resources.ts";
import type { AccountStore } from "./accounts.ts";
import { ACR_CONFIRMED, ACR_SESSION, authenticationClaims, authenticationPolicy } from "./authentication.ts";
import { type AccessTokenFormat, type DemoClient, type DemoClients, toClientMetadata } from "./clients.ts";
import { type SigningKeys, toPrivateJwk } from "./keys.ts";
import { errorPage, signedOutPage, signOutPage } from "./pages.ts";
import { createStorage } from "./storage.ts";

/** Short enough to watch a token expire over a cup of tea. */
export const ACCESS_TOKEN_SECONDS = 5 * 60;

const MINUTE = 60;
const DAY = 24 * 60 * 60;

export interface ConfigurationParts {
  readonly accounts: AccountStore;
  readonly clients: DemoClients;
  readonly keys: SigningKeys;
  readonly pageOrigin: string;
}

export function createConfiguration({
  accounts,
  clients,
  keys,
  pageOrigin,
}: ConfigurationParts): Configuration {
  const registered = new Map<string, DemoClient>(
    Object.values(clients).map((client) => [client.client_id, client]),
  );

  return {
    clients: toClientMetadata(clients, pageOrigin),
    jwks: { keys: [toPrivateJwk(keys.RS256), toPrivateJwk(keys.ES256)] } as JWKS,
    adapter: createStorage(),
    cookies: { keys: [randomBytes(32).toString("base64url")] },

    responseTypes: ["code"],
    pkce: { required: () => true },
    // The page gets refresh tokens while somebody is signed in there; they end with that session. For more an application asks (`offline_access`).
    issueRefreshToken: async (_ctx, client, { scopes }) =>
      client.grantTypeAllowed("refresh_token") &&
      (scopes.has("offline_access") || client.clientId === clients.page.client_id),
    // Each is good once: one that comes a second time was stolen, and ends them all (RFC 9700 section 4.14.2).
    rotateRefreshToken: true,
    enabledJWA: { dPoPSigningAlgValues: ["ES256", "RS256"] },
    clientAuthMethods: ["client_secret_basic", "none"],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email"] },
    // The page shows a name; with this it needs no second request to learn it.
    conformIdTokenClaims: false,

    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: MINUTE,
      IdToken: 60 * MINUTE,
      Interaction: 15 * MINUTE,
      RefreshToken: DAY,
      Grant: DAY,
      Session: DAY,
    },

    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      userinfo: { enabled: true },
      introspection: {
        enabled: true,
        // Only the gate may ask about tokens that aren't its own.
        allowedPolicy: (_ctx, client, token) =>
          client.clientId === clients.gate.client_id || client.clientId === token.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource, client) =>
          resourceServer(resource, registered.get(client.clientId)),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => sendPage(ctx, signOutPage(form)),
        postLogoutSuccessSource: (ctx) => sendPage(ctx, signedOutPage(pageOrigin)),
      },
    },

    acrValues: [ACR_SESSION, ACR_CONFIRMED],
    extraTokenClaims: async (ctx, token) => ({
      ...(await authenticationClaims?.(ctx, token)),
      ...("accountId" in token && accounts.find(token.accountId)?.rights),
    }),
    interactions: {
      policy: authenticationPolicy(),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    renderError: (ctx, out) =>
      sendPage(ctx, errorPage(String(out.error), String(out.error_description ?? ""))),
    clientBasedCORS: (_ctx, origin) => origin === pageOrigin,

    findAccount: (_ctx, sub) => {
      const account = accounts.find(sub);
      return (
        account && {
          accountId: account.sub,
          claims: () => ({
            sub: account.sub,
            name: account.name,
            preferred_username: account.username,
            email: account.email,
          }),
        }
      );
    },
  };
}

/**
 * What a token for `resource` looks like (RFC 8707). The scopes are the ones this client may ask for; the
 * rest of the request is dropped in silence, as RFC 6749 section 3.3 allows.
 */
function resourceServer(resource: string, client: DemoClient | undefined): ResourceServer {
  if (client === undefined) throw new errors.InvalidTarget();
  switch (resource) {
    case API_AUDIENCE:
      return {
        audience: API_AUDIENCE,
        scope: client.scopes.join(" "),
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        ...tokenFormat(client.accessTokenFormat),
      };
    case ARCHIVE_AUDIENCE:
      // The same scope names on purpose: at the gate nothing but the audience tells these tokens apart.
      return {
        audience: ARCHIVE_AUDIENCE,
        scope: client.scopes.join(" "),
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        ...tokenFormat("RS256"),
      };
    default:
      throw new errors.InvalidTarget();
  }
}

function tokenFormat(format: AccessTokenFormat): Pick<ResourceServer, "accessTokenFormat" | "jwt"> {
  if (format === "opaque") return { accessTokenFormat: "opaque" };
  return { accessTokenFormat: "jwt", jwt: { sign: { alg: format } } };
}

function sendPage(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = "html";
  ctx.body = html;
}
