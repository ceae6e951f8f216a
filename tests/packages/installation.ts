/** The package as it is published: packed, and installed by npm from that file into a project. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Where the set-up has installed what is in `package.json` beside this file; the project is below it, so it finds all of that. */
export const toolbox = join(repository, "target", "packages");

/** The program of a package in {@link toolbox}, for Node. */
export const toolProgram = (name: string): string => join(toolbox, "node_modules", ".bin", name);

/** The program of one of the repository's own packages, for Node. */
export const ownProgram = (name: string): string => join(repository, "node_modules", ".bin", name);

export interface Packed {
  /** The file, `edgeward-1.2.3.tgz`. */
  tarball: string;
  /** What is in it. */
  files: string[];
}

/** Packs what was built. */
export async function pack(): Promise<Packed> {
  const to = join(toolbox, "packed");
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const { stdout } = await npm(repository, ["pack", "--ignore-scripts", "--json", "--pack-destination", to]);
  const answer: unknown = JSON.parse(stdout);
  // A list in npm 10, an object by names since npm 11.
  const [packed] = Object.values(answer as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error("npm packed nothing");
  return { tarball: join(to, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}

export interface Installation extends Packed {
  /** A copy of `fixtures/` in which the package is installed. */
  directory: string;
}

/** Makes the project anew, and has npm install the package into it without a network and without running any script. */
export async function install(packed: Packed): Promise<Installation> {
  const directory = join(toolbox, "project");
  rmSync(directory, { recursive: true, force: true });
  cpSync(fileURLToPath(new URL("fixtures", import.meta.url)), directory, { recursive: true });
  await npm(directory, [
    "install",
    "--offline",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    packed.tarball,
  ]);
  return { ...packed, directory };
}

/** npm on the Node that it belongs to: not on the one of this repository, which comes without. */
function npm(directory: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  const own = dirname(ownProgram("node"));
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((part) => part !== own && part !== own.replace(/\/$/, ""));
  const env = { ...process.env, PATH: path.join(delimiter) };
  return promisify(execFile)("npm", [...args, "--loglevel=error"], {
    cwd: directory,
    env,
    maxBuffer: 16 * 1024 * 1024,
  });
}
