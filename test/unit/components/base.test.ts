import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../../../components/base.ts";
import { record } from "../../support/mocks.ts";

class Leaf extends pulumi.CustomResource {
  constructor(name: string, opts: pulumi.CustomResourceOptions = {}) {
    super("test:index:Leaf", name, {}, opts);
  }
}

/** Names and options of a component's children. */
interface Below {
  readonly inner: string;
  readonly leaf: string;
  readonly leafOptions?: pulumi.CustomResourceOptions;
  readonly required?: readonly pulumi.Resource[];
}

class Inner extends BibindComponent {
  constructor(name: string, { leaf, leafOptions }: Below, opts: pulumi.ComponentResourceOptions) {
    super("bibind:test:Inner", name, opts);
    new Leaf(leaf, { ...leafOptions, parent: this });
    this.registerOutputs({});
  }
}

class Outer extends BibindComponent {
  constructor(name: string, below: Below, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:test:Outer", name, opts, ...(below.required ?? []));
    new Inner(below.inner, below, { parent: this });
    this.registerOutputs({});
  }
}

const below: Below = { inner: "site-service", leaf: "site-service-port" };

describe("BibindComponent", () => {
  it("accepts children whose names start with its own, at every depth", async () => {
    const recording = await record(() => new Outer("site", below));
    assert.deepEqual(
      recording.resources.map(({ type, name, parent }) => [type, name, parent]),
      [
        ["bibind:test:Outer", "site", undefined],
        ["bibind:test:Inner", "site-service", "site"],
        ["test:index:Leaf", "site-service-port", "site-service"],
      ],
    );
  });

  it("refuses a child with another name, and says how the name must start", async () => {
    await assert.rejects(
      record(() => new Outer("site", { ...below, inner: "page" })),
      /bibind:test:Inner "page" is a child of bibind:test:Outer "site": its name must start with "site-"/,
    );
  });

  it("refuses a grandchild with another name", async () => {
    await assert.rejects(
      record(() => new Outer("site", { ...below, leaf: "port" })),
      /test:index:Leaf "port" is a child of/,
    );
  });

  it("refuses a child whose name has the same first letters, but no dash after them", async () => {
    await assert.rejects(
      record(() => new Outer("site", { ...below, inner: "sitemap" })),
      /its name must start with "site-"/,
    );
  });

  it("keeps the transformations that its caller asks for", async () => {
    const seen: string[] = [];
    const transformation: pulumi.ResourceTransformation = ({ name }) => {
      seen.push(name);
      return undefined;
    };
    await record(() => new Outer("site", below, { transformations: [transformation] }));
    assert.deepEqual(seen, ["site", "site-service", "site-service-port"]);
  });
});

describe("the order of a BibindComponent", () => {
  /** Dependencies of the component, its child and its grandchild. */
  async function dependencies(program: () => unknown): Promise<(readonly string[])[]> {
    const recording = await record(program);
    return ["site", below.inner, below.leaf].map((name) => recording.named(name).dependsOn.toSorted());
  }

  it("says that a component and all its children, at every depth, depend on what the caller gives in dependsOn", async () => {
    const found = await dependencies(() => {
      const [one, two] = [new Leaf("one"), new Leaf("two")];
      return [new Outer("site", below, { dependsOn: one }), two];
    });
    assert.deepEqual(found, [["one"], ["one"], ["one"]]);
  });

  it("says so for the resources that the component itself requires", async () => {
    const found = await dependencies(() => new Outer("site", { ...below, required: [new Leaf("secret")] }));
    assert.deepEqual(found, [["secret"], ["secret"], ["secret"]]);
  });

  it("adds the required resources to the caller's, whether that is one, a list or an output", async () => {
    const given: readonly ((leaf: Leaf) => pulumi.ResourceOptions["dependsOn"])[] = [
      (leaf) => leaf,
      (leaf) => [leaf],
      (leaf) => pulumi.output([leaf]),
    ];
    for (const dependsOn of given) {
      const found = await dependencies(() => {
        const required = [new Leaf("secret")];
        return new Outer("site", { ...below, required }, { dependsOn: dependsOn(new Leaf("model")) });
      });
      assert.deepEqual(found, Array(3).fill(["model", "secret"]));
    }
  });

  it("keeps the dependencies of a child", async () => {
    const found = await dependencies(() => {
      const leafOptions = { dependsOn: [new Leaf("own")] };
      return new Outer("site", { ...below, leafOptions }, { dependsOn: [new Leaf("model")] });
    });
    assert.deepEqual(found, [["model"], ["model"], ["model", "own"]]);
  });

  it("adds nothing to a component without dependsOn", async () => {
    assert.deepEqual(await dependencies(() => [new Leaf("other"), new Outer("site", below)]), [[], [], []]);
  });

  it("does not reach resources beside the component", async () => {
    const recording = await record(() => {
      new Outer("site", below, { dependsOn: [new Leaf("model")] });
      return new Outer("other", { inner: "other-service", leaf: "other-service-port" });
    });
    assert.deepEqual(recording.named("other-service-port").dependsOn, []);
  });
});
