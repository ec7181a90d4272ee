import assert from "node:assert/strict";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { interfaceAlias } from "../../../../sandbox/machine/network.ts";
import { problems, refuseProblems, type Facts } from "../../../../sandbox/machine/preflight.ts";
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
  missingAbilities: {},
  links: [{ ifname: "eth0", flags: ["UP"], addr_info: [{ family: "inet", local: "192.0.2.2", prefixlen: 24 }] }],
  routes: [
    { dst: "default", gateway: "192.0.2.1", dev: "eth0" },
    { dst: "192.0.2.0/24", dev: "eth0" },
  ],
};
const told = (facts: Partial<Facts>): string[] =>
  problems({ ...good, ...facts }, spec).map(({ what, where, remedy }) => `${what} | ${where} | ${remedy}`);
const link = (ifname: string, local: string, ifalias?: string) => ({
  ...{ ifname, ifalias, flags: ["UP"] },
  addr_info: [{ family: "inet", local, prefixlen: 24 }],
});

describe("preflight", () => {
  it("finds nothing on a fit machine", () => {
    assert.deepEqual(told({}), []);
  });

  it("finds nothing while our own machine runs", () => {
    const links = [link("bibind0", "172.30.0.1", interfaceAlias)];
    const routes = [
      { dst: "172.30.0.0/24", dev: "bibind0" },
      { dst: "10.152.183.0/24", gateway: "172.30.0.2", dev: "bibind0" },
    ];
    assert.deepEqual(told({ links, routes }), []);
  });

  it("refuses another system than Debian, naming the way round", () => {
    assert.match(told({ hasApt: false })[0] ?? "", /needs a Debian machine.*CLUSTER=existing/);
  });

  it("refuses a user that is not root", () => {
    assert.match(told({ uid: 1000 })[0] ?? "", /takes root.*user id 1000.*sudo make up/);
  });

  it("asks for 15 GiB of disk before the first build, and for 3 after it", () => {
    assert.match(told({ freeDiskBytes: 14 * gibibyte })[0] ?? "", /14\.0 GiB free, 15\.0 GiB needed.*BIBIND_CACHE/);
    assert.deepEqual(told({ freeDiskBytes: 14 * gibibyte, isCacheFilled: true }), []);
    assert.match(told({ freeDiskBytes: 2 * gibibyte, isCacheFilled: true })[0] ?? "", /3\.0 GiB needed/);
  });

  it("asks for 8 GiB of memory", () => {
    assert.match(told({ totalMemoryBytes: 6 * gibibyte })[0] ?? "", /6\.0 GiB fitted, 8 GiB needed/);
    assert.deepEqual(told({ totalMemoryBytes: 7.7 * gibibyte }), []);
  });

  it("names the ability that the kernel lacks", () => {
    const found = told({ missingAbilities: { "network bridges": "Operation not permitted" } });
    assert.match(found[0] ?? "", /refuses network bridges: Operation not permitted.*--privileged/);
  });

  it("refuses an address of its network on an interface of somebody else, once", () => {
    const found = told({ links: [link("docker0", "172.30.0.9")], routes: [{ dst: "172.30.0.0/24", dev: "docker0" }] });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /address 172\.30\.0\.9 .*in use \| interface docker0/);
  });

  it("refuses a route of somebody else to addresses that it needs", () => {
    const found = told({ routes: [{ dst: "10.152.0.0/16", gateway: "192.0.2.9", dev: "eth0" }] });
    assert.match(found[0] ?? "", /route to 10\.152\.0\.0\/16 .*10\.152\.183\.0\/24.*ip route delete 10\.152\.0\.0\/16/);
  });

  it("refuses an interface of somebody else that has its name", () => {
    assert.match(told({ links: [link("bibind0", "198.51.100.1")] })[0] ?? "", /named bibind0 .* not the sandbox's/);
  });

  it("tells all problems at once", () => {
    assert.throws(
      () => refuseProblems(problems({ ...good, uid: 1, freeDiskBytes: 0 }, spec)),
      (error) =>
        error instanceof OperatorError && /takes root/.test(error.message) && /too little disk/.test(error.message),
    );
    assert.doesNotThrow(() => refuseProblems([]));
  });
});
