/** What a row of the matrix is: a project that uses the package, and the entries it uses. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Entry,
  expected,
  expectSmall,
  loadedModule,
  pageEntries,
  type Question,
  scriptOf,
  shippedModules,
} from "./entries.ts";
import type { Installation } from "./installation.ts";
import type { OpenedPage } from "./page.ts";

/** What the consumers have in common in one run. */
export interface Stage {
  readonly installation: Installation;
  readonly question: Question;
  /** The issuer of a server that requests are pushed to. */
  readonly pushingIssuer: string;
  /** Opens a page in a real browser. */
  open(url: string): Promise<OpenedPage>;
  /** Serves a folder on 127.0.0.1 until the run ends. Gives its origin. */
  serve(folder: string): Promise<string>;
}

/** Notes whether an entry did what it has to. */
export type Check = (entry: Entry, body: () => Promise<void>) => Promise<void>;

export interface Consumer {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Whether it needs a browser. */
  readonly hasPages: boolean;
  run(stage: Stage, check: Check): Promise<void>;
}

/** Asks each entry that a page has, in a page of its own. */
export async function askPages(
  stage: Stage,
  check: Check,
  urlOf: (script: string) => string,
  asked: readonly Entry[] = pageEntries,
): Promise<void> {
  for (const entry of asked) {
    await check(entry, async () => {
      const page = await stage.open(urlOf(scriptOf(entry)));
      try {
        expected[entry](await page.ask(stage.question), stage.question);
        assert.deepEqual(page.complaints(), [], "the page's console");
        const module = loadedModule[entry];
        assert.deepEqual(
          moduleNames(page.modules()),
          module === undefined ? [] : [module],
          "modules that were fetched",
        );
      } finally {
        await page.close();
      }
      if (entry === "browser") await expectWorker(stage, urlOf(scriptOf(entry)));
    });
  }
}

/** Has a request pushed: where the worker that keeps refresh tokens was found, the page does not send it itself. */
async function expectWorker(stage: Stage, url: string): Promise<void> {
  const page = await stage.open(url);
  try {
    const [left] = (await page.ask({ ...stage.question, issuer: stage.pushingIssuer })) as string[];
    assert.equal(new URL(left ?? "").searchParams.get("request_uri"), "urn:example:pushed");
    assert.deepEqual(page.posts(), [], "forms that the page has sent itself");
    assert.deepEqual(page.complaints(), [], "the page's console");
  } finally {
    await page.close();
  }
}

/** What a bundler wrote has one module for each entry, and nothing of one that is not used. */
export function expectBundle(folder: string, errorScript: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    moduleNames(files.filter((file) => file.endsWith(".wasm"))),
    shippedModules,
    "modules that were shipped",
  );
  expectSmall(readFileSync(join(folder, errorScript), "utf8"));
}

/** Whose modules files are: `verifier_scalar` of `verifier_scalar_bg-1a2b.wasm`. Bundlers put folders or a digest before it. */
export const moduleNames = (files: readonly string[]): string[] =>
  files
    .map(
      (file) =>
        /(?:verifier|slim|pkce|client|gate|machine)(?:_[a-z]+)??(?=_bg)/.exec(basename(file))?.[0] ?? file,
    )
    .sort();

/** A page of its own for a script, for who serves no pages. */
export const pageWith = (script: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"></head>
<body><script type="module" src="${script}"></script></body></html>
`;
