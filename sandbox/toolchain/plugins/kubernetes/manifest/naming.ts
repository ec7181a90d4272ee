import { createHash } from "node:crypto";
import { at, isObject, objectAt, textAt, type JsonObject } from "./json.ts";

/** Marks names that were made up here, so that a replacement may take a new one. */
export const AUTONAMED = "pulumi.com/autonamed";

const SUFFIX_LENGTH = 8;

/** `<base>-<8 hexadecimal digits>`; the digits come from the engine's seed, so a preview and its update agree. */
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

/** Gives the object the name of its previous state when that one was automatic, else a new one; a fixed name stays. */
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

/** Owner name in the objects' managed fields: stable for one resource, so a run after a kill knows its own objects. */
export function fieldManager(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}
