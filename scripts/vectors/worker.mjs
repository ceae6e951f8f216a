// The judge as a Worker: rows in the body, one in each line; the query says with which engine.

// @ts-expect-error: built by build.mjs, and beside this file only in the Worker
import * as scalar from "./judge.js";
// @ts-expect-error: the same
import scalarModule from "./judge_bg.wasm";
// @ts-expect-error: the same
import * as simd from "./judge-simd.js";
// @ts-expect-error: the same
import simdModule from "./judge-simd_bg.wasm";
import { judgeRows, pick } from "./rows.mjs";
// @ts-expect-error: the same
import { WebCrypto } from "./webcrypto.js";

scalar.initSync({ module: scalarModule });
simd.initSync({ module: simdModule });
const webCrypto = new WebCrypto();

export default {
  /** @param {Request} request */
  async fetch(request) {
    const engine = new URL(request.url).searchParams.get("engine") ?? "";
    const rows = (await request.text()).split("\n");
    const { judge_row } = pick({ scalar, simd }, engine);
    return Response.json(await judgeRows(rows, engine, { judge_row, webCrypto }));
  },
};
