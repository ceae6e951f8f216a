// Defences of policies as people write them, and of the command that checks them.

/** @type {import("./list.mjs").Defence[]} */
export const policyDefences = [
  {
    name: "a $schema that is no text is refused",
    file: "src/resource_server/document.rs",
    find: 'document.defaulted_text("$schema", problems);',
    replace: 'let _ = (document.value("$schema"), problems);',
    test: "resource_server",
  },
  {
    name: "the command reads no more than a policy may have",
    file: "js/cli/read.ts",
    find: "if (bytes > most)",
    replace: "if (bytes > most * 64)",
    test: "tests/verifier/cli.test.ts",
  },
  {
    name: "the command shows no secret that stands for its name",
    file: "js/cli/check.ts",
    find: "if (/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) return name;",
    replace: "if (name) return name;",
    test: "tests/verifier/cli.test.ts",
  },
  {
    name: "the command prints no control characters",
    file: "js/cli/plain.ts",
    find: "return text.replace(/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]/gu, escaped);",
    replace: "return [text, escaped][0] as string;",
    test: "tests/verifier/cli.test.ts",
  },
];
