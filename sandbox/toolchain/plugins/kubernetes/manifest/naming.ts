import { createHash } from "node:crypto";
import { at, isObject, objectAt, textAt, type JsonObject } from "./json.ts";

/** Annotation of an object with a generated name. Its replacement gets another name. */
export const AUTONAMED = "pulumi.com/autonamed";

const SUFFIX_LENGTH = 8;

/** `<base>-<8 hexadecimal digits>`. The digits come from the engine's seed, so a preview and its update agree. */
export function automaticName(base: string, randomSeed: Uint8Array, maximum = 63): string {
  const suffix = createHash("sha256").update(base).update(randomSeed).digest("hex").slice(0, SUFFIX_LENGTH);
  const stem = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "-")
    .slice(0, maximum - SUFFIX_LENGTH - 1)
    .replace(/[.-]+$/, "");
  return `${stem === "" ? "x" : stem}-${suffix}`;
}

export function isAutonamed(object: JsonObject): boolean {
  return textAt(object, "metadata", "annotations", AUTONAMED) === "true";
}

/** The object with a name: its own, else the generated name of its previous state, else a new generated name. */
export function withName(object: JsonObject, previous: JsonObject, base: string, randomSeed: Uint8Array): JsonObject {
  const metadata = objectAt(object, "metadata");
  if (typeof metadata.name === "string" && metadata.name !== "") {
    return object;
  }
  const kept = isAutonamed(previous) ? textAt(previous, "metadata", "name") : undefined;
  const annotations = at(metadata, "annotations");
  return {
    ...object,
    metadata: {
      ...metadata,
      name: kept ?? automaticName(base, randomSeed),
      annotations: { ...(isObject(annotations) ? annotations : {}), [AUTONAMED]: "true" },
    },
  };
}

/** Field manager of a resource. It never changes, so a run recognises the objects of an earlier, killed run. */
export function fieldManager(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}
