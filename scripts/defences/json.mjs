// The defences of the JSON reader; see list.mjs for what an entry says.

/**
 * @param {string} name
 * @param {string} file
 * @param {string} find
 * @param {string} replace
 * @param {import("./list.mjs").Defence["test"]} [test]
 * @returns {import("./list.mjs").Defence}
 */
const json = (name, file, find, replace, test = "json") => ({
  ...{ name: `JSON: ${name}`, file: `src/json/${file}`, find, replace },
  test,
});

/** @type {import("./list.mjs").Defence[]} */
export const jsonDefences = [
  json(
    "a member may be there once",
    "parse.rs",
    "if has_duplicate(&members) {",
    "if has_duplicate(&members) && members.is_empty() {",
  ),
  json(
    "a member may be there once among many",
    "duplicates.rs",
    "if last == Some(name) {",
    "if last == Some(name) && name.is_empty() {",
  ),
  json(
    "a member of a key set may be there once",
    "raw.rs",
    "if has_duplicate(&names) {",
    "if has_duplicate(&names) && names.is_empty() {",
    "jose",
  ),
  json(
    "nesting is bounded",
    "parse.rs",
    "depth_left.checked_sub(1).ok_or_else(|| self.cursor.fault(Fault::TooDeep))?",
    "depth_left.saturating_sub(1)",
    "attacks",
  ),
  json(
    "nothing follows the value",
    "cursor.rs",
    "Some(_) => Err(self.fault(Fault::TextAfterValue)),",
    "Some(_) => Ok(()),",
  ),
  json(
    "a number has no leading zero",
    "cursor.rs",
    "if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {",
    "if self.peek().is_some_and(|byte| byte > 200) {",
  ),
  json(
    "a number that a double reads as infinite is refused",
    "number.rs",
    "_ if Decimal::of(text).is_beyond_doubles() => None,",
    "_ if Decimal::of(text).is_beyond_doubles() && text.is_empty() => None,",
  ),
  json(
    "a fraction of a date counts",
    "decimal.rs",
    "Some((whole, digits.next().is_some()))",
    "Some((whole, false))",
  ),
  json(
    "a negative date is none",
    "decimal.rs",
    "if self.is_negative {",
    "if self.is_negative && self.is_zero() {",
  ),
  json("a control character is refused", "text.rs", "control | mark | slash", "(control & 1) | mark | slash"),
  json(
    "half of a surrogate pair is refused",
    "text.rs",
    "if second & 0xfc00 != 0xdc00 {",
    "if second & 0xfc00 != 0xdc00 && second == 0 {",
  ),
  json(
    "a name that serde_json reserves is refused",
    "parse.rs",
    "if name.starts_with(RESERVED_PREFIX) {",
    "if name.starts_with(RESERVED_PREFIX) && name.is_empty() {",
    "jwt",
  ),
  json(
    "a document's unknown members are refused",
    "fields.rs",
    ".filter(|name| !known.contains(name))",
    ".filter(|name| !known.contains(name) && known.is_empty())",
    "resource_server",
  ),
  json(
    "null is not taken for a default",
    "fields.rs",
    ".filter(|value| absence != Absence::Free || !value.is_null())",
    ".filter(|value| !value.is_null())",
    "resource_server",
  ),
];
