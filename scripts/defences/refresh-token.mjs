// What keeps refresh tokens from a page's scripts.

const keeper = "tests/verifier/kept-tokens.test.ts";

/** @type {import("./list.mjs").Defence[]} */
export const refreshTokenDefences = [
  {
    name: "a refresh token goes only where it came from",
    file: "js/client/kept-tokens.ts",
    find: "if (!kept?.goesTo.has(request.url)) return refused;",
    replace: "if (kept === undefined) return refused;",
    test: keeper,
  },
  {
    name: "a handle that stands for nothing is sent nowhere",
    file: "js/client/kept-tokens.ts",
    find: "if (!value?.startsWith(prefix)) continue;",
    replace: "if (!value || !this.#tokens.has(value)) continue;",
    test: keeper,
  },
  {
    name: "the page is given no refresh token",
    file: "js/client/kept-tokens.ts",
    find: "return JSON.stringify({ ...answer, refresh_token: handle });",
    replace: "return text;",
    test: keeper,
  },
  {
    name: "a revoked token is forgotten",
    file: "js/client/kept-tokens.ts",
    find: "this.#tokens.delete(handle);",
    replace: "",
    test: keeper,
  },
  {
    name: "the keeper of refresh tokens has a bound",
    file: "js/client/kept-tokens.ts",
    find: "if (!(this.#tokens.size > request.max_kept_tokens)) break;",
    replace: "break;",
    test: keeper,
  },
];
