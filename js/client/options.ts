import type { WorkerSource } from "./token-holder.ts";
import type { TransactionStorage } from "./transaction-storage.ts";

/** What a client may be given besides its configuration. */
export interface ClientOptions {
  /** Leaves the page. Default: `location.assign`. */
  navigate?: (url: string) => void;
  /** Where a sign-in under way is remembered. Default: the tab's `sessionStorage`. */
  storage?: TransactionStorage;
  /**
   * Where the session is kept. `memory`, the default: a reload signs in again, unless another tab is signed in. `session`: in the tab's
   * `sessionStorage`, refresh token and all. Any script that gets into the page can then carry the tokens away and use them elsewhere, for as long as
   * they can be renewed; choose it only where that is less bad than signing in again.
   */
  token_storage?: "memory" | "session";
  /** Whether tabs share one sign-in, and one renewal. Default: yes. */
  share_between_tabs?: boolean;
  /** The script of the worker that keeps the refresh token, where a bundler does not find it by itself; `false` has the page keep it. */
  worker?: WorkerSource;
  /**
   * What `fetch` does where an API asks for another authentication (RFC 9470). `redirect`, the default: it starts the sign-in, which leaves the page, and
   * throws `step_up_required`. `popup`: it signs in by a window and sends the request once more. `none`: it gives the API's answer.
   */
  step_up?: "redirect" | "popup" | "none";
  /** The WebAssembly module, where a bundler does not find it by itself: its URL, its response, or itself. */
  wasm?: URL | Response | WebAssembly.Module;
}
