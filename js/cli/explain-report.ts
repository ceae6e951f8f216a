/**
 * An explanation, for a person and for a program.
 *
 * @module
 */
import type { Comparison } from "./comparisons.ts";
import type { CheckReport, Explanation } from "./explanation.ts";
import { plain } from "./plain.ts";
import { paint } from "./report.ts";

const marks = { passed: ["✓", "32"], refused: ["✗", "31"], not_reached: ["·", "2"] } as const;

/** Lines for a person. */
export function explanationAsText(request: string, explanation: Explanation): string {
  const { outcome, code, detail, status, www_authenticate, checks, change } = explanation;
  const [mark, colour] = marks[outcome === "allowed" ? "passed" : "refused"];
  const answered = status === undefined ? "" : `, ${status}`;
  return [
    `${paint(colour, mark)} ${plain(request)} is ${outcome}: ${code}${answered}`,
    ...checks.flatMap(linesOf),
    ...(detail === undefined ? [] : [`  why: ${plain(detail)}`]),
    ...(www_authenticate === undefined ? [] : [`  the caller is told: ${plain(www_authenticate)}`]),
    ...(change === undefined ? [] : [`  to change: ${plain(change)}`]),
  ].join("\n");
}

/** One JSON object. */
export const explanationAsJson = (request: string, explanation: Explanation): string =>
  plain(JSON.stringify({ request, ...explanation }));

function linesOf({ check, outcome, comparisons, is_unverified }: CheckReport): string[] {
  const [mark, colour] = marks[outcome];
  const said = comparisons.map(lineOf);
  if (outcome === "not_reached") said.push("not reached");
  if (is_unverified && comparisons.length > 0)
    said.push(paint("33", "UNVERIFIED: only what the token claims"));
  const [first = "", ...rest] = said;
  const name = check.padEnd(13);
  return [
    `  ${paint(colour, mark)} ${name} ${first}`.trimEnd(),
    ...rest.map((line) => `    ${" ".repeat(13)} ${line}`),
  ];
}

const lineOf = ({ what, has, wants }: Comparison): string =>
  plain(wants === undefined ? `${what}: ${has}` : `${what}: ${has}  <>  ${wants}`);
