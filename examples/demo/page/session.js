/** "Who you are": the ID token's claims, sign-in and sign-out. */

import { byId, clock, element } from "./dom.js";

export function drawSession(client, { login, loginWithPopup, logout }) {
  const panel = byId("session-panel");
  panel.replaceChildren(
    ...(client.user === undefined
      ? signedOut(login, loginWithPopup)
      : signedIn(client.user, { login, logout })),
  );
}

function signedOut(login, loginWithPopup) {
  return [
    element("p", { class: "person-name" }, "Nobody yet"),
    element(
      "p",
      { class: "quiet" },
      "Signing in takes you to Harbour ID, the authorization server. Your password stays there; this page gets a code, and trades it for a token.",
    ),
    element(
      "div",
      { class: "buttons" },
      element("button", { class: "primary", type: "button", onclick: () => login() }, "Sign in"),
      element(
        "button",
        {
          class: "secondary",
          type: "button",
          "aria-label": "In a window: sign in without leaving",
          onclick: () => loginWithPopup(),
        },
        "In a window",
      ),
    ),
  ];
}

function signedIn(user, { login, logout }) {
  const name = user.name ?? user.sub;
  return [
    element(
      "div",
      { class: "person" },
      element("span", { class: "initial", "aria-hidden": "true" }, name.slice(0, 1).toUpperCase()),
      element(
        "div",
        {},
        element("p", { class: "person-name" }, name),
        user.email !== undefined && element("p", { class: "quiet" }, user.email),
      ),
    ),
    element(
      "dl",
      { class: "facts" },
      ...fact("sub", user.sub),
      ...fact("iss", user.iss),
      ...(typeof user.auth_time === "number" ? fact("signed in at", clock(user.auth_time)) : []),
    ),
    element(
      "div",
      { class: "buttons" },
      element("button", { class: "secondary", type: "button", onclick: () => logout() }, "Sign out"),
      element(
        "button",
        { class: "plain", type: "button", onclick: () => login({ prompt: "login" }) },
        "Sign in as someone else",
      ),
    ),
  ];
}

function fact(name, value) {
  return [element("dt", {}, name), element("dd", {}, value)];
}
