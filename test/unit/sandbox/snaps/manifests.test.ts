import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { recipes } from "../../../../sandbox/images/recipes.ts";
import { microk8sFolder } from "./microk8s.ts";

const addons = join(microk8sFolder, "content", "addons");
const addonSchema = z.object({
  description: z.string(),
  version: z.string(),
  check: z.string().startsWith("/api").optional(),
  manifests: z.array(z.string()).default([]),
  probe: z.string().optional(),
});

/** Manifests that the build generates from the modules of cert-manager and Traefik. */
const builtManifests = ["cert-manager.yaml", "definitions.yaml"];

async function manifests(): Promise<{ addon: string; name: string; text: string }[]> {
  const found = [];
  for (const addon of await readdir(addons)) {
    const { manifests, probe } = addonSchema.parse(
      JSON.parse(await readFile(join(addons, addon, "addon.json"), "utf8")),
    );
    for (const name of [...manifests, ...(probe === undefined ? [] : [probe])]) {
      if (!builtManifests.includes(name)) {
        found.push({ addon, name, text: await readFile(join(addons, addon, name), "utf8") });
      }
    }
  }
  return found;
}

describe("the addons' manifests", () => {
  it("all exist and are valid YAML", async () => {
    const all = await manifests();
    assert.ok(all.length >= 6);
    for (const { addon, name, text } of all) {
      for (const document of parseAllDocuments(text)) {
        assert.deepEqual(document.errors, [], `${addon}/${name}`);
      }
    }
  });

  it("use only images that the sandbox builds", async () => {
    const built = new Set<string>(Object.values(recipes).map((recipe) => recipe.reference));
    for (const { addon, name, text } of await manifests()) {
      for (const [, image = ""] of text.matchAll(/image[:=] ?"?([a-z0-9./-]+:[A-Za-z0-9.-]+)/g)) {
        assert.ok(built.has(image), `${addon}/${name} uses ${image}`);
      }
    }
  });

  it("have only placeholders that get a value", async () => {
    const known = ["CLUSTER_DOMAIN", "DEFAULT_CERTIFICATE", "DNS_ADDRESS", "FORWARD", "NODE_ADDRESS", "VOLUMES"];
    for (const { addon, name, text } of await manifests()) {
      for (const [, parameter = ""] of text.matchAll(/__([A-Z_]+)__/g)) {
        assert.ok(known.includes(parameter), `${addon}/${name}: ${parameter}`);
      }
    }
  });
});
