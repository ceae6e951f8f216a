// `node scripts/interop/take-cookbook.mjs <checkout of ietf-jose/cookbook>`: writes tests/vectors/cookbook.jsonl from the examples
// of RFC 7520, 7797 and 8037. Every form that an example is given in becomes a row; the label follows from the standard and from
// what this project offers.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.mjs";
import { passed, runMain, Stop } from "../terminal.mjs";

const commit = "13692b68bfc18b99557a5b1ed311fd5077bfff04";

/** In which standard each folder's examples are. @type {Record<string, string>} */
const standards = {
  jwk: "RFC 7520",
  jws: "RFC 7520",
  jwe: "RFC 7520",
  rfc7797: "RFC 7797",
  curve25519: "RFC 8037",
};

const secret = ["d", "p", "q", "dp", "dq", "qi"];

/** Leaves symmetric keys as they are: they have no public part. @param {any} jwk */
function publicPart(jwk) {
  return Object.fromEntries(Object.entries(jwk).filter(([member]) => !secret.includes(member)));
}

/** What the keys that name no algorithm sign with. @type {Record<string, string>} */
const algorithmOf = { EC: "ES512", RSA: "RS256" };

/** @param {string} alg */
const isAsymmetric = (alg) => /^(?:[PR]S|ES)\d|^EdDSA$/.test(alg);

/** Why a signed compact token is refused; nothing where it is a good one. @param {any} input @param {any} signing */
function codeOfSigned(input, signing) {
  if (signing.protected?.crit) return "critical_header_unsupported";
  return isAsymmetric(input.alg) ? undefined : "algorithm_not_allowed";
}

/** Rows of one example. @param {string} file @param {any} example */
function* rowsOf(file, example) {
  const folder = file.includes("/") ? file.split("/")[0] : "jwe";
  const id = `cookbook-${file.replace(/\.json$/, "")}`;
  const source = `${standards[folder]}, ietf-jose/cookbook ${commit.slice(0, 8)} ${file}`;
  const row = (
    /** @type {string} */ form,
    /** @type {string} */ layer,
    /** @type {string | undefined} */ code,
    /** @type {object} */ judged,
  ) => ({
    id: form ? `${id}-${form}` : id,
    source,
    layer,
    expect: code ? "invalid" : "valid",
    why: [example.title ?? "a key", form].filter(Boolean).join(", "),
    flags: [],
    ...(code && { code }),
    ...judged,
  });

  if (folder === "jwk") {
    const isPublic = ["RSA", "EC"].includes(example.kty) && example.d === undefined;
    const alg = example.alg ?? algorithmOf[example.kty];
    yield row("", "jwk_import", isPublic ? undefined : "key_unusable", { alg, jwk: example });
    return;
  }
  // RFC 7520 section 6 signs first and encrypts the JWS.
  const signed = example.sign ?? (example.signing ? example : undefined);
  const encrypted = example.encrypt ?? (signed ? undefined : example);
  if (signed) {
    const { input, signing, output } = signed;
    const key = Array.isArray(input.key) ? undefined : { jwk: publicPart(input.key) };
    if (output.compact) {
      const code = codeOfSigned(input, signing);
      yield row("compact", "jws", code, { alg: input.alg, token: output.compact, ...key });
    }
    for (const form of ["json", "json_flat"]) {
      if (output[form]) yield row(form, "parse", "token_malformed", { token: JSON.stringify(output[form]) });
    }
  }
  if (encrypted) {
    const { output } = encrypted;
    for (const form of ["compact", "json", "json_flat"]) {
      if (!output[form]) continue;
      const token = typeof output[form] === "string" ? output[form] : JSON.stringify(output[form]);
      yield row(signed ? `encrypted-${form}` : form, "parse", "token_malformed", { token });
    }
  }
}

await runMain(async () => {
  const checkout = process.argv[2];
  if (!checkout) throw new Stop("Say where the checkout of ietf-jose/cookbook is.");
  const files = readdirSync(checkout, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".json") && file !== "package.json")
    .sort();
  const rows = files.flatMap((file) => [
    ...rowsOf(file, JSON.parse(readFileSync(join(checkout, file), "utf8"))),
  ]);
  const to = join(root, "tests", "vectors", "cookbook.jsonl");
  writeFileSync(to, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  passed("tests/vectors/cookbook.jsonl", `${rows.length} rows of ${files.length} files`);
});
