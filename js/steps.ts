/**
 * What a core waits for: a document, or the host's verdict on a signature. A step is a number of that core's.
 *
 * @module
 */
import { type AlgorithmName, algorithmNames } from "./algorithm-name.ts";
import type { ClientAssertions } from "./client-assertion.ts";
import { type Fetch, fetchDocument } from "./documents.ts";
import type { Need, ProofUseNeed } from "./needs.ts";
import type { SignatureRequest, SignatureVerdict } from "./webcrypto.ts";

/** What both cores say of their steps. */
interface StepCore {
  needsSignature(step: number): boolean;
  document(step: number): string;
  algorithm(step: number): number;
  keyId(step: number): number;
  jwk(step: number): string;
  messageAddress(step: number): number;
  messageLength(step: number): number;
  signatureAddress(step: number): number;
  signatureLength(step: number): number;
}

/** Asks whether a proof was used before; `null` where that can't be said. */
export type UseProof = (need: ProofUseNeed) => Promise<string | null>;

/** The verdicts as the cores take them. */
export const verdictNumbers: Readonly<Record<SignatureVerdict, number>> = { fails: 0, holds: 1, unable: 2 };

/** The algorithm of the signature that a step needs. */
export const algorithmOf = (core: StepCore, step: number): AlgorithmName =>
  algorithmNames[core.algorithm(step)] as AlgorithmName;

/** The signature that a step needs, for a host. */
export function signatureRequest(core: StepCore, step: number, memory: WebAssembly.Memory): SignatureRequest {
  return {
    alg: algorithmOf(core, step),
    keyId: core.keyId(step),
    jwk: () => core.jwk(step),
    message: () => new Uint8Array(memory.buffer, core.messageAddress(step), core.messageLength(step)),
    signature: () => new Uint8Array(memory.buffer, core.signatureAddress(step), core.signatureLength(step)),
  };
}

/** The document or the moment that a step needs. */
export const documentNeed = (core: StepCore, step: number): Need => JSON.parse(core.document(step));

/**
 * The text of the document that is needed; `null` where it can't be had, and after the moment that is waited for another's. No promise
 * of another request is awaited, which in workerd would never end.
 */
export async function documentFor(
  need: Need,
  fetch: Fetch,
  assertions?: ClientAssertions,
): Promise<string | null> {
  if (need.kind === "moment") {
    await new Promise((resolve) => setTimeout(resolve, need.milliseconds));
    return null;
  }
  // A gate asks about the rest itself, and nobody else needs it.
  if (need.kind === "shared" || !("url" in need)) return null;
  if (need.client_assertion !== undefined) {
    const assertion = await assertions?.sign(need.client_assertion);
    if (assertion === undefined) return null;
    need.body = `${need.body}&client_assertion=${assertion}`;
  }
  const document = await fetchDocument(need, fetch);
  // Only there a refusal says more than that there was one.
  if (document !== undefined && need.kind === "token") return `${document.status}\n${document.text}`;
  return document?.status === 200 ? document.text : null;
}

/** Whether it is on the way to keys. */
export const isOfKeys = (kind: string): boolean => ["stored", "shared", "key_set", "metadata"].includes(kind);

/** Whether it goes on when its client has left: other requests may wait for it, or what waits for another's holds room until it ends. */
export const isAwaited = (kind: string): boolean =>
  isOfKeys(kind) || ["introspection", "token", "deny_list", "deny_list_put", "moment"].includes(kind);
