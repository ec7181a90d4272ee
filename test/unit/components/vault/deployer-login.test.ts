import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { inspect } from "node:util";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { openSession, type DeployerAccess, type Patience } from "../../../../components/vault/deployer-login.ts";
import {
  TlsServer,
  loopbackCertificate,
  type Answer,
  type Asked,
  type KeyAndCertificate,
} from "../../../support/tls-server.ts";

const kubernetesToken = "administrator-of-the-cluster";
const accountToken = "service-account-token";
const vaultToken = "hvs.token-of-vault";
const secrets = [kubernetesToken, accountToken, vaultToken];

const issued: Answer = { status: 201, body: JSON.stringify({ status: { token: accountToken } }) };
const loggedIn: Answer = { status: 200, body: JSON.stringify({ auth: { client_token: vaultToken } }) };
const denied: Answer = { status: 403, body: JSON.stringify({ errors: ["permission denied"] }) };
const sealed: Answer = { status: 503, body: JSON.stringify({ errors: ["Vault is sealed"] }) };

/** So long that a test which waited for its end would fail of its own time, and so short a pause that none does. */
const long: Patience = { total: 60_000, pause: 1 };
const none: Patience = { total: 0, pause: 1 };

describe("openSession", () => {
  let tls: KeyAndCertificate;
  let kubernetes: TlsServer;
  let vault: TlsServer;
  let askedOfKubernetes: Asked[];
  let askedOfVault: Asked[];
  let ofKubernetes: () => Answer | Promise<Answer>;
  let ofVault: () => Answer;
  let access: DeployerAccess;
  let folder: string;
  const formerFolder = process.cwd();

  before(async () => {
    tls = await loopbackCertificate();
  });

  beforeEach(async () => {
    [askedOfKubernetes, askedOfVault] = [[], []];
    [ofKubernetes, ofVault] = [() => issued, () => loggedIn];
    kubernetes = new TlsServer(tls, (asked) => {
      askedOfKubernetes.push(asked);
      return ofKubernetes();
    });
    vault = new TlsServer(tls, (asked) => {
      askedOfVault.push(asked);
      return ofVault();
    });
    await Promise.all([kubernetes.listen(), vault.listen()]);
    const kubeconfig = JSON.stringify({
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [
        {
          name: "test",
          cluster: {
            server: kubernetes.url,
            "certificate-authority-data": Buffer.from(tls.certificate).toString("base64"),
          },
        },
      ],
      users: [{ name: "test", user: { token: kubernetesToken } }],
    });
    access = { kubeconfig, namespace: "iam", address: vault.url, caCertificate: tls.certificate };
    folder = mkdtempSync(join(tmpdir(), "bibind-session-"));
    process.chdir(folder);
  });

  afterEach(async () => {
    process.chdir(formerFolder);
    rmSync(folder, { recursive: true });
    await Promise.all([kubernetes.stop(), vault.stop()]);
  });

  /** The one error for the operator that the login ends in. */
  async function failure(patience: Patience): Promise<OperatorError> {
    const error: unknown = await openSession(access, patience).catch((reason: unknown) => reason);
    assert(error instanceof OperatorError, inspect(error));
    return error;
  }

  it("asks Kubernetes for a token of the deployer's account that is good for Vault alone, and for ten minutes", async () => {
    await openSession(access, none);
    const [asked] = askedOfKubernetes;
    assert.equal(asked?.path, "/api/v1/namespaces/iam/serviceaccounts/pulumi/token");
    assert.equal(asked.authorization, `Bearer ${kubernetesToken}`);
    assert.deepEqual(JSON.parse(asked.body), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["vault"], expirationSeconds: 600 },
    });
  });

  it("logs in to Vault with that token, as the deployer", async () => {
    await openSession(access, none);
    const [asked] = askedOfVault;
    assert.equal(asked?.path, "/v1/auth/kubernetes/login");
    assert.deepEqual(JSON.parse(asked.body), { role: "pulumi", jwt: accountToken });
  });

  it("leaves the token and the CA in files that nobody else can read, by the same relative paths wherever it runs", async () => {
    const files = await openSession(access, none);
    assert.equal(readFileSync(files.token, "utf8"), vaultToken);
    assert.equal(readFileSync(files.caCertificate ?? "", "utf8"), tls.certificate);
    for (const file of [files.token, files.caCertificate ?? ""]) {
      assert(!isAbsolute(file), file);
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    assert.deepEqual(readdirSync(".session").sort(), ["vault-ca.pem", "vault-token"]);
    assert.equal(statSync(".session").mode & 0o777, 0o700);
  });

  it("replaces the files of an earlier session", async () => {
    await openSession(access, none);
    ofVault = () => ({ status: 200, body: JSON.stringify({ auth: { client_token: "another" } }) });
    const { token } = await openSession(access, none);
    assert.equal(readFileSync(token, "utf8"), "another");
  });

  it("believes public CAs, and writes none, when no CA is given", async () => {
    access = { ...access, caCertificate: "" };
    const { message } = await failure(none);
    assert.match(message, /self-signed certificate/);
    assert.deepEqual(askedOfVault, []);
  });

  for (const status of [400, 403]) {
    it(`takes Vault's ${status} for its last word: one error for the operator, at once`, async () => {
      ofVault = () => ({ status, body: JSON.stringify({ errors: ["permission denied"] }) });
      const { parts } = await failure(long);
      assert.match(parts.what, new RegExp(`cannot log in to Vault: HTTP ${status}: .*permission denied`));
      assert.equal(parts.where, vault.url);
      assert.match(parts.remedy, /unsealed/);
      assert.equal(askedOfVault.length, 1);
    });
  }

  it("takes Kubernetes' refusal for its last word as well, and does not ask Vault", async () => {
    ofKubernetes = () => ({ status: 403, body: JSON.stringify({ message: "serviceaccounts is forbidden" }) });
    assert.match((await failure(long)).message, /serviceaccounts is forbidden/);
    assert.equal(askedOfKubernetes.length, 1);
    assert.deepEqual(askedOfVault, []);
  });

  it("refuses a kubeconfig that is none at once, and asks nobody", async () => {
    access = { ...access, kubeconfig: "not: a kubeconfig" };
    const { message } = await failure(long);
    assert.match(message, /the kubeconfig has no current context[^]*deployer's kubeconfig/i);
    assert.deepEqual([askedOfKubernetes, askedOfVault], [[], []]);
  });

  it("tries again while Vault is sealed, each time with a new token", async () => {
    const answers = [sealed, sealed];
    ofVault = () => answers.shift() ?? loggedIn;
    await openSession(access, long);
    assert.equal(askedOfVault.length, 3);
    assert.equal(askedOfKubernetes.length, 3);
  });

  it("tries again while Vault cannot be reached", async () => {
    const { port } = vault;
    await vault.stop();
    ofKubernetes = async () => {
      // The second request says that a first login went wrong: now Vault comes up.
      if (askedOfKubernetes.length === 2) {
        await vault.listen(port);
      }
      return issued;
    };
    await openSession(access, long);
    assert.equal(askedOfKubernetes.length, 2);
    assert.equal(askedOfVault.length, 1);
  });

  it("tries again while Kubernetes hangs up", async () => {
    const answers: Answer[] = [undefined];
    ofKubernetes = () => (answers.length > 0 ? answers.shift() : issued);
    await openSession(access, long);
    assert.equal(askedOfKubernetes.length, 2);
  });

  it("gives up when its patience ends, and says what it met last", async () => {
    ofVault = () => sealed;
    assert.match((await failure({ total: 50, pause: 1 })).parts.what, /HTTP 503: .*Vault is sealed/);
    assert(askedOfVault.length > 1);
  });

  it("shows no token in any error, however deep one looks", async () => {
    const cases: readonly [string, () => Answer][] = [
      ["a refusal", () => denied],
      ["a seal", () => sealed],
      ["a lost connection", () => undefined],
      ["an answer of another shape", () => ({ status: 200, body: JSON.stringify({ token: vaultToken }) })],
      ["no JSON", () => ({ status: 200, body: `token: ${vaultToken}` })],
    ];
    for (const [what, answering] of cases) {
      ofVault = answering;
      const text = inspect(await failure(none), { depth: Infinity, showHidden: true });
      assert.deepEqual(
        secrets.filter((secret) => text.includes(secret)),
        [],
        what,
      );
    }
  });

  it("leaves no file behind when it fails", async () => {
    ofVault = () => denied;
    await failure(none);
    assert.deepEqual(readdirSync("."), []);
  });
});
