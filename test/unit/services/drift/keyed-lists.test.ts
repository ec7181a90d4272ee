import assert from "node:assert/strict";
import { indexOfItem, listKey } from "../../../../services/drift/keyed-lists.ts";

describe("the key of a list's items", () => {
  it("is a name that every item has", () => {
    assert.deepEqual(listKey([{ name: "web" }], [{ name: "other" }, { name: "web" }]), ["name"]);
  });

  it("tells two mounts of the same volume apart", () => {
    const mounts = [
      { name: "data", mountPath: "/a" },
      { name: "data", mountPath: "/b" },
    ];
    assert.deepEqual(listKey(mounts, mounts), ["mountPath"]);
  });

  it("is not one that two items share", () => {
    assert.equal(listKey([{ name: "same" }, { name: "same" }]), undefined);
  });

  it("does not exist for texts", () => {
    assert.equal(listKey(["a"], ["a"]), undefined);
  });

  it("finds a port without a protocol, which is a TCP port", () => {
    const ports = [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ];
    assert.equal(indexOfItem(ports, { port: 53 }, ["port", "protocol"]), 1);
  });
});
