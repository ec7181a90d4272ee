import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { postgresPort } from "../../../../components/postgres/cluster.ts";
import { hydraPorts } from "../../../../components/identity/hydra.ts";
import { kratosPorts } from "../../../../components/identity/kratos.ts";
import { signInPort } from "../../../../components/identity/sign-in-pages.ts";
import { vaultPort } from "../../../../components/vault/address.ts";
import { openingsInto } from "../../../../stacks/graph/consequences.ts";
import { applications, relations } from "../../../../stacks/relations.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { hashiCorpVault, kubeconfig, mailConnection, recordIam } from "../../../support/iam.ts";
import { isSecret, type RecordedResource } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const map = { applications, relations };

/** Types whose inputs may hold a secret: the engine keeps it encrypted, and what they make is made to keep secrets. */
const keepers = [
  "kubernetes:core/v1:Secret",
  "pulumi:providers:kubernetes",
  "vault:database/secretBackendConnection:SecretBackendConnection",
  "vault:generic/endpoint:Endpoint",
  "vault:kv/secretV2:SecretV2",
];

/** What a value holds beside its secrets. */
function plain(value: unknown): unknown {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
    : value;
}

const holdsSecret = ({ inputs }: RecordedResource): boolean => JSON.stringify(plain(inputs)).includes('"[secret]"');

/** Where Kubernetes' own objects, Ory's charts, Vault's and CloudNativePG take the labels of their pods. */
const podLabels = [
  ["template", "metadata", "labels"],
  ["podMetadata", "labels"],
  ["extraLabels"],
  ["inheritedMetadata", "labels"],
];

/** The applications by which pods are labelled, wherever they are in a resource. */
function applicationsOfPods(value: unknown): unknown[] {
  const here = podLabels.map((path) => valueAt(value, [...path, "bibind.com/application"]));
  const inside = typeof value === "object" && value !== null ? Object.values(value).flatMap(applicationsOfPods) : [];
  return [...here, ...inside].filter((application) => application !== undefined);
}

describe("layer iam", () => {
  it("tells other teams where to sign in and where secrets are, and nothing secret but Vault's recovery keys", async () => {
    const { result } = await recordIam();
    const told = Object.entries(result).map(async ([name, output]: [string, pulumi.Output<unknown>]) => {
      assert.equal(await pulumi.isSecret(output), name === "vaultRecoveryKeys", name);
      return [name, await settled(output)];
    });
    assert.deepEqual(Object.fromEntries(await Promise.all(told)), {
      issuer: "https://auth.bibind.test",
      signInUrl: "https://auth.bibind.test",
      vaultAddress: "https://vault.bibind.test",
      vaultInnerAddress: "https://vault.iam.svc:8200",
      vaultRecoveryKeys: "",
      deployerNamespace: "iam",
      software: { OpenBao: "1.2.3", Hydra: "1.2.3", Kratos: "1.2.3" },
      urls: { "sign-in": "https://auth.bibind.test", vault: "https://vault.bibind.test" },
    });
  });

  it("keeps every secret where secrets are kept, and out of values, ConfigMaps, pods and names", async () => {
    const { resources } = await recordIam();
    const holders = resources.filter(holdsSecret);
    assert.deepEqual([...new Set(holders.map(({ type }) => type))].sort(), keepers);
    const text = JSON.stringify(resources.map(({ inputs }) => plain(inputs)));
    for (const secret of [mailConnection, "mail-password", kubeconfig, "cmFuZG9t"]) {
      assert(!text.includes(secret), secret);
    }
  });

  it("puts nothing into the model before it is closed and every opening is there", async () => {
    const { resources, named } = await recordIam().then((recording) => ({
      resources: recording.resources,
      named: (name: string) => recording.named(name),
    }));
    const policies = resources.filter(({ type }) => type.endsWith(":NetworkPolicy")).map(({ name }) => name);
    assert.equal(policies.length, openingsInto(map, "iam").length + 1);
    const inside = resources.filter(
      ({ type, inputs, name }) =>
        !policies.includes(name) &&
        type !== "kubernetes:core/v1:Secret" &&
        valueAt(inputs, ["metadata", "namespace"]) === "iam",
    );
    assert(inside.length > 30);
    for (const { name, uses } of [...inside, named("iam-vault-chart-release"), named("iam-postgres-vault-secret")]) {
      assert.deepEqual(
        policies.filter((policy) => !uses.includes(policy)),
        [],
        name,
      );
    }
  });

  it("opens the model as the relations say and in no other way", async () => {
    const recording = await recordIam();
    const openings = recording.ofType("bibind:kubernetes:Opening").map(({ name }) => name);
    assert.deepEqual(
      openings,
      openingsInto(map, "iam").map(({ name }) => name),
    );
  });

  it("labels the pods of every application that an opening looks for", async () => {
    // The task that initialises HashiCorp Vault is there with that alone.
    const { resources } = await recordIam({ settings: { vault: hashiCorpVault } });
    const labelled = new Set(resources.flatMap(({ inputs }) => applicationsOfPods(inputs)));
    const wanted = openingsInto(map, "iam")
      .flatMap(({ from, to }) => [from, to])
      .flatMap(({ namespace, application }) => (namespace === "iam" && application !== undefined ? [application] : []));
    for (const application of new Set(wanted)) {
      assert(labelled.has(application), application);
    }
  });

  it("opens the ports on which its software listens", () => {
    const offers = (name: keyof typeof applications): unknown => applications[name]?.offers;
    assert.deepEqual(offers("iam/hydra"), {
      oauth: [hydraPorts.public],
      "oauth-admin": [hydraPorts.admin],
      web: [hydraPorts.public],
    });
    assert.deepEqual(offers("iam/kratos"), {
      identity: [kratosPorts.public, kratosPorts.admin],
      web: [kratosPorts.public],
    });
    assert.deepEqual(offers("iam/vault"), { secrets: [vaultPort], web: [vaultPort] });
    assert.deepEqual(offers("iam/identity"), { web: [signInPort] });
    assert.deepEqual(valueAt(offers("iam/postgres"), ["database"]), [postgresPort]);
  });

  it("has a database for each consumer of one, and no other", async () => {
    const databases = (await recordIam()).ofType("kubernetes:postgresql.cnpg.io/v1:Database");
    const declared = relations.flatMap((relation) =>
      relation.interface === "database" && relation.use === "leased" ? [relation.database] : [],
    );
    assert.deepEqual(
      databases.map(({ inputs }) => valueAt(inputs, ["spec", "name"])),
      declared,
    );
  });

  it("reaches the cluster by the foundation's kubeconfig, as a secret, and by nothing else", async () => {
    const recording = await recordIam();
    assert.equal(isSecret(recording.named("iam-kubernetes").inputs["kubeconfig"]), true);
    const ours = recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.deepEqual([...new Set(ours.map(({ provider }) => provider))], ["iam-kubernetes"]);
  });

  it("reaches Vault by the deployer's session and by nothing else", async () => {
    const { resources } = await recordIam();
    const ours = resources.filter(({ type }) => type.startsWith("vault:"));
    assert(ours.length > 20);
    assert.deepEqual([...new Set(ours.map(({ provider }) => provider))], ["iam-vault-session-provider"]);
  });

  it("takes its charts from the platform's mirror where there is one", async () => {
    const mirrored = await recordIam({
      foundation: () => ({ chartRepository: pulumi.output("https://charts.example.com/") }),
    });
    for (const { inputs } of mirrored.ofType("kubernetes:helm.sh/v3:Release")) {
      assert.deepEqual(inputs["repositoryOpts"], { repo: "https://charts.example.com/" });
    }
  });

  it("answers people with certificates of the platform's issuer, and pods with those of the inner one", async () => {
    const certificates = (await recordIam()).ofType("kubernetes:cert-manager.io/v1:Certificate");
    const issuers = certificates.map(({ name, inputs }) => [name, valueAt(inputs, ["spec", "issuerRef", "name"])]);
    assert.equal(issuers.length, 7);
    for (const [name, issuer] of issuers) {
      assert.equal(issuer, String(name).includes("-door-") ? "bibind" : "bibind-inner", String(name));
    }
  });
});
