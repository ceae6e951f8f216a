/** What the core asks for and what it answers with. Names are those of the standards. */
import type { AlgorithmName } from "./algorithm-name.ts";
import type { CoreErrorCode } from "./error-code.ts";

/** Header names and values. */
export type HeaderList = [name: string, value: string][];

/** A document of an authorization server, good only with status 200. Of a `token` endpoint, the status, a line feed and what came with it. */
export interface DocumentNeed {
  kind: "metadata" | "key_set" | "introspection" | "token";
  url: string;
  /** With a body it is a POST of a form. */
  body?: string;
  authorization?: string;
  /** To be signed and added to the form. */
  client_assertion?: ClientAssertion;
  max_bytes: number;
  timeout_milliseconds: number;
}

/** A client assertion to be signed (RFC 7523 section 3). */
export interface ClientAssertion {
  /** The name of the secret that is the private key. */
  private_key_binding: string;
  alg: AlgorithmName;
  /** The JOSE header as JSON text. */
  header: string;
  /** The claims without `jti` as JSON text. */
  claims: string;
}

/** Nothing but time: another call is fetching what this one needs. */
export interface MomentNeed {
  kind: "moment";
  milliseconds: number;
}

/** Whether a DPoP proof was used before; it is answered by `new`, `used` or `full`. */
export interface ProofUseNeed {
  kind: "proof_use";
  /** The thumbprint of its key. */
  jkt: string;
  /** Which of that key's proofs it is. */
  proof: string;
  /** How long it has to be remembered, in seconds since the epoch. */
  until: number;
  /** How many proofs of one key are remembered. */
  most: number;
  max_bytes: number;
  timeout_milliseconds: number;
}

/** A store beside memory. */
export type StoreName = "cache_api" | "kv";

/** What a store was given to keep under a key. */
export interface StoredNeed {
  kind: "stored";
  store: StoreName;
  key: string;
  max_bytes: number;
  timeout_milliseconds: number;
}

/** A document that a Durable Object fetches for many isolates; it is answered by its age in seconds, a line feed and itself, or by `unavailable`. */
export interface SharedNeed {
  kind: "shared";
  url: string;
  document: "metadata" | "key_set";
  /** One that is older is fetched anew. */
  max_age_seconds: number;
  /** Whether the URL may be an `http` one of this machine. */
  allow_insecure_loopback: boolean;
  /** Of the answer; the document is shorter. */
  max_bytes: number;
  /** How long the fetch may take, and how long the object may. */
  fetch_timeout_milliseconds: number;
  timeout_milliseconds: number;
  /** How long a server that has failed is left alone at first, and at most. */
  back_off_seconds: number;
  max_back_off_seconds: number;
}

/** Reading or changing the deny list. */
export type DenyListNeed = DenyListBounds &
  (
    | { kind: "deny_list" }
    | {
        kind: "deny_list_put";
        id: string;
        /** The entry as JSON text. */
        entry: string;
        /** Until when it has to be kept, in seconds since the epoch. */
        expires_at: number;
        /** How many entries there may be, and how many bytes of JSON. */
        most: number;
        most_bytes: number;
      }
    | { kind: "deny_list_remove"; id: string }
  );

interface DenyListBounds {
  max_bytes: number;
  timeout_milliseconds: number;
}

/** A text for stores to keep. */
export interface StoreWrite {
  stores: StoreName[];
  key: string;
  text: string;
  /** How long it is of use. */
  seconds: number;
}

/** The body of the request itself. */
export interface RequestBodyNeed {
  kind: "request_body";
  max_bytes: number;
  timeout_milliseconds: number;
}

/** Whatever the core may need that is no signature. */
export type Need =
  | DocumentNeed
  | MomentNeed
  | ProofUseNeed
  | SharedNeed
  | StoredNeed
  | DenyListNeed
  | RequestBodyNeed;

/** Something of the platform's, no secret, that the policy names by its binding. */
export interface BindingNeed {
  path: string;
  name: string;
  kind: "durable_object" | "kv_namespace" | "service" | "analytics_engine";
}

/** An answer of the gate's own. */
export interface GateAnswer {
  status: number;
  headers: HeaderList;
  body: string;
  reason: { code: CoreErrorCode; detail: string } | null;
  /** `stale` where keys of a set that is due were used. */
  key_set: "stale" | null;
}
