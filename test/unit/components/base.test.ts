import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../../../components/base.ts";
import { record } from "../../support/mocks.ts";

class Leaf extends pulumi.CustomResource {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    super("test:index:Leaf", name, {}, opts);
  }
}

class Inner extends BibindComponent {
  constructor(name: string, leaf: string, opts: pulumi.ComponentResourceOptions) {
    super("bibind:test:Inner", name, opts);
    new Leaf(leaf, { parent: this });
    this.registerOutputs({});
  }
}

class Outer extends BibindComponent {
  constructor(name: string, inner: string, leaf: string, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:test:Outer", name, opts);
    new Inner(inner, leaf, { parent: this });
    this.registerOutputs({});
  }
}

describe("BibindComponent", () => {
  it("takes children whose names start with its own, at every depth", async () => {
    const recording = await record(() => new Outer("door", "door-lock", "door-lock-key"));
    assert.deepEqual(
      recording.resources.map(({ type, name, parent }) => [type, name, parent]),
      [
        ["bibind:test:Outer", "door", undefined],
        ["bibind:test:Inner", "door-lock", "door"],
        ["test:index:Leaf", "door-lock-key", "door-lock"],
      ],
    );
  });

  it("refuses a child that is named otherwise, and says how it must begin", async () => {
    await assert.rejects(
      record(() => new Outer("door", "window", "window-key")),
      /bibind:test:Inner "window" is a child of bibind:test:Outer "door": its name must start with "door-"/,
    );
  });

  it("refuses a grandchild that is named otherwise", async () => {
    await assert.rejects(
      record(() => new Outer("door", "door-lock", "key")),
      /test:index:Leaf "key" is a child of/,
    );
  });

  it("does not take a name that only looks like its own for a child's", async () => {
    await assert.rejects(
      record(() => new Outer("door", "doorway", "doorway-key")),
      /its name must start with "door-"/,
    );
  });

  it("keeps the transformations that its caller asks for", async () => {
    const seen: string[] = [];
    const transformation: pulumi.ResourceTransformation = ({ name }) => {
      seen.push(name);
      return undefined;
    };
    await record(() => new Outer("door", "door-lock", "door-lock-key", { transformations: [transformation] }));
    assert.deepEqual(seen, ["door", "door-lock", "door-lock-key"]);
  });
});
