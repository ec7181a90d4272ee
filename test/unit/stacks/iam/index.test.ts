import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { iamContract } from "../../../../stacks/iam/contract.ts";
import { layers } from "../../../../stacks/layers.ts";
import { openingsOf } from "../../../../stacks/map/openings.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { hashiCorpVault, mailConnection, recordIam } from "../../../support/iam.ts";
import { generatedSecrets, isSecret, type RecordedResource } from "../../../support/mocks.ts";
import { exportedOutputs, secretNames, settled } from "../../../support/outputs.ts";
import { kubeconfig } from "../../../support/upstream.ts";

const map = assembleMap(layers.map(({ mapPart }) => mapPart));

/** Types of resources whose inputs may hold a secret: they exist to keep secrets, and the engine encrypts the inputs. */
const keepers = [
  "kubernetes:core/v1:Secret",
  "pulumi:providers:kubernetes",
  "vault:database/secretBackendConnection:SecretBackendConnection",
  "vault:generic/endpoint:Endpoint",
  "vault:kv/secretV2:SecretV2",
];

/** A value with `[secret]` in place of each secret. */
function redacted(value: unknown): unknown {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map(redacted);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner)]))
    : value;
}

const holdsSecret = ({ inputs }: RecordedResource): boolean => JSON.stringify(redacted(inputs)).includes('"[secret]"');

/** Paths of the labels of pods in Kubernetes' own objects, and in the values of the charts of Ory, Vault and CloudNativePG. */
const podLabels = [
  ["template", "metadata", "labels"],
  ["podMetadata", "labels"],
  ["extraLabels"],
  ["inheritedMetadata", "labels"],
];

/** The applications whose label the pods of a resource carry. */
function applicationsOfPods(value: unknown): unknown[] {
  const own = podLabels.map((path) => valueAt(value, [...path, "bibind.com/application"]));
  const inside = typeof value === "object" && value !== null ? Object.values(value).flatMap(applicationsOfPods) : [];
  return [...own, ...inside].filter((application) => application !== undefined);
}

describe("layer iam", () => {
  it("gives the addresses of the sign-in and of Vault, and no secret but Vault's recovery keys", async () => {
    const { result } = await recordIam();
    const outputs = exportedOutputs(iamContract, result);
    assert.deepEqual(await secretNames(outputs), ["vaultRecoveryKeys"]);
    assert.deepEqual(await settled(pulumi.all(outputs)), {
      issuer: "https://auth.bibind.test",
      signInUrl: "https://auth.bibind.test",
      vaultAddress: "https://vault.bibind.test",
      vaultInternalAddress: "https://vault.iam.svc:8200",
      vaultRecoveryKeys: "",
      vaultReady: true,
      deployerNamespace: "bibind-deployer",
      software: { OpenBao: "1.2.3", Hydra: "1.2.3", Kratos: "1.2.3" },
      urls: {
        welcome: "https://welcome.bibind.test",
        "sign-in": "https://auth.bibind.test",
        vault: "https://vault.bibind.test",
      },
    });
  });

  it("names HashiCorp Vault as its software when the settings choose it", async () => {
    const { result } = await recordIam({ settings: { vault: hashiCorpVault } });
    const { software } = exportedOutputs(iamContract, result);
    assert(software !== undefined);
    assert.deepEqual(await settled(software), { Vault: "1.2.3", Hydra: "1.2.3", Kratos: "1.2.3" });
  });

  it("has secrets only in resources that keep secrets, and not in Helm values, ConfigMaps, pods and names", async () => {
    const { resources } = await recordIam();
    const holders = resources.filter(holdsSecret);
    assert.deepEqual([...new Set(holders.map(({ type }) => type))].sort(), keepers);
    const text = JSON.stringify(resources.map(({ inputs }) => redacted(inputs)));
    for (const secret of [mailConnection, "mail-password", kubeconfig, ...generatedSecrets]) {
      assert(!text.includes(secret), secret);
    }
  });

  it("puts nothing into its namespace before the namespace denies ingress", async () => {
    const recording = await recordIam();
    const inside = recording.resources.filter(
      ({ type, inputs, name }) =>
        valueAt(inputs, ["metadata", "namespace"]) === "iam" &&
        type !== "kubernetes:networking.k8s.io/v1:NetworkPolicy" &&
        name !== "iam-ca",
    );
    assert(inside.length > 30);
    for (const { name } of [...inside, recording.named("iam-vault-chart-release")]) {
      assert(recording.requirementsOf(name).has("iam-closed"), name);
    }
  });

  it("puts no pod of an application into its namespace before the openings of its relations", async () => {
    const recording = await recordIam({ settings: { vault: hashiCorpVault } });
    for (const { name, inputs } of recording.resources) {
      for (const application of new Set(applicationsOfPods(inputs))) {
        const openings = openingsOf(map, "iam").filter(({ ends }) => ends.includes(`iam/${String(application)}`));
        const required = recording.requirementsOf(name);
        const missing = openings.filter((opening) => !required.has(`${opening.name}-policy`));
        assert.deepEqual(missing, [], name);
      }
    }
  });

  it("opens its namespace as the relations say and in no other way", async () => {
    const recording = await recordIam();
    const openings = recording.ofType("bibind:kubernetes:Opening").map(({ name }) => name);
    assert.deepEqual(
      openings,
      openingsOf(map, "iam").map(({ name }) => name),
    );
  });

  it("labels the pods of every application that an opening selects", async () => {
    // The task that initialises Vault exists with HashiCorp Vault only.
    const { resources } = await recordIam({ settings: { vault: hashiCorpVault } });
    const labelled = new Set(resources.flatMap(({ inputs }) => applicationsOfPods(inputs)));
    const selected = openingsOf(map, "iam")
      .flatMap(({ from, to }) => [from, to])
      .flatMap(({ namespace, application }) => (namespace === "iam" && application !== undefined ? [application] : []));
    for (const application of new Set(selected)) {
      assert(labelled.has(application), application);
    }
  });

  it("reaches the cluster by the foundation's kubeconfig, as a secret, and by nothing else", async () => {
    const recording = await recordIam();
    assert.equal(isSecret(recording.named("iam-kubernetes").inputs["kubeconfig"]), true);
    const objects = recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.deepEqual([...new Set(objects.map(({ provider }) => provider))], ["iam-kubernetes"]);
  });

  it("reaches Vault by the deployer's session and by nothing else", async () => {
    const { resources } = await recordIam();
    const inVault = resources.filter(({ type }) => type.startsWith("vault:"));
    assert(inVault.length > 20);
    assert.deepEqual([...new Set(inVault.map(({ provider }) => provider))], ["iam-vault-session-provider"]);
  });

  it("takes its charts from the platform's mirror when there is one", async () => {
    const mirrored = await recordIam({ foundation: { chartRepository: "https://charts.example.com/" } });
    const releases = mirrored.ofType("kubernetes:helm.sh/v3:Release");
    assert.equal(releases.length, 3);
    for (const { inputs } of releases) {
      assert.deepEqual(inputs["repositoryOpts"], { repo: "https://charts.example.com/" });
    }
  });

  it("has certificates of the platform's issuer for people, and of the cluster-internal issuer for pods", async () => {
    const certificates = (await recordIam()).ofType("kubernetes:cert-manager.io/v1:Certificate");
    const issuers = certificates.map(({ name, inputs }) => [name, valueAt(inputs, ["spec", "issuerRef", "name"])]);
    assert.equal(issuers.length, 8);
    for (const [name, issuer] of issuers) {
      assert.equal(issuer, String(name).includes("-edge-") ? "bibind" : "bibind-internal", String(name));
    }
  });
});
