/** What a promise comes to; `undefined` where it fails or takes longer. Nothing is stopped: it is only not waited for. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, tooLong]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
