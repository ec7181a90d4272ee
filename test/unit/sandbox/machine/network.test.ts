import assert from "node:assert/strict";
import {
  interfaceAlias,
  overlaps,
  plugCommands,
  unplugCommands,
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

describe("plugging a machine in", () => {
  it("makes bridge, port and routes where nothing is", () => {
    assert.deepEqual(
      plugCommands(spec, 42, [], []).map((command) => command.join(" ")),
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

  it("does nothing where all is", () => {
    assert.deepEqual(plugCommands(spec, 42, [bridge, port], [route]), []);
  });

  it("goes on where it was killed", () => {
    const half: Link = { ifname: "bibind-host", flags: [], addr_info: [] };
    assert.deepEqual(
      plugCommands(spec, 42, [bridge, half], []).map(([object, , name, what]) => [object, name, what].join(" ")),
      ["link bibind-host alias", "link bibind-host master", "link bibind-host up", "route 10.152.183.0/24 via"],
    );
  });
});

describe("unplugging a machine", () => {
  it("removes what was made, and the bridge with its last machine", () => {
    assert.deepEqual(unplugCommands(spec, [bridge, port], [route]), [
      ["route", "delete", "10.152.183.0/24", "via", "172.30.0.2"],
      ["link", "delete", "bibind-host"],
      ["link", "delete", "bibind0"],
    ]);
  });

  it("keeps the bridge for another machine", () => {
    const other = { ...port, ifname: "bibind-cloud" };
    assert.deepEqual(unplugCommands(spec, [bridge, port, other], []), [["link", "delete", "bibind-host"]]);
  });

  it("leaves interfaces and routes of others alone", () => {
    const stranger: Link = { ...bridge, ifalias: "someone" };
    const elsewhere = { ...route, gateway: "192.0.2.1" };
    assert.deepEqual(unplugCommands(spec, [stranger], [elsewhere]), []);
    assert.deepEqual(unplugCommands(spec, [], []), []);
  });

  it("removes an interface that was being made when we were killed", () => {
    const unmarked: Link = { ifname: "bibind0", flags: [], addr_info: [] };
    assert.deepEqual(unplugCommands(spec, [unmarked], []), [["link", "delete", "bibind0"]]);
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
