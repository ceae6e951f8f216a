// `npm run interop`: asks jose, PyJWT and jwcrypto about the tokens of tests/vectors/strictness.jsonl and writes what they said,
// beside the standards and edgeward, to docs/strictness.md. No test needs it: the tests read the files it makes.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { root } from "./process.mjs";
import { note, passed, runMain, Stop, table } from "./terminal.mjs";

const help = `npm run interop [-- options]

Asks jose, PyJWT and jwcrypto about every token of tests/vectors/strictness.jsonl and writes docs/strictness.md.
Wants the npm packages (npm run setup) and a Python (3.11 was used) with scripts/interop/requirements.txt in it:
  python3 -m venv somewhere && somewhere/bin/pip install -r scripts/interop/requirements.txt
  npm run interop -- --python somewhere/bin/python

  --python PATH   the Python to ask; python3 where it isn't said
  --make          first makes tests/vectors/strictness.jsonl and interop.jsonl.gz anew, with new keys and signatures
  --help          this text`;

const strictness = join(root, "tests", "vectors", "strictness.jsonl");
const interop = join(root, "tests", "vectors", "interop.jsonl.gz");

/** @param {object[]} rows */
const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** @param {string} python @param {string} script @param {string} [input] */
function askPython(python, script, input = "") {
  const file = join(root, "scripts", "interop", script);
  const result = spawnSync(python, [file], { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  const why = result.error?.message ?? result.stderr.trim().split("\n").at(-1);
  throw new Stop(`${python} ${script}: ${why}\n  See npm run interop -- --help for what it needs.`);
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      python: { type: "string", default: "python3" },
      make: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (values.make) {
    const { makeStrictness } = await import("./interop/make-strictness.mjs");
    const { makeTokens } = await import("./interop/make-tokens.mjs");
    writeFileSync(strictness, lines(makeStrictness()));
    passed("tests/vectors/strictness.jsonl");
    const tokens = lines(await makeTokens()) + askPython(values.python, "make_tokens.py");
    writeFileSync(interop, gzipSync(tokens, { level: 9 }));
    passed("tests/vectors/interop.jsonl.gz");
  }
  const { judgeWithJose } = await import("./interop/judge-jose.mjs");
  const { installedVersion } = await import("./interop/make-tokens.mjs");
  const { countsOf, documentOf } = await import("./interop/document.mjs");

  const text = readFileSync(strictness, "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const judged = [{ library: installedVersion("jose"), verdicts: await judgeWithJose(rows) }];
  for (const [name, answer] of Object.entries(JSON.parse(askPython(values.python, "judge.py", text)))) {
    const verdicts = new Map(Object.entries(/** @type {Record<string, string>} */ (answer.verdicts)));
    judged.push({ library: `${name} ${answer.version}`, verdicts });
  }
  const { columns, counts } = countsOf(rows, judged);
  console.log(table(columns, counts));
  writeFileSync(join(root, "docs", "strictness.md"), documentOf(rows, judged, new Date()));
  passed("docs/strictness.md", `${rows.length} rows`);
  note("cargo test --test jose holds edgeward's own column against what it does");
});
