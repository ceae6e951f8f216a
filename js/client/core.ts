/**
 * The client's core as the rest of the client calls it: each call of the module by a name (its number is that of `src/wasm/client_port.rs`).
 *
 * What a call throws is an `EdgewardError` of the core's, unless something else is said. Moments are in seconds since the epoch.
 *
 * @module
 */
import type { Call } from "./core-calls.ts";

/** A signature that the platform is to check. */
export interface SignatureCheck {
  /** A place in `algorithm-name.ts`. */
  alg: number;
  /** A JWK of its required members alone, as text. */
  jwk: string;
  message: string;
  /** base64url */
  signature: string;
}

export class ClientCore {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Where to look for the metadata, in this order. */
  metadataUrls(): string[] {
    return this.#text(1).split(" ");
  }

  get hasMetadata(): boolean {
    return this.#is(2);
  }

  /** @throws EdgewardError `metadata_invalid`. */
  readMetadata(text: string): void {
    this.#call(3, text);
  }

  /**
   * Starts a sign-in: JSON text of `state` and `transaction`, the second to be stored under the first, and of `url` or, where the request has to be
   * pushed first, `push`.
   *
   * @throws EdgewardError `config_invalid` for an option, `metadata_invalid`, `randomness_invalid`.
   */
  login(options: string, now: number): string {
    return this.#text(4, options, "", 0, now);
  }

  /**
   * The URL to go to, by the answer to the pushed request.
   *
   * @throws EdgewardError `pushed_request_refused`, `pushed_response_invalid`, `metadata_invalid`.
   */
  readPushed(status: number, text: string): string {
    return this.#text(5, text, "", status);
  }

  /**
   * The `state` of a callback URL, which finds the stored transaction.
   *
   * @throws EdgewardError `callback_malformed`, `implicit_response_refused`, `state_mismatch`.
   */
  stateOf(url: string): string {
    return this.#text(6, url);
  }

  /**
   * Checks a callback against its transaction and gives the token request as JSON text of `url` and `body`.
   *
   * @throws EdgewardError `transaction_unknown`, and what a callback can be refused for.
   */
  callback(url: string, transaction: string, now: number): string {
    return this.#text(7, url, transaction, 0, now);
  }

  /**
   * The request that renews the tokens, as JSON text of `url` and `body`; nothing where they can't be.
   *
   * @throws EdgewardError `metadata_invalid`.
   */
  renew(): string | undefined {
    return this.#call(8);
  }

  /**
   * Reads the token endpoint's answer and gives the `jwks_uri` to fetch for checking the ID token; nothing where none came with renewed tokens,
   * which are then in use. A server that takes the refresh token no more ends the session.
   *
   * @throws EdgewardError `transaction_unknown` out of turn, `token_request_refused`, `token_response_invalid`, `metadata_invalid`.
   */
  readTokens(status: number, text: string, now: number): string | undefined {
    return this.#call(9, text, "", status, now);
  }

  /**
   * Finds the ID token's key in the key set. Gives whether the platform has to check the signature before {@link conclude}.
   *
   * @throws EdgewardError `transaction_unknown` out of turn, `key_set_malformed`, and what an ID token can be refused for by its header.
   */
  readKeySet(text: string): boolean {
    return this.#is(10, text);
  }

  /** What the platform is to check; nothing where no verdict is waited for. */
  signatureCheck(): SignatureCheck | undefined {
    const text = this.#call(11);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /**
   * Goes on with the platform's verdict on the signature: 0 where it fails, 1 where it holds, 2 where it can't tell or was not asked, and the module has
   * to. Gives the path to go back to; of renewed tokens nothing. Where the time is what is wrong, it may be called once more with that of a better clock.
   *
   * @throws EdgewardError `transaction_unknown` out of turn, and what an ID token can be refused for.
   */
  conclude(verdict: number, now: number): string | undefined {
    return this.#call(12, "", "", verdict, now);
  }

  /** Gives up what is under way: a sign-in, or a renewal, which leaves the session as it is. */
  abandon(): void {
    this.#call(13);
  }

  /** The session as JSON text (`Session` of `loaded-core.ts`); nothing where nobody is signed in. */
  session(): string | undefined {
    return this.#call(14);
  }

  /** The `Authorization` header for a request to an origin; none for origins that the configuration does not name, and once the token has expired. */
  authorization(origin: string, now: number): string | undefined {
    return this.#call(15, origin, "", 0, now);
  }

  /** What an API's answer asks for, as JSON text. */
  advice(status: number, www_authenticate: string): string {
    return this.#text(16, www_authenticate, "", status);
  }

  /** Whether the configuration asks for tokens that are bound to a key. */
  get wantsKey(): boolean {
    return this.#is(17);
  }

  get hasKey(): boolean {
    return this.#is(18);
  }

  /**
   * Takes the public half of a key, a JWK as JSON text: from now on tokens are asked for that are bound to it.
   *
   * @throws EdgewardError `key_unusable`.
   */
  useKey(jwk: string): void {
    this.#call(19, jwk);
  }

  /**
   * What is to be signed, by ES256 and the private half, for a proof of a request (RFC 9449 section 4).
   *
   * @throws EdgewardError `proof_missing` where there is no key, `session_unknown` where there is no token, `proof_nonce_mismatch`.
   */
  proofInput(
    method: string,
    url: string,
    nonce: string | undefined,
    with_token: boolean,
    now: number,
  ): string {
    return this.#text(20, `${method} ${url}`, nonce, Number(with_token), now);
  }

  /**
   * The proof, of what was signed and its signature.
   *
   * @throws EdgewardError `signature_invalid` where it is not 64 bytes long.
   */
  proof(input: string, signature: Uint8Array): string {
    const base64 = btoa(String.fromCharCode(...signature));
    return this.#text(21, input, base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  }

  /** Whether a server's nonce can be sent back in a proof, so that it may be kept (RFC 9449 section 8.1). */
  isNonce(text: string): boolean {
    return this.#is(32, text);
  }

  /** What the token endpoint's refusal asks of proofs: "nonce", "key", "clock" or nothing. */
  proofAsked(status: number, text: string): string | undefined {
    return this.#call(22, text, "", status);
  }

  /** The session for another tab, or for storage: JSON text with the tokens in it. Nothing where nobody is signed in. */
  share(with_refresh_token: boolean): string | undefined {
    return this.#call(23, "", "", Number(with_refresh_token));
  }

  /**
   * Takes a session that another tab or storage has given, unless there is one here that is as new, or another user's. Gives whether it did.
   *
   * @throws EdgewardError `session_unknown` where it is none of this client's, or bound to another key.
   */
  adopt(text: string): boolean {
    return this.#is(24, text);
  }

  /** Where tokens are revoked; nothing where the server has no such endpoint. */
  get revocationEndpoint(): string | undefined {
    return this.#call(25);
  }

  /** Forgets the session, and does nothing else. */
  forget(): void {
    this.#call(26);
  }

  /**
   * The request for userinfo, as JSON text of `url` and `authorization`.
   *
   * @throws EdgewardError `session_unknown`, `token_expired`, `metadata_invalid` where the server has no such endpoint.
   */
  userinfoRequest(now: number): string {
    return this.#text(27, "", "", 0, now);
  }

  /**
   * Reads the answer to it: JSON text of the claims.
   *
   * @throws EdgewardError `session_unknown`, `token_response_invalid`, `claim_invalid` where it speaks of another user.
   */
  readUserinfo(text: string): string {
    return this.#text(28, text);
  }

  /** Ends the session here at once, also a sign-in that is not through yet. What tokens there were only {@link logout} still has. */
  leave(): void {
    this.#call(29);
  }

  /** What is left to do after {@link leave}: JSON text of `revocation` and `end_session_url`, each where the server offers it. */
  logout(): string {
    return this.#text(30);
  }

  /** Bounds that JavaScript keeps, as JSON text (`Bounds` of `loaded-core.ts`). */
  bounds(): string {
    return this.#text(31);
  }

  #text(...call: Parameters<Call>): string {
    return this.#call(...call) ?? "";
  }

  #is(...call: Parameters<Call>): boolean {
    return this.#call(...call) !== undefined;
  }
}
