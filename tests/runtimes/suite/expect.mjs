// What a case says of what it sees. Plain JavaScript without any runtime's own modules, because it runs in all of them.

/** @param {unknown} actual @param {unknown} expected @param {string} what */
export function equal(actual, expected, what) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, and not ${should}`);
}

/** @param {unknown} condition @param {string} what */
export function holds(condition, what) {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

/**
 * That a call, or its promise, fails with a typed error of this code.
 * @param {() => unknown} call
 * @param {string} code
 */
export async function fails(call, code) {
  let value;
  try {
    value = await call();
  } catch (error) {
    holds(error instanceof Error, `${code}: what was thrown is an Error`);
    equal([error.name, error.code], ["EdgewardError", code], `the error (${error.message})`);
    return error;
  }
  throw new Error(`${code} was expected, and it gave ${JSON.stringify(value)}`);
}
