import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { layers } from "../../../stacks/layers.ts";
import type { Relation } from "../../../stacks/map/relation.ts";
import { deployPlatform } from "../../../stacks/platform.ts";
import { exampleLayer, recordExampleLayer, uses } from "../../support/example-layer.ts";
import { settingsOf, settingsWithHashiCorpVault } from "../../support/environments.ts";
import { record, type RecordedResource, type Recording } from "../../support/mocks.ts";
import { foundationOutputs, iamOutputs, upstreamStack, withUpstream } from "../../support/upstream.ts";
import { noSession } from "../../support/vault-session.ts";

const answer = withUpstream({ foundation: foundationOutputs, iam: iamOutputs });

function preview(values: Readonly<Record<string, unknown>>): Promise<Recording<unknown>> {
  const program = () => deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, [...layers, exampleLayer()]);
  return record(program, { answer, preview: true });
}

/** The values in a resource's inputs, with their paths. */
function valuesIn(value: unknown, path = ""): [path: string, value: unknown][] {
  const isMapping = typeof value === "object" && value !== null && !pulumi.isUnknown(value);
  const inside = isMapping ? Object.entries(value) : [];
  return [[path, value], ...inside.flatMap(([key, inner]) => valuesIn(inner, `${path}.${key}`))];
}

/** Paths of the inputs that are unknown, with the name of the resource. */
function unknownInputs(resources: readonly RecordedResource[]): string[] {
  return resources.flatMap(({ name, inputs }) =>
    valuesIn(inputs).flatMap(([path, value]) => (pulumi.isUnknown(value) ? [`${name}${path}`] : [])),
  );
}

/** Names, namespaces and kubeconfigs. An unknown one shows the replacement of a resource in a preview. */
const replacing = /\.metadata\.(name|namespace)$|\.namespace$|\.secretName$|\.kubeconfig$/;

const unknownNames = (resources: readonly RecordedResource[]): string[] =>
  unknownInputs(resources).filter((path) => replacing.test(path));

describe("the preview of a new stack", () => {
  const alone = (layer: string, { values } = settingsOf("sandbox")) => ({
    ...values,
    layers: [layer],
    upstream: upstreamStack,
  });

  for (const [stack, values] of [
    ["the layer iam", () => alone("iam")],
    ["the layer iam with HashiCorp Vault", () => alone("iam", settingsWithHashiCorpVault())],
    ["a layer above iam", () => alone("example")],
  ] as const) {
    it(`knows every name, namespace, secret name and kubeconfig of ${stack}`, async () => {
      const { resources } = await preview(values());
      assert(resources.length > 30);
      assert.deepEqual(unknownNames(resources), []);
    });
  }

  it("knows every name of a stack with all layers, but no kubeconfig of a cluster that it creates", async () => {
    const { values } = settingsOf("sandbox");
    const { resources } = await preview({ ...values, layers: ["foundation", "iam", "example"] });
    assert.deepEqual(unknownNames(resources), [
      "kubernetes.kubeconfig",
      "iam-kubernetes.kubeconfig",
      "example-kubernetes.kubeconfig",
    ]);
  });

  it("knows everything of a layer above iam but its generated password", async () => {
    const { resources } = await preview(alone("example"));
    assert.deepEqual(unknownInputs(resources), [
      "example-postgres-vault-secret.stringData",
      "example-database-connection-connection.postgresql.password",
    ]);
  });
});

interface Changes {
  readonly created: readonly string[];
  readonly updated: readonly string[];
}

/** The resources that each use of the application changes in the layer `example`; components are not named. */
const changes: Readonly<Record<keyof typeof uses, Changes>> = {
  database: {
    created: [
      "example-postgres-from-web-policy",
      "example-postgres-database-example",
      "example-web-database-role",
      "example-web-database-synced",
    ],
    updated: ["example-postgres-cluster", "example-web-access-policy"],
  },
  secrets: {
    created: [
      "iam-vault-from-example-web-keyring-policy",
      ...["account", "policy", "role", "auth"].map((part) => `example-web-keyring-access-${part}`),
      ...["versions", "task-config", "task-job", "task-schedule"].map((part) => `example-web-keyring-${part}`),
      "example-web-keys-synced",
    ],
    updated: ["example-web-access-policy"],
  },
  oauth: {
    created: ["example-web-client-client", "example-web-client-secret-synced"],
    updated: ["example-web-access-policy"],
  },
  identity: { created: ["iam-kratos-from-example-web-policy"], updated: [] },
};

describe("the preview of one more relation", () => {
  /** What the preview of a relation changes in a stack that has all the others. */
  async function previewedChanges(added: Relation): Promise<Changes & { readonly deleted: readonly string[] }> {
    const all: readonly Relation[] = Object.values(uses);
    const { resources: before } = await recordExampleLayer(all.filter((relation) => relation !== added));
    const old = new Map(before.map((resource) => [resource.name, resource]));
    const { resources: after } = await recordExampleLayer(all, { preview: true, existing: new Set(old.keys()) });
    const custom = after.filter((resource) => resource.custom);
    const isUpdated = ({ name, inputs }: RecordedResource): boolean =>
      old.has(name) && !isDeepStrictEqual(old.get(name)?.inputs, inputs);
    const names = new Set(after.map(({ name }) => name));
    return {
      created: custom.map(({ name }) => name).filter((name) => !old.has(name)),
      updated: custom.filter(isUpdated).map(({ name }) => name),
      deleted: [...old.keys()].filter((name) => !names.has(name)),
    };
  }

  for (const kind of ["database", "secrets", "oauth", "identity"] as const) {
    it(`changes the resources of that relation and no others: ${kind}`, async () => {
      assert.deepEqual(await previewedChanges(uses[kind]), { ...changes[kind], deleted: [] });
    });
  }
});
