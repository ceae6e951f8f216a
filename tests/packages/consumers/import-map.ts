/** No bundler: scripts that name the package, and a map that says where it lies. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askPages, type Consumer, pageWith } from "../consumer.ts";
import { pageEntries, scriptOf } from "../entries.ts";

/** What needs no module is told from the rest by a bundler alone; and React has no ESM that a map could name. */
const entries = pageEntries.filter((entry) => entry !== "error" && entry !== "react");

export const importMap: Consumer = {
  name: "import map",
  entries,
  hasPages: true,
  async run(stage, check) {
    const { directory } = stage.installation;
    const map = `<script type="importmap">${JSON.stringify({ imports: importsOf(directory) })}</script>`;
    for (const script of entries.map(scriptOf)) {
      writeFileSync(
        join(directory, `mapped-${script}.html`),
        pageWith(`/pages/${script}.js`).replace("</head>", `${map}</head>`),
      );
    }
    const origin = await stage.serve(directory);
    await askPages(stage, check, (script) => `${origin}/mapped-${script}.html`, entries);
  },
};

/** What the package gives to browsers. */
function importsOf(directory: string): Record<string, string> {
  const place = "node_modules/edgeward/";
  const manifest = JSON.parse(readFileSync(join(directory, place, "package.json"), "utf8"));
  const targets: Record<string, { browser?: string; default: string }> = manifest.exports;
  return Object.fromEntries(
    entries.map((entry) => {
      const target = targets[entry === "edgeward" ? "." : `./${entry}`];
      const name = entry === "edgeward" ? entry : `edgeward/${entry}`;
      return [name, `/${join(place, target?.browser ?? target?.default ?? "")}`];
    }),
  );
}
