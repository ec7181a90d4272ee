/** What a test started, to be stopped in the reverse order. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = [];

  /** Adds a step that stops what was just started. */
  add<T>(started: T, stop: (started: T) => Promise<unknown>): T {
    this.#steps.push(() => stop(started));
    return started;
  }

  async run(): Promise<void> {
    for (const step of this.#steps.reverse()) {
      await step();
    }
  }

  /** Starts several things; when one does not start, the ones before it are stopped. */
  static async start<T>(start: (cleanup: Cleanup) => Promise<T>): Promise<T> {
    const cleanup = new Cleanup();
    try {
      return await start(cleanup);
    } catch (error) {
      await cleanup.run();
      throw error;
    }
  }
}
