import assert from "node:assert/strict";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { deployedLayers, platformSchema } from "../../../../stacks/settings/platform-settings.ts";

const settings = z.strictObject({ size: z.int().default(1) });
const layers = [
  { name: "foundation", needs: [], settings },
  { name: "iam", needs: ["foundation"], settings },
  { name: "delivery", needs: ["foundation", "iam"], settings },
];

/** What is wrong with the platform's own settings. */
function problems(values: Record<string, unknown>): string[] {
  try {
    loadSettings({ file: "Pulumi.test.yaml", values }, layers);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    return error.parts.what
      .split("\n  ")
      .slice(1)
      .map((line) => line.replace(" (Pulumi.test.yaml)", ""));
  }
  return [];
}

describe("the deployed layers", () => {
  it("are those that the settings name, in the order of the platform", () => {
    assert.deepEqual(deployedLayers({ layers: ["delivery", "foundation"] }, layers), ["foundation", "delivery"]);
  });

  it("leave out what is no layer of the program", () => {
    assert.deepEqual(deployedLayers({ layers: ["iam", "jimm", 7] }, layers), ["iam"]);
    assert.deepEqual(deployedLayers({ layers: "iam" }, layers), []);
    assert.deepEqual(deployedLayers(undefined, layers), []);
  });
});

describe("the setting bibind:layers", () => {
  it("is required and is a list", () => {
    assert.deepEqual(problems({}), ["bibind:layers: missing; expected a list with any of foundation, iam, delivery"]);
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
      "bibind:upstream: missing; name the stack that deploys foundation, or add that to layers",
    ]);
  });

  it("is missing for several layers: the message names each once", () => {
    assert.deepEqual(problems({ layers: ["delivery"] }), [
      "bibind:upstream: missing; name the stack that deploys foundation and iam, or add that to layers",
    ]);
    assert.deepEqual(problems({ layers: ["iam", "delivery"] }), [
      "bibind:upstream: missing; name the stack that deploys foundation, or add that to layers",
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

describe("the schema of the platform", () => {
  it("asks for no settings of a layer, because the stack may not deploy it", () => {
    assert.equal(platformSchema(layers).safeParse({ layers: ["foundation"] }).success, true);
  });
});
