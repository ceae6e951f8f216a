/** The table of the gate's conformance names tests that are there, and misses none; and this check sees a table with a fault. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { attacksOf, type Files, missing, rowsOf } from "../conformance/table.ts";

const root = new URL("../../", import.meta.url);
const markdown = readFileSync(new URL("tests/conformance/README.md", root), "utf8");
const files: Files = new Map(
  readdirSync(new URL("tests/", root), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:ts|rs)$/.test(path))
    .map((path) => `tests/${path}`)
    .map((path) => [path, readFileSync(new URL(path, root), "utf8")]),
);

test("each requirement has a test that is there, each conformance test a row, each RFC rows, each attack a test of its name", () => {
  assert.deepEqual(missing(markdown, files), []);
});

test("a row without its test, a test without a row, an RFC or an attack without either is seen", () => {
  const seen = (table: string, there: Files = files) => missing(table, there).join("\n");
  const withRow = (row: string) => markdown.replace("\n\n## ", `\n${row}\n\n## `);
  const nothing = "| something | RFC 6750 section 3 | by eye |";
  assert.match(seen(withRow(nothing)), /^"something" names no test$/);
  const gone = "| something | RFC 6750 section 3 | `gone.test.ts` |";
  assert.match(
    seen(withRow(gone)),
    /^"something" names tests\/conformance\/gone\.test\.ts, which is not there$/,
  );
  const unknown = "| something | | `tests/core/jwt/profile.rs` `no_such_test` |";
  assert.match(
    seen(withRow(unknown)),
    /^"something" names no_such_test, which is not in tests\/core\/jwt\/profile\.rs$/,
  );
  const more = new Map([...files, ["tests/conformance/new.test.ts", ""]]);
  assert.equal(seen(markdown, more), "tests/conformance/new.test.ts is in no row");
  for (const rfc of ["6750", "7662", "8705", "9068", "9449", "9470", "9728"]) {
    assert.equal(seen(markdown.replaceAll(`RFC ${rfc} section`, "RFC 1 section")), `RFC ${rfc} is in no row`);
  }
  const unnamed = new Map([...files].map(([file, text]) => [file, text.replace(/attacks? |class_/g, "")]));
  assert.equal(
    missing(markdown, unnamed).filter((finding) => /^no test is called after/.test(finding)).length,
    19,
  );
});

test("a name counts where it is a test's own", () => {
  assert.deepEqual(attacksOf("#[test]\nfn class_35_and_36_every_refusal() {}"), [35, 36]);
  assert.deepEqual(attacksOf('test("RFC 7662 2.2, attack 48: what it says", () => {});'), [48]);
  assert.deepEqual(attacksOf('test("attacks 27 to 29: keys", () => {});'), [27, 28, 29]);
  assert.deepEqual(attacksOf("// attack 50\nfn class_50_helper() {}\nconst attack = 'attack 50';"), []);
  assert.ok(rowsOf(markdown).length > 100);
});
