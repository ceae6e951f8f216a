/** Runs the application in the page: takes over what a server has rendered, or renders it. */

import { createElement } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App, seen } from "./app.ts";

const root = document.createElement("main");
document.body.replaceChildren(root);
const app = createElement(App, choices);
if (choices.rendered === "") {
  createRoot(root).render(app);
} else {
  root.innerHTML = choices.rendered;
  hydrateRoot(root, app, { onRecoverableError: (error) => seen.errors.push(String(error)) });
}
Object.assign(globalThis, { seen });
