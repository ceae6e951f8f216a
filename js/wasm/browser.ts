/** Browsers: the modules lie beside this file, and one is compiled while it streams in. */
import initialize, { __wbg_reset_state, ClientCore, initSync } from "./generated/client.js";
import { Instance } from "./instance.ts";

/**
 * The core, and whether it leaves signatures to the platform. Whoever has cores at work holds them in an `AtWork` of the `instance`, which makes them anew
 * when the instance has failed; each script has one instance, for all clients of the page.
 */
export interface ClientModule {
  ClientCore: typeof ClientCore;
  asksHost: boolean;
  instance: Instance;
}

const instance = new Instance({ initSync, __wbg_reset_state });
let wholeInstance: Instance | undefined;

/**
 * Without WebCrypto, as on pages that are no secure context, it is a larger module that checks signatures itself. `source` is the smaller one, where it
 * does not lie beside this file.
 */
export async function loadClient(source?: URL | Response | WebAssembly.Module): Promise<ClientModule> {
  if (globalThis.crypto?.subtle !== undefined) {
    await initialize({ module_or_path: source ?? new URL("./generated/client_bg.wasm", import.meta.url) });
    return { ClientCore, asksHost: true, instance };
  }
  const whole = await import("./generated/client_whole.js");
  await whole.default({ module_or_path: new URL("./generated/client_whole_bg.wasm", import.meta.url) });
  wholeInstance ??= new Instance(whole);
  return {
    ClientCore: whole.ClientCore as unknown as typeof ClientCore,
    asksHost: false,
    instance: wholeInstance,
  };
}
