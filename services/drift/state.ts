import { z } from "zod";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { isList, isObject, objectAt, textAt, type JsonObject, type Path } from "./json.ts";

/** An object of the cluster as the platform declares it. */
export interface DeclaredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for an object without a namespace, and for one in the namespace of its Helm release. */
  readonly namespace: string | undefined;
  readonly body: JsonObject;
  /** Fields whose values must not be shown, with everything below them. */
  readonly secrets: readonly Path[];
  /** Field managers by which the platform applies it. The first one puts it back. */
  readonly managers: readonly [string, ...string[]];
}

/** A Helm release that the platform installed. */
export interface DeclaredRelease {
  readonly name: string;
  readonly namespace: string;
}

/** What a stack declares in one cluster. */
export interface DeclaredCluster {
  /** Content or path; undefined for the current kubeconfig of this machine. */
  readonly kubeconfig: string | undefined;
  readonly objects: readonly DeclaredObject[];
  readonly releases: readonly DeclaredRelease[];
}

const properties = z.record(z.string(), z.unknown());

const stackSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().default(""),
          custom: z.boolean().default(false),
          external: z.boolean().default(false),
          /** Waits for its deletion: another resource has taken its place. */
          delete: z.boolean().default(false),
          provider: z.string().default(""),
          inputs: properties.default({}),
          outputs: properties.default({}),
        }),
      )
      .default([]),
  }),
});

type Resource = z.output<typeof stackSchema>["deployment"]["resources"][number];

/** Key and value that mark a secret in the state (Pulumi SDK, `specialSigKey` and `specialSecretSig`). */
const [signatureKey, secretSignature] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

/** Replaces each secret by its value. @param found - receives the paths of the secrets */
function revealed(value: unknown, found: Path[], path: Path = []): unknown {
  if (isList(value)) {
    return value.map((item, index) => revealed(item, found, [...path, index]));
  }
  if (!isObject(value)) {
    return value;
  }
  if (value[signatureKey] === secretSignature) {
    const text = value["plaintext"];
    if (typeof text !== "string") {
      throw notExported();
    }
    found.push(path);
    return JSON.parse(text);
  }
  const members = Object.entries(value).map(([name, member]) => [name, revealed(member, found, [...path, name])]);
  return Object.fromEntries(members);
}

function revealedObject(value: JsonObject, found: Path[]): JsonObject {
  return objectAt(revealed(value, found));
}

function notExported(): OperatorError {
  // No cause is attached: it could quote a secret.
  return new OperatorError({
    what: "there is no state of a stack with its secrets on standard input",
    where: "standard input of services/drift/main.ts",
    remedy: "pulumi stack export --show-secrets | node services/drift/main.ts",
  });
}

/** A Secret with `stringData` as `data`, as the API server returns it. */
function withData(body: JsonObject): JsonObject {
  if (body["kind"] !== "Secret") {
    return body;
  }
  const { stringData, ...others } = body;
  const encoded = Object.entries(isObject(stringData) ? stringData : {}).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  return { ...others, data: { ...objectAt(body, "data"), ...Object.fromEntries(encoded) } };
}

/** The fields of a kind that always are secret. */
export function secretFields(kind: string): readonly Path[] {
  return kind === "Secret" ? [["data"], ["stringData"]] : [];
}

/** The id is `namespace/name`, or `name` for an object without a namespace. */
function nameOf(id: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = id.indexOf("/");
  return slash === -1
    ? { namespace: undefined, name: id }
    : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

function declaredObject({ id, inputs, outputs }: Resource): DeclaredObject {
  const secrets: Path[] = [];
  const body = withData(revealedObject(inputs, secrets));
  const kind = textAt(body, "kind") ?? "";
  return {
    apiVersion: textAt(body, "apiVersion") ?? "",
    kind,
    ...nameOf(id),
    body,
    secrets: [...secrets, ...secretFields(kind)],
    // Both plugins keep it there.
    managers: [textAt(outputs, "__fieldManager") ?? "pulumi-kubernetes"],
  };
}

const releaseType = "kubernetes:helm.sh/v3:Release";

function isObjectOfCluster({ type }: Resource): boolean {
  return type.startsWith("kubernetes:") && type !== releaseType && !/(Patch|List)$/.test(type);
}

/**
 * What a stack declares, by cluster.
 *
 * @param text - what `pulumi stack export --show-secrets` writes
 * @throws OperatorError when the text is something else
 */
export function declaredClusters(text: string): DeclaredCluster[] {
  const parsed = stackSchema.safeParse(parsedJson(text));
  if (!parsed.success) {
    throw notExported();
  }
  const { resources } = parsed.data.deployment;
  const kubeconfigs = new Map(
    resources
      .filter(({ type }) => type === "pulumi:providers:kubernetes")
      .map(({ urn, id, inputs }) => [`${urn}::${id}`, textAt(revealedObject(inputs, []), "kubeconfig")]),
  );
  const managed = resources.filter((resource) => resource.custom && !resource.external && !resource.delete);
  return [...new Set(kubeconfigs.values())]
    .map((kubeconfig) => {
      const own = managed.filter(
        ({ provider }) => kubeconfigs.has(provider) && kubeconfigs.get(provider) === kubeconfig,
      );
      return {
        kubeconfig,
        objects: own.filter(isObjectOfCluster).map(declaredObject),
        releases: own
          .filter(({ type }) => type === releaseType)
          .map(({ id }) => nameOf(id))
          .map(({ namespace = "default", name }) => ({ namespace, name })),
      };
    })
    .filter(({ objects, releases }) => objects.length + releases.length > 0);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notExported();
  }
}
