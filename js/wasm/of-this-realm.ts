/**
 * A module that was compiled in another realm, as one of this realm. Next.js compiles modules outside of the sandbox in which it runs edge
 * functions, and the generated glue knows a compiled module by its class.
 */
export const ofThisRealm = (module: WebAssembly.Module): WebAssembly.Module =>
  Object.setPrototypeOf(module, WebAssembly.Module.prototype);
