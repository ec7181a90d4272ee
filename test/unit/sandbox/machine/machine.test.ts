import assert from "node:assert/strict";
import { enterArguments } from "../../../../sandbox/machine/machine.ts";
import { contained } from "../../../../sandbox/machine/contained.ts";
import { hostsOf } from "../../../../sandbox/machine/root.ts";
import { sandboxHost } from "../../../../sandbox/machine/spec.ts";

const spec = sandboxHost(["bibind.test"], {
  snaps: "/cache/snaps",
  charts: "/cache/charts",
  mail: "/cache/mail",
  files: [],
});

describe("the sandbox's host", () => {
  it("is described to enter.sh by its root, name, network, shared folders and control groups", () => {
    assert.deepEqual(enterArguments(spec, "/cache/root", [{ version: 2, folder: "/sys/fs/cgroup", options: "" }]), [
      ...["/cache/root", "bibind-host", "172.30.0.2/24", "172.30.0.1"],
      ...["share", "/cache/snaps", "/var/lib/bibind-snaps", "share", "/cache/charts", "/var/lib/bibind-charts"],
      ...["share", "/cache/mail", "/var/lib/bibind-mail"],
      "cgroup2",
    ]);
  });

  it("has all of its host names in its hosts file", () => {
    assert.match(hostsOf(spec), /^172\.30\.0\.2 bibind-host\n172\.30\.0\.2 bibind\.test\n$/m);
  });
});

describe("a contained command", () => {
  it("is killed with its parent, and its child processes and mounts are removed", () => {
    const [file, args] = contained("cp", "a", "b");
    assert.equal(
      [file, ...args].join(" "),
      "setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc cp a b",
    );
  });
});
