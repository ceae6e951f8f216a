/** How the gate reads a request's URL: always as `URL` does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathAndQuery } from "../../js/request-url.ts";

const pieces =
  "a Z 0 / // . .. /. /.. /../ %2e %2F %41 ? ?? & = + ~ - _ , : ; @ ! $ ' ( ) * # \" < > \\ ^ ` { | } \t \n é \u{1f600} [ ]".split(
    " ",
  );
const starts = [
  "https://api.example",
  "http://127.0.0.1:8787",
  "https://[::1]",
  "HTTPS://API.example",
  "https://u:p@api.example",
];

const own = (url: string) => {
  const { pathname, search } = pathAndQuery(url);
  return { pathname, search };
};

const parsed = (url: string) => {
  const { pathname, search } = new URL(url);
  return { pathname, search };
};

test("path and query are those of URL, whatever a URL is made of", () => {
  // Numbers from a fixed seed, so that a failure comes again.
  let state = 1;
  const below = (end: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
  for (let i = 0; i < 50_000; i++) {
    const rest = Array.from({ length: below(8) }, () => pieces[below(pieces.length)]).join("");
    const url = `${starts[below(starts.length)]}${["", "/", "/a/", "?", "/b?c=d"][below(5)]}${rest}`;
    // What can't be parsed is no request's.
    if (URL.canParse(url)) assert.deepEqual(own(url), parsed(url), JSON.stringify(url));
  }
});

test("URLs of a hundred thousand characters and more are read in the same way", () => {
  for (const unit of ["/", "/a", "a", "/-", "?a", "&a"]) {
    const url = `https://api.example/${unit.repeat(50_000)}"`;
    assert.deepEqual(own(url), parsed(url));
  }
});
