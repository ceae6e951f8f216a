/** What came out of a run, for people: a table, a line for the memory, a verdict; and the same as a document. */
import { arch, cpus, platform, totalmem } from "node:os";
import { GROWTH_PERCENT, type Memory, plotted } from "./memory.ts";
import type { Outcome } from "./run.ts";

const mebibytes = (kibibytes: number) => (kibibytes / 1024).toFixed(1);
const whole = (value: number) => Math.round(value).toLocaleString("en");

/** Why a run has failed; none where it has not. */
export function failures({ wrong, serverErrors, memory }: Outcome): string[] {
  return [
    ...(wrong > 0 ? [`${whole(wrong)} answers were not what they had to be`] : []),
    ...(serverErrors > 0 ? [`${whole(serverErrors)} answers from 500 on`] : []),
    ...(memory.verdict === "grows" ? [`the memory grows: ${told(memory)}`] : []),
  ];
}

const told = ({ first, last, most, verdict }: Memory) =>
  Number.isNaN(first)
    ? verdict
    : `${verdict}; medians of the first and the last third ${mebibytes(first)} and ${mebibytes(last)} MiB, at most ${mebibytes(most)} MiB`;

/** Rows of "what, figure". */
function rowsOf(outcome: Outcome): [string, string][] {
  const { connections, levels, samples } = outcome;
  return [
    ["requests, each answer checked", whole(outcome.requests)],
    ["seconds", whole(outcome.seconds)],
    ["requests a second", whole(outcome.perSecond)],
    ["under way at once", whole(connections)],
    ...levels.map(({ connections, perSecond }): [string, string] => [
      `looking for that: ${connections} at once`,
      `${whole(perSecond)}/s`,
    ]),
    ["half answered within", `${outcome.halfWithin} ms`],
    ["99 of 100 within", `${outcome.mostWithin} ms`],
    ["wrong decisions", whole(outcome.wrong)],
    ["answers from 500 on", whole(outcome.serverErrors)],
    ...[...outcome.statuses]
      .toSorted(([one], [other]) => one - other)
      .map(([status, count]): [string, string] => [`answers ${status}`, whole(count)]),
    ["signing keys replaced", whole(outcome.rotations)],
    ["key sets fetched", whole(outcome.keySetFetches)],
    ["introspection questions", whole(outcome.questions)],
    [`memory of workerd (${samples.length} samples after the warm-up)`, told(outcome.memory)],
  ];
}

const kindsOf = ({ kinds }: Outcome): [string, string][] =>
  [...kinds]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, count]) => [kind, whole(count)]);

export function printed(outcome: Outcome): string {
  const lines = (rows: readonly [string, string][]) => {
    const width = Math.max(...rows.map(([what]) => what.length));
    return rows.map(([what, figure]) => `  ${what.padEnd(width)}  ${figure}`).join("\n");
  };
  const parts = [lines(kindsOf(outcome)), lines(rowsOf(outcome))];
  if (outcome.samples.length > 0) parts.push(`  ${plotted(outcome.samples)}  resident memory, from 0`);
  return parts.join("\n\n");
}

export interface Circumstances {
  readonly command: string;
  readonly date: string;
  readonly commit: string;
  readonly runtimes: string;
}

/** `docs/load.md`. */
export function documented(outcome: Outcome, { command, date, commit, runtimes }: Circumstances): string {
  const processor = cpus()[0]?.model ?? "unknown";
  const machine = `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}`;
  const rows = (columns: [string, string], cells: readonly [string, string][]) =>
    [columns, ["---", "---:"], ...cells].map(([what, figure]) => `| ${what} | ${figure} |`).join("\n");
  const plot = outcome.samples.length === 0 ? "" : `\n\`\`\`text\n${plotted(outcome.samples)}\n\`\`\`\n`;
  return `# Load

Mixed good and bad traffic through the gate at the machine's limit, each answer checked. \`${command}\` wrote this page;
[CONTRIBUTING.md](../CONTRIBUTING.md#load) says how it measures.

* ${date}, commit ${commit}
* ${machine}; ${runtimes}; gate, origin, issuer and who asks on the same machine

${rows(["what", "figure"], rowsOf(outcome))}
${plot}
Flat means: the median of the last third of the samples is at most ${GROWTH_PERCENT} % above that of the first, the first fifth of the time left out. The
line begins at 0.

${rows(["kind of request", "how many"], kindsOf(outcome))}
`;
}
