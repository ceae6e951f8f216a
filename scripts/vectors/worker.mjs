// The judge as a Worker: rows in the body, one in each line; the query says with which engine.

// @ts-expect-error: built by build.mjs, and beside this file only in the Worker
import { initSync, judge_row } from "./judge.js";
// @ts-expect-error: the same
import module from "./judge_bg.wasm";
import { judgeRows } from "./rows.mjs";
// @ts-expect-error: the same
import { WebCrypto } from "./webcrypto.js";

initSync({ module });
const modules = { judge_row, webCrypto: new WebCrypto() };

export default {
  /** @param {Request} request */
  async fetch(request) {
    const engine = new URL(request.url).searchParams.get("engine") ?? "";
    const rows = (await request.text()).split("\n");
    return Response.json(await judgeRows(rows, engine, modules));
  },
};
