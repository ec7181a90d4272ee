import { syncBuiltinESMExports } from "node:module";
import { mock } from "node:test";
import timers from "node:timers/promises";

/**
 * A clock that the test moves. Until it stops, `performance.now()` reads this clock, and `setTimeout` of
 * `node:timers/promises` moves it forward at once, without a wait. So a test does not depend on the load of the machine.
 */
export class TestClock {
  /** The pauses so far, in milliseconds. */
  readonly pauses: number[] = [];
  #now = 0;
  readonly #mocks = [
    mock.method(performance, "now", () => this.#now),
    mock.method(timers, "setTimeout", (milliseconds = 0) => {
      this.pauses.push(milliseconds);
      this.pass(milliseconds);
      return Promise.resolve();
    }),
  ];

  constructor() {
    syncBuiltinESMExports();
  }

  /** Moves the clock forward. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  stop(): void {
    this.#mocks.forEach(({ mock }) => mock.restore());
    syncBuiltinESMExports();
  }
}
