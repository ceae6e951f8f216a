/** What WebCrypto, or `node:crypto`, is asked where it is native code: in servers and edge runtimes. */
import { hostAlone, rsa } from "../engines.ts";

/**
 * The algorithms whose signatures it checks: those that the core has not, and those at which it is the faster one. ES256 is the
 * core's. `docs/benchmarks/` has the measurements.
 */
export const hostAlgorithms = [...hostAlone, ...rsa];
