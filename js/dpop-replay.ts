/**
 * Asks the Durable Object of a key whether one of its proofs was used before (RFC 9449 section 11.1).
 *
 * @module
 */
import { askObject } from "./durable-object.ts";
import type { UseProof } from "./steps.ts";

/**
 * Makes what asks the objects of a namespace. There is one for each key, so all proofs of a client come to one place, which is near to where it
 * was asked first, and another client's flood does not reach it.
 */
export function proofUseOf(binding: unknown): UseProof {
  // Failed and too slow are one: then it can't be said.
  return async ({ kind: _, jkt, max_bytes, timeout_milliseconds, ...use }) =>
    await askObject(binding, jkt, use, { max_bytes, timeout_milliseconds });
}
