/** A person signs in through the real pages and uses what comes back. */

import { API_AUDIENCE } from "../resources.ts";
import { askGate, askWithAlgorithm, sendToGate } from "./gate-request.ts";
import {
  accessTokenOf,
  authorizationRequest,
  describeTokenAnswer,
  redeemCode,
  refresh,
} from "./oauth-client.ts";
import { type Context, type Group, type Outcome, once } from "./row.ts";
import { pageOf, pageWithForm, signIn, submitForm } from "./sign-in.ts";
import { UserAgent } from "./user-agent.ts";

const READ = "openid profile email data:read profile:read notes:read";

export function personRows({ stack, received }: Context): Group {
  const { gate, authorizationServer: issuer } = stack.urls;
  const { page, notebook } = stack.clients;

  const signInAndRedeem = (username: string, scope: string) => async () => {
    const { code, request } = await signIn(stack, { client: page, username, scope });
    const { code_verifier } = request;
    return await redeemCode(issuer, page, { code, code_verifier, resource: API_AUDIENCE });
  };
  const adaReads = once(signInAndRedeem("ada", READ));
  const adaRunsTheStation = once(signInAndRedeem("ada", `${READ} notes:write admin`));
  const graceAsksForAdmin = once(signInAndRedeem("grace", `${READ} admin`));

  /** An app that stays signed in: its first token is for userinfo, a refresh gets one for the API. */
  const notebookTokens = once(async () => {
    const scope = `${READ} offline_access`;
    const { code, request } = await signIn(stack, {
      client: notebook,
      username: "ada",
      scope,
      prompt: "consent",
    });
    return await redeemCode(issuer, notebook, { code, code_verifier: request.code_verifier });
  });
  const refreshed = once(async () => {
    const { refresh_token } = await notebookTokens();
    if (refresh_token === undefined) throw new Error("no refresh token came back");
    return await refresh(issuer, notebook, { refresh_token, resource: API_AUDIENCE });
  });

  return {
    title: "A person",
    rows: [
      {
        name: "wrong password, form says so",
        request: "POST …/login",
        expected: { answer: "422", reason: "message shown" },
        run: async () => {
          const agent = new UserAgent(issuer);
          const login = pageWithForm(
            await agent.open(authorizationRequest(issuer, page, READ).url),
            "/login",
          );
          const again = pageOf(
            await submitForm(agent, login, "/login", { username: "ada", password: "guessed" }),
          );
          return {
            answer: String(again.status),
            reason: again.html.includes('role="alert"') ? "message shown" : "no message",
          };
        },
      },
      {
        name: "sign-in: login, consent, code",
        request: "POST /token",
        expected: { answer: "200" },
        run: async () => describeTokenAnswer(await adaReads()),
      },
      {
        name: "the token of that sign-in",
        request: "GET /user/profile",
        expected: { answer: "200" },
        run: async () => askGate(`${gate}/user/profile`, { token: accessTokenOf(await adaReads()) }),
      },
      {
        name: "missing scope",
        request: "POST /notes",
        expected: { answer: "403 insufficient_scope", reason: "scope_missing" },
        run: async () => writeNote(accessTokenOf(await adaReads())),
      },
      {
        name: "then with the scope",
        request: "POST /notes",
        expected: { answer: "201" },
        run: async () => writeNote(accessTokenOf(await adaRunsTheStation())),
      },
      {
        name: "ada may grant admin",
        request: "GET /admin",
        expected: { answer: "200" },
        run: async () => askGate(`${gate}/admin`, { token: accessTokenOf(await adaRunsTheStation()) }),
      },
      {
        name: "grace asks for admin in vain",
        request: "GET /admin",
        expected: { answer: "403 insufficient_scope", reason: "scope_missing" },
        run: async () => askGate(`${gate}/admin`, { token: accessTokenOf(await graceAsksForAdmin()) }),
      },
      {
        name: "spoofed identity headers",
        request: "GET /whoami",
        expected: { answer: "200", reason: "sub ada-lovelace" },
        run: async () => spoofIdentity(accessTokenOf(await adaReads())),
      },
      {
        name: "userinfo, asked by an app",
        request: "GET /me",
        expected: { answer: "200", reason: "Ada Lovelace" },
        run: async () => {
          const headers = { authorization: `Bearer ${accessTokenOf(await notebookTokens())}` };
          const response = await fetch(`${issuer}/me`, { headers });
          const { name } = (await response.json()) as { name?: string };
          return { answer: String(response.status), reason: name };
        },
      },
      {
        name: "refresh token for an API token",
        request: "POST /token",
        expected: { answer: "200" },
        run: async () => describeTokenAnswer(await refreshed()),
      },
      {
        name: "the refreshed token",
        request: "GET /data",
        expected: { answer: "200", reason: "ES256" },
        run: async () => askWithAlgorithm(`${gate}/data`, accessTokenOf(await refreshed())),
      },
    ],
  };

  function writeNote(token: string): Promise<Outcome> {
    return askGate(`${gate}/notes`, { method: "POST", token, body: { text: "High water at noon." } });
  }

  /** Claims to be somebody else in every spelling; what counts is what the API saw. */
  async function spoofIdentity(token: string): Promise<Outcome> {
    const spoofed = { "edgeward-sub": "mallory", "Edgeward-Scope": "admin", edgeward_sub: "mallory" };
    const response = await sendToGate(`${gate}/whoami`, { token, headers: spoofed });
    await response.arrayBuffer();
    const headers = received.at(-1)?.headers ?? {};
    const leaked = Object.entries(headers).filter(([, value]) => /mallory|\badmin\b/.test(value));
    if (leaked.length > 0) return { answer: `leaked ${leaked.map(([name]) => name).join(", ")}` };
    if (headers.authorization !== undefined) return { answer: "leaked the token" };
    return { answer: String(response.status), reason: `sub ${headers["edgeward-sub"]}` };
  }
}
