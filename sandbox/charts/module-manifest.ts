import { parseAllDocuments, stringify } from "yaml";
import { z } from "zod";

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
});

type KubernetesObject = z.infer<typeof objectSchema>;

/** The parts of CloudNativePG's install manifest that our chart contains, by file name in `module/`. */
export type ModuleFiles = Readonly<
  Record<"crds.yaml" | "rules.yaml" | "monitoring.yaml" | "mutating-webhooks.yaml" | "validating-webhooks.yaml", string>
>;

function partOf(objects: readonly KubernetesObject[], kind: string, name: string, key: string): unknown {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found?.[key] === undefined) {
    throw new Error(`the manifest has no ${key} of ${kind} ${name}`);
  }
  return found[key];
}

/** The published chart keeps its definitions when it is removed: without them, Kubernetes deletes every database. */
function kept({ metadata, ...definition }: KubernetesObject): KubernetesObject {
  const annotations = { ...metadata.annotations, "helm.sh/resource-policy": "keep" };
  return { ...definition, metadata: { ...metadata, annotations } };
}

/**
 * Splits CloudNativePG's install manifest (its module's `releases/cnpg-VERSION.yaml`) into what the chart needs.
 *
 * @throws Error when the manifest lacks one of the parts
 */
export function splitManifest(manifest: string): ModuleFiles {
  const objects = parseAllDocuments(manifest)
    .map((document) => objectSchema.nullable().parse(document.toJS()))
    .filter((object) => object !== null);
  const crds = objects.filter((object) => object.kind === "CustomResourceDefinition");
  if (crds.length === 0) {
    throw new Error("the manifest has no CustomResourceDefinition");
  }
  const webhooks = (kind: "Mutating" | "Validating"): unknown =>
    partOf(objects, `${kind}WebhookConfiguration`, `cnpg-${kind.toLowerCase()}-webhook-configuration`, "webhooks");
  const text = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return {
    "crds.yaml": crds.map(kept).map(text).join("---\n"),
    "rules.yaml": text(partOf(objects, "ClusterRole", "cnpg-manager", "rules")),
    "monitoring.yaml": text(partOf(objects, "ConfigMap", "cnpg-default-monitoring", "data")),
    "mutating-webhooks.yaml": text(webhooks("Mutating")),
    "validating-webhooks.yaml": text(webhooks("Validating")),
  };
}
