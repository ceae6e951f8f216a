/** The verifier in a page: `edgeward` as browsers get it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import type { AccessTokenClaims, VerifierPolicy } from "../../js/verifier.ts";
import { HOST_ALONE, ISSUER, makeSigner, OWN, type Signer, spoilt } from "../verifier/tokens.ts";
import { type Demo, openDemo } from "./demo.ts";

let demo: Demo;
let signer: Signer;
before(async () => {
  [demo, signer] = await Promise.all([openDemo(), makeSigner()]);
});
after(() => demo?.close());

const policy: VerifierPolicy = {
  issuers: [{ issuer: ISSUER, audience: API_AUDIENCE, jwks_uri: `${ISSUER}/jwks` }],
  token_cache: false,
};

/** `edgeward/slim` as browsers get it. */
test("a browser: the slim verifier takes its two algorithms, and fetches its own module alone", async () => {
  const { context, page, requests } = await demo.visitor();
  await page.goto(`${demo.stack.urls.page}/`);
  const before = requests.length;
  const ask = (token: string): Promise<string> =>
    page.evaluate(
      async ([source, policy, keySet, text]) => {
        const { createVerifier } = (await import(source)) as typeof import("../../js/slim-web.ts");
        try {
          return String(createVerifier(policy, keySet).verifySync(text).claims.sub);
        } catch (thrown) {
          return (thrown as { code: string }).code;
        }
      },
      ["/edgeward/slim-web.js", { issuer: ISSUER, audience: API_AUDIENCE }, signer.keySet, token] as const,
    );
  for (const alg of ["ES256", "RS256"]) {
    const token = await signer.token(alg, { sub: alg });
    assert.deepEqual([await ask(token), await ask(spoilt(token))], [alg, "signature_invalid"]);
  }
  assert.equal(await ask(await signer.token("PS256")), "algorithm_not_allowed");
  const modules = requests.slice(before).map((request) => request.url().split("/").pop() ?? "");
  assert.deepEqual(
    modules.filter((name) => name.endsWith(".wasm")),
    ["slim_bg.wasm"],
  );
  await context.close();
});

interface Told {
  readonly verify: string;
  readonly verifySync: string;
}

test("a browser: every algorithm, and only the one module is fetched", async () => {
  const { context, page, requests } = await demo.visitor();
  await page.goto(`${demo.stack.urls.page}/`);
  const before = requests.length;
  const ask = (token: string): Promise<Told> =>
    page.evaluate(
      async ([source, policy, keySet, text]) => {
        const { createVerifier } = (await import(source)) as typeof import("../../js/web.ts");
        const verifier = createVerifier(policy);
        verifier.provideKeySet(policy.issuers[0]?.issuer ?? "", keySet);
        const told = (claims: AccessTokenClaims) => String(claims.sub);
        const code = (thrown: unknown) => (thrown as { code: string }).code;
        const verify = await verifier.verify(text).then(({ claims }) => told(claims), code);
        let verifySync: string;
        try {
          verifySync = told(verifier.verifySync(text).claims);
        } catch (thrown) {
          verifySync = code(thrown);
        }
        return { verify, verifySync };
      },
      ["/edgeward/web.js", policy, signer.keySet, token] as const,
    );
  for (const alg of [...OWN, ...HOST_ALONE]) {
    const token = await signer.token(alg, { sub: alg });
    const atOnce = HOST_ALONE.includes(alg) ? "asynchronous_only" : undefined;
    assert.deepEqual(await ask(token), { verify: alg, verifySync: atOnce ?? alg }, alg);
    const refused = { verify: "signature_invalid", verifySync: atOnce ?? "signature_invalid" };
    assert.deepEqual(await ask(spoilt(token)), refused, alg);
  }
  const modules = requests.slice(before).map((request) => request.url().split("/").pop() ?? "");
  assert.deepEqual(
    modules.filter((name) => name.startsWith("verifier") && name.endsWith(".wasm")),
    ["verifier_scalar_bg.wasm"],
  );
  await context.close();
});
