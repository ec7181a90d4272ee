import { createHash } from "node:crypto";
import { format } from "prettier";
import { isSecret, type RecordedResource } from "./mocks.ts";

/** A resource in a golden file. Options that are not set are left out. */
interface GraphNode {
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly provider: string | undefined;
  readonly dependsOn: readonly string[] | undefined;
  readonly deletedWith: string | undefined;
  readonly protect: true | undefined;
  readonly retainOnDelete: true | undefined;
  readonly additionalSecretOutputs: readonly string[] | undefined;
  readonly inputs: unknown;
}

/** A copy of inputs in which each secret is replaced, and each other value by what `shown` makes of it. */
function copied(value: unknown, shown: (value: unknown) => unknown): unknown {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => copied(item, shown));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, copied(inner, shown)]));
  }
  return shown(value);
}

/** Only the scripts of the remote steps are longer. Each has its source in a file, which reviewers read. */
const longestText = 4000;

/** Shows a text by its lines, and JSON by its values, for a readable diff. Replaces a long text by its hash. */
function readable(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  if (/^\{\s*"/.test(value)) {
    return { "[JSON]": copied(JSON.parse(value), readable) };
  }
  if (value.length > longestText) {
    return `[${value.length} characters, sha256 ${createHash("sha256").update(value).digest("hex").slice(0, 16)}]`;
  }
  return value.includes("\n") ? value.split("\n") : value;
}

/** The dependencies of a resource without those of its parent: a child depends on everything that its parent depends on. */
function ownDependencies(resource: RecordedResource, resources: readonly RecordedResource[]): string[] {
  const parent = resources.find(({ name, custom }) => name === resource.parent && !custom);
  return [...new Set(resource.dependsOn.filter((name) => parent?.dependsOn.includes(name) !== true))].sort();
}

const unlessEmpty = (names: readonly string[]): readonly string[] | undefined =>
  names.length === 0 ? undefined : names;

const onlyTrue = (option: boolean): true | undefined => (option ? true : undefined);

/** The graph of a program as text for reviewers: sorted, compact, without secrets. */
export async function graphText(resources: readonly RecordedResource[]): Promise<string> {
  const nodes = resources
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map((resource): GraphNode => ({
      type: resource.type,
      name: resource.name,
      parent: resource.parent,
      provider: resource.provider,
      dependsOn: unlessEmpty(ownDependencies(resource, resources)),
      deletedWith: resource.deletedWith,
      protect: onlyTrue(resource.protect),
      retainOnDelete: onlyTrue(resource.retainOnDelete),
      additionalSecretOutputs: unlessEmpty(resource.additionalSecretOutputs),
      inputs: copied(resource.inputs, readable),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return format(JSON.stringify(nodes), { parser: "json", printWidth: 120, objectWrap: "collapse" });
}

/** Names of the resources with an input that contains the secret and is not marked as secret. Long texts count too. */
export function resourcesThatShow(secret: string, resources: readonly RecordedResource[]): string[] {
  const forms = [secret, Buffer.from(secret).toString("base64")];
  const shows = ({ inputs }: RecordedResource): boolean => {
    let isShown = false;
    copied(inputs, (value) => {
      isShown ||= typeof value === "string" && forms.some((form) => value.includes(form));
    });
    return isShown;
  };
  return resources.filter(shows).map(({ name }) => name);
}
