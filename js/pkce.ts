/**
 * PKCE by itself (RFC 7636), with `state` and `nonce`, for those who sign in with a client of their own.
 *
 * @module
 */
import { EdgewardError } from "./errors.ts";

/** What goes into the token request (`code_verifier`) and into the authorization request (the others). */
export interface Pkce {
  code_verifier: string;
  code_challenge: string;
  code_challenge_method: "S256";
}

/** The functions of the module, and its memory. */
export interface PkceCore {
  /** Where 32 random bytes are written, and texts are read. */
  placeAddress(): number;
  makeRandomText(): boolean;
  makeCodeChallenge(): void;
  memory: WebAssembly.Memory;
}

/** How long a text is that the module makes: 32 bytes in base64url. */
const textLength = 43;

/** The functions of an entry file, which says how its runtime loads the module. */
export function pkceOf(load: () => PkceCore | Promise<PkceCore>) {
  /** A fresh verifier of 256 random bits, with its S256 challenge. */
  async function createPkce(): Promise<Pkce> {
    const core = await load();
    const code_verifier = randomText(core);
    core.makeCodeChallenge();
    return { code_verifier, code_challenge: textIn(core), code_challenge_method: "S256" };
  }

  /** A fresh `state` of 256 random bits (RFC 6749 section 10.12): keep it in the tab, and compare it when the answer comes. */
  const createState = async (): Promise<string> => randomText(await load());

  /** A fresh `nonce` of 256 random bits (OIDC Core section 15.5.2): the ID token has to say the same. */
  const createNonce = async (): Promise<string> => randomText(await load());

  return { createPkce, createState, createNonce };
}

function randomText(core: PkceCore): string {
  const place = new Uint8Array(core.memory.buffer, core.placeAddress(), 32);
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
  String.fromCharCode(...new Uint8Array(core.memory.buffer, core.placeAddress(), textLength));
