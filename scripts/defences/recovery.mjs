// Defences that make a failed module's instance harmless; see list.mjs for what an entry says.

const atWork = "js/at-work.ts";
const instance = "js/wasm/instance.ts";
const test = "tests/verifier/recovery.test.ts";
const machineTest = "tests/verifier/machine-recovery.test.ts";

/** @type {import("./list.mjs").Defence[]} */
export const recoveryDefences = [
  {
    name: "an instance that failed is thrown away",
    file: atWork,
    find: "if (state === this.#state) this.#instance.abandon(this.#generation);",
    replace: "",
    test,
  },
  {
    name: "a failure in an instance that is gone throws no fresh one away",
    file: instance,
    find: "if (generation !== this.#generation) return;",
    replace: "",
    test,
  },
  {
    name: "who shares an instance that failed is made anew",
    file: atWork,
    find: "if (this.#generation !== this.#instance.generation) {",
    replace: "if (this.#generation < 0) {",
    test,
  },
  {
    name: "where there was no room for a fresh instance it is tried again",
    file: instance,
    find: "if (this.#isSpent) this.#begin();",
    replace: "",
    test,
  },
  {
    name: "a failure is told by a typed error",
    file: atWork,
    find: "    return failed();\n  }\n\n  #begin",
    replace: "    return thrown as EdgewardError;\n  }\n\n  #begin",
    test,
  },
  {
    name: "keys that were given come not again once others were fetched",
    file: "js/verifier.ts",
    find: "fetched: () => this.#given.clear(),",
    replace: "fetched: () => undefined,",
    test,
  },
  {
    name: "the core's own failure is none of the origin's",
    file: "js/forward.ts",
    find: "if (error instanceof WebAssembly.RuntimeError) throw error;",
    replace: "",
    test,
  },
  {
    name: "a slim verifier that was made anew has its key set",
    file: "js/slim-verifier.ts",
    find: "if (keys !== undefined) inCore(() => core.provideKeySet(keys));",
    replace: "",
    test,
  },
  {
    name: "a function of PKCE that failed has its instance thrown away",
    file: "js/pkce.ts",
    find: "instance.abandon(generation);",
    replace: "",
    test,
  },
  {
    name: "a machine whose module has failed has a fresh one with its next call",
    file: "js/machine/client.ts",
    find: "failed: (thrown) => this.#work.fault(thrown, state),",
    replace: "failed: (thrown) => thrown as EdgewardError,",
    test: machineTest,
  },
  {
    name: "an API's answer arrives, though the machine's module fails at it",
    file: "js/machine/api-fetch.ts",
    find: "return working(() => core.apiAnswered(api, serial, status, challenge, nonce));\n    } catch {",
    replace:
      "return working(() => core.apiAnswered(api, serial, status, challenge, nonce));\n    } catch (error) {\n      if (error instanceof EdgewardError) throw error;",
    test: machineTest,
  },
];
