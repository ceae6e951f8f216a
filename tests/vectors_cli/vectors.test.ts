/** `npm run vectors` tells right from wrong: a judge that always agreed would make every vector worthless. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { directory, disagreements, lines, quick, repository, run, vectors, write } from "./command.ts";

/** Of a token, as text. */
const headerOf = (token: string): string => Buffer.from(token.split(".")[0] ?? "", "base64url").toString();
/** Algorithms and keys that no verdict but "refused" is right for. */
const NOT_OFFERED =
  /"alg":(?!"(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)")|"kty":"oct"|"crv":"(?:secp256k1|Ed448)"/;
/** All there are. */
const engines = ["wasm", "wasm-simd", "rustcrypto", "webcrypto"];
const own = [
  "own_claims.jsonl",
  "own_dpop.jsonl",
  "own_jwks_import.jsonl",
  "own_parse.jsonl",
  "rfc7515.jsonl",
];

describe("exit status and counts", () => {
  it("is 0 where every row agrees, and each engine judges it in each runtime", async () => {
    const outcome = await vectors(join(repository, "tests", "vectors", "rfc7515.jsonl"));
    assert.equal(outcome.status, 0, outcome.stderr);
    for (const engine of engines) {
      for (const runtime of ["node", "workerd"])
        assert.match(outcome.stdout, new RegExp(`rfc7515\\.jsonl +${engine} +${runtime} +2 +2 +0 +0`));
    }
    assert.match(outcome.stdout, /^16 verdicts agree, 0 disagree, 0 acceptable$/m);
  });

  it("is 1 where one label is wrong, and --json prints exactly that row", async () => {
    for (const name of own) {
      const rows = lines(name);
      const at = rows.length - 1;
      const wrong = JSON.parse(rows[at] ?? "");
      wrong.expect = wrong.expect === "valid" ? "invalid" : "valid";
      const file = write(name, [...rows.slice(0, at), JSON.stringify(wrong)].join("\n"));
      const outcome = await vectors(...quick, "--json", file);
      assert.equal(outcome.status, 1, name);
      const [found, ...others] = disagreements(outcome);
      assert.deepEqual([found?.id, found?.line, others.length], [wrong.id, rows.length, 0], name);
    }
  });

  it("is 1 where every label is turned round: no layer agrees with whatever it is told", async () => {
    for (const name of own) {
      const turned = lines(name).map((line) => {
        const row = JSON.parse(line);
        return JSON.stringify({ ...row, expect: row.expect === "valid" ? "invalid" : "valid" });
      });
      const outcome = await vectors(...quick, "--json", write(name, turned.join("\n")));
      assert.equal(outcome.status, 1, name);
      const found = new Set(disagreements(outcome).map(({ id }) => id));
      const missed = turned.map((line) => JSON.parse(line)).filter(({ id }) => !found.has(id));
      // Whatever their label, these are expected to be refused, and are.
      for (const { id, token } of missed) assert.match(headerOf(token), NOT_OFFERED, id);
    }
  });

  it("finds a file where npm was called, and judges one that is named twice once", async () => {
    const [row = ""] = lines("rfc7515.jsonl");
    const file = write("here.jsonl", row);
    const asNpm = { npm_lifecycle_event: "vectors", INIT_CWD: directory };
    const options = { env: { ...process.env, ...asNpm }, cwd: repository };
    const outcome = await run([...quick, "here.jsonl", "./here.jsonl", file], options);
    assert.equal(outcome.status, 0, outcome.stderr);
    assert.match(outcome.stdout, /^1 verdicts agree, 0 disagree/m);
  });

  it("names engine, runtime, verdict and code of each judgement that disagrees", async () => {
    const [row = ""] = lines("rfc7515.jsonl");
    const outcome = await vectors("--json", write("wrong.jsonl", row.replace('"valid"', '"invalid"')));
    const [found] = disagreements(outcome);
    assert.equal(found?.expected, "refused");
    assert.deepEqual(
      found?.judged.map(({ engine, runtime, verdict, code }) => [engine, runtime, verdict, code]),
      ["node", "workerd"].flatMap((runtime) => engines.map((engine) => [engine, runtime, "accepted", null])),
    );
  });
});

describe("rows and files as others may write them", () => {
  it("reads compressed files, a byte order mark, blank lines and CR LF", async () => {
    const text = `\ufeff${lines("rfc7515.jsonl").join("\r\n\r\n")}\r\n`;
    const outcome = await vectors(...quick, write("rows.jsonl.gz", gzipSync(text)));
    assert.equal(outcome.status, 0, outcome.stdout);
    assert.match(outcome.stdout, /^2 verdicts agree/m);
  });

  it("reports a row that can't be read as a disagreement with its reason, and goes on", async () => {
    const [good = ""] = lines("rfc7515.jsonl");
    const odd = [
      "no JSON",
      "[]",
      "{}",
      '{"id":"a","layer":"jws","expect":"invalid"}',
      '{"layer":7,"expect":null}',
    ];
    const outcome = await vectors("--json", write("odd.jsonl", [...odd, good].join("\n")));
    assert.equal(outcome.status, 1);
    const found = disagreements(outcome);
    assert.deepEqual(
      found.map(({ line }) => line),
      odd.map((_, index) => index + 1),
    );
    assert.deepEqual(new Set(found.map(({ problem }) => problem)), new Set(["the row can't be judged"]));
    for (const { judged } of found)
      assert.ok(judged.length === 8 && judged.every(({ verdict, code }) => verdict === "unreadable" && code));
  });

  it("expects rows of algorithms that are not offered to be refused, whatever their label", async () => {
    const [row = ""] = lines("rfc7515.jsonl");
    const token = (header: object) => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.e30.AAAA`;
    const rows = [
      { layer: "jws", alg: "HS256", token: token({ alg: "HS256" }), jwk: { kty: "oct", k: "AAAA" } },
      { layer: "jws", alg: null, token: token({ alg: "ES256K" }), jwk: { kty: "EC", crv: "secp256k1" } },
      { layer: "jws", token: token({ alg: "XYZ" }), jwks: { keys: [] } },
      { layer: "jwt", token: token({ alg: "HS512" }), secret: "of another format" },
      { layer: "parse", token: token({ alg: "HS256" }) },
      { layer: "dpop", token: token({ alg: "EdDSA", jwk: { kty: "OKP", crv: "Ed448" } }) },
      { layer: "raw", alg: "ES256K", message_hex: "", sig_hex: "" },
      { layer: "raw", alg: null, jwk: {}, message_hex: "", sig_hex: "" },
      { layer: "jwk_import", jwk: { kty: "EC" } },
      { layer: "jws", alg: "ES256K", token: JSON.parse(row).token, jwk: null },
    ].map((fields, index) => JSON.stringify({ id: String(index), expect: "valid", ...fields }));
    const outcome = await vectors("--json", write("not-offered.jsonl", rows.join("\n")));
    assert.deepEqual([outcome.status, outcome.stdout], [0, ""]);
  });

  it("knows a set's keys of curves that are not offered, and takes an alg that is no text for a note", async () => {
    const [, row = ""] = lines("rfc7515.jsonl");
    const good = JSON.parse(row);
    const token = (header: object) => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.e30.AAAA`;
    const ed448 = { kty: "OKP", crv: "Ed448", kid: "a", x: "AAAA" };
    const ed25519 = {
      kty: "OKP",
      crv: "Ed25519",
      kid: "b",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    };
    const rows = [
      { token: token({ alg: "EdDSA" }), jwks: { keys: [ed448, good.jwk] } },
      { token: token({ alg: "EdDSA", kid: "a" }), jwks: { keys: [ed448, ed25519] } },
      { token: good.token, jwk: good.jwk, alg: [good.alg] },
      // A key that is offered can be meant, or there is none: labelled valid, these disagree.
      { token: token({ alg: "EdDSA", kid: "b" }), jwks: { keys: [ed448, ed25519] } },
      { token: token({ alg: "EdDSA" }), jwks: { keys: [ed448, ed25519] } },
      { token: token({ alg: "EdDSA" }), jwks: { keys: [] } },
    ].map((fields, index) => JSON.stringify({ id: String(index), layer: "jws", expect: "valid", ...fields }));
    const outcome = await vectors(...quick, "--json", write("sets.jsonl", rows.join("\n")));
    assert.deepEqual(
      disagreements(outcome).map(({ id }) => id),
      ["3", "4", "5"],
    );
  });

  it("takes any of several issuers, and a token that is null for one to refuse", async () => {
    const [good] = lines("own_claims.jsonl")
      .map((line) => JSON.parse(line))
      .filter(({ expect, options }) => expect === "valid" && options.iss !== undefined);
    const { iss } = good.options;
    const rows = [
      { expect: "valid", options: { ...good.options, iss: [iss] } },
      { expect: "valid", options: { ...good.options, iss: ["https://other.example", iss] } },
      { expect: "valid", options: { ...good.options, iss: [iss, "https://other.example"] } },
      { expect: "invalid", options: { ...good.options, iss: ["https://other.example", `${iss}/`] } },
      { expect: "invalid", options: { ...good.options, iss: [] } },
      { expect: "invalid", options: { iss: [iss], aud: "https://other.example" } },
      { expect: "invalid", token: null },
    ].map((fields, index) => JSON.stringify({ ...good, id: String(index), ...fields }));
    const outcome = await vectors(...quick, "--json", write("issuers.jsonl", rows.join("\n")));
    assert.deepEqual([outcome.status, outcome.stdout], [0, ""]);
  });

  it("judges rows with half a surrogate pair in what the request or the options say", async () => {
    const [row = ""] = lines("rfc9449.jsonl");
    const good = JSON.parse(row);
    const halved = [
      { expect: "valid", request: { ...good.request, note: "\ud800" } },
      { expect: "invalid", request: { ...good.request, url: `${good.request.url}\ud800` } },
      { expect: "invalid", options: { nonce: "\udc00" } },
      { expect: "valid", options: { seen_jti: ["\udc00"] } },
    ].map((fields, index) => JSON.stringify({ ...good, id: String(index), ...fields }));
    const outcome = await vectors(...quick, "--json", write("halved.jsonl", halved.join("\n")));
    assert.deepEqual([outcome.status, outcome.stdout], [0, ""]);
  });

  it("answers acceptable rows as strict says, and counts the others apart", async () => {
    const [row = ""] = lines("rfc7515.jsonl");
    const rows = [{}, { strict: "valid" }, { strict: "invalid" }].map((more, index) =>
      JSON.stringify({ ...JSON.parse(row), id: String(index), expect: "acceptable", ...more }),
    );
    const outcome = await vectors(...quick, "--json", write("acceptable.jsonl", rows.join("\n")));
    assert.equal(outcome.status, 1);
    assert.match(outcome.stderr, /^1 verdicts agree, 1 disagree, 1 acceptable$/m);
    assert.deepEqual(
      disagreements(outcome).map(({ id }) => id),
      ["2"],
    );
  });
});
