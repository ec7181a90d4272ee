import assert from "node:assert/strict";
import { declaredClusters } from "../../../../services/drift/state.ts";

const provider = "urn:pulumi:test::bibind::pulumi:providers:kubernetes::kubernetes";

/** A secret as the state has it. */
const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const stack = (...resources: readonly object[]): string =>
  JSON.stringify({
    version: 3,
    deployment: {
      resources: [
        { urn: provider, type: "pulumi:providers:kubernetes", id: "p", inputs: { kubeconfig: secret("config") } },
        ...resources.map((resource) => ({ custom: true, provider: `${provider}::p`, ...resource })),
      ],
    },
  });

const secretOf = (inputs: object, more: object = {}): object => ({
  urn: "urn:s",
  type: "kubernetes:core/v1:Secret",
  id: "iam/s",
  inputs: { apiVersion: "v1", kind: "Secret", ...inputs },
  outputs: { __fieldManager: "pulumi-kubernetes-1" },
  ...more,
});

/** What the stack with these resources declares in its only cluster. */
function declared(...resources: readonly object[]) {
  const [cluster, ...others] = declaredClusters(stack(...resources));
  assert(cluster !== undefined && others.length === 0);
  return cluster;
}

describe("the declared objects of a stack", () => {
  it("have the kubeconfig of their provider, and the field manager of the state", () => {
    const { kubeconfig, objects } = declared(secretOf({ metadata: { name: "s" } }));
    assert.equal(kubeconfig, "config");
    assert.deepEqual(
      objects.map(({ namespace, name, managers }) => ({ namespace, name, managers })),
      [{ namespace: "iam", name: "s", managers: ["pulumi-kubernetes-1"] }],
    );
  });

  it("have their secrets in clear, and say where they are", () => {
    const { objects } = declared({
      ...secretOf({}),
      type: "kubernetes:core/v1:ConfigMap",
      inputs: { apiVersion: "v1", kind: "ConfigMap", data: { a: secret("hidden"), b: "shown" } },
    });
    assert.deepEqual(objects[0]?.body["data"], { a: "hidden", b: "shown" });
    assert.deepEqual(objects[0].secrets, [["data", "a"]]);
  });

  it("have the data of a Secret as the API server returns it", () => {
    const { objects } = declared(secretOf({ data: { a: "eA==" }, stringData: secret({ b: "y" }) }));
    assert.deepEqual(objects[0]?.body["data"], { a: "eA==", b: "eQ==" });
    assert.equal(objects[0].body["stringData"], undefined);
    assert(objects[0].secrets.some(([first]) => first === "data"));
  });

  it("are not those that the program only reads, or that wait for their deletion", () => {
    const kept = secretOf({}, { id: "iam/kept" });
    const { objects } = declared(secretOf({}, { external: true }), secretOf({}, { delete: true }), kept);
    assert.deepEqual(
      objects.map(({ name }) => name),
      ["kept"],
    );
  });

  it("are beside the Helm releases", () => {
    const { releases } = declared({ urn: "urn:r", type: "kubernetes:helm.sh/v3:Release", id: "iam/vault", inputs: {} });
    assert.deepEqual(releases, [{ namespace: "iam", name: "vault" }]);
  });

  for (const [what, text] of [
    ["an empty text", ""],
    ["something else", JSON.stringify({ foundation: {} })],
    ["a state whose secrets are encrypted", stack(secretOf({ data: { ...secret(""), plaintext: undefined } }))],
  ] as const) {
    it(`are not read from ${what}`, () => {
      assert.throws(() => declaredClusters(text), /there is no state of a stack with its secrets on standard input/);
    });
  }
});
