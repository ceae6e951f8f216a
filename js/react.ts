"use client";

/**
 * Sign-in for React: a provider that handles the callback by itself, and a hook. Nothing here touches the page while it is imported or rendered, so
 * servers may render it.
 *
 * @module
 */
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import type { Client, ClientConfig, ClientOptions, IdTokenClaims, LoginOptions } from "./browser.ts";
import { SessionStore } from "./react/session-store.ts";

export type { Client, ClientConfig, ClientOptions, IdTokenClaims, LoginOptions } from "./browser.ts";
export { EdgewardError } from "./browser.ts";

export interface EdgewardProviderProps {
  /** The client's configuration. The first one counts; another needs another provider (a `key`). */
  config: ClientConfig;
  /** As for `config`, the first ones count. */
  options?: ClientOptions | undefined;
  /** What is rendered in place of the children until it is known whether somebody is signed in, and by a server. Without it the children are. */
  fallback?: ReactNode;
  /** Goes to the path that `login` was given, once for each sign-in by redirect. Default: `history.replaceState`. A router's own way goes here. */
  onSignedIn?: ((return_to: string) => void) | undefined;
  /** Told of every failure that {@link Edgeward.error} shows. */
  onError?: ((error: Error) => void) | undefined;
  children?: ReactNode;
}

/** What {@link useEdgeward} gives. Its functions stay the same from one rendering to the next. */
export interface Edgeward {
  /** `loading` until it is known; `error` where nobody is signed in and the last try has failed. */
  status: "loading" | "signed_out" | "signed_in" | "error";
  /** The ID token's claims, while somebody is signed in. */
  user: IdTokenClaims | undefined;
  /** What failed last, until a sign-in or a renewal succeeds: an `EdgewardError` with its `code`, where it is one of the client's. */
  error: Error | undefined;
  /** Starts a sign-in and leaves the page. It does not throw: what fails is the `error`. */
  login(options?: LoginOptions): Promise<void>;
  /** Signs in by a window; call it at once when a button is pressed. It does not throw: what fails is the `error`. */
  loginWithPopup(options?: LoginOptions): Promise<void>;
  /** Forgets the tokens in every tab, revokes them, and leaves the page to sign out at the authorization server. It does not throw. */
  logout(): Promise<void>;
  /** `fetch` with the access token, for requests to `api_origins`. @throws EdgewardError as `Client.fetch` does. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** What the authorization server says of the user. @throws EdgewardError as `Client.userinfo` does. */
  userinfo(): Promise<Record<string, unknown>>;
  /** The client itself, once there is one: for its events, `renew`, `scope` and `expires_at`. */
  client: Client | undefined;
}

const Context = createContext<Edgeward | undefined>(undefined);

/** Gives {@link useEdgeward} to what is inside. */
export function EdgewardProvider(props: EdgewardProviderProps): ReactElement {
  const { config, options, fallback, onSignedIn, onError, children } = props;
  const [store] = useState(() => new SessionStore(config, options));
  useEffect(() => {
    store.told = { onSignedIn, onError };
  });
  const session = useSyncExternalStore(store.subscribe, store.session, store.sessionOnServer);
  const value = useMemo(() => ({ ...session, ...store.actions }), [session, store]);
  const isWaiting = session.status === "loading" && fallback !== undefined;
  return createElement(Context.Provider, { value }, isWaiting ? fallback : children);
}

/**
 * The session of the nearest {@link EdgewardProvider}.
 *
 * @throws Error where there is none.
 */
export function useEdgeward(): Edgeward {
  const value = useContext(Context);
  if (value === undefined) throw new Error("useEdgeward() needs an <EdgewardProvider> around it");
  return value;
}
