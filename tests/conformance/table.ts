/** The table of README.md as data, and what is missing in it. The files come from outside, so that a table with a fault can be tried. */

/** The RFCs that the gate is a resource server of: each has rows. */
const RFCS = ["6750", "7662", "8705", "9068", "9449", "9470", "9728"];
/** The classes of attack that are the gate's: each has a test that is called after it. */
const ATTACKS = [25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38, 39, 40, 41, 47, 48, 50];

export interface Row {
  readonly requirement: string;
  readonly source: string;
  /** Each file by its path from the repository's root, with the names of tests in it, where the row says them. */
  readonly tests: readonly { file: string; names: readonly string[] }[];
}

/** Path to text, of every file below `tests/`. */
export type Files = ReadonlyMap<string, string>;

/** The rows of the table, which ends where the next heading begins. */
export function rowsOf(markdown: string): Row[] {
  return (markdown.split("\n## ")[0] ?? "").split("\n").flatMap((line) => {
    const [requirement, source, test] = line
      .replace(/^\| (.*) \|$/, "$1")
      .split(/ ?\| /)
      .map((cell) => cell.trim());
    if (!line.startsWith("| ") || /^\| (?:requirement|-)/.test(line)) return [];
    return [{ requirement: requirement ?? "", source: source ?? "", tests: testsOf(test ?? "") }];
  });
}

function testsOf(cell: string): Row["tests"] {
  const tests: { file: string; names: string[] }[] = [];
  for (const [, word = ""] of cell.matchAll(/`([^`]+)`/g)) {
    if (/\.(?:ts|rs)$/.test(word)) {
      tests.push({ file: word.includes("/") ? word : `tests/conformance/${word}`, names: [] });
    } else {
      tests.at(-1)?.names.push(word);
    }
  }
  return tests;
}

/** The numbers in the names of a file's tests: `fn class_35_and_36_…` in Rust, `test("attacks 27 to 29: …` in TypeScript. */
export function attacksOf(text: string): number[] {
  const rust = [...text.matchAll(/#\[test\]\s+(?:#\[.*\]\s+)*fn class_((?:\d\d_(?:and_)?)+)/g)];
  const script = [...text.matchAll(/\btest\(\s*["'`][^"'`\n]*?attacks? ((?:\d+(?:, | and | to )?)+)/g)];
  return [...rust, ...script].flatMap(([, list = ""]) =>
    [...list.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, first, last = first]) => {
      const length = Number(last) - Number(first) + 1;
      return Array.from({ length }, (_, i) => Number(first) + i);
    }),
  );
}

/** What is missing, each finding in words; none where the table is whole. */
export function missing(markdown: string, files: Files): string[] {
  const rows = rowsOf(markdown);
  const findings = rows.flatMap(({ requirement, tests }) => [
    ...(tests.length === 0 ? [`"${requirement}" names no test`] : []),
    ...tests.flatMap(({ file, names }) => {
      const text = files.get(file);
      if (text === undefined) return [`"${requirement}" names ${file}, which is not there`];
      return names
        .filter((name) => !text.includes(`fn ${name}(`))
        .map((name) => `"${requirement}" names ${name}, which is not in ${file}`);
    }),
  ]);
  const named = new Set(rows.flatMap(({ tests }) => tests.map(({ file }) => file)));
  const attacked = new Set([...files.values()].flatMap(attacksOf));
  return [
    ...findings,
    ...[...files.keys()]
      .filter((file) => /^tests\/conformance\/[^/]+\.test\.ts$/.test(file) && !named.has(file))
      .map((file) => `${file} is in no row`),
    ...RFCS.filter((rfc) => !rows.some(({ source }) => source.includes(`RFC ${rfc} section`))).map(
      (rfc) => `RFC ${rfc} is in no row`,
    ),
    ...ATTACKS.filter((attack) => !attacked.has(attack)).map(
      (attack) => `no test is called after attack ${attack}`,
    ),
  ];
}
