/** Header lists as the core writes them. */
import type { HeaderList } from "./needs.ts";

/** A line for each name and one for its value, two by two. */
export function headerPairs(lines: string): HeaderList {
  const list: [string, string][] = [];
  if (lines === "") return list;
  const texts = lines.split("\n");
  for (let i = 0; i + 1 < texts.length; i += 2) list.push([texts[i] as string, texts[i + 1] as string]);
  return list;
}
