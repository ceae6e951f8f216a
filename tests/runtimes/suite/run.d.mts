import type { Given } from "../given.ts";
import type { Outcome } from "../runtime.ts";

interface Case {
  readonly name: string;
  readonly run: (given: Given) => unknown;
}

export function run(load: () => Promise<{ cases: readonly Case[] }>, given: Given): Promise<Outcome[]>;
