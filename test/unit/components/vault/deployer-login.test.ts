import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { inspect } from "node:util";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { openSession, type DeployerAccess, type LoginRetry } from "../../../../components/vault/deployer-login.ts";
import {
  TlsServer,
  loopbackCertificate,
  type Answer,
  type ReceivedRequest,
  type KeyAndCertificate,
} from "../../../support/tls-server.ts";
import { TestClock } from "../../../support/test-clock.ts";

const kubernetesToken = "administrator-of-the-cluster";
const accountToken = "service-account-token";
const vaultToken = "hvs.token-of-vault";
const secrets = [kubernetesToken, accountToken, vaultToken];

const issued: Answer = { status: 201, body: JSON.stringify({ status: { token: accountToken } }) };
const loggedIn: Answer = { status: 200, body: JSON.stringify({ auth: { client_token: vaultToken } }) };
const denied: Answer = { status: 403, body: JSON.stringify({ errors: ["permission denied"] }) };
const sealed: Answer = { status: 503, body: JSON.stringify({ errors: ["Vault is sealed"] }) };

/** Longer than a test may take, so that a login that retries in vain fails its test. The pause is short. */
const long: LoginRetry = { total: 60_000, pause: 1 };
const none: LoginRetry = { total: 0, pause: 1 };

describe("openSession", () => {
  let tls: KeyAndCertificate;
  let kubernetes: TlsServer;
  let vault: TlsServer;
  let kubernetesRequests: ReceivedRequest[];
  let vaultRequests: ReceivedRequest[];
  let ofKubernetes: () => Answer | Promise<Answer>;
  let ofVault: () => Answer;
  let access: DeployerAccess;
  let folder: string;
  const originalFolder = process.cwd();

  before(async () => {
    tls = await loopbackCertificate();
  });

  beforeEach(async () => {
    [kubernetesRequests, vaultRequests] = [[], []];
    [ofKubernetes, ofVault] = [() => issued, () => loggedIn];
    kubernetes = new TlsServer(tls, (request) => {
      kubernetesRequests.push(request);
      return ofKubernetes();
    });
    vault = new TlsServer(tls, (request) => {
      vaultRequests.push(request);
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
    process.chdir(originalFolder);
    rmSync(folder, { recursive: true });
    await Promise.all([kubernetes.stop(), vault.stop()]);
  });

  /** The OperatorError with which the login fails. */
  async function failure(retry: LoginRetry): Promise<OperatorError> {
    const error: unknown = await openSession(access, retry).catch((reason: unknown) => reason);
    assert(error instanceof OperatorError, inspect(error));
    return error;
  }

  it("requests a token of the deployer's account from Kubernetes, for Vault alone and for ten minutes", async () => {
    await openSession(access, none);
    const [request] = kubernetesRequests;
    assert.equal(request?.path, "/api/v1/namespaces/iam/serviceaccounts/pulumi/token");
    assert.equal(request.authorization, `Bearer ${kubernetesToken}`);
    assert.deepEqual(JSON.parse(request.body), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["vault"], expirationSeconds: 600 },
    });
  });

  it("logs in to Vault with that token, in the role of the deployer", async () => {
    await openSession(access, none);
    const [request] = vaultRequests;
    assert.equal(request?.path, "/v1/auth/kubernetes/login");
    assert.deepEqual(JSON.parse(request.body), { role: "pulumi", jwt: accountToken });
  });

  it("writes token and CA to files that only the owner can read, at relative paths that do not depend on the machine", async () => {
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

  it("trusts public CAs when no CA is given", async () => {
    access = { ...access, caCertificate: "" };
    const { message } = await failure(none);
    assert.match(message, /self-signed certificate/);
    assert.deepEqual(vaultRequests, []);
  });

  it("sends nothing to a Vault whose certificate another CA signed", async () => {
    access = { ...access, caCertificate: (await loopbackCertificate()).certificate };
    assert.match((await failure(none)).message, /self-signed certificate/);
    assert.deepEqual(vaultRequests, []);
  });

  it("sends nothing to an API server whose certificate another CA signed", async () => {
    const { certificate } = await loopbackCertificate();
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    access = { ...access, kubeconfig: access.kubeconfig.replace(base64(tls.certificate), base64(certificate)) };
    assert.match((await failure(none)).message, /self-signed certificate/);
    assert.deepEqual(kubernetesRequests, []);
  });

  for (const status of [400, 403]) {
    it(`does not retry when Vault answers ${status}: it fails at once, with an OperatorError`, async () => {
      ofVault = () => ({ status, body: JSON.stringify({ errors: ["permission denied"] }) });
      const { parts } = await failure(long);
      assert.match(parts.what, new RegExp(`cannot log in to Vault: HTTP ${status}: .*permission denied`));
      assert.equal(parts.where, vault.url);
      assert.match(parts.remedy, /unsealed/);
      assert.equal(vaultRequests.length, 1);
    });
  }

  for (const [what, answer, expected, remedy] of [
    ["refuses its credential", { status: 401, body: "Unauthorized" }, /does not accept the credential/, /is valid now/],
    [
      "forbids it",
      { status: 403, body: "forbidden" },
      /does not let the user .*: HTTP 403: forbidden/,
      /administrator/,
    ],
    [
      "knows no such account",
      { status: 404, body: "not found" },
      /does not know the deployer's service acc/,
      /layer iam/,
    ],
    ["refuses anything else", { status: 422, body: "invalid" }, /refuses a token: HTTP 422/, /read its message/],
    ["answers nothing", { status: 200, body: "" }, /does not answer like Kubernetes/, /check the server/],
    ["answers a page", { status: 200, body: "<html>" }, /does not answer like Kubernetes/, /check the server/],
    ["answers another object", { status: 201, body: "{}" }, /does not answer like Kubernetes/, /check the server/],
  ] as const) {
    it(`fails at once and accuses Kubernetes when that ${what}, without a word about Vault's data`, async () => {
      ofKubernetes = () => answer;
      const { parts } = await failure(long);
      assert.match(parts.what, expected);
      assert.match(parts.remedy, remedy);
      assert.equal(parts.where, kubernetes.url);
      assert.doesNotMatch(parts.remedy, /claims/);
      assert.deepEqual([kubernetesRequests.length, vaultRequests.length], [1, 0]);
    });
  }

  it("fails at once and names the exec plugin of the kubeconfig that is not installed", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-plugin" };
    const users = [{ name: "test", user: { exec } }];
    access = { ...access, kubeconfig: JSON.stringify({ ...JSON.parse(access.kubeconfig), users }) };
    const { parts } = await failure(long);
    assert.match(parts.what, /exec plugin `no-such-plugin` of the kubeconfig is not installed/);
    assert.deepEqual([kubernetesRequests, vaultRequests], [[], []]);
  });

  it("accuses Kubernetes when that does not answer in time", async () => {
    ofKubernetes = () => ({ status: 503, body: "starting" });
    const clock = new TestClock();
    const { parts } = await failure({ total: 50, pause: 20 }).finally(() => clock.stop());
    assert.match(parts.what, /^Kubernetes does not answer, so the deployer has no token for Vault: HTTP 503: starting/);
    assert.equal(parts.where, kubernetes.url);
    assert.doesNotMatch(parts.remedy, /claims/);
    assert.deepEqual(clock.pauses, [20, 20, 20]);
  });

  it("refuses an invalid kubeconfig at once, without a request", async () => {
    access = { ...access, kubeconfig: "not: a kubeconfig" };
    const { message } = await failure(long);
    assert.match(message, /the kubeconfig has no current context[^]*deployer's kubeconfig/i);
    assert.deepEqual([kubernetesRequests, vaultRequests], [[], []]);
  });

  it("retries while Vault is sealed, each time with a new token", async () => {
    const answers = [sealed, sealed];
    ofVault = () => answers.shift() ?? loggedIn;
    await openSession(access, long);
    assert.equal(vaultRequests.length, 3);
    assert.equal(kubernetesRequests.length, 3);
  });

  it("retries while Vault is a standby that does not reach the active server, and follows no redirect", async () => {
    const notActive = { errors: ["local node not active but active cluster node not found"] };
    const answers: Answer[] = [
      { status: 307, body: "" },
      { status: 500, body: JSON.stringify(notActive) },
    ];
    ofVault = () => answers.shift() ?? loggedIn;
    await openSession(access, long);
    assert.deepEqual(
      vaultRequests.map(({ path }) => path),
      Array(3).fill("/v1/auth/kubernetes/login"),
    );
  });

  it("retries while Vault cannot be reached", async () => {
    const { port } = vault;
    await vault.stop();
    ofKubernetes = async () => {
      // The second request means that the first login failed. Vault starts now.
      if (kubernetesRequests.length === 2) {
        await vault.listen(port);
      }
      return issued;
    };
    await openSession(access, long);
    assert.equal(kubernetesRequests.length, 2);
    assert.equal(vaultRequests.length, 1);
  });

  it("retries while Kubernetes closes the connection", async () => {
    const answers: Answer[] = [undefined];
    ofKubernetes = () => (answers.length > 0 ? answers.shift() : issued);
    await openSession(access, long);
    assert.equal(kubernetesRequests.length, 2);
  });

  it("fails when its time is over, with the last error", async () => {
    const clock = new TestClock();
    ofVault = () => sealed;
    const { parts } = await failure({ total: 50, pause: 20 }).finally(() => clock.stop());
    assert.match(parts.what, /HTTP 503: .*Vault is sealed/);
    assert.deepEqual(clock.pauses, [20, 20, 20]);
    assert.equal(vaultRequests.length, 4);
  });

  it("retries every second for three minutes by default", async () => {
    const clock = new TestClock();
    ofVault = () => {
      clock.pass(59_000);
      return sealed;
    };
    await assert.rejects(openSession(access), OperatorError).finally(() => clock.stop());
    assert.deepEqual(clock.pauses, [1000, 1000, 1000]);
  });

  it("shows no token in any error, at any depth", async () => {
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

  it("writes no file when it fails", async () => {
    ofVault = () => denied;
    await failure(none);
    assert.deepEqual(readdirSync("."), []);
  });
});
