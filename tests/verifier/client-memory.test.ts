/** The client's module has an allocator of its own (`module/`): a page that stays open for days must not grow. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ClientCore } from "../../js/client/core.ts";
import { callsOf } from "../../js/client/core-calls.ts";
import { ClientPort, initSync } from "../../js/wasm/generated/client.js";

const wasm = new URL("../../js/wasm/generated/client_bg.wasm", import.meta.url);

test("the memory of the client's module stays as it is, however often it is used", async () => {
  const { memory } = initSync({ module: await readFile(wasm) });
  // Sizes that differ from one round to the next, and what outlives a round, leave holes that must be used again.
  const kept: ClientPort[] = [];
  const use = (round: number) => {
    const client_id = "c".repeat(1 + ((round * 37) % 900));
    const redirect_uri = "https://app.example/callback";
    const config = { issuer: "https://login.example", client_id, redirect_uri, scope: "openid" };
    const port = new ClientPort(true);
    const core = new ClientCore(callsOf(port, JSON.stringify(config)));
    kept.push(port);
    if (kept.length > 8) kept.splice((round * 5) % 8, 1)[0]?.free();
    const state = "s".repeat((round * 101) % 9000);
    assert.equal(core.stateOf(`${redirect_uri}?state=${state}&code=c`), state);
    assert.throws(() => core.stateOf(`${redirect_uri}?code=${state}`), { code: "state_mismatch" });
  };
  for (let round = 0; round < 500; round += 1) use(round);
  const before = memory.buffer.byteLength;
  for (let round = 500; round < 20_000; round += 1) use(round);
  assert.equal(memory.buffer.byteLength, before);
});
