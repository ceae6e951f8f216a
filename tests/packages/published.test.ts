/** What `npm publish` would send: which files, that each is of use, and what the tools for packages say of it. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { before, test } from "node:test";
import { runProgram } from "./command.ts";
import { type Installation, install, pack, repository, toolProgram } from "./installation.ts";

/** Everything that is not compiled from `js/`. */
const besideScripts = [
  "CHANGELOG.md",
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "SECURITY.md",
  "docs/browser.md",
  "docs/command.md",
  "docs/decisions.md",
  "docs/errors.md",
  "docs/policy.md",
  "docs/strictness.md",
  "package.json",
  "schema/policy.schema.json",
];

/** This repository's own Worker, and files of types alone, of which nothing is left to run. */
const notPublished = [
  "client/options.ts",
  "client/types.ts",
  "error-code.ts",
  "gate-runtime.ts",
  "granted.ts",
  "machine/types.ts",
  "main.ts",
  "needs.ts",
  "policy.ts",
];

/** Links of the README to what is for people who work on the project, and not for those who use the package. */
const inTheRepository = [
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "docs/benchmarks/README.md",
  "docs/demo.png",
  "examples/axum/policy.json",
  "examples/axum/src/main.rs",
  "examples/machine.ts",
  "examples/verify.rs",
  "examples/worker/index.ts",
  "src/limits.rs",
  "wrangler.toml",
];

type Target = string | null | { [condition: string]: Target };

let installed: Installation;
let published: string;
before(async () => {
  installed = await install(await pack());
  published = join(installed.directory, "node_modules", "edgeward");
});

const read = (file: string): string => readFileSync(join(published, file), "utf8");
const manifest = () => JSON.parse(read("package.json"));
const under = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

const filesOf = (target: Target): string[] =>
  typeof target === "string" ? [target] : Object.values(target ?? {}).flatMap(filesOf);

/** The files that the manifest names; of a pattern, all that it can mean. */
function named(): string[] {
  const { exports, bin }: { exports: Record<string, Target>; bin: Target } = manifest();
  return [exports, bin].flatMap(filesOf).flatMap((target) => {
    const [start = "", end] = normalize(target).split("*");
    return end === undefined
      ? [start]
      : installed.files.filter((file) => file.startsWith(start) && file.endsWith(end));
  });
}

/** What a script or a declaration takes from beside it. */
function references(file: string): string[] {
  const text = read(file);
  const specifiers = [
    ...text.matchAll(/\b(?:from|import)[ (]*"(\.[^"]+)"/g),
    ...text.matchAll(/new URL\("(\.[^"]+)"/g),
  ];
  return specifiers.map(([, specifier = ""]) => {
    const path = join(dirname(file), specifier.replace("?module", ""));
    return file.endsWith(".d.ts") ? path.replace(/\.[jt]s$/, ".d.ts") : path;
  });
}

test("the package has the documents that are listed, and of every script that is published what it was compiled to", () => {
  const sources = under(join(repository, "js")).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".d.ts"),
  );
  const scripts = sources
    .filter((file) => !notPublished.includes(file))
    .map((file) => `dist/${file.replace(/ts$/, "js")}`);
  const modules = under(join(repository, "js", "wasm", "generated")).filter(
    (file) => !file.endsWith(".d.ts"),
  );
  const fromWasm = modules.map((file) => `dist/wasm/generated/${file}`);
  const withoutDeclarations = installed.files.filter((file) => !file.endsWith(".d.ts"));
  assert.deepEqual(withoutDeclarations, [...new Set([...besideScripts, ...scripts, ...fromWasm])].sort());
});

test("each file is reached from an entry or the command, and names none that is not there", () => {
  const reached = new Set(named());
  for (const file of reached) {
    assert.ok(installed.files.includes(file), `${file} is named and not in the package`);
    if (/\.(?:js|d\.ts)$/.test(file)) for (const reference of references(file)) reached.add(reference);
  }
  assert.deepEqual(
    installed.files.filter((file) => !reached.has(file) && !besideScripts.includes(file)),
    [],
  );
});

test("no script is run at the consumer's, nothing else is installed, and no map points nowhere", () => {
  const { scripts, dependencies } = manifest();
  const own = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
  assert.deepEqual(
    Object.keys(scripts).filter((name) => own.includes(name)),
    [],
  );
  assert.equal(dependencies, undefined);
  for (const file of installed.files.filter((file) => /\.(?:js|d\.ts)$/.test(file))) {
    assert.doesNotMatch(read(file), /sourceMappingURL/, file);
  }
});

test("every entry has its types first, and what runs it in the order in which a runtime has to find it", () => {
  const order = ["types", "workerd", "edge-light", "deno", "bun", "node", "browser", "default"];
  for (const [entry, target] of Object.entries<Target>(manifest().exports)) {
    if (target === null || typeof target === "string") continue;
    const conditions = Object.keys(target);
    assert.deepEqual(
      conditions,
      order.filter((condition) => conditions.includes(condition)),
      entry,
    );
    assert.ok(conditions.includes("types") && conditions.includes("default"), entry);
  }
});

test("an entry file has 3 to 10 lines besides its comments", () => {
  const scripts = [...new Set(Object.values<Target>(manifest().exports).flatMap(filesOf))].filter((file) =>
    file.endsWith(".js"),
  );
  const perRuntime = scripts.filter((file) =>
    /^[./]*dist\/[^/]*(?:node|web|workerd|worker|edge-light)\.js$/.test(file),
  );
  assert.ok(perRuntime.length >= 14, `${perRuntime}`);
  for (const file of perRuntime) {
    const code = read(file)
      .replaceAll(/\/\*[^@][\s\S]*?\*\//g, "")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    assert.ok(code.length >= 3 && code.length <= 10, `${file} has ${code.length}`);
  }
});

test("the README's relative links lead to a file of the package, or to one that the repository alone has", () => {
  const links = [...read("README.md").matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
    ([, link = ""]) => link,
  );
  assert.ok(links.length > 10);
  const missing = [...new Set(links)].filter((link) => !installed.files.includes(link)).sort();
  assert.deepEqual(missing, inTheRepository);
  for (const file of missing) assert.ok(existsSync(join(repository, file)), file);
});

test("publint has nothing to say", async () => {
  const said = await runProgram(installed.directory, [
    toolProgram("publint"),
    "run",
    installed.tarball,
    "--strict",
  ]);
  assert.match(said, /All good!/);
});

test("Are the types wrong? has nothing to say of resolution by Node and by bundlers", async () => {
  // The package is ESM alone, and entries are known by `exports`: so `require` in Node 20 and TypeScript's `node10` are left out.
  const profile = ["--profile", "esm-only", "--no-color", "--format", "json"];
  const said = JSON.parse(
    await runProgram(installed.directory, [toolProgram("attw"), installed.tarball, ...profile]),
  );
  const kinds = Object.values<{ kind: string }[]>(said.problems ?? {})
    .flat()
    .map(({ kind }) => kind);
  const ignored = ["NoResolution", "CJSResolvesToESM"];
  assert.deepEqual(
    kinds.filter((kind) => !ignored.includes(kind)),
    [],
  );
  const resolved: Record<string, { resolutions: Record<string, { resolution?: unknown }> }> =
    said.analysis.entrypoints;
  for (const [entry, { resolutions }] of Object.entries(resolved)) {
    // What a pattern means it does not ask.
    if (entry.includes("*")) continue;
    for (const kind of ["node16-esm", "bundler"])
      assert.ok(resolutions[kind]?.resolution, `${entry} by ${kind}`);
  }
});
