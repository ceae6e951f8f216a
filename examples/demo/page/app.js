/**
 * The single-page app: makes the edgeward client, takes in a callback if there is one, draws the page.
 */

import config from "/config.json" with { type: "json" };
import { createClient } from "/edgeward/browser.js";
import { drawAttempts } from "./attempts.js";
import { drawCalls } from "./calls.js";
import { showFailure, showNotice } from "./notice.js";
import { drawRights } from "./rights.js";
import { drawSession } from "./session.js";

/** Carried along in `return_to`, so that after coming back the page can say whether the wish came true. */
const ASKED_FOR = "asked-for";

try {
  await start();
} catch (error) {
  showFailure("The page could not start.", error);
}

async function start() {
  // The configuration is imported and not fetched, so that nothing comes before this call: the first thing
  // the client does is to take the code of a callback out of the address bar.
  const client = await createClient(config.client);
  if (client.hasCallback) await finishSignIn(client);
  draw(client);
}

async function finishSignIn(client) {
  try {
    const { return_to } = await client.handleCallback();
    const back = new URL(return_to, location.origin);
    const wish = back.searchParams.get(ASKED_FOR);
    back.searchParams.delete(ASKED_FOR);
    history.replaceState(null, "", `${back.pathname}${back.search}${back.hash}`);
    if (wish !== null) tellAboutWish(wish, client.scope ?? "");
  } catch (error) {
    history.replaceState(null, "", "/");
    if (error?.error === "access_denied") showNotice("You refused at Harbour ID, so nobody is signed in.");
    else showFailure("That sign-in did not work.", error);
  }
}

function tellAboutWish(wish, granted) {
  if (granted.split(" ").includes(wish)) {
    showNotice(`You now hold “${wish}”. The calls that need it will go through.`);
  } else {
    showNotice(
      `You asked for “${wish}” and did not get it: it wasn’t ticked, or your account may not grant it.`,
    );
  }
}

function draw(client) {
  const login = async (options = {}) => {
    try {
      await client.login({ return_to: "/", ...options });
    } catch (error) {
      showFailure("The sign-in could not start.", error);
    }
  };
  const askFor = (scope) => {
    const wanted = new Set([...config.client.scope.split(" "), ...(client.scope ?? "").split(" "), scope]);
    wanted.delete("");
    const return_to = `/?${new URLSearchParams({ [ASKED_FOR]: scope })}#rights`;
    return login({ scope: [...wanted].join(" "), prompt: "consent", return_to });
  };
  const logout = async () => {
    try {
      await client.logout();
    } catch (error) {
      showFailure("The sign-out did not finish.", error);
    }
  };

  drawSession(client, { login, logout });
  drawRights(config.scopes, client, { askFor });
  drawCalls(config, client, { askFor });
  drawAttempts(config, client);
}
