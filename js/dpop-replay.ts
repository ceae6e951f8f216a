/**
 * Asks the Durable Object of a key whether one of its proofs was used before (RFC 9449 section 11.1).
 *
 * @module
 */
import type { UseProof } from "./steps.ts";

/** A namespace of Durable Objects, as far as it is needed here. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> };
}

/**
 * Makes what asks the objects of a namespace. There is one for each key, so all proofs of a client come to one place, which is near to where it
 * was asked first, and another client's flood does not reach it.
 */
export function proofUseOf(binding: unknown): UseProof {
  const namespace = binding as Namespace;
  return async ({ jkt, timeout_milliseconds, ...use }) => {
    try {
      const object = namespace.get(namespace.idFromName(jkt));
      const response = await object.fetch("https://dpop-replay.invalid/", {
        method: "POST",
        body: JSON.stringify(use),
        signal: AbortSignal.timeout(timeout_milliseconds),
      });
      return response.status === 200 ? await response.text() : null;
    } catch {
      // Failed and too slow are one: then it can't be said.
      return null;
    }
  };
}
