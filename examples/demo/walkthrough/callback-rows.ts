/** What edgeward's own client makes of what comes back to it: the right answer, and several wrong ones. */

import { finish, type PendingSignIn, redeem, startSignIn } from "./client-core.ts";
import { type Context, type Group, type Outcome, once } from "./row.ts";

export function callbackRows({ stack }: Context): Group {
  // One sign-in is enough for all the forged callbacks: each is refused before the code is used.
  const pending = once(() => startSignIn(stack));

  const withCallback = async (change: (callback: URL) => void): Promise<Outcome> => {
    const signIn = await pending();
    const callback = new URL(signIn.callback);
    change(callback);
    return await outcomeOf(() => redeem({ ...signIn, callback }));
  };

  return {
    title: "edgeward’s client at the callback",
    rows: [
      {
        name: "a wrong state",
        request: "GET /callback",
        expected: { answer: "refused", reason: "state_mismatch" },
        run: () => withCallback(({ searchParams }) => searchParams.set("state", "guessed-by-somebody-else")),
      },
      {
        name: "another server’s iss (mix-up)",
        request: "GET /callback",
        expected: { answer: "refused", reason: "callback_issuer_mismatch" },
        run: () =>
          withCallback(({ searchParams }) => searchParams.set("iss", "https://accounts.other.example")),
      },
      {
        name: "a token in the fragment",
        request: "GET /callback",
        expected: { answer: "refused", reason: "implicit_response_refused" },
        run: () =>
          withCallback((callback) => {
            callback.hash = "access_token=slipped-in&token_type=Bearer";
          }),
      },
      {
        name: "tokens of another sign-in",
        request: "POST /token",
        expected: { answer: "refused", reason: "nonce_mismatch" },
        run: async () => {
          const [mine, others]: PendingSignIn[] = await Promise.all([startSignIn(stack), startSignIn(stack)]);
          if (mine === undefined || others === undefined) throw new Error("two sign-ins were started");
          await redeem(mine);
          const stolen = await redeem(others);
          return await outcomeOf(() => finish(mine.core, stolen));
        },
      },
      {
        name: "the genuine answer",
        request: "GET /callback",
        expected: { answer: "signed in", reason: "Ada Lovelace" },
        run: async () => {
          const signIn = await pending();
          return { answer: "signed in", reason: await finish(signIn.core, await redeem(signIn)) };
        },
      },
    ],
  };
}

/** The core throws errors with a stable `code`. */
async function outcomeOf(attempt: () => Promise<unknown>): Promise<Outcome> {
  try {
    await attempt();
    return { answer: "accepted" };
  } catch (error) {
    if (error instanceof Error && "code" in error) return { answer: "refused", reason: String(error.code) };
    throw error;
  }
}
