import assert from "node:assert/strict";
import {
  automaticName,
  fieldManager,
  isAutonamed,
  withName,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/naming.ts";

const seed = new Uint8Array([1, 2, 3]);

describe("kubernetes naming", () => {
  it("generates a name from the logical name and eight hexadecimal digits of the seed", () => {
    assert.match(automaticName("web", seed), /^web-[0-9a-f]{8}$/);
    assert.equal(automaticName("web", seed), automaticName("web", seed));
    assert.notEqual(automaticName("web", seed), automaticName("web", new Uint8Array([4])));
  });

  it("replaces characters that Kubernetes does not allow with dashes, and limits the length", () => {
    assert.match(automaticName("My_Web App", seed), /^my-web-app-[0-9a-f]{8}$/);
    assert.equal(automaticName("x".repeat(100), seed).length, 63);
    assert.match(automaticName("___", seed), /^[a-z]/);
  });

  it("keeps a name of the program and adds no annotation", () => {
    const object = { metadata: { name: "fixed" } };
    assert.deepEqual(withName(object, {}, "web", seed), object);
  });

  it("marks a generated name and keeps it in later versions", () => {
    const first = withName({ metadata: { labels: { a: "b" } } }, {}, "web", seed);
    assert.equal(isAutonamed(first), true);
    const again = withName({ metadata: { labels: { a: "c" } } }, first, "web", new Uint8Array([9]));
    assert.deepEqual(again.metadata, { ...Object(first.metadata), labels: { a: "c" } });
  });

  it("generates a name when the program removes its own", () => {
    const named = withName({}, { metadata: { name: "fixed" } }, "web", seed);
    assert.match(JSON.stringify(named), /"name":"web-[0-9a-f]{8}"/);
  });

  it("gives each resource its own field manager", () => {
    assert.equal(fieldManager("urn:a"), fieldManager("urn:a"));
    assert.notEqual(fieldManager("urn:a"), fieldManager("urn:b"));
  });
});
