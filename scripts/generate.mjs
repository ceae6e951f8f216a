// `npm run generate`: writes the files that are made from the crate's own tables (see tests/core/jose/generated.rs).

import { run } from "./process.mjs";
import { runMain } from "./terminal.mjs";

await runMain(async () => {
  const env = { UPDATE_GENERATED: "1" };
  const result = await run("cargo", ["test", "--locked", "--test", "jose", "generated"], {
    output: "show",
    env,
  });
  return result.ok ? 0 : 1;
});
