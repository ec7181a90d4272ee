import { setTimeout as delay } from "node:timers/promises";

const pollMilliseconds = 500;

/**
 * Waits until `attempt` succeeds, and returns what it gave.
 *
 * @param what - the condition, for the message when the time is over
 */
export async function eventually<T>(what: string, seconds: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() > deadline) {
        throw new Error(`waited ${seconds} s in vain until ${what}`, { cause });
      }
      await delay(pollMilliseconds);
    }
  }
}
