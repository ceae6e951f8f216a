// Whom every runtime can measure.

import { awsJwtVerify } from "./aws-jwt-verify.mjs";
import { workerJwtContenders } from "./cloudflare-worker-jwt.mjs";
import { edgewardContenders } from "./edgeward.mjs";
import { honoContenders } from "./hono.mjs";
import { joseContenders } from "./jose.mjs";
import { webCrypto } from "./primitives.mjs";

/** @param {import("./edgeward.mjs").Edgeward} edgeward @returns {import("./contender.mjs").Contender[]} */
export const everywhere = (edgeward) => [
  ...edgewardContenders(edgeward),
  ...joseContenders,
  ...honoContenders,
  ...workerJwtContenders,
  awsJwtVerify,
  webCrypto,
];
