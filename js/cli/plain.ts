/** A text without what would move a terminal's cursor or turn its line around: names of files and members can hold anything. */
export function plain(text: string): string {
  const escaped = (characters: string) =>
    characters
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}
