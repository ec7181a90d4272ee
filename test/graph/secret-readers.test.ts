import assert from "node:assert/strict";
import { valueAt } from "../../stacks/settings/schema.ts";
import { hashiCorpVault, recordIam } from "../support/iam.ts";
import type { RecordedResource } from "../support/mocks.ts";

const cases = { OpenBao: undefined, "HashiCorp Vault": { settings: { vault: hashiCorpVault } } } as const;

/** Why no workload restarts when one of these Secrets changes. Every other Secret names the workloads that restart. */
const withoutRestart: Readonly<Record<string, string>> = {
  "bibind-ca": "an annotation of the pods with the checksum of the CA restarts them",
  "hydra-database": "the driver reads the service file at each new connection",
  "hydra-tls": "Hydra watches the file",
  "identity-edge": "the ingress watches Secrets",
  "identity-tls": "the pages read the files again when they change",
  "kratos-database": "the driver reads the service file at each new connection",
  "kratos-tls": "Kratos watches the file",
  "postgres-tls": "the operator reads it again because of the label cnpg.io/reload",
  "postgres-vault": "the operator reads it again because of the label cnpg.io/reload",
  "vault-edge": "the ingress watches Secrets",
  "welcome-edge": "the ingress watches Secrets",
  "vault-seal": "Vault needs its content at its start only",
  "vault-tls": "it is valid for five years, and Vault starts more often",
};

/** Path of the name of the Secret that an object is, or that an operator writes for it, by the type of the object. */
const secretNames: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Secret": ["metadata", "name"],
  "kubernetes:cert-manager.io/v1:Certificate": ["spec", "secretName"],
  "kubernetes:secrets.hashicorp.com/v1beta1:VaultStaticSecret": ["spec", "destination", "name"],
  "kubernetes:secrets.hashicorp.com/v1beta1:VaultDynamicSecret": ["spec", "destination", "name"],
};

/** The Secret of an object; undefined for another object, and for a Secret that the program only reads. */
function secretOf({ type, inputs }: RecordedResource): string | undefined {
  const path = secretNames[type];
  const name = path === undefined ? undefined : valueAt(inputs, path);
  return typeof name === "string" ? name : undefined;
}

/** The workloads that restart when the Secret changes, each as `<kind> <name>`. */
function restartsOf({ inputs }: RecordedResource): string[] {
  const targets = valueAt(inputs, ["spec", "rolloutRestartTargets"]);
  return (Array.isArray(targets) ? targets : []).map(
    (target) => `${String(valueAt(target, ["kind"]))} ${String(valueAt(target, ["name"]))}`,
  );
}

/** A value, and all values inside it. */
function valuesIn(value: unknown): unknown[] {
  const inside = typeof value === "object" && value !== null ? Object.values(value).flatMap(valuesIn) : [];
  return [value, ...inside];
}

/** Paths of the name of a Secret whose values become environment variables: of a container, and in values of charts. */
const variablePaths = [
  ["secretKeyRef", "name"],
  ["secretRef", "name"],
  ["secret", "nameOverride"],
];

/** The Secrets that programs read as environment variables. A program cannot read these again. */
function secretsInVariables(resources: readonly RecordedResource[]): Set<unknown> {
  const names = resources
    .flatMap(({ inputs }) => valuesIn(inputs))
    .flatMap((value) => variablePaths.map((path) => valueAt(value, path)));
  return new Set(names.filter((name) => name !== undefined));
}

/** Names of workloads: those of the program, and those of Ory's charts. Kratos' chart has a second one, the courier. */
function workloadsIn(resources: readonly RecordedResource[]): string[] {
  return resources.flatMap(({ type, inputs }) => {
    const chart = String(valueAt(inputs, ["values", "fullnameOverride"]));
    switch (type) {
      case "kubernetes:apps/v1:Deployment":
        return [`Deployment ${String(valueAt(inputs, ["metadata", "name"]))}`];
      case "kubernetes:helm.sh/v3:Release":
        return [`Deployment ${chart}`, `StatefulSet ${chart}-courier`];
      default:
        return [];
    }
  });
}

/** Annotations of each pod that mounts the CA and runs until it is replaced: of Deployments, and of Ory's charts. */
/** Annotations in the values of a workload of Ory's charts: Kratos' StatefulSet has no `podMetadata`. */
function annotationsInValues(value: unknown): unknown {
  return valueAt(value, ["podMetadata", "annotations"]) ?? valueAt(value, ["annotations"]);
}

function annotationsOfPodsWithCa(resources: readonly RecordedResource[]): unknown[] {
  const mountsCa = (volumes: unknown): boolean => JSON.stringify(volumes ?? []).includes('"bibind-ca"');
  return resources
    .filter(({ type }) => !type.startsWith("kubernetes:batch/"))
    .flatMap(({ inputs }) => valuesIn(inputs))
    .flatMap((value) => [
      ...(mountsCa(valueAt(value, ["spec", "volumes"])) ? [valueAt(value, ["metadata", "annotations"])] : []),
      ...(mountsCa(valueAt(value, ["extraVolumes"])) ? [annotationsInValues(value)] : []),
    ]);
}

for (const [distribution, given] of Object.entries(cases)) {
  describe(`a Secret of the layer iam with ${distribution}`, function () {
    this.timeout(60_000);
    let resources: readonly RecordedResource[];

    before(async () => {
      ({ resources } = await recordIam(given));
    });

    it("restarts the workloads that read it at their start only, or a reason says why none restarts", () => {
      const secrets = resources.flatMap((resource) => {
        const name = secretOf(resource);
        return name === undefined ? [] : [{ name, restarts: restartsOf(resource) }];
      });
      assert(secrets.length > 10, String(secrets.length));
      const undecided = secrets.filter(({ name, restarts }) => restarts.length > 0 === name in withoutRestart);
      assert.deepEqual(undecided, [], "add the workloads that restart, or a reason why none restarts");
      const names = new Set(secrets.map(({ name }) => name));
      assert.deepEqual(
        Object.keys(withoutRestart).filter((name) => !names.has(name)),
        [],
        "a reason names a Secret that does not exist",
      );
    });

    it("restarts every workload that reads it as an environment variable", () => {
      const names = secretsInVariables(resources);
      assert(names.has("hydra-keys") && names.has("kratos-mail"));
      for (const name of names) {
        const secret = resources.find((resource) => secretOf(resource) === name);
        assert(secret !== undefined && restartsOf(secret).length > 0, `nothing restarts when ${String(name)} changes`);
      }
    });

    it("restarts only workloads that exist", () => {
      const workloads = workloadsIn(resources);
      assert.deepEqual(
        resources.flatMap(restartsOf).filter((target) => !workloads.includes(target)),
        [],
      );
    });
  });
}

describe("another cluster-internal CA", function () {
  this.timeout(60_000);

  it("changes every pod that reads the CA at its start only", async () => {
    const before = annotationsOfPodsWithCa((await recordIam()).resources);
    const another = await recordIam({ foundation: { internalCaCertificate: "ANOTHER CA" } });
    const after = annotationsOfPodsWithCa(another.resources);
    assert.equal(before.length, 5, "Hydra, Kratos, its courier, the pages, the controller of OAuth2 clients");
    for (const [index, annotations] of before.entries()) {
      assert.notDeepEqual(after[index], annotations);
    }
  });
});

describe("a ConfigMap of the layer iam", function () {
  this.timeout(60_000);

  it("has a new name for a new content, so that its pods restart, unless it belongs to a task that runs again", async () => {
    const { resources } = await recordIam();
    const tasks = new Set(resources.filter(({ type }) => type === "bibind:kubernetes:Task").map(({ name }) => name));
    const configMaps = resources.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    assert(configMaps.length > 3);
    const fixed = configMaps.filter(
      ({ inputs, parent }) => valueAt(inputs, ["metadata", "name"]) !== undefined && !tasks.has(parent ?? ""),
    );
    assert.deepEqual(
      fixed.map(({ name }) => name),
      [],
    );
  });
});
