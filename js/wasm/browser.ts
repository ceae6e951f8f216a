/** Browsers: the modules lie beside this file, and one is compiled while it streams in. */
import initialize, { ClientCore } from "./generated/client.js";

/** The core, and whether it leaves signatures to the platform. */
export interface ClientModule {
  ClientCore: typeof ClientCore;
  asksHost: boolean;
}

/**
 * Without WebCrypto, as on pages that are no secure context, it is a larger module that checks signatures itself. `source` is the smaller one, where it
 * does not lie beside this file.
 */
export async function loadClient(source?: URL | Response | WebAssembly.Module): Promise<ClientModule> {
  if (globalThis.crypto?.subtle !== undefined) {
    await initialize({ module_or_path: source ?? new URL("./generated/client_bg.wasm", import.meta.url) });
    return { ClientCore, asksHost: true };
  }
  const whole = await import("./generated/client_whole.js");
  await whole.default({ module_or_path: new URL("./generated/client_whole_bg.wasm", import.meta.url) });
  return { ClientCore: whole.ClientCore as unknown as typeof ClientCore, asksHost: false };
}
