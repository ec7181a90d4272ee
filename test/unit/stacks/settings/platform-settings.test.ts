import assert from "node:assert/strict";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { LayerSettings } from "../../../../stacks/settings/deployed-layers.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { platformSchema } from "../../../../stacks/settings/platform-settings.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { hostName } from "../../../../stacks/settings/values.ts";

const settings = z.strictObject({ size: z.int().default(1) });
const layers = [
  { name: "foundation", needs: [], settings },
  { name: "iam", needs: ["foundation"], settings },
  { name: "delivery", needs: ["foundation", "iam"], settings },
];

/** What is wrong with the settings of a platform with these layers. */
function problems(values: Record<string, unknown>, of: readonly LayerSettings[] = layers): string[] {
  try {
    loadSettings({ file: "Pulumi.test.yaml", values }, of);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    return error.parts.what
      .split("\n  ")
      .slice(1)
      .map((line) => line.replace(" (Pulumi.test.yaml)", ""));
  }
  return [];
}

describe("the setting bibind:layers", () => {
  it("is required and is a list", () => {
    assert.deepEqual(problems({ protectData: true }), [
      "bibind:layers: missing; expected a list with any of foundation, iam, delivery",
    ]);
    assert.deepEqual(problems({ layers: "foundation" }), [
      "bibind:layers: expected a list with any of foundation, iam, delivery, got a text",
    ]);
  });

  it("can be empty, because a stack may only export the layers of its upstream stack", () => {
    assert.deepEqual(problems({ layers: [], upstream: "ovh" }), []);
  });

  it("names no layer twice, and none that the program does not have", () => {
    assert.deepEqual(problems({ layers: ["foundation", "foundation"] }), [
      'bibind:layers: "foundation" is listed twice',
    ]);
    assert.deepEqual(problems({ layers: ["foundation", "jimm"] }), [
      'bibind:layers[1]: unsupported "jimm"; supported: foundation, iam, delivery',
    ]);
  });
});

describe("the setting bibind:upstream", () => {
  it("is not needed when the stack deploys every layer that it needs", () => {
    assert.deepEqual(problems({ layers: ["foundation", "iam", "delivery"] }), []);
    assert.deepEqual(problems({ layers: ["foundation"] }), []);
  });

  it("is missing when a layer needs one that the stack does not deploy: the message names that layer", () => {
    assert.deepEqual(problems({ layers: ["iam"] }), [
      "bibind:upstream: missing; name the stack that deploys foundation, or add it to layers",
    ]);
  });

  it("is missing for several layers: the message names each once", () => {
    assert.deepEqual(problems({ layers: ["delivery"] }), [
      "bibind:upstream: missing; name the stack that deploys foundation and iam, or add them to layers",
    ]);
    assert.deepEqual(problems({ layers: ["iam", "delivery"] }), [
      "bibind:upstream: missing; name the stack that deploys foundation, or add it to layers",
    ]);
  });

  it("is reported as missing beside the other problems", () => {
    assert.equal(problems({ layers: ["iam"], iam: { size: "x" } }).length, 2);
  });

  for (const upstream of ["ovh", "bibind/ovh", "organization/bibind/ovh"]) {
    it(`accepts ${upstream}`, () => assert.deepEqual(problems({ layers: ["iam"], upstream }), []));
  }

  for (const upstream of ["", "a/b/c/d", "the stack", "/ovh"]) {
    it(`refuses ${JSON.stringify(upstream)}`, () => {
      assert.match(problems({ layers: ["iam"], upstream }).join(), /^bibind:upstream: expected a stack name/);
    });
  }
});

describe("what a layer requires of other layers", () => {
  const demanding = {
    name: "delivery",
    needs: ["foundation"],
    settings,
    requires: (given: unknown) =>
      valueAt(given, ["foundation", "size"]) === 1
        ? [{ path: ["foundation", "size"], message: "delivery needs more than 1" }]
        : [],
  };
  const found = (values: Record<string, unknown>): string[] => problems(values, [...layers.slice(0, 2), demanding]);

  it("is checked together with the other settings, and the message names the setting of the other layer", () => {
    const values = { layers: ["foundation", "delivery"], foundation: { size: 1 }, delivery: { size: "x" } };
    assert.deepEqual(found(values), [
      'bibind:delivery.size: expected a number, got "x"',
      "bibind:foundation.size: delivery needs more than 1",
    ]);
    assert.deepEqual(found({ ...values, foundation: { size: 2 }, delivery: {} }), []);
  });

  it("does not apply to a layer that the stack does not deploy, nor to the settings of such a layer", () => {
    const foundation = { size: 1 };
    assert.deepEqual(found({ layers: ["foundation"], foundation }), []);
    assert.deepEqual(found({ layers: ["delivery"], upstream: "ovh", foundation }), []);
  });
});

describe("the host names of the layers", () => {
  it("must be distinct: the message names both settings", () => {
    const withHost = (name: string, usual: string) => ({
      name,
      needs: [],
      settings: z.strictObject({ hostName: hostName(usual) }),
    });
    const both = [withHost("foundation", "one"), withHost("iam", "two")];
    assert.deepEqual(problems({ layers: ["foundation", "iam"], iam: { hostName: "one" } }, both), [
      'bibind:iam.hostName: "one" is also the host name of bibind:foundation.hostName',
    ]);
  });
});

describe("the schema of the platform", () => {
  it("asks for no settings of a layer, because the stack may not deploy it", () => {
    assert.equal(platformSchema(layers).safeParse({ layers: ["foundation"] }).success, true);
  });
});
