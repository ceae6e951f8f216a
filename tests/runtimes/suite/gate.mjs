// `edgeward/gate`.

import { createGate, createGuard } from "edgeward/gate";
import { casesOf } from "./gate-cases.mjs";

export const cases = casesOf({ createGate, createGuard });
