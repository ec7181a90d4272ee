import assert from "node:assert/strict";
import { z } from "zod";
import { foundationContract } from "../../../../stacks/foundation/contract.ts";
import { operatorNamespaces } from "../../../../stacks/foundation/namespaces.ts";
import { applications } from "../../../../stacks/foundation/relations.ts";
import { layers } from "../../../../stacks/layers.ts";
import { deployPlatform, type PlatformOutputs } from "../../../../stacks/platform.ts";
import type { SettingsSource } from "../../../../stacks/settings/source.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { charts } from "../../../../stacks/versions.ts";
import { settingsOf } from "../../../support/environments.ts";
import { answer, isSecret, record, type Recording, type RecordOptions } from "../../../support/mocks.ts";
import { exportedOutputs, secretNames, settled } from "../../../support/outputs.ts";
import { noSession } from "../../../support/vault-session.ts";

type Values = Record<string, unknown>;

const settings = z.looseObject({ host: z.looseObject({}) });
const trust = { data: { "ca.crt": Buffer.from("the CA").toString("base64") } };

/** The sandbox's settings for a stack of the foundation alone, with a change. */
function withFoundation(change: (foundation: Values) => Values = (foundation) => foundation): SettingsSource {
  const { file, values } = settingsOf("sandbox");
  return {
    file,
    values: { ...values, layers: ["foundation"], foundation: change(settings.parse(values["foundation"])) },
  };
}

const recordStack = (source: SettingsSource, options?: RecordOptions): Promise<Recording<PlatformOutputs>> =>
  record(() => deployPlatform(source, noSession, layers), options);

async function valueOf(recording: Recording<PlatformOutputs>, name: string): Promise<unknown> {
  const output = exportedOutputs(foundationContract, recording.result)[name];
  assert(output !== undefined, name);
  return settled(output);
}

describe("layer foundation", () => {
  it("has a secret kubeconfig, and every other output plain", async () => {
    const recording = await recordStack(withFoundation(), {
      answer: (resource) => (resource.type === "kubernetes:core/v1:Secret" ? trust : answer(resource)),
    });
    const outputs = exportedOutputs(foundationContract, recording.result);
    assert.deepEqual(Object.keys(outputs).sort(), Object.keys(foundationContract.fields.shape).sort());
    assert.deepEqual(await secretNames(outputs), ["kubeconfig"]);
  });

  it("takes every chart at its pinned version, from the mirror when there is one", async () => {
    const mirrored = await recordStack(withFoundation());
    const published = await recordStack({
      ...settingsOf("ovh"),
      values: { ...settingsOf("ovh").values, layers: ["foundation"] },
    });
    for (const pin of [charts.cloudnativePg, charts.vaultSecretsOperator]) {
      const release = (recording: typeof mirrored): Values | undefined =>
        recording.ofType("kubernetes:helm.sh/v3:Release").find(({ inputs }) => inputs["chart"] === pin.chart)?.inputs;
      assert.equal(release(mirrored)?.["version"], pin.version);
      assert.deepEqual(release(mirrored)?.["repositoryOpts"], { repo: "http://172.30.0.2:8879/" });
      assert.deepEqual(release(published)?.["repositoryOpts"], { repo: pin.repository });
    }
  });

  it("installs its operators in the namespaces that the relations name", async () => {
    const recording = await recordStack(withFoundation());
    assert.equal(recording.named("postgres-operator-release").inputs["namespace"], operatorNamespaces.postgres);
    assert.equal(recording.named("secrets-operator-release").inputs["namespace"], operatorNamespaces.secrets);
  });

  it("closes port 80 in the namespace of the ingress that the relations name", async () => {
    const { inputs } = (await recordStack(withFoundation())).named("front-door-plain");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), applications["ingress"]?.namespace);
  });

  it("names the software of the operators that it installs", async () => {
    const software = await valueOf(await recordStack(withFoundation()), "software");
    assert.deepEqual(software, { CloudNativePG: "1.2.3", "Vault Secrets Operator": "1.2.3" });
  });

  it("adopts a cluster by its kubeconfig and then does not touch a host", async () => {
    const source = withFoundation((foundation) => ({
      ...foundation,
      host: undefined,
      cluster: { kubeconfig: "clusters: []\nusers: []\n" },
    }));
    const recording = await recordStack(source);
    assert.deepEqual(recording.ofType("command:remote:Command"), []);
    const [provider] = recording.ofType("pulumi:providers:kubernetes");
    assert.equal(isSecret(provider?.inputs["kubeconfig"]), true);
  });

  it("leaves out what the settings turn off", async () => {
    const off = { enabled: false };
    const source = withFoundation((foundation) => ({
      ...foundation,
      postgresOperator: off,
      secretsOperator: off,
    }));
    const recording = await recordStack(source);
    assert.deepEqual(recording.ofType("kubernetes:helm.sh/v3:Release"), []);
    assert.deepEqual(await valueOf(recording, "software"), {});
  });

  it("closes every namespace of an operator and that of the ingress, except for what everybody calls", async () => {
    const recording = await recordStack(settingsOf("sandbox"));
    const policies = recording
      .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
      .filter(({ parent }) => parent?.endsWith("-closed") === true)
      .map(({ inputs }) => [
        valueAt(inputs, ["metadata", "namespace"]),
        valueAt(inputs, ["spec", "ingress", 0, "ports", 0, "port"]),
      ]);
    assert.deepEqual(policies.sort(), [
      ["cert-manager", 10250],
      ["cnpg-system", 9443],
      ["ingress", 8000],
      ["vault-secrets-operator-system", undefined],
    ]);
  });

  it("closes no namespace of an operator that the settings turn off", async () => {
    const source = withFoundation((foundation) => ({ ...foundation, secretsOperator: { enabled: false } }));
    assert(!(await recordStack(source)).resources.some(({ name }) => name === "secrets-operator-closed"));
  });

  it("connects the secrets operator to an existing Vault when the settings give its address", async () => {
    const address = "https://vault.example.com:8200";
    const source = withFoundation((foundation) => ({ ...foundation, secretsOperator: { vaultAddress: address } }));
    const recording = await recordStack(source);
    const { inputs } = recording.named("secrets-operator-release");
    assert.deepEqual(valueAt(inputs, ["values", "defaultVaultConnection"]), { enabled: true, address });
  });

  it("checks each further machine against the settings of that machine", async () => {
    const source = withFoundation((foundation) => ({
      ...foundation,
      cluster: { nodes: [{ ...settings.parse(foundation).host, address: "172.30.0.9" }] },
    }));
    const recording = await recordStack(source);
    const { inputs } = recording.named("node-172.30.0.9-preflight-command");
    assert.match(String(inputs["create"]), /bibind:foundation\.cluster\.nodes\[0\]/);
  });

  it("changes no step of the other machines when one is removed, whatever the role of each", async () => {
    const withNodes = (...nodes: readonly Values[]) =>
      withFoundation((foundation) => ({
        ...foundation,
        cluster: { nodes: nodes.map((node) => ({ ...settings.parse(foundation).host, ...node })) },
      }));
    const nodes = [{ address: "172.30.0.8" }, { address: "172.30.0.9", role: "worker" }] as const;
    const both = await recordStack(withNodes(...nodes));
    const last = await recordStack(withNodes(nodes[1]));
    const joins = (recording: typeof both): unknown[] =>
      recording.resources
        .filter(({ name }) => name.endsWith("-join-command"))
        .map(({ name, inputs }) => [name, /\brole=\W*(worker|control-plane)/.exec(String(inputs["create"]))?.[1]]);
    assert.deepEqual(joins(both), [
      ["cluster-node-172.30.0.8-join-command", "control-plane"],
      ["cluster-node-172.30.0.9-join-command", "worker"],
    ]);
    assert.deepEqual(joins(last), [["cluster-node-172.30.0.9-join-command", "worker"]]);
  });
});

describe("a layer on the foundation of the same stack", () => {
  it("waits for the certificate issuers and for the front door", async () => {
    const recording = await recordStack(settingsOf("sandbox"));
    const required = recording.requirementsOf("iam-namespace");
    assert(required.has("certificates"));
    assert(required.has("front-door-plain"));
  });

  it("waits for an operator only with what this operator runs", async () => {
    const recording = await recordStack(settingsOf("sandbox"));
    assert(!recording.requirementsOf("iam-vault-chart-release").has("postgres-operator-release"));
    assert(!recording.requirementsOf("iam-vault-chart-release").has("secrets-operator-release"));
    assert(recording.requirementsOf("iam-postgres-cluster").has("postgres-operator-release"));
    assert(!recording.requirementsOf("iam-postgres-cluster").has("secrets-operator-release"));
    const synced = recording.resources.filter(({ type }) => type.startsWith("kubernetes:secrets.hashicorp.com/"));
    assert(synced.length > 0);
    for (const { name } of synced) {
      assert(recording.requirementsOf(name).has("secrets-operator-release"), name);
    }
    const databases = recording.resources.filter(({ type }) => type.startsWith("kubernetes:postgresql.cnpg.io/"));
    assert(databases.length > 1);
    for (const { name } of databases) {
      assert(recording.requirementsOf(name).has("postgres-operator-release"), name);
    }
  });

  it("waits for the issuer of the cluster-internal certificates, even if a public CA signs for people", async () => {
    const recording = await recordStack(settingsOf("ovh"));
    assert(recording.requirementsOf("iam-namespace").has("internal-certificates"));
  });
});
