/**
 * One request and its answer, drawn: what was sent, the status, why, and the body.
 */

import { element } from "./dom.js";
import { answerInWords, demandedSignIn, failureInWords, missingScope } from "./explain.js";

const MEANING = new Map([
  [200, "OK"],
  [201, "Created"],
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [422, "Unprocessable Content"],
  [500, "Internal Server Error"],
  [502, "Bad Gateway"],
  [503, "Service Unavailable"],
]);

/** Longer values are laid out over several lines. */
const SHORT_LINE = 56;

/**
 * @param {object} request
 * @param {string} request.method
 * @param {string} request.path
 * @param {() => string | undefined} request.credentials what the Authorization header says now, put so that it can be shown
 * @param {string} request.before what stands in the answer's place until there is one
 * @param {(scope: string) => (() => void) | undefined} [request.askIfPossible] how to ask for a scope that was missing
 * @param {(demand: { acr_values?: string, max_age?: number }) => Promise<boolean>} [request.confirm] has the person sign in as the API
 *   demands; the request is then sent once more
 * @returns {{ view: HTMLElement, run: (send: () => Promise<Response>) => Promise<void> }}
 */
export function createExchange({ method, path, credentials, before, askIfPossible, confirm }) {
  // Only the verdict is announced; the body is there to be read at leisure.
  const verdict = element("div", { class: "verdict", role: "status" });
  const details = element("div", { class: "details" }, element("p", { class: "before quiet" }, before));
  const view = element("div", { class: "exchange" }, verdict, details);
  const sent = () => {
    const shown = credentials();
    return `${method} ${path}\n${shown === undefined ? "(no Authorization header)" : `Authorization: ${shown}`}`;
  };

  return {
    view,
    async run(send) {
      view.setAttribute("aria-busy", "true");
      try {
        const asSent = sent();
        const response = await send();
        const answer = await readAnswer(response);
        const again = async (demand) => {
          if (await confirm(demand)) await this.run(send);
        };
        show(verdict, details, asSent, answer, remedyOf(answer, askIfPossible, confirm && again));
      } catch (error) {
        console.error(error);
        verdict.replaceChildren(
          element("p", { class: "status bad" }, "No answer"),
          element("p", { class: "why" }, failureInWords(error)),
        );
        details.replaceChildren();
      } finally {
        view.removeAttribute("aria-busy");
      }
    },
  };
}

async function readAnswer(response) {
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : undefined;
  return {
    ok: response.ok,
    status: response.status,
    challenge: response.headers.get("www-authenticate") ?? undefined,
    retryAfter: response.headers.get("retry-after") ?? undefined,
    json,
    text,
  };
}

/** What the person can do about a refusal: a button, if there is anything. */
function remedyOf(answer, askIfPossible, again) {
  const missing = missingScope(answer);
  const ask = missing === undefined ? undefined : askIfPossible?.(missing);
  if (ask !== undefined) return { words: `Ask for ${missing}`, act: ask };
  const demand = demandedSignIn(answer);
  if (demand === undefined || again === undefined) return undefined;
  return { words: "Confirm that it’s you", act: () => again(demand) };
}

function show(verdict, details, sent, answer, remedy) {
  const { ok, status, challenge, json, text } = answer;
  verdict.replaceChildren(
    element(
      "p",
      { class: `status ${ok ? "good" : "bad"}` },
      element("span", { class: "number" }, String(status)),
      ` ${MEANING.get(status) ?? ""}`,
    ),
    element("p", { class: "why" }, answerInWords(answer)),
  );
  details.replaceChildren(
    ...(remedy === undefined
      ? []
      : [element("button", { class: "small", type: "button", onclick: remedy.act }, remedy.words)]),
    labelled("Sent", sent),
    ...(challenge === undefined ? [] : [labelled("WWW-Authenticate", challenge)]),
    ...(text === "" ? [] : [labelled("Body", json === undefined ? text : layOut(json))]),
  );
}

/** JSON with short members on one line each, so that a list of readings reads as a list. */
function layOut(value, indent = "") {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ");
  if (typeof value !== "object" || value === null || line.length <= SHORT_LINE) return line;
  const deeper = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((member) => layOut(member, deeper))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${layOut(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}${close}`;
}

function labelled(label, text) {
  return element(
    "div",
    { class: "block" },
    element("p", { class: "label" }, label),
    // Focusable, so that the keyboard can scroll what is too wide.
    element("pre", { tabindex: "0", role: "group", "aria-label": label }, text),
  );
}
