/** Node, without anything between. */
import { join } from "node:path";
import { runProgram } from "../command.ts";
import type { Consumer } from "../consumer.ts";
import { expected, scriptOf } from "../entries.ts";

const entries = ["edgeward", "slim", "pkce", "machine", "gate", "hono", "*.wasm", "error"] as const;

export const node: Consumer = {
  name: "Node",
  entries,
  hasPages: false,
  async run(stage, check) {
    for (const entry of entries) {
      await check(entry, async () => {
        const { directory } = stage.installation;
        const said = await runProgram(directory, [
          join("node", "ask.mjs"),
          scriptOf(entry),
          JSON.stringify(stage.question),
        ]);
        expected[entry](JSON.parse(said), stage.question);
      });
    }
  },
};
