/** An orphan notices within this time that its parent has ended. */
const parentPollMilliseconds = 500;
/** How long cancelled work may take to stop. */
const graceMilliseconds = 1500;

/**
 * Ends this process on SIGINT, on SIGTERM, and when its parent has ended: nothing may work on a stack whose engine was
 * killed.
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
