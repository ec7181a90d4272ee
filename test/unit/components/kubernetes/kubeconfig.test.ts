import assert from "node:assert/strict";
import { connect, findKubeconfig } from "../../../../components/kubernetes/kubeconfig.ts";

const text = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- {name: k, cluster: {server: "https://10.0.0.1:16443/", certificate-authority-data: Q0E=}}
contexts:
- {name: one, context: {cluster: k, user: u, namespace: team}}
- {name: two, context: {cluster: gone, user: u}}
users:
- {name: u, user: {token: hidden-token}}
`;

describe("kubeconfig", () => {
  it("gives server, CA, credentials and namespace of the current context", async () => {
    const connection = await connect(findKubeconfig(text), {});
    assert.equal(connection.server, "https://10.0.0.1:16443");
    assert.equal(connection.tls.ca?.toString(), "CA");
    assert.equal(connection.namespace, "team");
    assert.deepEqual(await connection.headers(), { authorization: "Bearer hidden-token" });
  });

  it("names the cluster of the context when it is missing", async () => {
    await assert.rejects(connect(findKubeconfig(text), { context: "two" }), /no cluster "gone".*"k"/s);
  });

  it("names the contexts that exist", async () => {
    await assert.rejects(connect(findKubeconfig(text), { context: "three" }), /no context "three".*"one", "two"/s);
  });

  it("refuses a text that is not a kubeconfig, and does not show it", async () => {
    await assert.rejects(connect(findKubeconfig("token: [hidden-token\n"), {}), (error: Error) => {
      assert.match(error.message, /not a kubeconfig in YAML or JSON/);
      assert.doesNotMatch(error.message, /hidden-token/);
      return true;
    });
  });

  it("refuses authentication that it does not implement", async () => {
    const legacy = text.replace("token: hidden-token", "auth-provider: {name: gcp}");
    await assert.rejects(connect(findKubeconfig(legacy), {}), /auth-provider/);
  });

  it("names a file that cannot be read", () => {
    assert.throws(() => findKubeconfig("/no/such/kubeconfig"), /\/no\/such\/kubeconfig/);
  });
});
