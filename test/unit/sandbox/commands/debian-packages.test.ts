import assert from "node:assert/strict";
import { missingPackages } from "../../../../sandbox/commands/debian-packages.ts";

describe("Debian packages of the outside", () => {
  it("are missing when dpkg does not know them or has them only half", () => {
    assert.deepEqual(missingPackages(["a", "b", "c"], "a ii \nb rc \n"), ["b", "c"]);
  });

  it("are complete when all are installed", () => {
    assert.deepEqual(missingPackages(["a", "b"], "a ii \nb ii \n"), []);
  });
});
