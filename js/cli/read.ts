/**
 * Files and standard input on their way to the core: no more is read than they may have.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { GatePolicy } from "../wasm/gate-node.ts";

/** Why there is no text to check. */
export class Unreadable extends Error {}

/**
 * The bytes of a policy's file, or of standard input for "-".
 *
 * @throws Unreadable where it can't be read, or is larger than any policy may be.
 */
export async function readPolicy(file: string): Promise<Uint8Array> {
  return await readBytes(file, GatePolicy.maxBytes(), "a policy");
}

/**
 * The text of a file, or of standard input for "-".
 *
 * @throws Unreadable where it can't be read, is no UTF-8, or has more bytes than `what` may have.
 */
export async function readBounded(file: string, most: number, what: string): Promise<string> {
  const name = file === "-" ? "standard input" : file;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      await readBytes(file, most, what),
    );
  } catch (error) {
    throw new Unreadable(`${name} ${error instanceof Unreadable ? error.message : "is not UTF-8"}`);
  }
}

async function readBytes(file: string, most: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    bytes += chunk.length;
    // It may never end.
    if (bytes > most) throw new Unreadable(`is too large: ${what} has at most ${most} bytes`);
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
