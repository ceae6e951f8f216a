/** Attempts on the sign-in itself: the authorization server and the client's callback check refuse them. */

import type { SignInClient } from "../authorization-server/clients.ts";
import { authorizationRequest, describeTokenAnswer, redeemCode } from "./oauth-client.ts";
import type { Context, Group, Outcome } from "./row.ts";
import { signIn } from "./sign-in.ts";
import { UserAgent } from "./user-agent.ts";

const SCOPE = "openid data:read";

export function protocolRows({ stack }: Context): Group {
  const issuer = stack.urls.authorizationServer;
  const client = stack.clients.page;
  const signedIn = () => signIn(stack, { client, username: "ada", scope: SCOPE });

  return {
    title: "Attacks on the sign-in",
    rows: [
      {
        name: "code without the verifier",
        request: "POST /token",
        expected: { answer: "400 invalid_grant" },
        run: async () => {
          const { code } = await signedIn();
          return describeTokenAnswer(await redeemCode(issuer, client, { code }));
        },
      },
      {
        name: "code with another verifier",
        request: "POST /token",
        expected: { answer: "400 invalid_grant" },
        run: async () => {
          const { code } = await signedIn();
          const { code_verifier } = authorizationRequest(issuer, client, SCOPE);
          return describeTokenAnswer(await redeemCode(issuer, client, { code, code_verifier }));
        },
      },
      {
        name: "code used twice",
        request: "POST /token",
        expected: { answer: "400 invalid_grant" },
        run: async () => {
          const { code, request } = await signedIn();
          const { code_verifier } = request;
          await redeemCode(issuer, client, { code, code_verifier });
          return describeTokenAnswer(await redeemCode(issuer, client, { code, code_verifier }));
        },
      },
      {
        name: "no PKCE challenge",
        request: "GET /auth",
        expected: { answer: "redirect", reason: "invalid_request" },
        run: () => authorize(issuer, client, { code_challenge: undefined, code_challenge_method: undefined }),
      },
      {
        name: "implicit (response_type=token)",
        request: "GET /auth",
        expected: { answer: "redirect", reason: "unsupported_response_type" },
        run: () => authorize(issuer, client, { response_type: "token" }),
      },
      {
        name: "redirect URI with a slash more",
        request: "GET /auth",
        expected: { answer: "400", reason: "no redirect" },
        run: () => authorize(issuer, client, { redirect_uri: `${client.redirect_uri}/` }),
      },
    ],
  };
}

/** Where an authorization request ends: sent back with an error, or stopped on a page. */
async function authorize(
  issuer: string,
  client: SignInClient,
  changes: Record<string, string | undefined>,
): Promise<Outcome> {
  const request = authorizationRequest(issuer, client, SCOPE, changes);
  const arrival = await new UserAgent(issuer).open(request.url);
  if ("page" in arrival) return { answer: String(arrival.page.status), reason: "no redirect" };
  // The implicit flow answers in the fragment.
  const { searchParams, hash } = arrival.callback;
  const error = searchParams.get("error") ?? new URLSearchParams(hash.slice(1)).get("error");
  return { answer: "redirect", reason: error ?? "no error" };
}
