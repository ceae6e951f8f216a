/**
 * Workers on pages that take no plain text for the address of a script (Trusted Types): a policy of this module's own, named `edgeward`, vouches for
 * the address of ours.
 *
 * @module
 */

/** As much as is needed of the platform's `TrustedTypePolicy`. What it gives goes wherever an address goes. */
interface Policy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

/** Made once: a page that names the policies it takes refuses a second one of the same name. Nobody else gets at it. */
let policy: Policy | null | undefined;

function ownPolicy(): Policy | null {
  try {
    const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
    return trustedTypes?.createPolicy("edgeward", { createScriptURL: (url) => url }) ?? null;
  } catch {
    // The page's Content-Security-Policy names other policies alone. Where it asks for trusted addresses, it then has no worker.
    return null;
  }
}

/**
 * Runs `start`, which constructs the worker. Bundlers find the worker's script by `new Worker(new URL(…, import.meta.url))`, word for word, so the
 * address can't be vouched for there: the constructor does it, which stands in for the platform's for this one call.
 */
export function withTrustedAddress<T>(kind: "Worker" | "SharedWorker", start: () => T): T {
  const Platform: typeof Worker | typeof SharedWorker | undefined = globalThis[kind];
  if (policy === undefined) policy = ownPolicy();
  if (!Platform || !policy) return start();
  const own = policy;
  const construct = (_: object, [url, options]: [string | URL, WorkerOptions?]) => {
    const { href } = new URL(url, location.href);
    // No browser takes another origin's, but those of `data:` and `blob:`; they are not vouched for.
    return new Platform(href.startsWith(location.origin) ? own.createScriptURL(href) : url, options);
  };
  Reflect.set(globalThis, kind, new Proxy(Platform, { construct }));
  try {
    return start();
  } finally {
    Reflect.set(globalThis, kind, Platform);
  }
}
