/**
 * What works in an instance of a module, and becomes anew when that one has failed: by its own fault, or by that of another which shares the
 * instance. What failed fails closed, with a typed error.
 *
 * @module
 */
import { EdgewardError } from "./errors.ts";
import type { Instance } from "./wasm/instance.ts";

/** A core with all that is known by its numbers. */
export class AtWork<State> {
  readonly #instance: Instance;
  readonly #make: () => State;
  #state: State;
  #generation: number;

  /**
   * `make` makes the state, now and after each failure; it keeps nothing of an earlier one.
   *
   * @throws EdgewardError what `make` throws, or `internal_error`.
   */
  constructor(instance: Instance, make: () => State) {
    this.#instance = instance;
    this.#make = make;
    this.#state = this.#begin();
    this.#generation = instance.generation;
  }

  /**
   * The state in the instance that is there. Ask for it at the beginning of each piece of work, and keep it until its end: when the instance fails
   * meanwhile, every call of the old core throws.
   *
   * @throws EdgewardError as the constructor does.
   */
  now(): State {
    if (this.#generation !== this.#instance.generation) {
      this.#state = this.#begin();
      this.#generation = this.#instance.generation;
    }
    return this.#state;
  }

  /**
   * What is to be thrown in place of what was thrown while this state worked: an error of the core's own as it is. Anything else is a failure, after which
   * the instance is trusted no more; it is told without what was thrown, which could quote a token.
   */
  fault(thrown: unknown, state: State): EdgewardError {
    if (thrown instanceof EdgewardError) return thrown;
    // A state of an earlier instance: that has been thrown away.
    if (state === this.#state) this.#instance.abandon(this.#generation);
    return failed();
  }

  #begin(): State {
    try {
      this.#instance.ready();
      return this.#make();
    } catch (thrown) {
      if (thrown instanceof EdgewardError) throw thrown;
      this.#instance.abandon(this.#instance.generation);
      throw failed();
    }
  }
}

const failed = (): EdgewardError =>
  new EdgewardError(
    "internal_error",
    "the module failed, so nothing was decided; it was started anew: ask again, and report it if it comes back",
  );
