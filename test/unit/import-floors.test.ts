import assert from "node:assert/strict";
import { betweenFolders, importsOf, refuseCircles, type ImportGraph } from "../support/import-graph.ts";

/**
 * Floors of the product, low to high. A file or a folder imports from lower floors only. `*` stands for the folders that
 * have no floor of their own.
 */
const floors: readonly (readonly string[])[] = [
  ["components/errors"],
  ["components/base.ts", "components/names.ts"],
  ["components/host"],
  ["components/cluster"],
  ["components/kubernetes"],
  ["components/postgres"],
  ["components/vault"],
  ["components/access"],
  ["components/identity", "components/*"],
  ["stacks/contract.ts", "stacks/data-protection.ts", "stacks/map", "stacks/settings", "stacks/versions.ts"],
  ["stacks/layer.ts"],
  ["stacks/foundation"],
  ["stacks/access"],
  ["stacks/iam"],
  ["stacks/*"],
  ["stacks/layers.ts"],
  ["stacks/platform.ts"],
];

/** Files of a service whose checks the settings and components share. They import nothing of the product, so they are below it. */
const shared = new Set([
  "services/identity/clients/custom-resource.ts",
  "services/identity/clients/redirect-uri.ts",
  "services/identity/email-address.ts",
  "services/identity/visible-text.ts",
]);

/** What has a floor: a folder of `components/` or `stacks/` with everything in it, or a file beside these folders. */
function unitOf(file: string): string {
  return /^(components|stacks)\//.test(file) ? file.split("/").slice(0, 2).join("/") : file;
}

/** Number of the floor; undefined for a file that must have one of its own, and outside of the product. */
function floorOf(unit: string): number | undefined {
  const [top = ""] = unit.split("/");
  const own = floors.findIndex((floor) => floor.includes(unit));
  const found = own === -1 && !unit.endsWith(".ts") ? floors.findIndex((floor) => floor.includes(`${top}/*`)) : own;
  return found === -1 ? undefined : found;
}

/** Imports that are not allowed, as sentences. */
function faults(files: ImportGraph): string[] {
  return [...betweenFolders(files, unitOf)].flatMap(([unit, imported]) => {
    const floor = floorOf(unit);
    if (floor === undefined) {
      return [`${unit} has no floor`];
    }
    return [...imported]
      .filter((other) => !shared.has(other))
      .filter((other) => (floorOf(other) ?? Infinity) >= floor)
      .map((other) => `${unit} imports ${other}, which is not on a lower floor`);
  });
}

const product = async (): Promise<ImportGraph> =>
  new Map([...(await importsOf("components")), ...(await importsOf("stacks"))]);

describe("imports in components and stacks", () => {
  it("go to lower floors only", async () => {
    assert.deepEqual(faults(await product()), []);
  });

  it("make no circle between files", async () => {
    refuseCircles(await product());
  });

  it("reach files of a service that import nothing of the product", async () => {
    for (const [file, imported] of await importsOf("services/identity")) {
      assert(!shared.has(file) || [...imported].every((other) => shared.has(other)), file);
    }
  });
});

describe("the floors of components and stacks", () => {
  const faultsOf = (file: string, imported: string): string[] => faults(new Map([[file, new Set([imported])]]));

  for (const [file, imported] of [
    ["components/vault/server.ts", "components/access/app-identity.ts"],
    ["components/kubernetes/model.ts", "components/identity/keys.ts"],
    ["components/kubernetes/model.ts", "components/odoo/odoo.ts"],
    ["components/access/destination.ts", "stacks/versions.ts"],
    ["stacks/access/access.ts", "stacks/iam/contract.ts"],
    ["stacks/iam/index.ts", "stacks/delivery/contract.ts"],
    ["stacks/layer.ts", "stacks/layers.ts"],
    ["stacks/delivery/index.ts", "stacks/automate/contract.ts"],
    ["components/host/host.ts", "sandbox/machine/spec.ts"],
    ["components/vault/init.ts", "services/identity/vault-init/config.ts"],
    ["stacks/contract.ts", "test/support/mocks.ts"],
  ] as const) {
    it(`refuse that ${file} imports ${imported}`, () => {
      const [fault, ...others] = faultsOf(file, imported);
      assert.match(fault ?? "", /imports .* is not on a lower floor/);
      assert.deepEqual(others, []);
    });
  }

  for (const [file, imported] of [
    ["components/vault/policies/policy.ts", "components/vault/mounts.ts"],
    ["components/identity/hydra.ts", "components/access/synced-secret.ts"],
    ["components/odoo/odoo.ts", "components/access/synced-secret.ts"],
    ["stacks/map/relation.ts", "components/access/application-keys.ts"],
    ["stacks/delivery/index.ts", "stacks/iam/layer-access.ts"],
    ["components/access/oauth-client.ts", "services/identity/clients/custom-resource.ts"],
  ] as const) {
    it(`allow that ${file} imports ${imported}`, () => {
      assert.deepEqual(faultsOf(file, imported), []);
    });
  }

  it("include every file and folder", () => {
    assert.deepEqual(faultsOf("stacks/outputs.ts", "components/base.ts"), ["stacks/outputs.ts has no floor"]);
  });
});
