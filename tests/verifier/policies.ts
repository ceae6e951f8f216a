/** A policy that says everything that can be said, and what becomes of it when one member is changed. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const demands = {
  scope: "data:read",
  issuer: "https://second.example",
  audience: ["https://second-api.example"],
  roles: "editor",
  groups: ["a"],
  entitlements: ["b"],
  claims: [{ path: "realm_access.roles", any_of: ["editor"] }],
  acr_values: "phr",
  max_age: 300,
  sender_constraint: ["dpop", "mtls"],
};

/** Every member of a policy, with a good value. */
export const fullPolicy = {
  $schema: "./policy.schema.json",
  realm: "api",
  issuers: [
    {
      issuer: "https://login.example",
      audience: ["https://api.example"],
      algorithms: ["ES256", "RS256"],
      jwks_uri: "https://login.example/jwks",
      token_profile: "jwt",
      clock_tolerance_seconds: 60,
      introspection: {
        client_id: "gate",
        introspection_endpoint_auth_method: "client_secret_post",
        client_secret_binding: "INTROSPECTION_SECRET",
        introspection_endpoint: "https://login.example/introspect",
      },
    },
    {
      issuer: "https://second.example",
      audience: "https://second-api.example",
      introspection: { client_id: "gate", client_secret_binding: "INTROSPECTION_SECRET" },
    },
  ],
  routes: [
    {
      ...{ path: "/data/*", methods: ["GET"], public: false, introspection: true, ...demands },
      all_of: [demands],
      any_of: [demands],
    },
    { path: "/health", public: true },
    { path: "/deny-list", scope: "revoke", deny_list: true },
  ],
  upstream: {
    origin: "https://origin.example",
    claim_headers: [{ path: "realm_access.roles", header: "x-roles" }],
    drop_headers: ["cookie"],
    token: {
      grant_type: "client_credentials",
      issuer: "https://login.example",
      token_endpoint: "https://login.example/token",
      client_id: "gate",
      token_endpoint_auth_method: "client_secret_basic",
      client_secret_binding: "TOKEN_SECRET",
      scope: "orders",
      resource: ["https://origin.example"],
      audience: "orders",
    },
    timeout_milliseconds: 1_000,
  },
  cors: { origins: ["https://app.example"], headers: ["x-a"], expose_headers: ["x-b"] },
  resource_metadata: {
    resource: "https://api.example/v1",
    scopes_supported: ["data:read"],
    resource_name: "Tides",
    resource_documentation: "https://api.example/docs",
    resource_policy_uri: "https://api.example/policy",
    resource_tos_uri: "https://api.example/tos",
  },
  dpop: {
    replay: "memory",
    origin: "https://api.example",
    algorithms: ["ES256"],
    max_age_seconds: 30,
    clock_tolerance_seconds: 5,
    nonce_secret_binding: "NONCE_SECRET",
    nonce_lifetime_seconds: 60,
  },
  mtls: { certificates: "verified" },
  revocation: {
    durable_object_binding: "DENY_LIST",
    refresh_seconds: 5,
    stale_if_error_seconds: 30,
    entry_lifetime_seconds: 3_600,
  },
  keys: {
    stale_if_error_seconds: 60,
    cache_api: false,
    kv_binding: "KEYS",
    durable_object_binding: "KEY_SETS",
  },
  token_cache: { max_entries: 10, max_bytes: 65_536 },
  explain: false,
  server_timing: false,
  analytics_engine_binding: "DECISIONS",
  allow_insecure_loopback: true,
};

/** The full policy with the member at a place like `issuers[0].audience` set, or taken out where the value is `undefined`. */
export function changed(place: string, value: Json | undefined): Record<string, unknown> {
  const policy: Record<string, unknown> = structuredClone(fullPolicy);
  const names = place.replaceAll("[", ".").replaceAll("]", "").split(".");
  const last = names.pop() ?? "";
  let parent = policy;
  for (const name of names) parent = parent[name] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  // One of the two says where proofs are remembered.
  const dpop = policy.dpop as { replay?: string; replay_binding?: string } | undefined;
  if (place === "dpop.replay" && value === undefined && dpop) dpop.replay_binding = "DPOP_REPLAY";
  if (place === "dpop.replay_binding" && value !== undefined) delete dpop?.replay;
  if (place === "dpop.nonce_secret_binding" && value === undefined && policy.dpop)
    delete (policy.dpop as { nonce_lifetime_seconds?: number }).nonce_lifetime_seconds;
  // A route demands what the policy can take no proof of without it.
  if ((policy.dpop ?? null) === null || (policy.mtls ?? null) === null)
    policy.routes = withoutConstraints(policy.routes);
  // One of the two says where the deny list is, and a route needs it.
  const revocation = policy.revocation as
    | { durable_object_binding?: string; kv_binding?: string }
    | null
    | undefined;
  if (place === "revocation.durable_object_binding" && value === undefined && revocation)
    revocation.kv_binding = "DENY_LIST";
  if (place === "revocation.kv_binding" && value !== undefined) delete revocation?.durable_object_binding;
  if (revocation === null || revocation === undefined) (policy.routes as Json[]).splice(2, 1);
  // A route asks introspection, and then each issuer has to say how.
  if (place === "issuers[0].introspection" && value === undefined) {
    delete (policy.routes as { introspection?: boolean }[])[0]?.introspection;
  }
  return policy;
}

const withoutConstraints = (routes: unknown): unknown =>
  JSON.parse(JSON.stringify(routes, (name, value) => (name === "sender_constraint" ? undefined : value)));

interface SchemaNode {
  $ref?: string;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  else?: SchemaNode;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  $defs?: Record<string, SchemaNode>;
  [keyword: string]: unknown;
}

/**
 * The objects of a schema by the place of the first of each, with their members and which of them must be there where no condition of the
 * schema is met.
 */
export function membersOf(schema: SchemaNode): Map<string, { members: string[]; required: string[] }> {
  const places = new Map<string, { members: string[]; required: string[] }>();
  const walk = (node: SchemaNode, place: string, within: string[] = []): void => {
    if (node.$ref) {
      // A requirement can stand in another.
      if (within.includes(node.$ref)) return;
      const [, , name = "", , member] = node.$ref.split("/");
      const named = schema.$defs?.[name];
      const target = member === undefined ? named : named?.properties?.[member];
      if (target === undefined) throw new Error(`the schema names ${node.$ref} and has it not`);
      walk(target, place, [...within, node.$ref]);
      return;
    }
    const target = node;
    if (target.items) walk(target.items, `${place}[0]`, within);
    // Where an object is one of the things that may stand there.
    for (const choice of target.anyOf ?? []) if (choice.$ref) walk(choice, place, within);
    if (!target.properties) return;
    places.set(place, {
      members: Object.keys(target.properties),
      required: [...(target.required ?? []), ...(target.else?.required ?? [])],
    });
    for (const [name, member] of Object.entries(target.properties)) {
      walk(member, place === "" ? name : `${place}.${name}`, within);
    }
  };
  walk(schema, "");
  return places;
}
