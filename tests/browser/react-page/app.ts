/** An application that uses `edgeward/react` as its documentation says, in StrictMode. What differs from test to test stands in `data-` of the root. */

import { createElement, type ReactElement, StrictMode, useEffect, useState, version } from "react";
import {
  EdgewardError,
  EdgewardProvider,
  type EdgewardProviderProps,
  useEdgeward,
} from "../../../js/react.ts";

/** What the application has seen, for the test to read. */
export interface Seen {
  /** Each status with the path it was shown at. */
  statuses: string[];
  /** What the provider told it to go to. */
  returns: string[];
  errors: string[];
  /** React's own version. */
  react: string;
}

export interface Choices {
  config: EdgewardProviderProps["config"];
  providers: number;
  /** Goes nowhere after signing in, as an application does whose router is at work elsewhere. */
  stays: boolean;
  /** What a server has rendered, for the page to take over. */
  rendered: string;
}

declare global {
  /** Put before the application by the test. */
  var choices: Choices;
}

export const seen: Seen = { statuses: [], returns: [], errors: [], react: version };

function Person(): ReactElement {
  const { status, user, error, login, loginWithPopup, logout, fetch } = useEdgeward();
  const [answer, setAnswer] = useState("");
  useEffect(() => {
    seen.statuses.push(`${status} at ${location.pathname}${location.search}`);
  }, [status]);
  const code = error instanceof EdgewardError ? error.code : error?.message;
  const askApi = async () => {
    const response = await fetch(`${choices.config.api_origins[0]}/data`);
    setAnswer(`${response.status}: ${(await response.json()).station}`);
  };
  const button = (words: string, onClick: () => unknown) =>
    createElement("button", { type: "button", onClick }, words);
  return createElement(
    "section",
    null,
    createElement("p", { className: "status" }, status),
    createElement("p", { className: "name" }, String(user?.name ?? "")),
    createElement("p", { className: "code" }, code ?? ""),
    createElement("p", { className: "answer" }, answer),
    button("Sign in", () => login({ return_to: "/?berth=B12" })),
    button("Sign in by a window", () => loginWithPopup()),
    button("Sign out", () => logout()),
    button("Ask the API", askApi),
  );
}

export function App({ config, providers, stays }: Choices): ReactElement {
  const [isMounted, setMounted] = useState(true);
  const provider = (key: number) =>
    createElement(
      EdgewardProvider,
      {
        key,
        config,
        // In a worker's place, because the test sees the page's requests and not a worker's.
        options: { worker: false },
        fallback: createElement("p", { className: "fallback" }, "One moment"),
        onError: (error: Error) =>
          seen.errors.push(error instanceof EdgewardError ? error.code : error.message),
        ...(stays && { onSignedIn: (return_to: string) => seen.returns.push(return_to) }),
      },
      createElement(Person),
    );
  return createElement(
    StrictMode,
    null,
    createElement("button", { type: "button", onClick: () => setMounted(!isMounted) }, "Switch"),
    ...(isMounted ? Array.from({ length: providers }, (_, key) => provider(key)) : []),
  );
}
