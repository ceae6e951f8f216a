/**
 * Files and standard input on their way to the core: no more is read than a policy may have.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { GatePolicy } from "../wasm/gate-node.ts";

/** Why there is no text to check. */
export class Unreadable extends Error {}

/**
 * The bytes of a file, or of standard input for "-".
 *
 * @throws Unreadable where it can't be read, or is larger than any policy may be.
 */
export async function readPolicy(file: string): Promise<Uint8Array> {
  const most = GatePolicy.maxBytes();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    bytes += chunk.length;
    // It may never end.
    if (bytes > most) throw new Unreadable(`is too large: a policy has at most ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file === "-" ? process.stdin : createReadStream(file);
  } catch (error) {
    // "ENOENT: no such file or directory, open 'policy.json'": the file is named already.
    const reason = error instanceof Error ? error.message.replace(/, .*/s, "") : String(error);
    throw new Unreadable(`can't be read: ${reason}`);
  }
}
