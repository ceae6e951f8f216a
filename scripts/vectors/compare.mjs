// From judgements to agreement: with the labels, with the exceptions, and between the engines.

/**
 * @typedef {import("./files.mjs").VectorFile} VectorFile
 * @typedef {import("./files.mjs").Exception} Exception
 * @typedef {import("./rows.mjs").Judgement} Judgement
 * @typedef {{ file: string, engine: string, runtime: string, judgements: Judgement[] }} Run one file, judged once
 * @typedef {{ engine: string, runtime: string, verdict: string, code: string | null }} Judged
 *
 * @typedef {object} Disagreement one row
 * @property {string} file
 * @property {number} line
 * @property {string} id
 * @property {string} layer
 * @property {string} expect the label
 * @property {string} expected what the label comes to here
 * @property {string} why
 * @property {string} problem
 * @property {Judged[]} judged by whom it was judged so
 *
 * @typedef {object} Line the counts of a run
 * @property {string} file
 * @property {string} engine
 * @property {string} runtime
 * @property {number} rows
 * @property {number} agree
 * @property {number} disagree
 * @property {number} acceptable
 * @property {number} host how many signatures the host checked
 */

/** @param {VectorFile[]} files @param {Run[]} runs @param {Exception[]} exceptions */
export function compare(files, runs, exceptions) {
  /** @type {Disagreement[]} */
  const disagreements = [];
  const lines = new Map(runs.map((run) => [run, emptyLine(run)]));
  const unused = new Set(exceptions);
  for (const file of files) {
    const own = runs.filter((run) => run.file === file.name);
    file.rows.forEach(({ line }, index) => {
      const judgements = own.map((run) => run.judgements[index]);
      const verdicts = new Set(judgements.map((judgement) => judgement?.verdict));
      const exception = exceptions.find(
        ({ file: name, id }) => name === file.name && id === judgements[0]?.id,
      );
      if (exception) unused.delete(exception);
      const problems = judgements.map((judgement) => problemOf(judgement, exception, verdicts.size > 1));
      own.forEach((run, at) => {
        count(lines.get(run), judgements[at], problems[at]);
      });
      const wrong = own.filter((_, at) => problems[at]);
      if (wrong.length === 0) return;
      const [{ id = "", layer = "", expect = "", expected = "", why = "" } = {}] = judgements;
      const problem = problems.find(Boolean) ?? "";
      const judged = wrong.map(({ engine, runtime, judgements: { [index]: judgement } }) => ({
        ...{ engine, runtime, verdict: judgement?.verdict ?? "none", code: judgement?.code ?? null },
      }));
      disagreements.push({ file: file.name, line, id, layer, expect, expected, why, problem, judged });
    });
  }
  for (const { file, id, reason } of unused) {
    const unknown = { line: 0, layer: "", expect: "", expected: "", why: reason, judged: [] };
    disagreements.push({ ...unknown, file, id, problem: "the exception is for a row that is not there" });
  }
  const order = files.map((file) => file.name);
  const ordered = [...lines.values()].sort(
    (one, other) => order.indexOf(one.file) - order.indexOf(other.file),
  );
  return { lines: ordered, disagreements };
}

/** @param {Run} run @returns {Line} */
const emptyLine = ({ file, engine, runtime }) => ({
  ...{ file, engine, runtime },
  ...{ rows: 0, agree: 0, disagree: 0, acceptable: 0, host: 0 },
});

/**
 * @param {Judgement | undefined} judgement
 * @param {Exception | undefined} exception
 * @param {boolean} isSplit whether engines or runtimes came to different verdicts
 * @returns {string | undefined} what is wrong
 */
function problemOf(judgement, exception, isSplit) {
  if (!judgement) return "the row was not judged";
  if (exception) {
    if (judgement.verdict !== exception.verdict) return "the verdict is not the exception's";
    if (judgement.agrees) return "the exception is not needed any more";
    return undefined;
  }
  if (judgement.verdict === "unreadable") return "the row can't be judged";
  if (judgement.agrees === false) return "the verdict is not the label's";
  // Where the label leaves it open, all of them still have to say the same.
  return isSplit && judgement.agrees === null ? "engines or runtimes differ" : undefined;
}

/** @param {Line | undefined} line @param {Judgement | undefined} judgement @param {string | undefined} problem */
function count(line, judgement, problem) {
  if (!line) return;
  line.rows += 1;
  if (problem) line.disagree += 1;
  else if (judgement?.agrees === null) line.acceptable += 1;
  else line.agree += 1;
  if (judgement?.host === "holds" || judgement?.host === "fails") line.host += 1;
}
