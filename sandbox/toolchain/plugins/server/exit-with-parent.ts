/** How often the process checks that its parent still runs. */
const parentPollMilliseconds = 500;
/** The time that cancelled work has to stop. */
const graceMilliseconds = 1500;

/**
 * Ends this process on SIGINT, on SIGTERM, and when its parent has ended. When the engine was killed, its plugins must
 * not continue to work on the stack.
 *
 * @param cancel - stops running work and resolves when it has stopped; the process waits at most 1.5 s for it
 */
export function exitWithParent(cancel: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (!ending) {
      ending = true;
      setTimeout(() => process.exit(0), graceMilliseconds).unref();
      void cancel().finally(() => process.exit(0));
    }
  };
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      end();
    }
  }, parentPollMilliseconds).unref();
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
