import { until } from "../../sandbox/builds/until.ts";

/**
 * Repeats `attempt` until it succeeds, and returns its result.
 *
 * @param what - the expected condition, for the error message
 * @throws Error when `attempt` does not succeed in time; the cause is its last error
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
    throw new Error(`timed out after ${seconds} s waiting until ${what}`, { cause });
  }
  return success.value;
}
