import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, findKubeconfig } from "../../../../components/kubernetes/kubeconfig.ts";
import { postJson } from "../../../../components/vault/https-json.ts";
import { loopbackCertificate, TlsServer, type KeyAndCertificate } from "../../../support/tls-server.ts";

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
    assert.deepEqual(connection.tls, { ca: Buffer.from("CA") });
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

  for (const [name, given] of [
    ["auth-provider", text.replace("token: hidden-token", "auth-provider: {name: gcp}")],
    ["proxy-url", text.replace("cluster: {", 'cluster: {proxy-url: "http://proxy:3128", ')],
    [
      "interactiveMode: Always",
      text.replace("token: hidden-token", "exec: {apiVersion: v1, command: x, interactiveMode: Always}"),
    ],
  ] as const) {
    it(`refuses ${name}, which it does not implement, by name`, async () => {
      await assert.rejects(connect(findKubeconfig(given), {}), new RegExp(`does not support \`${name}\``));
    });
  }

  /** The headers of a user with these fields. */
  async function headersOf(user: string): Promise<unknown> {
    return (await connect(findKubeconfig(text.replace("token: hidden-token", user)), {})).headers();
  }

  it("acts as another user, with groups and further attributes", async () => {
    const user = 'token: t, as: ada, as-uid: "7", as-groups: [ops, audit], as-user-extra: {"example.com/Team": [a, b]}';
    assert.deepEqual(await headersOf(user), {
      authorization: "Bearer t",
      "impersonate-user": "ada",
      "impersonate-uid": "7",
      "impersonate-group": ["ops", "audit"],
      "impersonate-extra-example.com%2FTeam": ["a", "b"],
    });
  });

  it("refuses groups of another user without that user, as kubectl does", async () => {
    await assert.rejects(headersOf("token: t, as-groups: [ops]"), /as-groups.* and no `as`/);
  });

  it("signs in with a name and a password", async () => {
    assert.deepEqual(await headersOf("username: ada, password: p"), { authorization: "Basic YWRhOnA=" });
  });

  it("checks the server's certificate under the given name", async () => {
    const named = text.replace("cluster: {", "cluster: {tls-server-name: k8s.example, ");
    assert.equal((await connect(findKubeconfig(named), {})).tls.servername, "k8s.example");
  });

  it("names the fields that are wrong, without their values", async () => {
    const wrong = text.replace("token: hidden-token", "token: [hidden-token]");
    await assert.rejects(connect(findKubeconfig(wrong), {}), (error: Error) => {
      assert.match(error.message, /not complete: users\.0\.user\.token: .*expected string/);
      assert.doesNotMatch(error.message, /hidden-token/);
      return true;
    });
  });

  describe("with files", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bibind-kubeconfig-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const source = (user: string) => ({
      text: text.replace("token: hidden-token", user),
      folder,
      origin: "the kubeconfig of the test",
    });

    it("reads the token of a file beside it for every request, and not the other token", async () => {
      writeFileSync(join(folder, "token"), "first\n");
      const connection = await connect(source("tokenFile: token, token: other"), {});
      assert.deepEqual(await connection.headers(), { authorization: "Bearer first" });
      writeFileSync(join(folder, "token"), "second\n");
      assert.deepEqual(await connection.headers(), { authorization: "Bearer second" });
    });

    it("names a file that it names and that is missing", async () => {
      const connection = await connect(source("tokenFile: missing"), {});
      await assert.rejects(connection.headers(), new RegExp(`${folder}/missing, which cannot be read`));
      await assert.rejects(
        connect(source("client-certificate: missing.crt"), {}),
        /missing\.crt, which cannot be read/,
      );
    });
  });

  it("is refused with the path of its file when the file cannot be read", () => {
    assert.throws(() => findKubeconfig("/no/such/kubeconfig"), /\/no\/such\/kubeconfig/);
  });
});

describe("the TLS options of a kubeconfig", () => {
  const base64 = (pem: string): string => Buffer.from(pem).toString("base64");
  let own: KeyAndCertificate;
  let other: KeyAndCertificate;
  let server: TlsServer;

  before(async () => {
    [own, other] = [await loopbackCertificate(), await loopbackCertificate()];
    server = new TlsServer(own, () => ({ status: 200, body: "{}" }));
    await server.listen();
  });
  after(() => server.stop());

  /** Sends a request with the options that a cluster of these properties gives. */
  async function post(cluster: object): Promise<unknown> {
    const config = {
      "current-context": "one",
      contexts: [{ name: "one", context: { cluster: "k", user: "u" } }],
      clusters: [{ name: "k", cluster: { server: server.url, ...cluster } }],
      users: [{ name: "u", user: {} }],
    };
    const { tls } = await connect(findKubeconfig(JSON.stringify(config)), {});
    return postJson(new URL(server.url), {}, tls);
  }

  it("accept the server whose certificate the CA signed, and no other server", async () => {
    assert.deepEqual(await post({ "certificate-authority-data": base64(own.certificate) }), {});
    const refused = /self-signed certificate/;
    await assert.rejects(post({ "certificate-authority-data": base64(other.certificate) }), refused);
    await assert.rejects(post({ "insecure-skip-tls-verify": false }), refused);
  });

  it("require the name of the cluster in the certificate", async () => {
    const cluster = {
      "certificate-authority-data": base64(own.certificate),
      "tls-server-name": "kubernetes.example",
    };
    await assert.rejects(post(cluster), /kubernetes\.example/);
  });

  it("accept any server when the cluster skips the verification", async () => {
    assert.deepEqual(await post({ "insecure-skip-tls-verify": true }), {});
  });
});
