// Waiting for what must come true, and saying what did not.

/** Fails if a promise takes longer than it may. */
export async function within(milliseconds, what, start) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([start(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Polls until a value is truthy and returns it. An error says what was awaited and what was seen last. */
export async function until(what, read, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  let last;
  do {
    last = await read();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 30));
  } while (Date.now() < end);
  throw new Error(`not within ${milliseconds} ms: ${what} (last seen: ${JSON.stringify(last)})`);
}

/** Fails with a sentence if something is not as it must be. */
export function must(condition, what) {
  if (!condition) throw new Error(what);
}
