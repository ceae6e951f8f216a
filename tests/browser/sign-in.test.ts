/** A person signs in through the real forms and sees what the API answers: with a mouse, on a phone, with the keyboard. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { ReceivedRequest } from "../../examples/demo/api.ts";
import { artifacts, type Demo, keepPicture, openDemo } from "./demo.ts";
import {
  accountOf,
  allow,
  askToSignIn,
  button,
  call,
  callCard,
  grantedScopes,
  heading,
  logIn,
} from "./person.ts";

let demo: Demo;
const atApi: ReceivedRequest[] = [];
before(async () => {
  demo = await openDemo({ onApiRequest: (request) => atApi.push(request) });
});
after(async () => {
  await demo?.close();
  console.log(`pictures of every step: ${artifacts}`);
});

const SCREENS: ReadonlyArray<readonly [name: string, options: BrowserContextOptions]> = [
  ["desktop", { viewport: { width: 1280, height: 960 } }],
  ["phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
];

for (const [screen, options] of SCREENS) {
  // RFC 6749 section 4.1, RFC 7636, OIDC Core section 3.1: the whole of the authorization code flow.
  test(`signs in through login and consent and shows /data, fetched through the gate (${screen})`, async () => {
    const { page, context, scriptErrors } = await demo.visitor(options);
    await keepPicture(page, `${screen}-1-signed-out`);

    await askToSignIn(page);
    assert.equal(new URL(page.url()).origin, demo.stack.urls.authorizationServer);
    await keepPicture(page, `${screen}-2-login`);

    await logIn(page, accountOf(demo, "ada"));
    await keepPicture(page, `${screen}-3-consent`);

    await allow(page);
    assert.equal(page.url(), `${demo.stack.urls.page}/`);
    assert.equal(await page.locator("#session-panel .person-name").innerText(), "Ada Lovelace");

    assert.match(await call(page, "GET /data"), /^200 OK/);
    const shown = await callCard(page, "GET /data").getByRole("group", { name: "Body" }).innerText();
    const { station, readings } = JSON.parse(shown) as { station: string; readings: unknown[] };
    assert.deepEqual([station, readings.length], ["Tidewater", 4]);
    // What the API was given came through the gate: who is asking, and not the token.
    const received = atApi.at(-1);
    assert.deepEqual([received?.path, received?.headers["edgeward-sub"]], ["/data", "ada-lovelace"]);
    assert.equal(received?.headers.authorization, undefined);
    await keepPicture(page, `${screen}-4-signed-in-with-data`);
    await page.evaluate(() => window.scrollTo(0, 0));
    await keepPicture(page, `${screen}-4-signed-in-first-screen`, { fullPage: false });

    // RFC 6750 section 3.1: the right that is missing is named, and the page says so.
    assert.match(await call(page, "GET /admin"), /^403 Forbidden[\s\S]*“admin”/);
    await callCard(page, "GET /admin").evaluate((card) => card.scrollIntoView({ behavior: "instant" }));
    await keepPicture(page, `${screen}-5-refused`, { fullPage: false });

    assert.deepEqual(scriptErrors, []);
    await context.close();
  });
}

test("a wrong password signs nobody in, and the form says so", async () => {
  const { page, context } = await demo.visitor();
  await askToSignIn(page);
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill("tide-table");
  await button(page, "Sign in").click();
  await page.getByRole("alert").waitFor();
  assert.equal(new URL(page.url()).origin, demo.stack.urls.authorizationServer);
  assert.equal(await page.getByLabel("Name").inputValue(), "ada");
  await context.close();
});

// OIDC Core section 3.1.2.6 and RFC 6749 section 4.1.2.1: refusing is an answer, too.
for (const [where, refuse] of [
  ["“Refuse everything” on the consent form", "Refuse everything"],
  ["“Cancel and go back” on the login form", "Cancel and go back"],
] as const) {
  test(`${where} comes back as a message, with nobody signed in`, async () => {
    const { page, context } = await demo.visitor();
    await askToSignIn(page);
    if (refuse === "Refuse everything") await logIn(page, accountOf(demo, "ada"));
    await button(page, refuse).click();
    await page.getByText("You refused at Harbour ID, so nobody is signed in.").waitFor();
    assert.equal(page.url(), `${demo.stack.urls.page}/`);
    assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
    await context.close();
  });
}

// RFC 6749 section 3.3: the token carries what was granted, which may be less than was asked for.
test("the keyboard is enough: signing in, granting less than was asked, calling the API", async () => {
  const { page, context } = await demo.visitor();
  const { username, password } = accountOf(demo, "ada");

  await tabTo(page, button(page, "Sign in"));
  await page.keyboard.press("Enter");
  await heading(page, "Sign in").waitFor();
  await tabTo(page, page.getByLabel("Name"));
  await page.keyboard.type(username);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(password);
  await tabTo(page, button(page, "Sign in"));
  await page.keyboard.press("Enter");
  await heading(page, "Allow Tidewater?").waitFor();

  await tabTo(page, page.getByLabel("read your logbook"));
  await page.keyboard.press("Space");
  await tabTo(page, button(page, "Allow"));
  await page.keyboard.press("Enter");
  await button(page, "Sign out").waitFor();
  assert.deepEqual(await grantedScopes(page), ["data:read", "profile:read"]);

  await tabTo(page, button(page, "Send GET /data"));
  await page.keyboard.press("Enter");
  await callCard(page, "GET /data").getByText("200 OK").waitFor();
  await tabTo(page, button(page, "Send GET /notes"));
  await page.keyboard.press("Enter");
  await callCard(page, "GET /notes").getByText("403 Forbidden").waitFor();
  await context.close();
});

/** Presses Tab until the element has the focus; a page has far fewer stops than this. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let stops = 0; stops < 100; stops += 1) {
    if (await isFocused()) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reaches ${target}`);
}
