/**
 * Every page of the demo can be used without a mouse, without seeing it, and by people who see little: names, headings,
 * focus, contrast (WCAG 2.2, level AA), in the light and the dark scheme.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { type Demo, openDemo, type Visitor } from "./demo.ts";
import { contrast, layered, legibilityOf, readColour } from "./legibility.ts";
import { accountOf, allow, askToSignIn, button, call, heading, logIn } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

/** Walks through every page there is, and stops at each for a look. */
async function atEveryPage({ page }: Visitor, look: (where: string) => Promise<void>): Promise<void> {
  await look("signed out");
  await askToSignIn(page);
  await look("login");
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill("wrong");
  await button(page, "Sign in").click();
  await page.getByRole("alert").waitFor();
  await look("login, refused");
  // Grace may not grant everything, so her consent form shows that state, too.
  await logIn(page, accountOf(demo, "grace"));
  await look("consent");
  await allow(page);
  await call(page, "GET /data");
  await call(page, "POST /notes");
  await call(page, "GET /user/lock-code");
  await button(page, "Renew it now").click();
  await page.getByText(/^Renewed at /).waitFor();
  await button(page, "Try: Gibberish").click();
  await page.getByText("400 Bad Request").or(page.getByText("401 Unauthorized")).waitFor();
  await look("signed in, with answers");
  await button(page, "Sign out").click();
  await heading(page, "Sign out?").waitFor();
  await look("sign-out");
  await page.goto(`${demo.stack.clients.page.redirect_uri}?code=x&state=y`);
  await page.locator("#notice .failure").waitFor();
  await look("a refused callback");
  await page.goto(`${demo.stack.urls.authorizationServer}/auth?client_id=nobody`);
  await heading(page, "This can’t go on").waitFor();
  await look("the authorization server’s error");
}

// WCAG 4.1.2 and 2.5.3: what a screen reader says, and what a person who speaks to the computer says back.
test("everything that can be pressed or filled in has a name, which no other on the page has", async () => {
  const visitor = await demo.visitor();
  await atEveryPage(visitor, async (where) => {
    const controls = await controlsOf(visitor.page);
    assert.ok(where.startsWith("the authorization server") || controls.length > 0, where);
    for (const { role, name } of controls) assert.notEqual(name.trim(), "", `a ${role} at: ${where}`);
    const pressed = controls.filter(({ role }) => role === "button").map(({ name }) => name);
    assert.equal(new Set(pressed).size, pressed.length, `${where}: ${pressed.join(", ")}`);
    assert.deepEqual(await labelsOutsideNames(visitor.page), [], where);
  });
  await visitor.context.close();
});

// WCAG 1.3.1, 2.4.2, 2.4.6, 3.1.1.
test("every page has a title, a language, one main part, and headings that skip no level", async () => {
  const visitor = await demo.visitor();
  await atEveryPage(visitor, async (where) => {
    const outline = await visitor.page.evaluate(() => ({
      title: document.title,
      language: document.documentElement.lang,
      mains: document.querySelectorAll("main").length,
      levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ tagName }) =>
        Number(tagName[1]),
      ),
    }));
    assert.notEqual(outline.title, "", where);
    assert.equal(outline.language, "en", where);
    assert.equal(outline.mains, 1, where);
    assert.deepEqual(
      [outline.levels[0], outline.levels.filter((level) => level === 1).length],
      [1, 1],
      where,
    );
    for (const [index, level] of outline.levels.entries()) {
      assert.ok(level <= (outline.levels[index - 1] ?? 0) + 1, `${where}: ${outline.levels.join(" ")}`);
    }
  });
  await visitor.context.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  // WCAG 1.4.3.
  test(`every text stands out from its background by at least 4.5 to 1 (${colorScheme})`, async () => {
    const visitor = await demo.visitor({ colorScheme, reducedMotion: "reduce" });
    const backgrounds = new Set<string>();
    await atEveryPage(visitor, async (where) => {
      await visitor.page.mouse.move(0, 0);
      const texts = await legibilityOf(visitor.page);
      assert.ok(texts.length >= 5, where);
      const weak = texts.filter(({ ratio }) => ratio < 4.5);
      assert.deepEqual(weak, [], where);
      backgrounds.add(await visitor.page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    });
    for (const background of backgrounds) {
      const towardsWhite = contrast(readColour(background), [255, 255, 255, 1]);
      assert.equal(towardsWhite < 2, colorScheme === "light", `${background} is not ${colorScheme}`);
    }
    await visitor.context.close();
  });

  // WCAG 2.1.1, 2.4.7 and 1.4.11.
  test(`Tab reaches everything, in the order it is read, and shows where it is (${colorScheme})`, async () => {
    const visitor = await demo.visitor({ colorScheme, reducedMotion: "reduce" });
    await atEveryPage(visitor, async (where) => {
      const { page } = visitor;
      const stops = await focusStops(page);
      const expected = await page.locator(FOCUSABLE).count();
      assert.equal(stops.length, expected, `${where}: ${stops.map(({ name }) => name).join(", ")}`);
      for (const { name, style, width, colour, behind } of stops) {
        assert.ok(style !== "none" && width >= 2, `${where}: no ring around “${name}”`);
        const ring = contrast(readColour(colour), layered(behind.map(readColour)));
        assert.ok(ring >= 3, `${where}: the ring around “${name}” has only ${ring.toFixed(2)} to 1`);
      }
    });
    await visitor.context.close();
  });
}

// WCAG 1.4.10: 320 CSS pixels is a window of 1280 at a zoom of 400 %.
test("at a width of 320 pixels nothing has to be scrolled sideways", async () => {
  const visitor = await demo.visitor({ viewport: { width: 320, height: 640 } });
  await atEveryPage(visitor, async (where) => {
    const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${where}: ${width} pixels wide`);
  });
  await visitor.context.close();
});

test("the contrast check finds a text that is too weak, also through a background that lets one shine through", async () => {
  const { page, context } = await demo.visitor({ bypassCSP: true });
  await page.setContent(
    `<body style="background: #000"><p style="color: #777; background: #fff">weak</p>
     <p style="color: #fff; background: rgb(255 255 255 / 0.5)">weak</p><p style="color: #fff">strong</p>`,
  );
  const [first, second, third] = await legibilityOf(page);
  assert.deepEqual([first?.text, second?.text, third?.text], ["weak", "weak", "strong"]);
  assert.ok((first?.ratio ?? 21) < 4.5 && (second?.ratio ?? 21) < 4.5);
  assert.equal(third?.ratio, 21);
  await context.close();
});

const FOCUSABLE = "button:enabled, a[href], input:enabled:not([type=hidden]), [tabindex='0']";

const CONTROL_ROLES = new Set(["button", "link", "textbox", "checkbox", "combobox", "radio", "switch"]);

/** As the browser tells assistive technology. */
async function controlsOf(page: Page): Promise<Array<{ role: string; name: string }>> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter((node) => !node.ignored && CONTROL_ROLES.has(String(node.role?.value)))
    .map((node) => ({ role: String(node.role?.value), name: String(node.name?.value ?? "") }));
}

/** Buttons whose name does not begin with what is written on them. */
async function labelsOutsideNames(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll("[aria-label]")]
      .filter((element) => element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement)
      .filter((element) => !element.getAttribute("aria-label")?.startsWith(element.textContent?.trim() ?? ""))
      .map((element) => element.outerHTML),
  );
}

interface FocusStop {
  readonly name: string;
  readonly position: number;
  readonly style: string;
  readonly width: number;
  readonly colour: string;
  readonly behind: readonly string[];
}

/** Presses Tab through the whole page, from its top, until the focus leaves it or comes round. */
async function focusStops(page: Page): Promise<FocusStop[]> {
  const stops: FocusStop[] = [];
  await page.evaluate(async () => {
    // A page takes its `autofocus` when it is first drawn, which may be later than its text is there, and it would take it away from us.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const top = document.body;
    top.tabIndex = -1;
    top.focus();
    top.removeAttribute("tabindex");
  });
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body || element === document.documentElement)
        return undefined;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      // What lies under the ring, which is just outside of the element: not always what it stands in.
      const { left, top, height } = element.getBoundingClientRect();
      const under = document.elementsFromPoint(Math.max(0, left - 4), top + height / 2);
      return {
        name: element.getAttribute("aria-label") ?? element.textContent?.trim() ?? element.tagName,
        position: [...document.querySelectorAll("*")].indexOf(element),
        style: outlineStyle,
        width: Number.parseFloat(outlineWidth),
        colour: outlineColor,
        behind: under.map((layer) => getComputedStyle(layer).backgroundColor),
      };
    });
    // Past the end a browser hands the focus to its own controls, or, where it has none, to the page's beginning.
    if (stop === undefined || stop.position === stops[0]?.position) break;
    assert.ok(stop.position > (stops.at(-1)?.position ?? -1), `“${stop.name}” comes out of order`);
    stops.push(stop);
  }
  return stops;
}
