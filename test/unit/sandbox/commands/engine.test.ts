import assert from "node:assert/strict";
import { withSettings } from "../../../../sandbox/commands/stack/engine.ts";

describe("arguments of the engine", () => {
  it("include the settings file when the command reads it", () => {
    assert.deepEqual(withSettings(["up", "--yes"], "/s.yaml"), ["up", "--yes", "--config-file", "/s.yaml"]);
    assert.deepEqual(withSettings(["config", "set", "--", "-a"], "/s"), [
      "config",
      "set",
      "--config-file",
      "/s",
      "--",
      "-a",
    ]);
  });

  it("do not include it for any other command, and never twice", () => {
    assert.deepEqual(withSettings(["stack", "output", "--json"], "/s"), ["stack", "output", "--json"]);
    assert.deepEqual(withSettings(["preview", "--config-file=x"], "/s"), ["preview", "--config-file=x"]);
    assert.deepEqual(withSettings(["--help"], "/s"), ["--help"]);
  });
});
