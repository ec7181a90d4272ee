import { setTimeout as delay } from "node:timers/promises";

/** How long and how often to look. */
export interface Patience {
  /** Bound of the wait in seconds; the last look may come one pause later. Default: none. */
  readonly seconds?: number;
  /** Pause between two looks, in milliseconds. */
  readonly pause: number;
  /** Each pause is half as long again as the one before, up to this. Default: they stay as they are. */
  readonly longestPause?: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

const growth = 1.5;

/**
 * Looks again and again until there is something to see; at least once.
 *
 * @returns what `look` gave besides false and undefined; undefined when the time was over or the wait was ended
 * @throws what `look` throws
 */
export async function until<T>(
  look: () => Promise<T | false | undefined>,
  { seconds = Infinity, pause, longestPause = pause, signal }: Patience,
): Promise<T | undefined> {
  const deadline = performance.now() + seconds * 1000;
  for (let next = pause; ; next = Math.min(next * growth, longestPause)) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (performance.now() >= deadline || signal?.aborted === true) {
      return undefined;
    }
    await delay(next, undefined, { signal }).catch(() => undefined);
  }
}
