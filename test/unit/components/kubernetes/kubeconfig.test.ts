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

describe("a kubeconfig", () => {
  it("contains server, CA, credentials and namespace of the current context", async () => {
    const connection = await connect(findKubeconfig(text), {});
    assert.equal(connection.server, "https://10.0.0.1:16443");
    assert.equal(connection.tls.ca?.toString(), "CA");
    assert.equal(connection.namespace, "team");
    assert.deepEqual(await connection.headers(), { authorization: "Bearer hidden-token" });
  });

  it("is refused with the name of the cluster when the cluster of the context is missing", async () => {
    await assert.rejects(connect(findKubeconfig(text), { context: "two" }), /no cluster "gone".*"k"/s);
  });

  it("is refused with the names of its contexts when the selected context is missing", async () => {
    await assert.rejects(connect(findKubeconfig(text), { context: "three" }), /no context "three".*"one", "two"/s);
  });

  it("is refused when it is neither YAML nor JSON, and the message does not show its content", async () => {
    await assert.rejects(connect(findKubeconfig("token: [hidden-token\n"), {}), (error: Error) => {
      assert.match(error.message, /not a kubeconfig in YAML or JSON/);
      assert.doesNotMatch(error.message, /hidden-token/);
      return true;
    });
  });

  it("is refused when it uses an unsupported kind of authentication", async () => {
    const legacy = text.replace("token: hidden-token", "auth-provider: {name: gcp}");
    await assert.rejects(connect(findKubeconfig(legacy), {}), /auth-provider/);
  });

  it("is refused with the path of its file when the file cannot be read", () => {
    assert.throws(() => findKubeconfig("/no/such/kubeconfig"), /\/no\/such\/kubeconfig/);
  });
});
