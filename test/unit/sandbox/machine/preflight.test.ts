import assert from "node:assert/strict";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { interfaceAlias } from "../../../../sandbox/machine/network.ts";
import { problems, requireNoProblems, type Facts } from "../../../../sandbox/machine/preflight.ts";
import { sandboxHost } from "../../../../sandbox/machine/spec.ts";

const gibibyte = 2 ** 30;
const spec = sandboxHost([], { snaps: "", charts: "", mail: "", files: [] });
const good: Facts = {
  platform: "linux",
  uid: 0,
  freeDiskBytes: 50 * gibibyte,
  isCacheFilled: false,
  totalMemoryBytes: 16 * gibibyte,
  hasApt: true,
  missingFeatures: {},
  links: [{ ifname: "eth0", flags: ["UP"], addr_info: [{ family: "inet", local: "192.0.2.2", prefixlen: 24 }] }],
  routes: [
    { dst: "default", gateway: "192.0.2.1", dev: "eth0" },
    { dst: "192.0.2.0/24", dev: "eth0" },
  ],
};
const messages = (facts: Partial<Facts>): string[] =>
  problems({ ...good, ...facts }, spec).map(({ what, where, remedy }) => `${what} | ${where} | ${remedy}`);
const link = (ifname: string, local: string, ifalias?: string) => ({
  ...{ ifname, ifalias, flags: ["UP"] },
  addr_info: [{ family: "inet", local, prefixlen: 24 }],
});

describe("preflight", () => {
  it("finds no problem on a suitable machine", () => {
    assert.deepEqual(messages({}), []);
  });

  it("finds no problem while the sandbox's own machine runs", () => {
    const links = [link("bibind0", "172.30.0.1", interfaceAlias)];
    const routes = [
      { dst: "172.30.0.0/24", dev: "bibind0" },
      { dst: "10.152.183.0/24", gateway: "172.30.0.2", dev: "bibind0" },
    ];
    assert.deepEqual(messages({ links, routes }), []);
  });

  it("refuses a system other than Debian, and names the alternative", () => {
    assert.match(messages({ hasApt: false })[0] ?? "", /needs a Debian machine.*CLUSTER=existing/);
  });

  it("refuses a user that is not root", () => {
    assert.match(messages({ uid: 1000 })[0] ?? "", /requires root.*user id 1000.*sudo make up/);
  });

  it("requires 15 GiB of disk space before the first build, and 3 GiB after it", () => {
    assert.match(messages({ freeDiskBytes: 14 * gibibyte })[0] ?? "", /14\.0 GiB free, 15\.0 GiB needed.*BIBIND_CACHE/);
    assert.deepEqual(messages({ freeDiskBytes: 14 * gibibyte, isCacheFilled: true }), []);
    assert.match(messages({ freeDiskBytes: 2 * gibibyte, isCacheFilled: true })[0] ?? "", /3\.0 GiB needed/);
  });

  it("requires 8 GiB of memory", () => {
    assert.match(messages({ totalMemoryBytes: 6 * gibibyte })[0] ?? "", /6\.0 GiB installed, 8 GiB needed/);
    assert.deepEqual(messages({ totalMemoryBytes: 7.7 * gibibyte }), []);
  });

  it("names the kernel feature that does not work", () => {
    const found = messages({ missingFeatures: { "network bridges": "Operation not permitted" } });
    assert.match(found[0] ?? "", /does not allow network bridges: Operation not permitted.*--privileged/);
  });

  it("reports an address of its network on a foreign interface only once", () => {
    const found = messages({
      links: [link("docker0", "172.30.0.9")],
      routes: [{ dst: "172.30.0.0/24", dev: "docker0" }],
    });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /address 172\.30\.0\.9 .*in use \| interface docker0/);
  });

  it("refuses a foreign route to addresses that it needs", () => {
    const found = messages({ routes: [{ dst: "10.152.0.0/16", gateway: "192.0.2.9", dev: "eth0" }] });
    assert.match(found[0] ?? "", /route to 10\.152\.0\.0\/16 .*10\.152\.183\.0\/24.*ip route delete 10\.152\.0\.0\/16/);
  });

  it("refuses a foreign interface with the name of its bridge", () => {
    assert.match(
      messages({ links: [link("bibind0", "198.51.100.1")] })[0] ?? "",
      /named bibind0 .* does not belong to the sandbox/,
    );
  });

  it("reports all problems in one error", () => {
    assert.throws(
      () => requireNoProblems(problems({ ...good, uid: 1, freeDiskBytes: 0 }, spec)),
      (error) =>
        error instanceof OperatorError &&
        /requires root/.test(error.message) &&
        /too little disk space/.test(error.message),
    );
    assert.doesNotThrow(() => requireNoProblems([]));
  });
});
