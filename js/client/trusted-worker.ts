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
 * Starts the worker whose script is at `source`, or else the one that `find` constructs. Bundlers find a worker's script by
 * `new Worker(new URL(…, import.meta.url))`, word for word, so its address can't be vouched for there: the constructor does it, which stands in for
 * the platform's for this one call.
 *
 * @throws TypeError and others of the platform, where it has no such workers, or the page's policy allows none.
 */
export function startWorker<Kind extends Worker | SharedWorker>(
  kind: "Worker" | "SharedWorker",
  source: URL | undefined,
  find: () => Kind,
): Kind {
  const Platform = globalThis[kind] as unknown as new (url: string | URL, options: WorkerOptions) => Kind;
  if (policy === undefined) policy = ownPolicy();
  const construct = (_: unknown, [url, options]: [string | URL, WorkerOptions]) => {
    const { href } = new URL(url, location.href);
    // No browser takes another origin's, but those of `data:` and `blob:`; they are not vouched for.
    return new Platform(
      href.startsWith(`${location.origin}/`) ? (policy?.createScriptURL(href) ?? url) : url,
      options,
    );
  };
  if (source !== undefined) return construct(0, [source, { type: "module", name: "edgeward" }]);
  if (!Platform || !policy) return find();
  Reflect.set(globalThis, kind, new Proxy(Platform, { construct }));
  try {
    return find();
  } finally {
    Reflect.set(globalThis, kind, Platform);
  }
}
