/** The line above everything: what just happened, when it isn't the answer to a call. */

import { byId, element } from "./dom.js";
import { failureInWords } from "./explain.js";

export function showNotice(text) {
  byId("notice").replaceChildren(element("p", { class: "notice" }, text));
}

export function clearNotice() {
  byId("notice").replaceChildren();
}

export function showFailure(text, error) {
  console.error(error);
  byId("notice").replaceChildren(
    element(
      "div",
      { class: "notice failure" },
      element("p", {}, element("strong", {}, text), " ", failureInWords(error)),
      typeof error?.code === "string" && element("p", { class: "code" }, element("code", {}, error.code)),
    ),
  );
}
