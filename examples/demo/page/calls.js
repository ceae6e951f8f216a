/** "Ask the API": one card per call. */

import { byId, element } from "./dom.js";
import { createExchange } from "./exchange.js";

const CALLS = [
  { title: "Tide gauge", path: "/data", needs: "data:read" },
  { title: "Your profile", path: "/user/profile", needs: "profile:read" },
  {
    title: "The code of your lock",
    path: "/user/lock-code",
    needs: "profile:read",
    note: "and your password, typed for this in the last five minutes",
  },
  { title: "Your logbook", path: "/notes", needs: "notes:read" },
  { title: "Write in the logbook", path: "/notes", method: "POST", needs: "notes:write", writes: true },
  { title: "Run the station", path: "/admin", needs: "admin" },
  {
    title: "An instrument’s report",
    path: "/machine/report",
    needs: "machine",
    note: "for programs, not for people",
  },
  { title: "What the API learns about you", path: "/whoami", note: "any good token" },
  { title: "Is anybody there?", path: "/health", note: "public, no token needed" },
];

export function drawCalls({ api, scopes }, client, { askFor, confirm }) {
  const forPeople = new Set(
    scopes.filter(({ grantedTo }) => grantedTo === "person").map(({ scope }) => scope),
  );
  const askIfPossible = (scope) => (forPeople.has(scope) ? () => askFor(scope) : undefined);
  byId("calls-cards").replaceChildren(
    ...CALLS.map((call) => card(call, api, client, { askIfPossible, confirm })),
  );
}

function card(call, api, client, { askIfPossible, confirm }) {
  const { title, path, method = "GET", needs, note, writes = false } = call;
  const exchange = createExchange({
    method,
    path,
    credentials: () => (client.user === undefined ? undefined : "Bearer (your token, added by the client)"),
    before: "Not asked yet.",
    askIfPossible,
    confirm: (demand) => confirm(demand, `${method} ${path}`),
  });
  const text =
    writes &&
    element("input", {
      type: "text",
      name: "text",
      maxlength: "280",
      required: true,
      value: "High water at noon.",
    });

  const send = async (event) => {
    event.preventDefault();
    const init = { method };
    if (text) {
      init.headers = { "content-type": "application/json" };
      init.body = JSON.stringify({ text: text.value });
    }
    await exchange.run(() => client.fetch(`${api}${path}`, init));
  };

  return element(
    "article",
    { class: "card" },
    element(
      "div",
      {},
      element("h3", {}, title),
      element("p", { class: "request-line" }, element("span", { class: "method" }, method), ` ${path}`),
      element("p", { class: "quiet" }, ...requirement(needs, note)),
      element(
        "form",
        { onsubmit: send },
        text && element("label", {}, "Note ", text),
        element(
          "button",
          { class: "secondary", type: "submit", "aria-label": `Send ${method} ${path}` },
          "Send",
        ),
      ),
    ),
    exchange.view,
  );
}

/** “needs machine, for programs”: what the policy asks for on this route. */
function requirement(needs, note) {
  if (needs === undefined) return [note];
  return ["needs ", element("code", {}, needs), note === undefined ? "" : `, ${note}`];
}
