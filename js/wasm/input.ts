/**
 * Texts on their way into wasm memory: written there in place, in one piece.
 *
 * @module
 */

/** A core that has room for texts. */
interface Reader {
  /** Makes room for so many bytes and says where. It stays there until the next call. */
  reserveInput(bytes: number): number;
}

const encoder = new TextEncoder();

/** Writes texts where a core reads them. */
export class Input {
  readonly #core: Reader;
  readonly #memory: WebAssembly.Memory;
  #view: Uint8Array<ArrayBuffer>;

  constructor(core: Reader, memory: WebAssembly.Memory) {
    this.#core = core;
    this.#memory = memory;
    this.#view = this.#reserve(4_096);
  }

  /**
   * Writes a text and says how many bytes it has. Of one with more than `most` characters only so much is written that the core sees it to be
   * too long: it refuses what has more than `most` bytes. What is no text, though its type says so, is the empty one, which no core takes.
   */
  write(given: string, most = Number.POSITIVE_INFINITY): number {
    const whole = typeof given === "string" ? given : "";
    const text = whole.length > most ? whole.slice(0, most + 1) : whole;
    // A character of JavaScript's takes at most three bytes. Memory that has grown is another buffer.
    const bytes = text.length * 3;
    if (bytes > this.#view.length || this.#view.buffer !== this.#memory.buffer) {
      this.#view = this.#reserve(Math.max(bytes, this.#view.length, 4_096));
    }
    return encoder.encodeInto(text, this.#view).written;
  }

  #reserve(bytes: number): Uint8Array<ArrayBuffer> {
    const address = this.#core.reserveInput(bytes);
    return new Uint8Array(this.#memory.buffer, address, bytes);
  }
}
