/** A machine's configuration, and what it gets. Names are those of the standards. */
import type { AlgorithmName } from "../algorithm-name.ts";

/** Who asks for tokens, where, and what for. Unknown members are refused. */
export interface MachineConfig {
  /** The authorization server's identifier, whose metadata says where the token endpoint is. It or `token_endpoint` must be there. */
  issuer?: string;
  /** Where tokens are asked for; then no metadata is looked at. */
  token_endpoint?: string;
  client_id: string;
  /** Default: `private_key_jwt` with a private key, else `client_secret_basic`. */
  token_endpoint_auth_method?: "client_secret_basic" | "client_secret_post" | "private_key_jwt";
  client_secret?: string;
  /** The private key, a JWK with `alg`, by which assertions are signed (RFC 7523). It needs `issuer`, whom they are for. */
  private_key?: PrivateJwk;
  /** Space-separated. Default: what the server gives of itself. */
  scope?: string;
  /** The APIs that the token is for (RFC 8707): 1 to 10. */
  resource?: string | string[];
  /** The same for servers that want `audience` instead. */
  audience?: string | string[];
  /** Origins that `fetch` sends the token to. Default: none. */
  api_origins?: string[];
  /** Whether the token has to be bound to a key, which every request then proves (RFC 9449). Default `false`. */
  dpop?: boolean;
  /** Takes `http` URLs on 127.0.0.1, [::1] and localhost: for development and tests. */
  allow_insecure_loopback?: boolean;
}

/** A private key (RFC 7517). */
export interface PrivateJwk {
  kty: string;
  alg: AlgorithmName;
  kid?: string;
  [member: string]: unknown;
}

/** What a client may be given besides its configuration. */
export interface MachineOptions {
  /** Fetches from the authorization server and from APIs. Default: the platform's `fetch`. */
  fetch?: (input: string | Request, init?: RequestInit) => Promise<Response>;
  /** The time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

/** A token that serves now. */
export interface MachineToken {
  readonly access_token: string;
  readonly token_type: "Bearer" | "DPoP";
  /** Seconds since the epoch; `undefined` where the server did not say. */
  readonly expires_at: number | undefined;
}
