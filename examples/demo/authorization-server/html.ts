/**
 * HTML whose holes are escaped by construction: `` html`<p>${name}</p>` `` can't be made to inject markup,
 * because only what came out of `html` itself goes in unescaped.
 */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Hole = string | number | false | undefined | Html | readonly Html[];

export function html(strings: TemplateStringsArray, ...holes: Hole[]): Html {
  const text = strings.reduce((before, string, index) => before + render(holes[index - 1]) + string);
  return new Html(text);
}

/** For markup that another library made and answers for. */
export function trustedHtml(text: string): Html {
  return new Html(text);
}

function render(hole: Hole): string {
  if (hole === undefined || hole === false) return "";
  if (hole instanceof Html) return hole.text;
  if (typeof hole === "object") return hole.map(render).join("");
  return String(hole).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
