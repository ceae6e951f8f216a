/**
 * The one instance of a module, which all cores share that this program has made of it. A panic or a trap leaves its memory in a state that
 * nobody knows, so it is thrown away as a whole, and a fresh one is made of the compiled module at once.
 *
 * @module
 */

/**
 * What the generated script of each module has for it. The reset makes a fresh instance; objects of the one before throw whatever they are
 * called for, and when they are collected nothing is freed in the fresh one's memory.
 */
interface Glue {
  initSync(source: { module: BufferSource }): { memory: WebAssembly.Memory };
  __wbg_reset_state(): void;
}

/** Once there is an instance, the script gives that one and reads no module. */
const nothing = { module: new Uint8Array() };

/** An instance that has been made; its entry file says when. */
export class Instance {
  readonly #glue: Glue;
  #generation = 0;
  #isSpent = false;

  constructor(glue: Glue) {
    this.#glue = glue;
  }

  /** Which instance it is, counted from the first. What was made in another is gone, with all that it knew. */
  get generation(): number {
    return this.#generation;
  }

  /** The memory of the instance that is there. */
  get memory(): WebAssembly.Memory {
    return this.#glue.initSync(nothing).memory;
  }

  /**
   * To be called before something is made in it: where an earlier failure left no instance, there is one afterwards.
   *
   * @throws what the runtime throws where it has no room for one.
   */
  ready(): this {
    if (this.#isSpent) this.#begin();
    return this;
  }

  /** Throws away the instance of this generation, in which something has failed. Where several met one failure, the first has done it. */
  abandon(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation += 1;
    this.#isSpent = true;
    try {
      this.#begin();
    } catch {
      // No room now: whoever comes next tries again, and until then nothing is judged.
    }
  }

  #begin(): void {
    this.#glue.__wbg_reset_state();
    this.#isSpent = false;
  }
}
