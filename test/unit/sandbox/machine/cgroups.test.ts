import assert from "node:assert/strict";
import { cgroupArguments, machineGroups, parseHierarchies } from "../../../../sandbox/machine/cgroups.ts";

const hybrid = `25 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 25 0:26 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
32 25 0:28 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd
33 25 0:29 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
34 25 0:30 / /mnt/elsewhere rw,relatime - cgroup cgroup rw,memory
`;
const unified = "30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";

describe("the control groups of this computer", () => {
  it("are read with the mount options that select each hierarchy, version 1 first", () => {
    assert.deepEqual(parseHierarchies(hybrid), [
      { version: 1, folder: "/sys/fs/cgroup/cpu,cpuacct", options: "cpu,cpuacct" },
      { version: 1, folder: "/sys/fs/cgroup/systemd", options: "none,name=systemd" },
      { version: 2, folder: "/sys/fs/cgroup/unified", options: "" },
    ]);
  });

  it("are one hierarchy when only version 2 is mounted", () => {
    assert.deepEqual(parseHierarchies(unified), [{ version: 2, folder: "/sys/fs/cgroup", options: "" }]);
  });

  it("become arguments of enter.sh", () => {
    assert.deepEqual(cgroupArguments(parseHierarchies(hybrid)), [
      ...["cgroup1", "cpu,cpuacct", "cpu,cpuacct"],
      ...["cgroup1", "none,name=systemd", "systemd"],
      "cgroup2",
    ]);
    assert.deepEqual(cgroupArguments(parseHierarchies(unified)), ["cgroup2"]);
  });

  it("contain a group of the machine in each hierarchy", () => {
    assert.deepEqual(machineGroups(parseHierarchies(unified), "one"), ["/sys/fs/cgroup/one/machine"]);
  });
});
