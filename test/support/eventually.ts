import { until } from "../../sandbox/builds/until.ts";

/**
 * Waits until `attempt` succeeds, and returns what it gave.
 *
 * @param what - the condition, for the message when the time is over
 */
export async function eventually<T>(what: string, seconds: number, attempt: () => Promise<T>): Promise<T> {
  let cause: unknown;
  const success = await until(
    async () => {
      try {
        return { value: await attempt() };
      } catch (error) {
        cause = error;
        return undefined;
      }
    },
    { seconds, pause: 500 },
  );
  if (success === undefined) {
    throw new Error(`waited ${seconds} s in vain until ${what}`, { cause });
  }
  return success.value;
}
