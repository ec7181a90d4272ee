import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { eventually } from "../../support/eventually.ts";
import { foundationOutputs, iamOutputs, Kubectl, sandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { asDeployer, type VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

/** Role, policy and secret of this test in Vault, and where the pod lives that may have the secret. */
const role = "e2e-workload";
const home = "e2e-workload";
const elsewhere = "e2e-elsewhere";
const value = `value-${randomBytes(12).toString("hex")}`;

const operatorApi = "secrets.hashicorp.com/v1beta1";
const audited = z.object({
  type: z.string(),
  error: z.string().optional(),
  auth: z.object({ display_name: z.string().optional() }).optional(),
  request: z.object({ path: z.string() }),
});

interface Case {
  readonly namespace: string;
  readonly account: string;
  readonly audience: string;
}
const right: Case = { namespace: home, account: "reader", audience: "vault" };
const wrong: Readonly<Record<string, Case>> = {
  "with another service account": { ...right, account: "stranger" },
  "in another namespace": { ...right, namespace: elsewhere },
  "with a token for another audience": { ...right, audience: "somebody-else" },
};

const nameOf = ({ account, audience }: Case): string => `${account}-${audience}`;

/** What Vault Secrets Operator needs in order to bring the secret as the case says. */
function syncing(given: Case, vaultAddress: string): object[] {
  const { namespace, account, audience } = given;
  const metadata = { name: nameOf(given), namespace };
  const kubernetes = { role, serviceAccount: account, audiences: [audience] };
  const spec = { vaultConnectionRef: "vault", method: "kubernetes", mount: "kubernetes", kubernetes };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } },
    {
      apiVersion: operatorApi,
      kind: "VaultConnection",
      metadata: { name: "vault", namespace },
      spec: { address: vaultAddress, caCertSecretRef: "bibind-ca" },
    },
    { apiVersion: operatorApi, kind: "VaultAuth", metadata, spec },
    {
      apiVersion: operatorApi,
      kind: "VaultStaticSecret",
      metadata,
      spec: {
        vaultAuthRef: nameOf(given),
        mount: "kv",
        type: "kv-v2",
        path: `settings/e2e/${role}`,
        destination: { name: nameOf(given), create: true },
      },
    },
  ];
}

/** A pod that has the Secret as a file and shows it in its log. */
function reader(given: Case): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "reader", namespace: given.namespace },
    spec: {
      serviceAccountName: given.account,
      restartPolicy: "Never",
      volumes: [{ name: "secret", secret: { secretName: nameOf(given) } }],
      containers: [
        {
          name: "reader",
          image: "docker.io/library/busybox:1.37",
          command: ["cat", "/secret/word"],
          volumeMounts: [{ name: "secret", mountPath: "/secret", readOnly: true }],
        },
      ],
    },
  };
}

describe("secrets of workloads on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let deployer: VaultClient;

  const sync = async (given: Case): Promise<void> => {
    for (const manifest of syncing(given, iam.vaultInternalAddress)) {
      await kubectl.apply(manifest);
    }
  };
  const auditLog = async () => {
    const text = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    return text.split("\n").flatMap((line) => (line === "" ? [] : [audited.parse(JSON.parse(line))]));
  };

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    const { caCertificate } = await foundationOutputs();
    web = new Web(caCertificate);
    deployer = await asDeployer(kubectl, web, iam.vaultAddress);
    await deployer.must(`kv/data/settings/e2e/${role}`, { json: { data: { word: value } } });
    const policy = `path "kv/data/settings/e2e/${role}" { capabilities = ["read"] }`;
    await deployer.must(`sys/policies/acl/${role}`, { json: { policy } });
    const bound = { bound_service_account_names: [right.account], bound_service_account_namespaces: [home] };
    await deployer.must(`auth/kubernetes/role/${role}`, {
      json: { ...bound, audience: "vault", token_policies: [role] },
    });
    for (const namespace of [home, elsewhere]) {
      await kubectl.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      const metadata = { name: "bibind-ca", namespace };
      await kubectl.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { "ca.crt": caCertificate } });
    }
  });

  after(async () => {
    await kubectl.run("delete", "namespace", home, elsewhere, "--timeout=180s");
    await deployer.must(`auth/kubernetes/role/${role}`, { method: "DELETE" });
    await deployer.must(`sys/policies/acl/${role}`, { method: "DELETE" });
    await deployer.must(`kv/metadata/settings/e2e/${role}`, { method: "DELETE" });
    await web.close();
  });

  it("reach the pod whose service account may have them", async () => {
    await sync(right);
    await kubectl.apply(reader(right));
    await eventually("the pod shows the secret", 120, async () =>
      assert.equal(await kubectl.run("-n", home, "logs", "pod/reader"), value),
    );
  });

  for (const [how, given] of Object.entries(wrong)) {
    it(`are refused ${how}`, async () => {
      await sync(given);
      const { namespace } = given;
      await eventually("the operator says that Vault refused", 90, async () => {
        const selector = `involvedObject.name=${nameOf(given)},type=Warning`;
        const events = await kubectl.run("-n", namespace, "get", "events", "--field-selector", selector, "-o", "json");
        assert.match(events, /403|permission denied|invalid audience|not authorized/);
      });
      await assert.rejects(kubectl.run("-n", namespace, "get", "secret", nameOf(given)), /not found/);
    });
  }

  it("leave who was let in and who was refused in the audit log, and no value", async () => {
    const text = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    const logins = (await auditLog()).filter(({ request }) => request.path === "auth/kubernetes/login");
    const letIn = logins.filter(({ error, auth }) => error === undefined && auth?.display_name?.includes(home));
    assert(letIn.length > 0, "nobody was let in");
    assert(logins.filter(({ type, error }) => type === "response" && error !== undefined).length >= 3, "no refusals");
    assert(!text.includes(value), "the value is in the audit log");
  });

  it("cannot be read by the deployer, who may only bring them", async () => {
    assert.equal((await deployer.ask(`kv/data/settings/e2e/${role}`)).status, 403);
    assert.equal((await deployer.ask("kv/data/iam/hydra")).status, 403);
    assert.equal((await deployer.ask("database/creds/iam-hydra")).status, 403);
  });
});
