/** "What the token allows": its scopes in words, how long it is still good, and when it was renewed. */

import { byId, clock, element } from "./dom.js";
import { failureInWords } from "./explain.js";

export function drawRights(scopes, client, { askFor }) {
  const panel = byId("rights-panel");
  tell("");
  if (client.user === undefined) {
    panel.replaceChildren(
      element("p", { class: "quiet" }, "No token, no rights. The public route answers all the same."),
    );
    return;
  }
  const granted = new Set((client.scope ?? "").split(" "));
  panel.replaceChildren(
    element(
      "ul",
      { class: "scopes" },
      ...scopes
        .filter(({ grantedTo }) => grantedTo === "person")
        .map(({ scope, permission }) => right(scope, permission, granted.has(scope), askFor)),
    ),
    ...(client.expires_at === undefined ? [] : [countdown(client)]),
    element("button", { class: "small", type: "button", onclick: () => renew(client) }, "Renew it now"),
  );
}

/** Says when the token was renewed, or why it could not be. */
export function tellRenewed() {
  tell(`Renewed at ${clock(Date.now() / 1000)}. The client does it by itself in time.`);
}

export function tellNotRenewed(error) {
  tell(`It could not be renewed: ${failureInWords(error)} It will be tried again.`);
}

/** Beside the panel, because only what stays there is read out when it changes. */
function tell(words) {
  byId("renewal").textContent = words;
}

/** What fails is told by the client's event. */
const renew = (client) => client.renew().catch((error) => console.error(error));

function right(scope, permission, held, askFor) {
  return element(
    "li",
    { class: held ? "held" : "missing" },
    element("span", { class: "tick", "aria-hidden": "true" }, held ? "✓" : "–"),
    element(
      "span",
      { class: "right" },
      element("span", { class: "visually-hidden" }, held ? "You may " : "You may not yet "),
      permission,
      " ",
      element("code", {}, scope),
    ),
    !held &&
      element(
        "button",
        {
          class: "small",
          type: "button",
          "aria-label": `Ask for it: the right to ${permission}`,
          onclick: () => askFor(scope),
        },
        "Ask for it",
      ),
  );
}

function countdown(client) {
  const left = () => Math.max(0, Math.round((client.expires_at ?? 0) - Date.now() / 1000));
  const total = Math.max(left(), 1);
  // A progress bar that empties; screen readers get the words, and only when they look.
  const bar = element("progress", { max: String(total), value: String(left()), "aria-hidden": "true" });
  const words = element("p", { class: "timer", role: "timer" });

  const tick = () => {
    if (interval !== undefined && !words.isConnected) return clearInterval(interval);
    const seconds = left();
    bar.setAttribute("value", String(seconds));
    words.textContent =
      seconds > 0
        ? `The token expires in ${minutes(seconds)}.`
        : "The token has expired and is no longer sent. Sign in again for a new one.";
    words.classList.toggle("over", seconds === 0);
  };
  let interval;
  tick();
  interval = setInterval(tick, 1000);
  return element("div", { class: "expiry" }, words, bar);
}

function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
