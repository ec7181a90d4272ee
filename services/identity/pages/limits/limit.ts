import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** At most so many tries in so many seconds, from the first try on. */
export interface Window {
  readonly tries: number;
  readonly seconds: number;
}

/** Counts one try. @returns the seconds to wait if the window is full; it then stays as it is */
async function countIn(counter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await counter.consume(key);
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) {
      throw refusal;
    }
    await counter.reward(key);
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}

async function uncountIn(counter: RateLimiterMemory, key: string): Promise<void> {
  const { consumedPoints = 0 } = (await counter.get(key)) ?? {};
  // A new window may have begun. An empty one needs no memory.
  await (consumedPoints > 1 ? counter.reward(key) : counter.delete(key));
}

/** Counts the tries of each key. A short window stops a burst, a long one stops patience: together they are the back-off. */
export class Limit {
  readonly #counters: readonly RateLimiterMemory[];

  /** @param replicas - servers that share the limit; each gets an equal part, and one try at least */
  constructor(windows: readonly Window[], replicas = 1) {
    this.#counters = windows.map(
      ({ tries, seconds }) =>
        new RateLimiterMemory({ points: Math.max(1, Math.floor(tries / replicas)), duration: seconds }),
    );
  }

  /** Counts a try in every window. @returns the seconds to wait if one is full; no window counts the try then */
  async take(key: string): Promise<number | undefined> {
    const waits = await Promise.all(this.#counters.map((counter) => countIn(counter, key)));
    const longest = Math.max(...waits.map((wait) => wait ?? 0));
    if (longest === 0) {
      return undefined;
    }
    const counted = this.#counters.filter((_, index) => waits[index] === undefined);
    await Promise.all(counted.map((counter) => uncountIn(counter, key)));
    return longest;
  }

  async giveBack(key: string): Promise<void> {
    await Promise.all(this.#counters.map((counter) => uncountIn(counter, key)));
  }
}
