/**
 * `npm run test:packages`: the packed package in the bundlers, frameworks and compilers of `consumers/`. Prints a result for every
 * consumer and entry.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import type { Consumer, Stage } from "./consumer.ts";
import { esbuild, rollup, viteBuild, viteDev, webpack } from "./consumers/bundlers.ts";
import { importMap } from "./consumers/import-map.ts";
import { nextClient, nextEdge, nextPlain } from "./consumers/next.ts";
import { node } from "./consumers/node.ts";
import { bundler, nodenext } from "./consumers/typescript.ts";
import { wrangler } from "./consumers/wrangler.ts";
import { type Entry, entries, questionFor } from "./entries.ts";
import { install, pack } from "./installation.ts";
import { launchBrowser, openPage } from "./page.ts";
import { type Listening, serveFolder, serveMetadata } from "./servers.ts";

const consumers: Consumer[] = [
  nodenext,
  bundler,
  node,
  importMap,
  esbuild,
  rollup,
  webpack,
  viteBuild,
  viteDev,
  wrangler,
  nextClient,
  nextEdge,
  nextPlain,
];

const usage = `npm run test:packages [-- --only NAME]… [--json FILE] [--help]

Packs the package, installs it from the file into projects, and runs these.

  --only NAME  the consumers whose name has NAME in it; can be given again
  --json FILE  writes the matrix as JSON as well
  --help       shows this

Exit status: 0 where every cell is as it has to be, 1 where one is not, 2 misuse.`;

/** Why a cell failed; \`undefined\` where it did not. */
type Result = { consumer: string; entry: Entry; failure: string | undefined };

async function resultsOf(consumer: Consumer, stage: Stage): Promise<Result[]> {
  const failures = new Map<Entry, string | undefined>();
  let whole: string | undefined;
  try {
    await consumer.run(stage, async (entry, body) => {
      failures.set(
        entry,
        await body().then(
          () => undefined,
          (error: unknown) => messageOf(error),
        ),
      );
    });
  } catch (error) {
    whole = messageOf(error);
  }
  // What went wrong with all of it went wrong with each; and an entry that nobody asked did not pass.
  return consumer.entries.map((entry) => ({
    consumer: consumer.name,
    entry,
    failure: whole ?? (failures.has(entry) ? failures.get(entry) : "was not asked"),
  }));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Each row, with `–` where the consumer has no such entry. */
function matrix(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ consumer }) => consumer))];
  const widths = entries.map((entry) => Math.max(entry.length, 4));
  const first = Math.max(...names.map((name) => name.length));
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(first), ...cells.map((cell, i) => cell.padEnd(widths[i] ?? 0))].join("  ").trimEnd();
  const cellOf = (name: string, entry: Entry) => {
    const result = results.find((one) => one.consumer === name && one.entry === entry);
    return result === undefined ? "–" : result.failure === undefined ? "ok" : "FAIL";
  };
  return [
    row("", entries),
    ...names.map((name) =>
      row(
        name,
        entries.map((entry) => cellOf(name, entry)),
      ),
    ),
  ].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      json: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const isChosen = ({ name }: Consumer) =>
    values.only?.some((part) => name.toLowerCase().includes(part.toLowerCase())) ?? true;
  const chosen = consumers.filter(isChosen);
  if (chosen.length === 0)
    throw new TypeError(`no consumer has that name: ${consumers.map(({ name }) => name).join("; ")}`);
  const results = await run(chosen);
  console.log(`\n${matrix(results)}\n`);
  console.log(
    "–: not for that consumer (pages have no gate; React has no ESM that an import map could name; one class of errors falls away from bundles alone)",
  );
  const wrong = results.filter(({ failure }) => failure !== undefined);
  // What went wrong with all of a consumer is said once.
  for (const why of new Set(wrong.map(({ consumer, failure }) => `${consumer}\n${failure}`))) {
    const cells = wrong.filter(({ consumer, failure }) => why === `${consumer}\n${failure}`);
    console.log(`\n✗ ${cells.map(({ entry }) => entry).join(", ")} in ${why}`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\n${results.length - wrong.length} of ${results.length} cells are as they have to be`);
  return wrong.length === 0 ? 0 : 1;
}

async function run(chosen: readonly Consumer[]): Promise<Result[]> {
  const installation = await install(await pack());
  console.log(`${installation.files.length} files packed, installed from the file`);
  const listening: Listening[] = [];
  let browser: Browser | undefined;
  try {
    if (chosen.some(({ hasPages }) => hasPages)) browser = await launchBrowser();
    const issuer = await serveMetadata();
    const pushing = await serveMetadata(true);
    listening.push(issuer, pushing);
    const stage: Stage = {
      installation,
      question: questionFor(issuer.origin),
      pushingIssuer: pushing.origin,
      open(url) {
        if (browser === undefined) throw new Error("a consumer without pages opened one");
        return openPage(browser, url);
      },
      async serve(folder) {
        const server = await serveFolder(folder);
        listening.push(server);
        return server.origin;
      },
    };
    const results: Result[] = [];
    for (const consumer of chosen) {
      const started = performance.now();
      const own = await resultsOf(consumer, stage);
      results.push(...own);
      const isGood = own.every(({ failure }) => failure === undefined);
      console.log(
        `${isGood ? "✓" : "✗"} ${consumer.name}  ${((performance.now() - started) / 1_000).toFixed(1)} s`,
      );
    }
    return results;
  } finally {
    await browser?.close();
    await Promise.all(listening.map((one) => one.close()));
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isMisuse = error instanceof TypeError;
  console.error(isMisuse ? `${error.message}\n\n${usage}` : error);
  process.exitCode = isMisuse ? 2 : 1;
}
