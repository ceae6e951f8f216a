// `npm run format`: writes the layout that `npm run lint` checks.

import { run } from "./process.mjs";
import { runMain } from "./terminal.mjs";

await runMain(async () => {
  const commands = [
    ["cargo", "fmt"],
    ["cargo", "fmt", "--manifest-path", "tests/no_std/Cargo.toml"],
    ["cargo", "fmt", "--manifest-path", "tests/judge/Cargo.toml"],
    ["cargo", "fmt", "--manifest-path", "fuzz/Cargo.toml"],
    ["biome", "check", "--write", "--colors=off"],
  ];
  let status = 0;
  for (const [command, ...args] of commands) {
    const result = await run(command, args, { output: "show" });
    if (!result.ok) status = 1;
  }
  return status;
});
