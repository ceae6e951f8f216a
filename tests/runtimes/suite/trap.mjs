// A real trap: a module that gets no more memory ends in `unreachable` where it needs some.

import { holds } from "./expect.mjs";

/**
 * Takes all memory that a module has left or could get. Its script gives the exports of the instance that is there, and reads no module.
 *
 * @param {(source: object) => object} initSync of the script
 */
export function exhaust(initSync) {
  const { memory, __wbindgen_malloc } = initSync({ module: new Uint8Array() });
  // The most that 32 bits can address, in pages of 64 KiB; the runtime may allow less.
  for (let pages = 65_536; pages >= 1; pages = Math.floor(pages / 2)) {
    try {
      memory.grow(pages);
    } catch (error) {
      holds(error instanceof RangeError, "there is no more");
    }
  }
  for (let bytes = 2 ** 30; bytes >= 1; bytes /= 2) {
    let trap;
    while (trap === undefined) {
      try {
        __wbindgen_malloc(bytes, 1);
      } catch (error) {
        trap = error;
      }
    }
    holds(trap instanceof WebAssembly.RuntimeError, "the module traps");
  }
}
