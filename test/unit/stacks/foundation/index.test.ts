import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { foundationContract } from "../../../../stacks/foundation/contract.ts";
import { deployPlatform } from "../../../../stacks/platform.ts";
import { charts } from "../../../../stacks/versions.ts";
import { settingsOf } from "../../../support/environments.ts";
import { answer, isSecret, record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { noSession } from "../../../support/vault-session.ts";

type Values = Record<string, unknown>;

const settings = z.looseObject({ host: z.looseObject({}) });
const trust = { data: { "ca.crt": Buffer.from("the CA").toString("base64") } };

/** The sandbox's settings with the foundation's changed, and no layer beside it. */
function withFoundation(change: (foundation: Values) => Values): { file: string; values: Values } {
  const { file, values } = settingsOf("sandbox");
  return {
    file,
    values: { ...values, layers: ["foundation"], foundation: change(settings.parse(values["foundation"])) },
  };
}

describe("layer foundation", () => {
  it("keeps the kubeconfig secret and every other output plain", async () => {
    const { result } = await record(() => deployPlatform(settingsOf("sandbox"), noSession), {
      answer: (resource) => (resource.type === "kubernetes:core/v1:Secret" ? trust : answer(resource)),
    });
    assert(result.foundation !== undefined);
    const { contractVersion, ...fields } = result.foundation;
    assert.equal(contractVersion, foundationContract.version);
    const secret = await Promise.all(
      Object.entries(fields).map(async ([name, output]) => ((await pulumi.isSecret<unknown>(output)) ? [name] : [])),
    );
    assert.deepEqual(secret.flat(), ["kubeconfig"]);
  });

  it("takes every chart at its pinned version, from the mirror when there is one", async () => {
    const mirrored = await record(() => deployPlatform(settingsOf("sandbox"), noSession));
    const published = await record(() => deployPlatform(settingsOf("ovh"), noSession));
    // HashiCorp's chart takes the place of OpenBao's only where the settings say so.
    for (const pin of Object.values(charts).filter(({ chart }) => chart !== charts.vault.chart)) {
      const release = (recording: typeof mirrored): Values | undefined =>
        recording.ofType("kubernetes:helm.sh/v3:Release").find(({ inputs }) => inputs["chart"] === pin.chart)?.inputs;
      assert.equal(release(mirrored)?.["version"], pin.version);
      assert.deepEqual(release(mirrored)?.["repositoryOpts"], { repo: "http://172.30.0.2:8879/" });
      assert.deepEqual(release(published)?.["repositoryOpts"], { repo: pin.repository });
    }
  });

  it("adopts a cluster by its kubeconfig and then touches no host", async () => {
    const source = withFoundation((foundation) => ({
      ...foundation,
      host: undefined,
      cluster: { kubeconfig: "clusters: []\nusers: []\n" },
    }));
    const recording = await record(() => deployPlatform(source, noSession));
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
      welcomePage: off,
    }));
    const { resources, result } = await record(() => deployPlatform(source, noSession));
    assert.deepEqual(
      resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release"),
      [],
    );
    assert(result.foundation !== undefined);
    assert.deepEqual(await settled(result.foundation.urls), {});
  });

  it("connects the secrets operator to an existing Vault when its address is given", async () => {
    const address = "https://vault.example.com:8200";
    const source = withFoundation((foundation) => ({ ...foundation, secretsOperator: { vaultAddress: address } }));
    const recording = await record(() => deployPlatform(source, noSession));
    assert.deepEqual(recording.named("secrets-operator-release").inputs["values"], {
      controller: { replicas: 1 },
      defaultVaultConnection: { enabled: true, address },
    });
  });

  it("checks each further machine against the settings of that machine", async () => {
    const source = withFoundation((foundation) => ({
      ...foundation,
      cluster: { nodes: [{ ...settings.parse(foundation).host, address: "172.30.0.9" }] },
    }));
    const recording = await record(() => deployPlatform(source, noSession));
    const { inputs } = recording.named("node-172.30.0.9-preflight-command");
    assert.match(String(inputs["create"]), /bibind:foundation\.cluster\.nodes\[0\]/);
  });

  it("leaves every other machine's steps as they are when one is taken out, in whatever role each is", async () => {
    const withNodes = (...nodes: readonly Values[]) =>
      withFoundation((foundation) => ({
        ...foundation,
        cluster: { nodes: nodes.map((node) => ({ ...settings.parse(foundation).host, ...node })) },
      }));
    const nodes = [{ address: "172.30.0.8" }, { address: "172.30.0.9", role: "worker" }] as const;
    const both = await record(() => deployPlatform(withNodes(...nodes), noSession));
    const last = await record(() => deployPlatform(withNodes(nodes[1]), noSession));
    const joins = (recording: typeof both): unknown[] =>
      recording.resources
        .filter(({ name }) => name.endsWith("-join-command"))
        .map(({ name, inputs }) => [name, /\nrole=\S*?(worker|control-plane)/.exec(String(inputs["create"]))?.[1]]);
    assert.deepEqual(joins(both), [
      ["cluster-node-172.30.0.8-join-command", "control-plane"],
      ["cluster-node-172.30.0.9-join-command", "worker"],
    ]);
    assert.deepEqual(joins(last), [["cluster-node-172.30.0.9-join-command", "worker"]]);
  });
});
