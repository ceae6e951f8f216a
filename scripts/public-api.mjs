// `npm run public-api`: writes docs/public-api.txt, so that a change of the crate's surface is seen in review.

import { writeFileSync } from "node:fs";
import { listing, listPublicApi } from "./lint/public-api.mjs";
import { passed, runMain, Stop } from "./terminal.mjs";

await runMain(async () => {
  const { ok, output, skipped, items } = await listPublicApi();
  if (skipped) {
    throw new Stop(
      `It can't be listed: ${skipped}. \`rustup toolchain install nightly && cargo install cargo-public-api --locked\``,
    );
  }
  if (!ok) throw new Stop(`cargo-public-api failed:\n${output.trimEnd()}`);
  writeFileSync(listing, items);
  passed(`docs/public-api.txt, ${items.split("\n").length - 1} items`);
});
