/** `edgeward` in Node, Deno and Bun. */
import { NodeCrypto } from "./node-crypto.ts";
import { verifiersOf } from "./verifier.ts";
import { hostAlgorithms } from "./wasm/native-host.ts";
import { instance, VerifierCore } from "./wasm/verifier-node.ts";

/** `node:crypto` checks at once what WebCrypto would later. */
const nodeHost = () => new NodeCrypto();

const runtime = { VerifierCore, instance, hostAlgorithms, nodeHost, outlivesCall: true };

/**
 * Makes a verifier from a policy, an object or JSON text.
 *
 * @throws EdgewardError `policy_invalid`, which names every problem and its place.
 */
export const createVerifier = /* @__PURE__ */ verifiersOf(runtime);

export * from "./verifier-types.ts";
