// `edgeward/worker`: gates by the name that Workers use.

import * as gate from "edgeward/gate";
import { createGate, createGuard } from "edgeward/worker";
import { equal } from "./expect.mjs";
import { casesOf } from "./gate-cases.mjs";

export const cases = [
  ...casesOf({ createGate, createGuard }),
  {
    name: "it is the same as edgeward/gate: a Worker that imports both has one module",
    run: () =>
      equal([gate.createGate === createGate, gate.createGuard === createGuard], [true, true], "both"),
  },
];
