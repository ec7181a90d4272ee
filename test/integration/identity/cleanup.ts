/** Stops everything that a test started, in the reverse order. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = [];

  /** Adds a step that stops `started`. @returns `started` */
  add<T>(started: T, stop: (started: T) => Promise<unknown>): T {
    this.#steps.push(() => stop(started));
    return started;
  }

  async run(): Promise<void> {
    for (const step of this.#steps.reverse()) {
      await step();
    }
  }

  /** Starts several servers or programs. If one of them does not start, this stops those that were already started. */
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
