/**
 * The gate's policy: the one document that says whose tokens are good, for what, and where requests go.
 *
 * This is the whole configuration of the Worker. For a real API it looks the same, with https addresses and
 * without the last two members. (An application imports the type from `edgeward/worker`.)
 */

import type { Policy } from "../../js/policy.ts";
import { ACR_CONFIRMED } from "./authorization-server/authentication.ts";
import { API_AUDIENCE } from "./resources.ts";

/** The binding under which the gate finds its own secret. The policy names it and never contains it. */
export const SECRET_BINDING = "INTROSPECTION_CLIENT_SECRET";

export interface PolicyParts {
  readonly issuer: string;
  readonly gateClientId: string;
  readonly apiOrigin: string;
  readonly pageOrigin: string;
}

export function createPolicy({ issuer, gateClientId, apiOrigin, pageOrigin }: PolicyParts): Policy {
  return {
    realm: "Tidewater",
    issuers: [
      {
        issuer,
        audience: API_AUDIENCE,
        introspection: { client_id: gateClientId, client_secret_binding: SECRET_BINDING },
      },
    ],
    routes: [
      { path: "/health", public: true },
      { path: "/whoami", methods: ["GET"] },
      { path: "/data", methods: ["GET"], scope: "data:read" },
      { path: "/user/profile", methods: ["GET"], scope: "profile:read" },
      // What opens a lock is for who has typed the password for it, and not long ago (RFC 9470).
      {
        path: "/user/lock-code",
        methods: ["GET"],
        scope: "profile:read",
        acr_values: ACR_CONFIRMED,
        max_age: 300,
      },
      { path: "/notes", methods: ["GET"], scope: "notes:read" },
      { path: "/notes", methods: ["POST"], scope: "notes:write" },
      { path: "/admin", methods: ["GET"], scope: "admin" },
      { path: "/machine/*", methods: ["GET"], scope: "machine" },
      // Opaque tokens say nothing by themselves: on this route the gate asks the server about each of them.
      { path: "/audit", methods: ["GET"], scope: "audit:read", introspection: true },
    ],
    upstream: { origin: apiOrigin },
    // Tokens may be bound to a key of the client's; the Durable Object of wrangler.toml remembers used proofs.
    dpop: { replay_binding: "DPOP_REPLAY" },
    cors: { origins: [pageOrigin] },
    // For the demo's pleasure: refusals carry the exact reason. A public API leaves this out.
    explain: true,
    // For the demo's plain http on 127.0.0.1; the gate refuses it for any other address.
    allow_insecure_loopback: true,
  };
}
