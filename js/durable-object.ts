/**
 * Asks a Durable Object, within its time.
 *
 * @module
 */
import { readText } from "./documents.ts";

/** A namespace of Durable Objects, as far as it is needed here. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> };
}

/** How much an object may answer, in bytes, and how long it may take. */
interface Bounds {
  readonly max_bytes: number;
  readonly timeout_milliseconds: number;
}

/** What the object of that name in a namespace answers; `null` where it fails, takes longer, or says more. */
export async function askObject(
  binding: unknown,
  name: string,
  question: object,
  { max_bytes, timeout_milliseconds }: Bounds,
): Promise<string | null> {
  const namespace = binding as Namespace;
  try {
    const object = namespace.get(namespace.idFromName(name));
    const response = await object.fetch("https://durable-object.invalid/", {
      method: "POST",
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(timeout_milliseconds),
    });
    if (response.status !== 200 || response.body === null) return null;
    return (await readText(response.body, max_bytes)) ?? null;
  } catch {
    return null;
  }
}
