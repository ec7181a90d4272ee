import { createHash } from "node:crypto";
import { format } from "prettier";
import { isSecret, type RecordedResource } from "./mocks.ts";

/** A resource in a golden file. */
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

/** Splits a short text into lines, for a readable diff. Replaces a long text by its hash: reviewers read its source. */
function multiline(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  if (value.length > longestText) {
    return `[${value.length} characters, sha256 ${createHash("sha256").update(value).digest("hex").slice(0, 16)}]`;
  }
  return value.includes("\n") ? value.split("\n") : value;
}

/** The dependencies of a resource without those of its parent: a child depends on everything that its parent depends on. */
function ownDependencies(resource: RecordedResource, resources: readonly RecordedResource[]): string[] | undefined {
  const parent = resources.find(({ name, custom }) => name === resource.parent && !custom);
  const own = resource.dependsOn.filter((name) => parent?.dependsOn.includes(name) !== true);
  return own.length === 0 ? undefined : [...new Set(own)].sort();
}

/** The graph of a program as text for reviewers: sorted, compact, without secrets. */
export async function graphText(resources: readonly RecordedResource[]): Promise<string> {
  const nodes = resources
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map((resource): GraphNode => ({
      type: resource.type,
      name: resource.name,
      parent: resource.parent,
      dependsOn: ownDependencies(resource, resources),
      inputs: redacted(resource.inputs),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return format(JSON.stringify(nodes), { parser: "json", printWidth: 120, objectWrap: "collapse" });
}
