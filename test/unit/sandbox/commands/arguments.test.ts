import assert from "node:assert/strict";
import { passedOn, readArguments, refuseArguments, refuseWords } from "../../../../sandbox/commands/arguments.ts";
import { UsageError } from "../../../../sandbox/commands/command.ts";
import { journalCommand } from "../../../../sandbox/commands/logs.ts";

describe("arguments of the sandbox command", () => {
  it("are refused by name when they are not known", () => {
    assert.throws(() => refuseArguments(["--speed"]), { name: "UsageError", message: /--speed/ });
    assert.throws(() => refuseArguments(["now"]), { name: "UsageError", message: /now/ });
    assert.throws(() => refuseWords(["one", "two"], 1), { name: "UsageError", message: /two/ });
  });

  it("are read with their defaults", () => {
    const options = { yes: { type: "boolean", default: false } } as const;
    assert.equal(readArguments([], options).values.yes, false);
    assert.equal(readArguments(["--yes"], options).values.yes, true);
  });

  it("are passed on after two dashes", () => {
    assert.deepEqual(passedOn(["--", "up", "--", "x"]), ["up", "--", "x"]);
    assert.deepEqual(passedOn(["stack", "output"]), ["stack", "output"]);
  });
});

describe("sandbox logs", () => {
  it("asks for one service, followed or not", () => {
    assert.equal(journalCommand("ssh", true).join(" "), "sudo journalctl --no-pager --lines=200 --unit=ssh --follow");
    assert.equal(journalCommand(undefined, false).join(" "), "sudo journalctl --no-pager --lines=200");
  });

  it("refuses a name that the remote shell would read as more than a name", () => {
    assert.throws(() => journalCommand("ssh; reboot", false), UsageError);
  });
});
