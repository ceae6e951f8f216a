/** What surrounds a gate: its runtime, what its policy names and does not hold, and what comes along with a request. */
import type { AlgorithmName } from "./algorithm-name.ts";
import type { CertificateOf } from "./client-certificate.ts";
import type { CacheApi } from "./key-stores.ts";
import type { GateCore, GatePolicy } from "./wasm/generated/gate.js";
import type { Instance } from "./wasm/instance.ts";

/**
 * What an entry file knows of its runtime.
 *
 * @internal
 */
export interface GateRuntime {
  GateCore: typeof GateCore;
  GatePolicy: typeof GatePolicy;
  instance: Instance;
  /** The algorithms whose signatures WebCrypto checks unless an engine is named. */
  hostAlgorithms: readonly AlgorithmName[];
  /**
   * Whether `fetch` is that of a server's runtime, and not an edge's: it decodes bodies, tells of headers about the connection, and sends the
   * `Host` that it finds.
   */
  isServer?: boolean;
  /** The certificate that a request's client has presented, where the runtime tells of it. */
  certificateOf?: CertificateOf;
  /** The Cache API, where what is kept in it is there for other isolates. */
  caches?: CacheApi;
}

/**
 * What a policy names and does not hold.
 *
 * @internal
 */
export interface Surroundings {
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly bindings?: Readonly<Record<string, unknown>>;
  readonly engine?: "webcrypto" | "wasm";
  readonly clientCertificateThumbprint?: (request: Request) => string | undefined;
}

/**
 * A service that the runtime reaches without a network.
 *
 * @internal
 */
export interface Service {
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
}

/**
 * Whether requests are sent on to an origin, or only decided about.
 *
 * @internal
 */
export type GateUse = "gate" | "guard";

/** What a runtime gives along with a request, as Workers do: who is handed a promise lets it come to its end, whatever becomes of the request. */
export interface RequestContext {
  waitUntil(promise: Promise<unknown>): void;
}
