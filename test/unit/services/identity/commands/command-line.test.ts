import assert from "node:assert/strict";
import type { Command } from "../../../../../services/identity/commands/command.ts";
import { commandLine, usageOf } from "../../../../../services/identity/commands/command-line.ts";

const run = () => Promise.resolve();
const serve: Command = { name: "serve", summary: "", rotates: false, run };
const keyring: Command = { name: "keyring", summary: "", rotates: true, run };
const commands = [serve, keyring];

describe("a command line of the identity service", () => {
  it("names a command and its configuration", () => {
    assert.deepEqual(commandLine(["serve", "--config", "a.json"], commands), [
      serve,
      { config: "a.json", rotate: false },
    ]);
    assert.deepEqual(commandLine(["keyring", "--rotate", "--config=a.json"], commands), [
      keyring,
      { config: "a.json", rotate: true },
    ]);
  });

  it("has a usage for each command", () => {
    assert.equal(usageOf(serve), "identity serve --config FILE");
    assert.equal(usageOf(keyring), "identity keyring --config FILE [--rotate]");
  });

  for (const [what, args, message] of [
    ["no command", [], /no command given/],
    ["an unknown command", ["served"], /no command served/],
    ["no configuration", ["serve"], /--config FILE is missing/],
    ["an unknown option", ["serve", "--configuration", "a"], /--configuration/],
    ["another argument", ["serve", "now", "--config", "a"], /unknown argument: now/],
    [
      "--rotate for a command that does not rotate",
      ["serve", "--config", "a", "--rotate"],
      /serve does not take --rotate/,
    ],
  ] as const) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => commandLine(args, commands), { name: "UsageError", message });
    });
  }
});
