/** The body by which an entry of the deny list is written: bounded in bytes and in time, and then its sender is let go of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entryIn } from "../../js/deny-list.ts";

const bounds = { max_bytes: 10, timeout_milliseconds: 10 };
const body = (text: string) => new Request("https://api.example/", { method: "POST", body: text });

test("a body is read up to its bound, as UTF-8", async () => {
  assert.equal(await entryIn(body('{"jti":1}'), bounds), '{"jti":1}');
  assert.equal(await entryIn(body('{"jti":100}'), bounds), null);
  assert.equal(await entryIn(new Request("https://api.example/"), bounds), "");
  const bytes = new Request("https://api.example/", { method: "POST", body: new Uint8Array([0xff]) });
  assert.equal(await entryIn(bytes, bounds), null);
});

test("a body that does not end is given up, and its sender is told", async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
    cancel: () => {
      isCancelled = true;
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("still waiting"), 3_000);
  });
  assert.equal(await Promise.race([entryIn({ body: endless }, bounds), tooLong]), null);
  clearTimeout(timer);
  assert.equal(isCancelled, true);
});
