/** Contrast as WCAG 2.2 reckons it (success criterion 1.4.3), of everything that is drawn on a page. */

import type { Page } from "playwright-core";

export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A piece of text with the colours it is drawn with: its own, and those of what lies behind it, the furthest last. */
interface DrawnText {
  readonly text: string;
  readonly colour: string;
  readonly behind: readonly string[];
}

export interface Legibility {
  readonly text: string;
  readonly ratio: number;
}

/** The contrast of each visible text, the weakest first. Decoration by `::before` and its like is not text. */
export async function legibilityOf(page: Page): Promise<Legibility[]> {
  const drawn = await page.evaluate(drawnTexts);
  return drawn
    .map(({ text, colour, behind }) => {
      const background = layered(behind.map(readColour));
      return { text, ratio: contrast(over(readColour(colour), background), background) };
    })
    .sort((one, other) => one.ratio - other.ratio);
}

export function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((low, high) => low - high);
  return (light + 0.05) / (dark + 0.05);
}

/** `rgb(…)` and `rgba(…)`, which is how browsers give a computed colour back. */
export function readColour(text: string): Colour {
  const numbers = /^rgba?\(([^)]+)\)$/
    .exec(text)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  const [red, green, blue, alpha = 1] = numbers ?? [];
  if (red === undefined || green === undefined || blue === undefined)
    throw new Error(`what colour is ${text}?`);
  return [red, green, blue, alpha];
}

/** What is seen of a stack of colours, the nearest first; behind them all is white paper. */
export function layered(colours: readonly Colour[]): Colour {
  return colours.reduceRight<Colour>((below, colour) => over(colour, below), [255, 255, 255, 1]);
}

function over([red, green, blue, alpha]: Colour, below: Colour): Colour {
  const mix = (channel: number, under: number) => channel * alpha + under * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function luminance([red, green, blue]: Colour): number {
  const linear = (channel: number) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Runs in the page, so it can use nothing from out here. */
function drawnTexts(): DrawnText[] {
  const ownText = (element: Element): string =>
    element instanceof HTMLInputElement
      ? element.value
      : [...element.childNodes]
          .filter((node) => node.nodeType === Node.TEXT_NODE)
          .map((node) => node.textContent ?? "")
          .join("");
  const isDrawn = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1;
  };
  const behind = (element: Element | null): string[] =>
    element === null ? [] : [getComputedStyle(element).backgroundColor, ...behind(element.parentElement)];

  return [...document.body.querySelectorAll("*")]
    .filter((element) => !["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName))
    .filter((element) => ownText(element).trim() !== "" && isDrawn(element))
    .map((element) => ({
      text: ownText(element).trim(),
      colour: getComputedStyle(element).color,
      behind: behind(element),
    }));
}
