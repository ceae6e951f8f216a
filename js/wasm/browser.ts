/**
 * Browsers: the client's core, loaded when it is first asked for, in the form that the page allows.
 *
 * | page | form | signatures are checked by |
 * |---|---|---|
 * | as usual | `wasm`: the module beside this file, compiled while it streams in | WebCrypto |
 * | without WebCrypto: no secure context | `whole`: a larger module, inside a script | itself |
 * | without WebAssembly: a Content-Security-Policy without `'wasm-unsafe-eval'` | `script`: plain JavaScript | WebCrypto |
 */

import { EdgewardError } from "../errors.ts";
import type { ClientPort } from "./generated/client.js";
import { Instance } from "./instance.ts";

/**
 * The core, and whether it leaves signatures to the platform. Whoever has cores at work holds them in an `AtWork` of the `instance`, which makes them anew
 * when the instance has failed; there is one instance, for all clients of the page.
 */
export interface ClientModule {
  /** To be asked for again with each port that is made. */
  readonly ClientPort: typeof ClientPort;
  asksHost: boolean;
  instance: Instance;
  /** Which form it has. */
  form: "wasm" | "whole" | "script";
}

/** The module `edgeward/client_bg.wasm`, for bundlers that don't see it beside this file: where it is, an answer with it, or compiled. */
export type ClientSource = URL | Response | WebAssembly.Module;

let loading: Promise<ClientModule> | undefined;

/**
 * Loads the core, once for each page; after a failure the next call tries again. Where the page needs another form than the usual one, `source` is
 * not used.
 *
 * @throws EdgewardError `module_unavailable`, `platform_unsupported`.
 */
export function loadClient(source?: ClientSource): Promise<ClientModule> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(source: ClientSource | undefined): Promise<ClientModule> {
  const hasWebCrypto = globalThis.crypto?.subtle !== undefined;
  if (mayCompile()) return await (hasWebCrypto ? loadModule(source) : loadWhole());
  if (hasWebCrypto) return await loadScript();
  throw new EdgewardError(
    "platform_unsupported",
    "this page may not compile WebAssembly and has no WebCrypto to check signatures; serve it over https, or allow 'wasm-unsafe-eval' in its Content-Security-Policy",
  );
}

/** Whether WebAssembly is there, and the page's Content-Security-Policy lets it be compiled: tried with the smallest module there is. */
function mayCompile(): boolean {
  try {
    // WebKit lets one be compiled that it then lets nobody instantiate.
    const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return new WebAssembly.Instance(module) !== undefined;
  } catch {
    return false;
  }
}

async function loadModule(source: ClientSource | undefined): Promise<ClientModule> {
  // Both at once: the glue is small, and the module would wait for it.
  const fetched = within(() => moduleOf(source ?? new URL("./generated/client_bg.wasm", import.meta.url)));
  const [glue, module] = await Promise.all([within(() => import("./generated/client.js")), fetched]);
  await within(() => glue.default({ module_or_path: module }));
  return { ClientPort: glue.ClientPort, asksHost: true, instance: new Instance(glue), form: "wasm" };
}

async function moduleOf(source: ClientSource): Promise<Response | WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) throw new Error(`its server answered ${response.status}`);
  return response;
}

async function loadWhole(): Promise<ClientModule> {
  const [whole, { gzip }] = await within(() =>
    Promise.all([import("./generated/client_whole.js"), import("./generated/client_whole_wasm.js")]),
  );
  const compressed = new Blob([Uint8Array.from(atob(gzip), (character) => character.charCodeAt(0))]);
  const bytes = new Response(compressed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  await within(async () => whole.default({ module_or_path: await bytes }));
  return {
    // The same class of another module.
    ClientPort: whole.ClientPort as unknown as typeof ClientPort,
    asksHost: false,
    instance: new Instance(whole),
    form: "whole",
  };
}

async function loadScript(): Promise<ClientModule> {
  const { start } = await within(() => import("./generated/client_plain.js"));
  let made = start();
  const instance = new Instance({
    initSync: () => made,
    __wbg_reset_state() {
      made = start();
    },
  });
  return {
    get ClientPort() {
      return made.ClientPort;
    },
    asksHost: true,
    instance,
    form: "script",
  };
}

/** Runs a step, and says what to do where it fails: what the platform says of it is kept as the cause. */
async function within<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const error = new EdgewardError(
      "module_unavailable",
      "the client's module can't be loaded; see `cause`, check that its server has edgeward/client_bg.wasm where the page asks for it, and try again",
    );
    error.cause = cause;
    throw error;
  }
}
