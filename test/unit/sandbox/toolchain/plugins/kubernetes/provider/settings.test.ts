import assert from "node:assert/strict";
import { unknown } from "../../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { diffConfig } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings-diff.ts";
import { readSettings } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings.ts";

const kubeconfig = (server: string, token = "t") =>
  JSON.stringify({
    "current-context": "c",
    clusters: [{ name: "k", cluster: { server } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    users: [{ name: "u", user: { token } }],
  });

describe("kubernetes provider settings", () => {
  it("reads booleans in the SDK's notation, and nested settings", () => {
    const settings = readSettings({
      kubeconfig: "x",
      enablePatchForce: "true",
      enableServerSideApply: "true",
      kubeClientSettings: '{"timeout":5}',
    });
    assert.equal(settings.enablePatchForce, true);
    assert.equal(settings.requestTimeoutSeconds, 5);
    assert.equal(settings.enableSecretMutable, false);
  });

  for (const [name, value, message] of [
    ["renderYamlToDirectory", "out", /applies to a cluster only/],
    ["enableServerSideApply", "false", /server-side apply/],
    ["kubeconfg", "x", /known are .*kubeconfig/],
    ["upsertExistingObjects", "yes", /true or false/],
    ["kubeClientSettings", '{"qps":5}', /kubeClientSettings\.qps/],
    ["helmReleaseSettings", '{"driver":"sql"}', /only secret/],
  ] as const) {
    it(`refuses ${name} = ${value} by its name`, () => {
      assert.throws(() => readSettings({ [name]: value }), { name: "OperatorError", message });
    });
  }

  it("distinguishes an unknown kubeconfig from a missing one", () => {
    assert.equal(readSettings({ kubeconfig: unknown }).kubeconfig, unknown);
    assert.equal(readSettings({}).kubeconfig, undefined);
  });

  it("treats another server as another cluster, but not other credentials", async () => {
    const olds = { kubeconfig: kubeconfig("https://a:6443") };
    const moved = await diffConfig(olds, { kubeconfig: kubeconfig("https://b:6443") });
    assert.deepEqual(moved.replaces, ["kubeconfig"]);
    const renewed = await diffConfig(olds, { kubeconfig: kubeconfig("https://a:6443", "other") });
    assert.deepEqual([renewed.changes, renewed.replaces], [true, []]);
    assert.equal((await diffConfig(olds, olds)).changes, false);
  });

  it("compares only the cluster identifier when both settings have one", async () => {
    const olds = { kubeconfig: kubeconfig("https://a:6443"), clusterIdentifier: "one" };
    const same = await diffConfig(olds, { ...olds, kubeconfig: kubeconfig("https://b:6443") });
    assert.deepEqual(same.replaces, []);
    assert.deepEqual((await diffConfig(olds, { ...olds, clusterIdentifier: "two" })).replaces, ["clusterIdentifier"]);
  });
});
