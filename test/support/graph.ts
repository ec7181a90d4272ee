import { createHash } from "node:crypto";
import { isSecret, type RecordedResource } from "./mocks.ts";

/** A resource as a golden file keeps it. */
export interface GraphNode {
  readonly type: string;
  readonly name: string;
  readonly parent?: string | undefined;
  readonly dependsOn?: readonly string[] | undefined;
  readonly inputs: unknown;
}

function redacted(value: unknown): unknown {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map(redacted);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, redacted(inner)]));
  }
  return multiline(value);
}

const longestText = 400;

/** A short text reads better in a diff line by line; a script is reviewed where it is written, here only that it changed. */
function multiline(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  if (value.length > longestText) {
    return `[${value.length} characters, sha256 ${createHash("sha256").update(value).digest("hex").slice(0, 16)}]`;
  }
  return value.includes("\n") ? value.split("\n") : value;
}

/** The graph of a program as text that diffs well: sorted, secrets redacted. */
export function graphText(resources: readonly RecordedResource[]): string {
  const nodes = resources
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map(({ type, name, parent, dependsOn, inputs }): GraphNode => ({
      type,
      name,
      parent,
      dependsOn: dependsOn.length === 0 ? undefined : [...dependsOn].sort(),
      inputs: redacted(inputs),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return `${JSON.stringify(nodes, undefined, 1)}\n`;
}
