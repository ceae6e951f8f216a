/** The policy, which a person writes. Names are those of the standards. */
import type { AlgorithmName } from "./algorithm-name.ts";

/** What a gate enforces. Unknown members are refused when it is loaded. */
export interface Policy {
  /** Where the JSON Schema of this document is, for editors: `edgeward/policy.schema.json`. Any text; it decides nothing. */
  $schema?: string;
  /** The protection space named in challenges (RFC 9110 section 11.5). Default: the first audience. */
  realm?: string;
  /** Who may issue tokens: 1 to 100. */
  issuers: IssuerPolicy[];
  /** What may be called. What no route names is refused. */
  routes: RoutePolicy[];
  upstream: UpstreamPolicy;
  cors?: CorsPolicy;
  /** What clients may know of the API before they have a token (RFC 9728). Default: no metadata is served. */
  resource_metadata?: ResourceMetadataPolicy;
  /** Takes tokens that are bound to a key and come with a proof of it (RFC 9449). Without it such tokens are refused. */
  dpop?: DpopPolicy;
  /** Refuses tokens before they expire, by a deny list that all gates share. Default: no list is looked at. */
  revocation?: RevocationPolicy;
  /** What becomes of key sets. */
  keys?: GateKeyPolicy;
  /** Takes tokens that are bound to the client's certificate, over a connection with that certificate (RFC 8705). Without it such tokens are refused. */
  mtls?: MtlsPolicy;
  /** Puts the private reason of a refusal (`code`, `detail`) into its body: for debugging, never in production. */
  explain?: boolean;
  /**
   * Says in `Server-Timing` how long each part of the way to an answer took. Default `false`: it tells callers what was remembered, of their tokens and of
   * keys.
   */
  server_timing?: boolean;
  /** The name of a binding to a dataset of Workers Analytics Engine, which gets a data point for each request. Default: none. */
  analytics_engine_binding?: string;
  /** Whether verified tokens are remembered, and how many. Default `true`. `false` has each request's signature checked. */
  token_cache?: boolean | TokenCachePolicy;
  /** Takes `http` URLs on 127.0.0.1, [::1] and localhost: for development and tests. */
  allow_insecure_loopback?: boolean;
}

/** What a guard enforces: a gate's policy, whose `upstream` need not be there because nothing is sent on. */
export interface GuardPolicy extends Omit<Policy, "upstream"> {
  upstream?: UpstreamPolicy;
}

/** Where the deny list is, and how old a gate's copy of it may be. Exactly one of the bindings is named. */
export interface RevocationPolicy {
  /** The name of a binding to Durable Objects of the class `DenyList`: one of them keeps the list. */
  durable_object_binding?: string;
  /** The name of a namespace of Workers KV that keeps the list; what is written is seen later by what KV takes, which is up to a minute. */
  kv_binding?: string;
  /** How old the copy may be that a request is decided by, 1 to 300: so long a revoked token still passes. Default 10. */
  refresh_seconds?: number;
  /** How much older where the list can't be read, 0 to 3,600; then nothing passes (503). Default 60. */
  stale_if_error_seconds?: number;
  /** How long an entry is kept that does not say it itself, 60 to 31,536,000; no token may live longer. Default 604,800, a week. */
  entry_lifetime_seconds?: number;
}

/** What becomes of key sets. */
export interface KeyPolicy {
  /**
   * How long a key set that is due still serves where it can't be refreshed, 0 to 604,800. Default 86,400, a day. 0 for no longer than the 15
   * seconds in which one request fetches the next set while others go on: then there is no access without the issuer.
   */
  stale_if_error_seconds?: number;
}

/** The same at a gate, which looks for key sets and metadata in stores before it fetches them. */
export interface GateKeyPolicy extends KeyPolicy {
  /**
   * Whether they are kept in the runtime's Cache API, in a cache of our own. Default `true`, where there is one: in Workers. Other Workers of the
   * same zone can write to it; where one of them is not to be trusted with what tokens are good, say `false`.
   */
  cache_api?: boolean;
  /** The name of a binding to a KV namespace that nobody else writes to. Default: none. */
  kv_binding?: string;
  /** The name of a binding to Durable Objects of the class `KeySets`, which fetch once for all isolates of a data centre. Default: none. */
  durable_object_binding?: string;
}

/** How much of verified tokens is kept in memory. Who is unused longest leaves first. */
export interface TokenCachePolicy {
  /** 1 to 100,000. Default 1,000. */
  max_entries?: number;
  /** Tokens and claims together, 65,536 to 268,435,456. Default 4,194,304. */
  max_bytes?: number;
}

export interface IssuerPolicy {
  /**
   * Compared exactly with `iss`. Of a provider with many tenants that share one key set, the place of the tenant is a segment `{tenantid}`, as in
   * `https://login.microsoftonline.com/{tenantid}/v2.0`; then `tenants` and `jwks_uri` have to be there.
   */
  issuer: string;
  /** Which tenants: 1 to 1,000, each as `tid` and `iss` have it; or `any`, every one of the provider's, whoever has made it. */
  tenants?: "any" | string[];
  /** `aud` must name one of them exactly. */
  audience: string | string[];
  /** Default: all that are supported. */
  algorithms?: AlgorithmName[];
  /** Where the key set is. Default: what the issuer's metadata says (RFC 8414, OIDC Discovery). */
  jwks_uri?: string;
  /** `at+jwt` (default) is RFC 9068; `jwt` a provider that predates it. */
  token_profile?: "at+jwt" | "jwt";
  /** How far the clocks may differ, 0 to 300. Default 30. */
  clock_tolerance_seconds?: number;
  /** How to ask about tokens (RFC 7662); needed where a route says `introspection`. */
  introspection?: IntrospectionPolicy;
}

/** How the gate asks an issuer about tokens (RFC 7662). The answer must name `aud` and `exp`. */
export interface IntrospectionPolicy {
  client_id: string;
  /** How the gate says who it is (RFC 8414 `introspection_endpoint_auth_methods_supported`). Default `client_secret_basic`. */
  introspection_endpoint_auth_method?: "client_secret_basic" | "client_secret_post" | "private_key_jwt";
  /** The name of the secret, never the secret; with `client_secret_basic` and `client_secret_post`. */
  client_secret_binding?: string;
  /** The name of the secret that is the private key, a JWK with `alg` as JSON text; with `private_key_jwt`. */
  private_key_binding?: string;
  /** Default: what the issuer's metadata says. */
  introspection_endpoint?: string;
  /** How long a good answer serves for the same token, in seconds, 0 to 300, and never beyond `exp`. Default 0: each request asks. */
  cache_seconds?: number;
}

/** What a token must have: all that is said here. Nothing in it may be empty. */
export interface RequirementPolicy {
  /** Space-separated; the token must have all of them. */
  scope?: string;
  /** Only tokens of these issuers of the policy. */
  issuer?: string | string[];
  /** Only tokens for one of these audiences of the issuers. */
  audience?: string | string[];
  /** The token's user must have all of these (RFC 9068 section 2.2.3.1): texts in the claim, or objects with such a `value`. */
  roles?: string | string[];
  groups?: string | string[];
  entitlements?: string | string[];
  /** Conditions on claims; all must be met. */
  claims?: ClaimConditionPolicy[];
  /** Space-separated, in the order of preference: `acr` must be one of them (RFC 9470). */
  acr_values?: string;
  /** How many seconds ago the user may have authenticated: `auth_time` (RFC 9470). */
  max_age?: number;
  /** The token must be bound to its sender in this way, or in one of these; `dpop` or `mtls` has to be in the policy (RFC 9449 section 6, RFC 8705 section 3). */
  sender_constraint?: SenderConstraint | SenderConstraint[];
  /** Each of these must be met. Up to 4 deep, and 32 in one route. */
  all_of?: RequirementPolicy[];
  /** One of these must be met. */
  any_of?: RequirementPolicy[];
}

/** A way in which tokens are bound to who may send them. */
export type SenderConstraint = "dpop" | "mtls";

/** One condition on one claim: one of `present`, `equals`, `any_of` and `all_of`. */
export interface ClaimConditionPolicy {
  /** The claim's name; names separated by dots for one inside of others; or a list of names, where one has a dot in it. */
  path: string | string[];
  /** It is there and not null. */
  present?: true;
  /** It is exactly this; not null. */
  equals?: unknown;
  /** One of these is among its words: the elements of a list, or the words of a text. */
  any_of?: string | string[];
  /** All of these are among its words. */
  all_of?: string | string[];
}

export interface RoutePolicy extends RequirementPolicy {
  /** A plain path, or one that ends in `/*` for everything below. The most specific route decides. */
  path: string;
  /** Default: all. GET includes HEAD. */
  methods?: string[];
  /** No token is looked at. */
  public?: boolean;
  /** Its requests read and write the deny list (docs/policy.md, "Revocation") and don't go to the origin. It must demand something. */
  deny_list?: boolean;
  /** The issuer is asked about the token (see `cache_seconds`); opaque tokens are taken, too, where there is one issuer or the route names one. */
  introspection?: boolean;
}

export interface UpstreamPolicy {
  /** Where requests go: scheme, host and port. Either this or `service_binding` has to be there. */
  origin?: string;
  /** The name of a Worker's service binding that requests go to, by the URL that the client asked by. */
  service_binding?: string;
  /** Claim → header for the origin, or a list for claims inside of others. Default: `edgeward-sub`, `-iss`, `-client-id`, `-scope`, `-jti`. */
  claim_headers?: Record<string, string> | ClaimHeaderPolicy[];
  /** The client's headers that stay here, beside those that never go on. */
  drop_headers?: string[];
  /**
   * What becomes of the client's token: `remove` (default), or `forward` once it was found good; on public routes it never goes on. Or how the gate
   * gets another, which goes on in its place: on public routes none.
   */
  token?: "remove" | "forward" | TokenRequestPolicy;
  /** How long the origin may take until its answer begins, 1 to 600,000; then 504. Default: as long as the runtime waits. */
  timeout_milliseconds?: number;
}

/** A claim's header. */
export interface ClaimHeaderPolicy {
  /** As a {@link ClaimConditionPolicy}'s: names separated by dots for a claim inside of others, or a list of names, where one has a dot in it. */
  path: string | string[];
  /** In lower case, and none with a meaning of its own. */
  header: string;
}

/** How the gate gets a token for the origin from an authorization server. */
export interface TokenRequestPolicy {
  /** A token of the gate's own (RFC 6749 section 4.4), or one in exchange for each client's (RFC 8693). */
  grant_type: "client_credentials" | "urn:ietf:params:oauth:grant-type:token-exchange";
  /** The authorization server's identifier. */
  issuer: string;
  /** Default: what the issuer's metadata says; needed where it is none of the policy's issuers. */
  token_endpoint?: string;
  client_id: string;
  /** How the gate says who it is. Default `client_secret_basic`. */
  token_endpoint_auth_method?: "client_secret_basic" | "client_secret_post" | "private_key_jwt";
  /** The name of the secret, never the secret; with `client_secret_basic` and `client_secret_post`. */
  client_secret_binding?: string;
  /** The name of the secret that is the private key, a JWK with `alg` as JSON text; with `private_key_jwt`. */
  private_key_binding?: string;
  /** Space-separated. Default: what the server gives unasked. */
  scope?: string;
  /** Absolute URIs of what the token is for (RFC 8707). */
  resource?: string | string[];
  /** Names of what the token is for (RFC 8693 section 2.1); some servers take it with client credentials, too. */
  audience?: string | string[];
}

/** How proofs of possession are taken (RFC 9449 section 7). A bound token is always made to bring one. */
export interface DpopPolicy {
  /** Where used proofs are remembered; this or `replay_binding`. `memory`: by each process for itself, so there must be one process alone. */
  replay?: "memory";
  /** The name of a binding to Durable Objects of the class `DpopReplay`, which remember used proofs for all gates that have it. */
  replay_binding?: string;
  /** Scheme, host and port by which clients reach the gate. Default: those of the request's URL. */
  origin?: string;
  /** How proofs may be signed. Default: all that are supported. */
  algorithms?: AlgorithmName[];
  /** How long ago a proof may have been made, 1 to 300. Default 60. */
  max_age_seconds?: number;
  /** How far a client's clock may be ahead, 0 to 300. Default 30. */
  clock_tolerance_seconds?: number;
  /** The name of the secret behind nonces that proofs then have to carry (RFC 9449 section 9): random, at least 32 bytes, the same for all gates. */
  nonce_secret_binding?: string;
  /** How long a nonce is taken at least, and half of what it is at most: 10 to 3,600. Default 300. */
  nonce_lifetime_seconds?: number;
}

/** How tokens are taken that are bound to the client's certificate (RFC 8705 section 3). A bound token is always held against it. */
export interface MtlsPolicy {
  /**
   * Which certificates count. `verified` (default): those that Cloudflare has verified. `any`: others, too, self-signed ones among them; the token is
   * bound to one of them, so none has to be known (RFC 8705 section 6.2). Never those that were revoked.
   */
  certificates?: "verified" | "any";
}

export interface CorsPolicy {
  /** Origins whose pages may call the API and read its answers. */
  origins: string[];
  /** Request headers beside `authorization` and `content-type`. */
  headers?: string[];
  /** Response headers of the origin's that pages may read, beside `www-authenticate` and `retry-after`. */
  expose_headers?: string[];
}

/**
 * The protected resource's metadata (RFC 9728 section 2), served at `/.well-known/oauth-protected-resource` and named in every challenge. The
 * authorization servers are the policy's issuers.
 */
export interface ResourceMetadataPolicy {
  /** The resource identifier: an https URL without query and fragment. Its path follows the well-known one. */
  resource: string;
  /** The scopes that may be told. Default: none are. */
  scopes_supported?: string[];
  /** For people. */
  resource_name?: string;
  resource_documentation?: string;
  resource_policy_uri?: string;
  resource_tos_uri?: string;
}
