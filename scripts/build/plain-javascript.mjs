// A module as plain JavaScript, for pages whose Content-Security-Policy forbids WebAssembly: binaryen's `wasm2js` on the module, with a glue
// for what that can read (neither references nor several results), both in one file.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { ofWrangler } from "../workerd.mjs";

/** What `wasm2js` can't read, and wasm-bindgen uses wherever a module says that it has it. */
const unreadable = ["reference-types", "multivalue"];

/** What is lowered to what every JavaScript has. */
const lowering = [
  ...["--enable-bulk-memory", "--enable-bulk-memory-opt", "--llvm-memory-copy-fill-lowering"],
  ...["--enable-nontrapping-float-to-int", "--llvm-nontrapping-fptoint-lowering"],
  ...["--enable-sign-ext", "--signext-lowering", "--enable-mutable-globals"],
];

/**
 * @param {object} module
 * @param {string} module.name of the file it becomes: `NAME.js`, which exports `start`, and `NAME.d.ts`
 * @param {string} module.like the module whose classes these are
 * @param {string} module.compiled what cargo made
 * @param {string} module.directory for what lies between
 * @param {string} module.to where the files go
 * @param {string} module.wasmBindgenProgram
 * @param {(step: string, result: import("../process.mjs").RunResult) => void} module.report
 */
export async function buildPlainJavaScript(module) {
  const { name, like, compiled, directory, to, wasmBindgenProgram, report } = module;
  mkdirSync(directory, { recursive: true });
  const at = (/** @type {string} */ file) => join(directory, file);

  writeFileSync(at("scalar.wasm"), withoutFeatures(readFileSync(compiled)));
  const bindgen = ["--target", "bundler", "--out-name", name, "--out-dir", directory, at("scalar.wasm")];
  report(`wasm-bindgen, ${name}`, await run(wasmBindgenProgram, bindgen));
  const optimisation = [...lowering, "-Oz", "--converge"];
  report(
    `wasm-opt, ${name}`,
    await run("wasm-opt", [...optimisation, at(`${name}_bg.wasm`), "-o", at("low.wasm")]),
  );
  report(`wasm2js, ${name}`, await run("wasm2js", ["-Oz", at("low.wasm"), "-o", at("translated.js")]));

  const glue = readFileSync(at(`${name}_bg.js`), "utf8");
  writeFileSync(at("translated.js"), withStaticsEnd(readFileSync(at("translated.js"), "utf8"), glue));
  writeFileSync(
    at("entry.js"),
    `import * as exports from "./translated.js";
import { __wbg_set_wasm, ClientPort } from "./${name}_bg.js";
__wbg_set_wasm(exports);
exports.__wbindgen_start?.();
export const { memory } = exports;
export { ClientPort };
`,
  );
  const { outputFiles } = await ofWrangler("esbuild").build({
    entryPoints: [at("entry.js")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    globalName: "made",
    target: "es2022",
    logLevel: "error",
  });
  // All of it in a function: after a failure js/wasm/instance.ts has a fresh one made. And no side effect of the import, which bundlers may leave out.
  writeFileSync(join(to, `${name}.js`), `export function start() {\n${outputFiles[0].text}return made;\n}\n`);
  writeFileSync(
    join(to, `${name}.d.ts`),
    `import type { ClientPort } from "./${like}.js";
/** Makes a fresh instance. */
export declare function start(): { ClientPort: typeof ClientPort; memory: WebAssembly.Memory };
`,
  );
}

/** Takes features out of the list that a module has of its own, by the sign before each. @param {Buffer} module */
function withoutFeatures(module) {
  for (const feature of unreadable) {
    const entry = `+${String.fromCharCode(feature.length)}${feature}`;
    const place = module.lastIndexOf(Buffer.from(entry, "latin1"));
    if (place < 0) throw new Stop(`The module does not list the feature ${feature}; see ${import.meta.url}.`);
    module[place] = "-".charCodeAt(0);
  }
  return module;
}

/**
 * wasm-bindgen leaves one import open in such a module: the number of its first value that JavaScript does not own for ever, which its glue
 * has as well.
 *
 * @param {string} translated @param {string} glue
 */
function withStaticsEnd(translated, glue) {
  const open = "import * as __wbindgen_externref_xform__ from '__wbindgen_externref_xform__';";
  const [, first] = /if \(idx < (\d+)\) return;/.exec(glue) ?? [];
  const names = new Set(translated.match(/__wbindgen_externref_xform__\.\w+/g));
  if (first === undefined || names.size !== 1 || !translated.includes(open))
    throw new Stop("wasm-bindgen's glue has changed: see scripts/build/plain-javascript.mjs.");
  return translated.replace(
    open,
    `const __wbindgen_externref_xform__ = { __wbindgen_externref_statics_end: () => ${first} };`,
  );
}
