/** Entries in a server that answers questions by POST: `{ entry, question }`. */
import type { Check, Stage } from "../consumer.ts";
import { type Entry, expected, scriptOf } from "../entries.ts";

export async function askServer(
  stage: Stage,
  check: Check,
  url: string,
  entries: readonly Entry[],
): Promise<void> {
  for (const entry of entries) {
    await check(entry, async () => {
      const body = JSON.stringify({ entry: scriptOf(entry), question: stage.question });
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
      expected[entry](JSON.parse(text), stage.question);
    });
  }
}
