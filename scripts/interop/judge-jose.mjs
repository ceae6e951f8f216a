// What npm `jose` says of each row, called as its documentation shows for a key set, with every check that it offers.

import { createLocalJWKSet, errors, jwtVerify } from "jose";

/** @param {any} row @returns {Promise<string>} "accepts", "refuses", or "refuses" with an error that is none of the library's */
async function judge(row) {
  const { iss, aud, typ } = row.options;
  try {
    await jwtVerify(row.token, createLocalJWKSet(row.jwks), {
      algorithms: [row.alg],
      issuer: iss,
      audience: aud,
      requiredClaims: ["exp"],
      currentDate: new Date(row.now * 1000),
      ...(typ && { typ }),
    });
    return "accepts";
  } catch (error) {
    if (error instanceof errors.JOSEError) return "refuses";
    return `refuses (${error instanceof Error ? error.name : "throws"})`;
  }
}

/** @param {any[]} rows @returns {Promise<Map<string, string>>} verdicts by id */
export async function judgeWithJose(rows) {
  /** @type {Map<string, string>} */
  const verdicts = new Map();
  for (const row of rows) verdicts.set(row.id, await judge(row));
  return verdicts;
}
