// `npm run fuzz [-- target… --minutes N]`: libFuzzer on the targets of fuzz/, one after the other. It needs a nightly Rust and
// cargo-fuzz, which no other command here does.

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./process.mjs";
import { heading, note, runMain, Stop } from "./terminal.mjs";

const defaultMinutes = 10;
const memoryMegabytes = 2048;
/** A little over the greatest input that a bound of a target's document is worth reaching with. */
const longestInputBytes = 20_000;

const targets = () =>
  readdirSync(join(root, "fuzz", "fuzz_targets")).map((file) => file.replace(/\.rs$/, ""));

async function requireTools() {
  const nightly = await run("cargo", ["+nightly", "--version"], { output: "none" });
  if (!nightly.ok) throw new Stop("Fuzzing needs a nightly Rust: `rustup toolchain install nightly`.");
  const cargoFuzz = await run("cargo", ["fuzz", "--version"], { output: "none" });
  if (!cargoFuzz.ok) throw new Stop("Fuzzing needs cargo-fuzz: `cargo install cargo-fuzz --locked`.");
}

/** @param {string[]} args @returns {{ names: string[], minutes: number }} */
function read(args) {
  const all = targets();
  const names = [];
  let minutes = defaultMinutes;
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === "--minutes") {
      i += 1;
      minutes = Number(args[i]);
      if (!(minutes > 0)) throw new Stop("`--minutes` takes a number over 0.");
    } else if (all.includes(args[i])) {
      names.push(args[i]);
    } else {
      throw new Stop(`There is no target called "${args[i]}": ${all.join(", ")}.`);
    }
  }
  return { names: names.length > 0 ? names : all, minutes };
}

/** @param {string} target @param {number} minutes */
async function fuzz(target, minutes) {
  heading(`${target}, ${minutes} min`);
  // What is found goes into the first directory, which git ignores; the seeds are only read.
  const corpus = join("fuzz", "corpus", target);
  mkdirSync(join(root, corpus), { recursive: true });
  const args = ["+nightly", "fuzz", "run", "--features", "libfuzzer", target];
  const directories = [corpus, join("fuzz", "corpus-seeds", target)];
  const options = [
    `-max_total_time=${Math.round(minutes * 60)}`,
    `-rss_limit_mb=${memoryMegabytes}`,
    `-max_len=${longestInputBytes}`,
    `-dict=${join("fuzz", "dictionaries", `${target}.dict`)}`,
    "-print_final_stats=1",
  ];
  const result = await run("cargo", [...args, ...directories, "--", ...options], { output: "show" });
  return result.ok;
}

await runMain(async () => {
  const { names, minutes } = read(process.argv.slice(2));
  await requireTools();
  const broken = [];
  for (const name of names) if (!(await fuzz(name, minutes))) broken.push(name);
  if (broken.length === 0) return 0;
  const artifacts = broken
    .map((name) => join("fuzz", "artifacts", name))
    .filter((path) => existsSync(join(root, path)));
  note(
    `the inputs: ${artifacts.join(", ")}; \`cargo +nightly fuzz tmin --features libfuzzer <target> <input>\` makes one small`,
  );
  throw new Stop(`It ended early: ${broken.join(", ")}.`);
});
