import assert from "node:assert/strict";
import {
  forwardedArguments,
  readArguments,
  refuseArguments,
  refusePositionals,
} from "../../../../sandbox/commands/arguments.ts";
import { UsageError } from "../../../../sandbox/commands/command.ts";
import { journalCommand } from "../../../../sandbox/commands/logs.ts";

describe("arguments of the sandbox command", () => {
  it("are refused by name when they are unknown", () => {
    assert.throws(() => refuseArguments(["--speed"]), { name: "UsageError", message: /--speed/ });
    assert.throws(() => refuseArguments(["now"]), { name: "UsageError", message: /now/ });
    assert.throws(() => refusePositionals(["one", "two"], 1), { name: "UsageError", message: /two/ });
  });

  it("are read with their defaults", () => {
    const options = { yes: { type: "boolean", default: false } } as const;
    assert.equal(readArguments([], options).values.yes, false);
    assert.equal(readArguments(["--yes"], options).values.yes, true);
  });

  it("are forwarded with or without two dashes before them", () => {
    assert.deepEqual(forwardedArguments(["--", "up", "--", "x"]), ["up", "--", "x"]);
    assert.deepEqual(forwardedArguments(["stack", "output"]), ["stack", "output"]);
  });
});

describe("sandbox logs", () => {
  it("shows all services or one, and follows the log when asked to", () => {
    assert.equal(journalCommand("ssh", true).join(" "), "sudo journalctl --no-pager --lines=200 --unit=ssh --follow");
    assert.equal(journalCommand(undefined, false).join(" "), "sudo journalctl --no-pager --lines=200");
  });

  it("refuses a service name that contains a shell command", () => {
    assert.throws(() => journalCommand("ssh; reboot", false), UsageError);
  });
});
