import assert from "node:assert/strict";
import { missingPackages } from "../../../../sandbox/commands/debian-packages.ts";

describe("The Debian packages that the sandbox needs", () => {
  it("are missing when dpkg does not list them or they are removed", () => {
    assert.deepEqual(missingPackages(["a", "b", "c"], "a ii \nb rc \n"), ["b", "c"]);
  });

  it("are not missing when all are installed", () => {
    assert.deepEqual(missingPackages(["a", "b"], "a ii \nb ii \n"), []);
  });
});
