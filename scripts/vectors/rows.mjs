// Judging rows, the same in every runtime: the judge in WebAssembly, and WebCrypto where it asks for it.

/**
 * @typedef {"holds" | "fails" | "unable"} HostVerdict
 * @typedef {{ alg: string, jwk: string, message: string, signature: string }} Ask the last two in hexadecimal
 *
 * @typedef {object} Judgement
 * @property {string} id
 * @property {string} layer
 * @property {string} why
 * @property {string} expect the label
 * @property {string} expected "accepted", "refused", "either", or why it can't be told
 * @property {string} verdict "accepted", "refused" or "unreadable"
 * @property {string | null} code the error's code, or why the row is unreadable
 * @property {boolean | null} agrees null: either verdict would do
 * @property {HostVerdict} [host] what the host said, where it was asked
 *
 * @typedef {object} Modules
 * @property {(row: string, engine: string, host?: HostVerdict) => string} judge_row
 * @property {{ verify(request: object): Promise<HostVerdict> }} webCrypto js/webcrypto.ts says what it is asked
 */

/**
 * The judge that an engine is in. That it has vectors, or none, is what the engine's name says, so it is looked at.
 * @template {{ computes_with_vectors: () => boolean }} Judge
 * @param {{ scalar: Judge, simd: Judge }} judges
 * @param {string} engine
 * @returns {Judge}
 */
export function pick({ scalar, simd }, engine) {
  const isSimd = engine === "wasm-simd";
  const judge = isSimd ? simd : scalar;
  if (judge.computes_with_vectors() !== isSimd) throw new Error(`${engine} is not compiled as its name says`);
  return judge;
}

/** @param {string[]} rows @param {string} engine @param {Modules} modules @returns {Promise<Judgement[]>} */
export async function judgeRows(rows, engine, modules) {
  const judgements = [];
  for (const row of rows) judgements.push(await judgeRow(row, engine, modules));
  return judgements;
}

/** @param {string} row @param {string} engine @param {Modules} modules @returns {Promise<Judgement>} */
async function judgeRow(row, engine, { judge_row, webCrypto }) {
  try {
    /** @type {{ ask?: Ask, judgement?: Judgement }} */
    const first = JSON.parse(judge_row(row, engine));
    if (first.judgement) return first.judgement;
    if (!first.ask) throw new Error("neither a judgement nor a question");
    const { alg, jwk, message, signature } = first.ask;
    const host = await webCrypto.verify({
      alg,
      keyId: jwk,
      jwk: () => jwk,
      message: () => bytes(message),
      signature: () => bytes(signature),
    });
    const { judgement } = JSON.parse(judge_row(row, engine, host));
    return { ...judgement, host };
  } catch (error) {
    // No row may end the run: whatever happens to it is its own disagreement.
    const code = `the judge failed: ${error instanceof Error ? error.message : error}`;
    const unknown = { id: "", layer: "", why: "", expect: "", expected: "unknown" };
    return { ...unknown, verdict: "unreadable", code, agrees: false };
  }
}

/** @param {string} hexadecimal */
const bytes = (hexadecimal) =>
  Uint8Array.from({ length: hexadecimal.length / 2 }, (_, i) =>
    Number.parseInt(hexadecimal.slice(2 * i, 2 * i + 2), 16),
  );
