import * as pulumi from "@pulumi/pulumi";
import { isSecret, secretValue, type RecordedResource } from "./mocks.ts";

/** Inputs that contain a name. An unknown name appears as a replacement in a preview. */
const naming = new Set(["metadata", "name", "namespace", "secretName"]);

function unknownBelow(value: unknown, path: readonly string[]): string[] {
  if (pulumi.isUnknown(value)) {
    return naming.has(path.at(-1) ?? "") ? [path.join(".")] : [];
  }
  if (isSecret(value)) {
    return unknownBelow(secretValue(value), path);
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => unknownBelow(inner, [...path, key]))
    : [];
}

/** Paths of the unknown names among the inputs. Each path begins with the logical name of its resource. */
export function unknownNames(resources: readonly RecordedResource[]): string[] {
  return resources.flatMap(({ name, inputs }) => unknownBelow(inputs, [name]));
}
