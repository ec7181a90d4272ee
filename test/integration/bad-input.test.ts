import assert from "node:assert/strict";
import { makeKeyPair } from "../support/ssh-keys.ts";
import { engine, engineSucceeds, ensureSandboxIsUp } from "../support/sandbox.ts";
import { changedSettings, foundation, type Change } from "../support/stack-settings.ts";

const otherKey = makeKeyPair();

/** Mistakes of an operator, and the message that each must produce. */
const mistakes: readonly (readonly [mistake: string, change: Change, message: RegExp])[] = [
  ["an unknown setting", [foundation("host", "pivateKey"), "x"], /host\.pivateKey.*did you mean "privateKey"/],
  ["a wrong type", [foundation("host", "port"), "abc"], /host\.port.*expected a number from 1 to 65535, got "abc"/],
  [
    "no private key",
    [foundation("host", "privateKey"), undefined],
    /pulumi config set --secret --path 'bibind:foundation\.host\.privateKey'/,
  ],
  [
    "a channel of no release",
    [foundation("cluster", "channel"), "latest"],
    /cluster\.channel.*expected a snap channel of MicroK8s/,
  ],
  ["an unsupported addon", [foundation("cluster", "addons"), ["dns", "gpu"]], /addons\[1\].*unsupported "gpu"/],
  ["more memory than the host has", [foundation("host", "minimum", "memoryGiB"), 4000], /minimum\.memoryGiB/],
  ["more disk space than the host has", [foundation("host", "minimum", "diskGiB"), 900000], /minimum\.diskGiB/],
  ["a host that does not answer", [foundation("host", "address"), "172.30.0.99"], /172\.30\.0\.99/],
  [
    "another host key",
    [foundation("host", "hostKey"), otherKey.public],
    /the host shows another key .* nothing was run there/,
  ],
];

describe("an update with bad settings", function () {
  this.timeout(300_000);

  before(async () => {
    await ensureSandboxIsUp();
  });

  for (const [mistake, change, message] of mistakes) {
    it(`fails with one clear message: ${mistake}`, async () => {
      const { exitCode, all } = await engine("up", "--yes", "--skip-preview", "--config-file", changedSettings(change));
      assert.notEqual(exitCode, 0, all);
      assert.match(all, message);
      assert.doesNotMatch(all, /\n\s+at .*\(.*:\d+:\d+\)/, "the message contains a stack trace");
      assert.doesNotMatch(all, /PRIVATE KEY/);
    });
  }

  it("changes nothing on the platform", async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await engineSucceeds("preview", "--expect-no-changes");
  });
});
