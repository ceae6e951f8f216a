// The standard library for a target the host isn't: from rustup, or, where its server can't be reached,
// built from the source that Debian packages.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, which } from "../process.mjs";
import { Stop } from "../terminal.mjs";
import { asRoot, installPackages, isDebianLike } from "./apt.mjs";
import { expectOk, step } from "./steps.mjs";
import { builtBy, findToolchain, linkedToolchain } from "./toolchain.mjs";
import { bareTarget, wasmTarget } from "./versions.mjs";

// Clippy comes along because a linter has to be of the compiler's version.
const debianPackages = [
  "rustc-web",
  "cargo-web",
  "rust-web-src",
  "rust-web-llvm",
  "rust-web-clippy",
  "lld-22",
];
const debianPrefix = "/usr";

/** The parts of the standard library that there are for each target. @type {Record<string, string>} */
const parts = {
  [wasmTarget]: "std,panic_abort,test,proc_macro",
  [bareTarget]: "core,alloc",
};

/** rustup answers within seconds where it can be reached at all. */
const rustupLimitSeconds = 90;

/** @param {string} target */
export const setUpTarget = (target) =>
  step(
    `Rust's standard library for ${target}`,
    async () => {
      const toolchain = await findToolchain(target);
      return toolchain?.version.split(" (")[0];
    },
    async () => {
      const added = await run("rustup", ["target", "add", target], { limitSeconds: rustupLimitSeconds });
      if (added.ok && (await findToolchain(target))) return "from rustup";
      if (!isDebianLike()) {
        throw new Stop(
          `rustup could not add ${target}: reach its server and run \`rustup target add ${target}\`, then this again.`,
        );
      }
      await buildFromDebian(target);
      const toolchain = await findToolchain(target);
      if (!toolchain)
        throw new Stop(`The standard library built for ${target} is not found by its own compiler.`);
      return `built from Debian's source, toolchain ${toolchain.name}`;
    },
  );

/** @param {string} target */
async function buildFromDebian(target) {
  const rustc = join(debianPrefix, "bin", "rustc");
  const complete = ["rustc", "cargo", "cargo-clippy"].every((name) =>
    existsSync(join(debianPrefix, "bin", name)),
  );
  const source = join(debianPrefix, "lib", "rustlib", "src", "rust", "library");
  if (!complete || !existsSync(source) || !which("wasm-ld-22")) {
    await installPackages(debianPackages, `Building for ${target} without rustup's server`);
  }

  const crate = mkdtempSync(join(tmpdir(), "edgeward-std-"));
  try {
    mkdirSync(join(crate, "src"));
    writeFileSync(join(crate, "src", "lib.rs"), "#![no_std]\n");
    writeFileSync(
      join(crate, "Cargo.toml"),
      '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n',
    );
    const build = await run(
      join(debianPrefix, "bin", "cargo"),
      ["build", "--release", "--target", target, `-Zbuild-std=${parts[target]}`],
      {
        cwd: crate,
        path: [join(debianPrefix, "bin"), "/bin"],
        env: {
          RUSTC: rustc,
          RUSTC_BOOTSTRAP: "1",
          // Without bitcode in it the library can't take part in link-time optimisation.
          RUSTFLAGS: "-Cembed-bitcode=yes",
          CARGO_TARGET_DIR: join(crate, "target"),
          RUSTUP_TOOLCHAIN: undefined,
        },
      },
    );
    expectOk(build, `Debian's Rust could not build the standard library for ${target}.`);
    const version = (await run(rustc, ["--version"], { output: "none" })).output;
    await copyLibraries(join(crate, "target", target, "release", "deps"), target, version);
  } finally {
    rmSync(crate, { recursive: true, force: true });
  }

  const linked = await run("rustup", ["toolchain", "link", linkedToolchain, debianPrefix]);
  expectOk(linked, `rustup could not link ${debianPrefix} as the toolchain ${linkedToolchain}.`);
}

/** @param {string} from @param {string} target @param {string} version of the compiler they belong to */
async function copyLibraries(from, target, version) {
  const root = await asRoot();
  if (!root)
    throw new Stop(
      `Writing under ${debianPrefix}/lib needs root: run \`npm run setup\` once as root or with sudo.`,
    );
  // Collected here first: one copy as root then, and the old ones leave in the same moment.
  const staged = join(from, "..", "staged");
  mkdirSync(staged);
  for (const file of readdirSync(from)) {
    if (file.endsWith(".rlib") && !file.startsWith("libempty-"))
      copyFileSync(join(from, file), join(staged, file));
  }
  writeFileSync(join(staged, builtBy), version);
  const to = join(debianPrefix, "lib", "rustlib", target, "lib");
  for (const [command, ...args] of [
    ["rm", "-rf", to],
    ["mkdir", "-p", to],
    ["cp", "-r", `${staged}/.`, to],
    ["chmod", "-R", "a+rX", join(debianPrefix, "lib", "rustlib", target)],
  ]) {
    expectOk(await root(command, args), `The standard library for ${target} could not be copied to ${to}.`);
  }
}
