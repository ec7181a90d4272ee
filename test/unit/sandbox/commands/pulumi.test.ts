import assert from "node:assert/strict";
import { destroys, onlyReads } from "../../../../sandbox/commands/pulumi.ts";

describe("sandbox pulumi", () => {
  it("needs the sandbox for itself only for commands that can change the stack", () => {
    for (const args of [
      "preview --diff",
      "stack output --json",
      "stack",
      "stack --show-urns",
      "config get a",
      "--help",
    ]) {
      assert(onlyReads(args.split(" ")), args);
    }
    for (const args of [
      "up",
      "refresh --preview-only",
      "destroy",
      "stack import",
      "stack rm",
      "config set a b",
      "state",
      "new",
    ]) {
      assert(!onlyReads(args.split(" ")), args);
    }
  });

  it("marks the stack for commands that delete resources", () => {
    for (const args of ["destroy --yes", "down", "--color never dn"]) {
      assert(destroys(args.split(" ")), args);
    }
    for (const args of ["up --yes", "destroy --preview-only", "--help", ""]) {
      assert(!destroys(args.split(" ")), args);
    }
  });
});
