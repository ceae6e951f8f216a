/**
 * The walkthrough: every row in order, printed as it comes out.
 */

import type { ReceivedRequest } from "../api.ts";
import type { Stack } from "../stack.ts";
import { strictPolicy } from "../strict-policy.ts";
import { callbackRows } from "./callback-rows.ts";
import { claimsRows } from "./claims-rows.ts";
import { credentialsRows } from "./credentials-rows.ts";
import { dpopRows } from "./dpop-rows.ts";
import { machineRows } from "./machine-rows.ts";
import { personRows } from "./person-rows.ts";
import { protocolRows } from "./protocol-rows.ts";
import { revocationRows } from "./revocation-rows.ts";
import { type Context, type FinishedRow, type Group, once, runRows } from "./row.ts";
import { signatureRows } from "./signature-rows.ts";
import { demandRows, nonceRows, tellingRows } from "./strict-rows.ts";
import { createTable } from "./table.ts";

/** All rows, grouped by subject, ready to run against this stack. */
export function walkthroughGroups(context: Context): Group[] {
  const strictGate = once(() => context.stack.startGate(strictPolicy));
  return [
    credentialsRows(context),
    signatureRows(context),
    claimsRows(context),
    machineRows(context),
    dpopRows(context),
    personRows(context),
    demandRows(context, strictGate),
    nonceRows(context, strictGate),
    revocationRows(context, strictGate),
    tellingRows(context, strictGate),
    protocolRows(context),
    callbackRows(context),
  ];
}

export interface WalkthroughOptions {
  readonly stack: Stack;
  /** The stack's `onApiRequest` has to append to this list. */
  readonly received: readonly ReceivedRequest[];
  readonly print: (line: string) => void;
  readonly colour: boolean;
}

/** True if every row came out as expected. */
export async function runWalkthrough({
  stack,
  received,
  print,
  colour,
}: WalkthroughOptions): Promise<boolean> {
  const groups = walkthroughGroups({ stack, received });
  const table = createTable(groups, print, colour);
  const finished: FinishedRow[] = [];
  for (const group of groups) {
    table.group(group);
    for await (const row of runRows(group.rows)) {
      table.row(row);
      finished.push(row);
    }
  }
  table.summary(finished);
  const ok = finished.every((row) => row.ok);
  if (!ok) print(`\nWhat the gate printed last:\n${stack.gateOutput()}`);
  return ok;
}
