/** How often the parent is looked for; an orphan stops within this time. */
const parentPollMilliseconds = 500;
/** What cancelled calls get to end what they started. */
const graceMilliseconds = 1500;

/**
 * Ends this process when its parent is gone (a killed engine must leave nothing that still works on the stack), and on
 * the engine's SIGINT or SIGTERM.
 *
 * @param cancel tells running work to stop, and resolves when it has; it gets a moment for that
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
