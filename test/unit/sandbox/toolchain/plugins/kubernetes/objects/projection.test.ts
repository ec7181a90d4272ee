import assert from "node:assert/strict";
import { projected } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/projection.ts";

const server = (image: string, extra: object = {}) => ({
  spec: {
    replicas: 1,
    paused: false,
    template: {
      containers: [{ name: "web", image, resources: { cpu: "1" }, ports: [{ containerPort: 80, protocol: "TCP" }] }],
    },
    ...extra,
  },
});
const inputs = {
  spec: {
    tty: false,
    template: {
      containers: [{ name: "web", image: "1", resources: { cpu: "1000m" }, ports: [{ containerPort: 80 }] }],
    },
  },
};

describe("the projection of a live object onto the inputs", () => {
  it("keeps the program's notation when nothing was changed by hand", () => {
    assert.deepEqual(projected(inputs, server("1"), server("1")), inputs);
  });

  it("ignores fields and items of other programs", () => {
    const injected = server("1", { nodeName: "n" });
    assert.deepEqual(projected(inputs, injected, injected), inputs);
  });

  it("shows only the field that was changed by hand", () => {
    const container = { name: "web", image: "2", resources: { cpu: "1000m" }, ports: [{ containerPort: 80 }] };
    assert.deepEqual(projected(inputs, server("1"), server("2")), {
      spec: { tty: false, template: { containers: [container] } },
    });
  });

  it("omits a member that was removed by hand", () => {
    const given = { data: { a: "1", b: "2" } };
    assert.deepEqual(projected(given, given, { data: { a: "1" } }), { data: { a: "1" } });
  });

  it("matches items by their keys when the order differs", () => {
    const given = {
      env: [
        { name: "a", value: "1" },
        { name: "b", value: "2" },
      ],
    };
    const live = {
      env: [
        { name: "b", value: "2" },
        { name: "a", value: "9" },
      ],
    };
    assert.deepEqual(projected(given, given, live), {
      env: [
        { name: "a", value: "9" },
        { name: "b", value: "2" },
      ],
    });
  });

  it("shows the live list when its items have no keys", () => {
    assert.deepEqual(projected({ args: ["a"] }, { args: ["a"] }, { args: ["a", "b"] }), { args: ["a", "b"] });
  });

  it("treats a field that the server omits as its zero value", () => {
    const given = { spec: { hostNetwork: false, list: [] } };
    assert.deepEqual(projected(given, given, { spec: {} }), given);
  });
});
