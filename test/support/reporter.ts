import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Mocha's spec reporter. It also writes the numbers of passed and failed tests to a file for `test/run.ts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const file = process.env.BIBIND_TEST_STATISTICS;
      if (file !== undefined) {
        writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures }));
      }
    });
  }
}
