/**
 * The single-page app: makes the edgeward client, takes in a callback if there is one, draws the page, and draws it again when the client tells of news.
 */

import config from "/config.json" with { type: "json" };
import { createClient } from "/edgeward/browser.js";
import { drawAttempts } from "./attempts.js";
import { drawCalls } from "./calls.js";
import { showFailure, showNotice } from "./notice.js";
import { drawRights, tellNotRenewed, tellRenewed } from "./rights.js";
import { drawSession } from "./session.js";
import { createSignIn } from "./sign-in.js";

/** Carried along in `return_to`, so that after coming back the page can say whether the wish came true. */
const ASKED_FOR = "asked-for";
/** The same for a call that was refused until the person had typed their password once more. */
const CONFIRMED_FOR = "confirmed-for";

const SIGNED_OUT = new Map([
  ["other_tab", "You signed out in another tab, so nobody is signed in here either."],
  ["session_ended", "Harbour ID has ended your session there. Sign in again."],
]);

try {
  await start();
} catch (error) {
  showFailure("The page could not start.", error);
}

async function start() {
  // The configuration is imported and not fetched, so that nothing comes before this call: the first thing
  // the client does is to take the code of a callback out of the address bar.
  // Where the API asks for another sign-in, this page asks the person first.
  const client = await createClient(config.client, { step_up: "none" });
  if (client.hasCallback) await finishSignIn(client);
  draw(client);
}

async function finishSignIn(client) {
  try {
    const { return_to } = await client.handleCallback();
    const back = new URL(return_to, location.origin);
    const wish = back.searchParams.get(ASKED_FOR);
    const call = back.searchParams.get(CONFIRMED_FOR);
    back.searchParams.delete(ASKED_FOR);
    back.searchParams.delete(CONFIRMED_FOR);
    history.replaceState(null, "", `${back.pathname}${back.search}${back.hash}`);
    if (wish !== null) tellAboutWish(wish, client.scope ?? "");
    if (call !== null) showNotice(`You confirmed that it’s you. Send ${call} once more.`);
  } catch (error) {
    history.replaceState(null, "", "/");
    if (error?.error === "access_denied") showNotice("You refused at Harbour ID, so nobody is signed in.");
    else if (error?.code === "popup_finished") showNotice("You are signed in. You can close this window.");
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
  const { login, loginWithPopup } = createSignIn(client);
  const askFor = (scope) => {
    const wanted = new Set([...config.client.scope.split(" "), ...(client.scope ?? "").split(" "), scope]);
    wanted.delete("");
    const return_to = `/?${new URLSearchParams({ [ASKED_FOR]: scope })}#rights`;
    return login({ scope: [...wanted].join(" "), prompt: "consent", return_to });
  };
  // In a window, so that the call is still there afterwards; where there can be none, by leaving the page.
  const confirm = async (demand, call) => {
    const options = { ...demand, login_hint: client.user?.preferred_username };
    const return_to = `/?${new URLSearchParams({ [CONFIRMED_FOR]: call })}#calls`;
    return await loginWithPopup(options, () => login({ ...options, return_to }));
  };
  const logout = async () => {
    try {
      await client.logout();
    } catch (error) {
      showFailure("The sign-out did not finish.", error);
    }
  };

  let drawnFor;
  const drawAll = () => {
    drawSession(client, { login, loginWithPopup, logout });
    drawRights(config.scopes, client, { askFor });
    // Answers that somebody got are not for whoever is there next. While it is the same person they stay.
    if (drawnFor === undefined || drawnFor !== (client.user?.sub ?? "nobody")) {
      drawCalls(config, client, { askFor, confirm });
      drawAttempts(config, client);
    }
    drawnFor = client.user?.sub ?? "nobody";
  };

  drawAll();
  client.subscribe((event) => {
    if (event.type === "signed_in" || event.type === "signed_out") drawAll();
    if (event.type === "renewed") tellRenewed();
    if (event.type === "renewal_failed") tellNotRenewed(event.error);
    const notice = event.type === "signed_out" && SIGNED_OUT.get(event.reason);
    if (notice) showNotice(notice);
  });
}
