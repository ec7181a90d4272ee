import assert from "node:assert/strict";
import { z } from "zod";
import { layers } from "../../stacks/layers.ts";
import { deployPlatform } from "../../stacks/platform.ts";
import type { SettingsSource } from "../../stacks/settings/source.ts";
import { environments, settingsOf, settingsWithHashiCorpVault } from "../support/environments.ts";
import { recordExampleLayer } from "../support/example-layer.ts";
import { record, type RecordedResource, type Recording } from "../support/mocks.ts";
import { noSession } from "../support/vault-session.ts";

/** What holds data, whatever component makes it: a type, and which of its resources. */
const kinds: readonly (readonly [type: string, holdsData: (resource: RecordedResource) => boolean])[] = [
  ["kubernetes:postgresql.cnpg.io/v1:Cluster", () => true],
  // Volumes are deleted with their namespace. The namespaces of operators have none.
  [
    "kubernetes:core/v1:Namespace",
    ({ name }) => layers.some((layer) => name === `${layer.name}-namespace`) || name === "example-namespace",
  ],
  ["kubernetes:helm.sh/v3:Release", ({ inputs }) => inputs["chart"] === "openbao" || inputs["chart"] === "vault"],
  ["random:index/randomPassword:RandomPassword", ({ name }) => name.endsWith("-seal-key")],
  ["kubernetes:core/v1:Secret", ({ uses }) => uses.some((name) => name.endsWith("-seal-key"))],
  ["vault:index/mount:Mount", () => true],
  ["vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert", () => true],
  ["vault:transit/secretBackendKey:SecretBackendKey", () => true],
  // The deletion of metadata deletes every version of a secret.
  ["vault:generic/endpoint:Endpoint", ({ inputs }) => String(inputs["path"]).startsWith("kv/metadata/")],
  // The removal of MicroK8s deletes the volumes on its machine.
  ["command:remote:Command", ({ name }) => /^cluster-(.*-)?(install|join)-command$/.test(name)],
];

function holdsData(resource: RecordedResource): boolean {
  return kinds.some(([type, holds]) => resource.type === type && holds(resource));
}

const foundationSettings = z.looseObject({ host: z.looseObject({}) });

const namesOf = (resources: readonly RecordedResource[]): string[] => resources.map(({ name }) => name).sort();

function deploy({ file, values }: SettingsSource, protectData: boolean | undefined): Promise<Recording<unknown>> {
  return record(() => deployPlatform({ file, values: { ...values, protectData } }, noSession, layers));
}

function assertProtected({ resources }: Recording<unknown>): void {
  const leaves = resources.filter(({ custom }) => custom);
  assert.deepEqual(namesOf(leaves.filter(({ protect }) => protect)), namesOf(leaves.filter(holdsData)));
}

const cases: readonly (readonly [environment: string, settings: () => SettingsSource])[] = [
  ...environments.map((environment) => [environment, () => settingsOf(environment)] as const),
  ["sandbox with HashiCorp Vault", settingsWithHashiCorpVault],
];

describe("the protection of data", function () {
  this.timeout(60_000);

  for (const [environment, settings] of cases) {
    it(`covers exactly what holds data in the environment ${environment}`, async () => {
      const recording = await deploy(settings(), undefined);
      for (const type of ["kubernetes:postgresql.cnpg.io/v1:Cluster", "kubernetes:helm.sh/v3:Release"]) {
        assert(recording.ofType(type).some(holdsData), `the environment has no ${type} with data`);
      }
      assertProtected(recording);
    });

    it(`covers nothing in the environment ${environment} when its settings open it`, async () => {
      const { resources } = await deploy(settings(), false);
      assert.deepEqual(namesOf(resources.filter(({ protect }) => protect)), []);
    });
  }

  it("covers a machine that joins the cluster", async () => {
    const { file, values } = settingsOf("ovh");
    const { host, ...others } = foundationSettings.parse(values["foundation"]);
    const trusting = { ...host, hardening: { firewall: { trustedNetworks: ["192.0.2.0/24"] } } };
    const nodes = [{ ...trusting, address: "192.0.2.2" }];
    const foundation = { ...others, host: trusting, cluster: { nodes } };
    const recording = await deploy({ file, values: { ...values, foundation } }, undefined);
    assert(recording.named("cluster-node-192.0.2.2-join-command").protect);
    assertProtected(recording);
  });

  it("covers the database and the keys of a layer above iam", async () => {
    const recording = await recordExampleLayer();
    assert(recording.named("example-web-keyring-versions").protect);
    assertProtected(recording);
  });

  it("is open in the sandbox, which is made to be destroyed, and closed on the real server", () => {
    assert.deepEqual(
      environments.map((environment) => [environment, settingsOf(environment).values["protectData"]]),
      [
        ["ovh", undefined],
        ["sandbox", false],
      ],
    );
  });
});
