import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import report from "../../../bench/foundation.json" with { type: "json" };
import description from "../../../package.json" with { type: "json" };

const readme = readFileSync(join(import.meta.dirname, "..", "..", "..", "README.md"), "utf8");

describe("README.md", () => {
  it("is short", () => {
    assert(readme.split("\n").length < 120);
  });

  it("gives the times and the memory that the benchmark measured", () => {
    const minutes = (seconds: number): string => `about ${Math.round(seconds / 60)} minutes`;
    for (const figure of [
      `The first \`make up\` takes ${minutes(report.cold.seconds)}`,
      `a later one takes ${minutes(report.warm.seconds)}`,
      `uses ${(report.residentMemoryMiB / 1024).toFixed(1)} GiB of memory`,
    ]) {
      assert(readme.includes(figure), `write it into README.md: ${figure}`);
    }
  });

  it("gives version and licence of package.json", () => {
    assert(readme.includes(`**Status.** Version ${description.version}.`));
    assert(readme.includes(`**Licence.** \`${description.license}\``));
  });
});
