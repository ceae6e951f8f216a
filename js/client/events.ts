import type { EdgewardError } from "../errors.ts";
import type { IdTokenClaims } from "./types.ts";

/** What a client tells its listeners. */
export type ClientEvent =
  | { readonly type: "signed_in"; readonly user: IdTokenClaims }
  /** The tokens are new, in this tab or by another one. */
  | { readonly type: "renewed" }
  /** The tokens could not be renewed now; it is tried again, and the session goes on while the access token is good. */
  | { readonly type: "renewal_failed"; readonly error: EdgewardError }
  /** `session_ended`: the authorization server takes the refresh token no more. */
  | { readonly type: "signed_out"; readonly reason: "logout" | "other_tab" | "session_ended" }
  /** An API asks for another authentication (RFC 9470). */
  | {
      readonly type: "step_up_required";
      readonly acr_values: string | undefined;
      readonly max_age: number | undefined;
    };

export type ClientListener = (event: ClientEvent) => void;

export class Listeners {
  readonly #listeners = new Set<ClientListener>();

  /** Gives what takes the listener away again. */
  add(listener: ClientListener): () => void {
    // An object of its own for each call, so that the same function may listen twice.
    const own: ClientListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(event: ClientEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's fault is the page's to see, and must not stop the client.
        reportError(error);
      }
    }
  }
}
