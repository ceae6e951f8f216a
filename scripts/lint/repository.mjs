// Rules about the repository as a whole that no language's linter has.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defences } from "../defences/list.mjs";
import { root, run } from "../process.mjs";

const longestSource = 300;

/** What belongs to one machine or one download route has no place in a file that everybody gets. */
const machineOwn = [
  {
    what: "a registry's host",
    pattern: /\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|(?:static|index)\.crates\.io)\b/,
  },
  { what: "a package archive's host", pattern: /\b(?:deb|security|snapshot)\.(?:debian|ubuntu)\.\w+\b/ },
  { what: "a path of one machine", pattern: /(?<![\w.\-/])\/(?:root|work|home\/\w+|Users\/\w+)\// },
];

/** @param {string} file */
const isSource = (file) => /^(?:src|js|engine|module)\/.*\.(?:rs|ts|js|mjs)$/.test(file);

/** @returns {Promise<string[]>} each finding on a line of its own */
export async function checkRepository() {
  const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    output: "none",
  });
  if (!listed.ok) return ["git could not list the repository's files"];
  const outdated = defences
    .filter(({ file, find }) => readFileSync(join(root, file), "utf8").split(find).length !== 2)
    .map(
      ({ name, file }) => `${file} does not hold what "${name}" of scripts/defences/ takes out, or not once`,
    );
  const files = listed.output.split("\n").filter((file) => file && existsSync(join(root, file)));
  const findings = files.flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n");
    const found = lines.flatMap((line, i) =>
      machineOwn
        .filter(({ pattern }) => pattern.test(line))
        .map(({ what }) => `${file}:${i + 1} names ${what}`),
    );
    if (isSource(file) && lines.length > longestSource) {
      found.push(`${file} has ${lines.length} lines; at ${longestSource} it is two subjects`);
    }
    return found;
  });
  return [...outdated, ...findings];
}
