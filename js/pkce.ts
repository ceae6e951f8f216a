/**
 * PKCE by itself (RFC 7636), with `state` and `nonce`, for those who sign in with a client of their own.
 *
 * @module
 */
import { EdgewardError } from "./errors.ts";
import type { Instance } from "./wasm/instance.ts";

/** What goes into the token request (`code_verifier`) and into the authorization request (the others). */
export interface Pkce {
  code_verifier: string;
  code_challenge: string;
  code_challenge_method: "S256";
}

/**
 * The functions of the module, and its instance.
 *
 * @internal
 */
export interface PkceCore {
  /** Where 32 random bytes are written, and texts are read. */
  placeAddress(): number;
  makeRandomText(): boolean;
  makeCodeChallenge(): void;
  instance: Instance;
}

/** How long a text is that the module makes: 32 bytes in base64url. */
const textLength = 43;

/** How an entry file loads the module in its runtime. */
type Load = () => PkceCore | Promise<PkceCore>;

/**
 * Makes the `createPkce` of a runtime.
 *
 * @internal
 */
export const pkceOf = (load: Load) => (): Promise<Pkce> =>
  made(load, (core) => {
    const code_verifier = randomText(core);
    core.makeCodeChallenge();
    return { code_verifier, code_challenge: textIn(core), code_challenge_method: "S256" };
  });

/**
 * Makes the `createState` and the `createNonce` of a runtime.
 *
 * @internal
 */
export const randomTextOf = (load: Load) => (): Promise<string> => made(load, randomText);

/** A module that fails is started anew for the next call, and this one gets nothing. */
async function made<T>(load: Load, make: (core: PkceCore) => T): Promise<T> {
  const core = await load();
  const { instance } = core;
  const { generation } = instance;
  try {
    instance.ready();
    return make(core);
  } catch (thrown) {
    if (thrown instanceof EdgewardError) throw thrown;
    instance.abandon(generation);
    throw new EdgewardError("internal_error", "the module failed, and was started anew: ask again");
  }
}

function randomText(core: PkceCore): string {
  const place = new Uint8Array(core.instance.memory.buffer, core.placeAddress(), 32);
  // A text that was made before is public, and no randomness.
  place.fill(0);
  try {
    crypto.getRandomValues(place);
  } catch {
    // Then nothing was written, and the core says so.
  }
  if (!core.makeRandomText()) {
    const message = "the platform gave no random values; there is no safe sign-in without them";
    throw new EdgewardError("randomness_invalid", message);
  }
  return textIn(core);
}

const textIn = (core: PkceCore): string =>
  String.fromCharCode(...new Uint8Array(core.instance.memory.buffer, core.placeAddress(), textLength));
