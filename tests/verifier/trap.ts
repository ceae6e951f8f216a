/** A real trap, caused from outside: a module that gets no more memory ends in `unreachable` where it needs some (module/src/lib.rs). */
import assert from "node:assert/strict";

/** What is used of a module's exports. Its script gives them again, once there is an instance. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_malloc: (bytes: number, alignment: number) => number;
}

/** What a script is given that has its module already. */
export const nothing = { module: new Uint8Array() };

/**
 * Takes all memory that the module has left or could get in pieces of so many bytes, so that it traps when it needs one; without a number, whatever it
 * does next. Only until the program waits for something: cores that nobody has any more give memory back when they are collected.
 */
export function exhaust({ memory, __wbindgen_malloc }: Exports, pieces = 1): void {
  // The most that 32 bits can address, in pages of 64 KiB.
  for (let pages = 65_536; pages >= 1; pages = Math.floor(pages / 2)) {
    try {
      memory.grow(pages);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }
  for (let bytes = 2 ** 30; bytes >= pieces; bytes /= 2) {
    assert.throws(() => {
      for (;;) __wbindgen_malloc(bytes, 1);
    }, WebAssembly.RuntimeError);
  }
}
