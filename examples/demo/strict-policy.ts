/**
 * The policy of a second gate in front of the same API, which the walkthrough starts: it asks for more than scopes.
 *
 * Roles and other claims, a sign-in that is fresh and confirmed, tokens that are bound to a key, with nonces, and a deny list by which tokens are
 * taken back before they expire. Callers can read what is asked (RFC 9728), and how long each part of an answer took.
 */

import type { Policy } from "../../js/policy.ts";
import { ACR_CONFIRMED } from "./authorization-server/authentication.ts";
import { API_AUDIENCE, API_SCOPES } from "./resources.ts";

/** The binding of the secret behind nonces. All gates of an API have the same one. */
export const NONCE_SECRET_BINDING = "DPOP_NONCE_SECRET";

/** How old a gate's copy of the deny list may be: so long a token still passes that was taken back. The walkthrough waits for it. */
export const REFRESH_SECONDS = 2;

export function strictPolicy(policy: Policy): Policy {
  return {
    ...policy,
    routes: [
      { path: "/health", public: true },
      { path: "/data", methods: ["GET"], scope: "data:read" },
      { path: "/admin", methods: ["GET"], roles: "keeper" },
      { path: "/user/profile", methods: ["GET"], claims: [{ path: "station.level", equals: 3 }] },
      // Who writes has typed the password for it, and not long ago (RFC 9470).
      { path: "/notes", methods: ["POST"], scope: "notes:write", acr_values: ACR_CONFIRMED, max_age: 300 },
      { path: "/machine/*", methods: ["GET"], scope: "machine", sender_constraint: "dpop" },
      // Read and written by who has that scope; its requests never go to the API.
      { path: "/deny-list", scope: "tokens:revoke", deny_list: true },
    ],
    dpop: { replay_binding: "DPOP_REPLAY", nonce_secret_binding: NONCE_SECRET_BINDING },
    revocation: { durable_object_binding: "DENY_LIST", refresh_seconds: REFRESH_SECONDS },
    resource_metadata: {
      resource: API_AUDIENCE,
      resource_name: "Tidewater",
      scopes_supported: API_SCOPES.map(({ scope }) => scope),
    },
    server_timing: true,
  };
}
