/** The policy of the load: a route of each kind, and all that keeps something in memory. */
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import type { Policy } from "../../js/policy.ts";
import { INTROSPECTION_SCOPE } from "./authority.ts";

export const PAGE = "https://app.example";
export const REALM = "load";
export const REFRESH_SECONDS = 2;
export const INTROSPECTION_SECRET = "INTROSPECTION_CLIENT_SECRET";
export const NONCE_SECRET = "DPOP_NONCE_SECRET";
export const METADATA_PATH = "/.well-known/oauth-protected-resource";

export function policyOf(issuer: string, origin: string): Policy {
  return {
    realm: REALM,
    issuers: [
      {
        issuer,
        audience: API_AUDIENCE,
        introspection: { client_id: "gate", client_secret_binding: INTROSPECTION_SECRET, cache_seconds: 30 },
      },
    ],
    routes: [
      { path: "/health", public: true },
      { path: "/data", methods: ["GET"], scope: "data:read" },
      { path: "/notes", methods: ["GET", "POST"], scope: "notes:write" },
      { path: "/admin", roles: "keeper", claims: [{ path: "station.level", equals: 3 }] },
      { path: "/payments", acr_values: "phr", max_age: 600 },
      { path: "/bound", sender_constraint: "dpop", scope: "data:read" },
      { path: "/audit", scope: INTROSPECTION_SCOPE, introspection: true },
      { path: "/deny-list", scope: "tokens:revoke", deny_list: true },
    ],
    upstream: { origin },
    cors: { origins: [PAGE] },
    dpop: { replay_binding: "DPOP_REPLAY", nonce_secret_binding: NONCE_SECRET },
    revocation: { durable_object_binding: "DENY_LIST", refresh_seconds: REFRESH_SECONDS },
    resource_metadata: { resource: "https://api.example", resource_name: "The load" },
    allow_insecure_loopback: true,
  };
}

/** The same with a demand left out: a run against it must find wrong decisions. */
export function spoilt(policy: Policy): Policy {
  return {
    ...policy,
    routes: policy.routes.map((route) => {
      const { scope: _, ...rest } = route;
      return route.path === "/data" ? rest : route;
    }),
  };
}
