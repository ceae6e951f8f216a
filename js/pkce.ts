/** PKCE by itself (RFC 7636), for those who sign in with a client of their own. */
import { codeChallenge, generateCodeVerifier, loadWasm } from "./wasm/browser.ts";

/** What goes into the token request (`code_verifier`) and into the authorization request (the others). */
export interface Pkce {
  code_verifier: string;
  code_challenge: string;
  code_challenge_method: "S256";
}

/** A fresh verifier of 256 random bits, with its challenge. */
export async function createPkce(): Promise<Pkce> {
  await loadWasm();
  const code_verifier = generateCodeVerifier();
  return { code_verifier, code_challenge: codeChallenge(code_verifier), code_challenge_method: "S256" };
}
