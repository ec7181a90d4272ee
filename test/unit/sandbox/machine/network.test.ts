import assert from "node:assert/strict";
import {
  interfaceAlias,
  overlaps,
  attachCommands,
  detachCommands,
  type Link,
} from "../../../../sandbox/machine/network.ts";
import { sandboxHost } from "../../../../sandbox/machine/spec.ts";

const spec = sandboxHost([], { snaps: "/snaps", charts: "/charts", mail: "/mail", files: [] });
const bridge: Link = {
  ifname: "bibind0",
  ifalias: interfaceAlias,
  flags: ["UP"],
  addr_info: [{ family: "inet", local: "172.30.0.1", prefixlen: 24 }],
};
const port: Link = { ifname: "bibind-host", ifalias: interfaceAlias, master: "bibind0", flags: ["UP"], addr_info: [] };
const route = { dst: "10.152.183.0/24", gateway: "172.30.0.2", dev: "bibind0" };

describe("attaching a machine to the network", () => {
  it("creates the bridge, the port and the routes when none exists", () => {
    assert.deepEqual(
      attachCommands(spec, 42, [], []).map((command) => command.join(" ")),
      [
        "link add bibind0 type bridge",
        "link set bibind0 alias bibind sandbox",
        "address add 172.30.0.1/24 dev bibind0",
        "link set bibind0 up",
        "link add bibind-host type veth peer name eth0 netns 42",
        "link set bibind-host alias bibind sandbox",
        "link set bibind-host master bibind0",
        "link set bibind-host up",
        "route add 10.152.183.0/24 via 172.30.0.2",
      ],
    );
  });

  it("does nothing when all of them exist", () => {
    assert.deepEqual(attachCommands(spec, 42, [bridge, port], [route]), []);
  });

  it("completes an attachment that was killed in the middle", () => {
    const half: Link = { ifname: "bibind-host", flags: [], addr_info: [] };
    assert.deepEqual(
      attachCommands(spec, 42, [bridge, half], []).map(([object, , name, what]) => [object, name, what].join(" ")),
      ["link bibind-host alias", "link bibind-host master", "link bibind-host up", "route 10.152.183.0/24 via"],
    );
  });
});

describe("detaching a machine from the network", () => {
  it("removes the route and the port, and the bridge of the last machine", () => {
    assert.deepEqual(detachCommands(spec, [bridge, port], [route]), [
      ["route", "delete", "10.152.183.0/24", "via", "172.30.0.2"],
      ["link", "delete", "bibind-host"],
      ["link", "delete", "bibind0"],
    ]);
  });

  it("keeps the bridge while another machine uses it", () => {
    const other = { ...port, ifname: "bibind-cloud" };
    assert.deepEqual(detachCommands(spec, [bridge, port, other], []), [["link", "delete", "bibind-host"]]);
  });

  it("keeps interfaces and routes that do not belong to the sandbox", () => {
    const foreignLink: Link = { ...bridge, ifalias: "someone" };
    const foreignRoute = { ...route, gateway: "192.0.2.1" };
    assert.deepEqual(detachCommands(spec, [foreignLink], [foreignRoute]), []);
    assert.deepEqual(detachCommands(spec, [], []), []);
  });

  it("removes an interface without an alias, which an attachment leaves when it is killed", () => {
    const withoutAlias: Link = { ifname: "bibind0", flags: [], addr_info: [] };
    assert.deepEqual(detachCommands(spec, [withoutAlias], []), [["link", "delete", "bibind0"]]);
  });
});

describe("two address ranges", () => {
  it("overlap when they share an address", () => {
    assert.ok(overlaps("172.30.0.1/24", "172.30.0.128/25"));
    assert.ok(overlaps("172.30.0.77", "172.30.0.0/24"));
    assert.ok(overlaps("172.16.0.0/12", "172.30.0.0/24"));
    assert.ok(!overlaps("172.30.1.0/24", "172.30.0.0/24"));
    assert.ok(!overlaps("192.0.2.2", "172.30.0.0/24"));
  });
});
