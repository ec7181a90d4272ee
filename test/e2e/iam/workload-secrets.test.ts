import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { servedBy } from "../../../components/kubernetes/operator-guard.ts";
import { eventually } from "../../support/eventually.ts";
import { foundationOutputs, iamOutputs, Kubectl, ensureSandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { asDeployer, type VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

/** Name of the role, the policy and the secret of this test in Vault. */
const role = "e2e-workload";
/** Namespace of the pod that may read the secret, and another namespace. */
const namespace = "e2e-workload";
const otherNamespace = "e2e-elsewhere";
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
const allowed: Case = { namespace, account: "reader", audience: "vault" };
const refused: Readonly<Record<string, Case>> = {
  "another service account": { ...allowed, account: "other" },
  "another namespace": { ...allowed, namespace: otherNamespace },
  "a token for another audience": { ...allowed, audience: "somebody-else" },
};

const nameOf = ({ account, audience }: Case): string => `${account}-${audience}`;

/** The objects by which Vault Secrets Operator syncs the secret in this case. */
function syncObjects(given: Case, vaultAddress: string): object[] {
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

/** A pod that mounts the Secret and prints it to its log. */
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
    for (const manifest of syncObjects(given, iam.vaultInternalAddress)) {
      await kubectl.apply(manifest);
    }
  };
  const auditLog = async () => {
    const text = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    return text.split("\n").flatMap((line) => (line === "" ? [] : [audited.parse(JSON.parse(line))]));
  };

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    const { caCertificate } = await foundationOutputs();
    web = new Web(caCertificate);
    deployer = await asDeployer(kubectl, web, iam.vaultAddress);
    await deployer.requestData(`kv/data/settings/e2e/${role}`, { json: { data: { word: value } } });
    const policy = `path "kv/data/settings/e2e/${role}" { capabilities = ["read"] }`;
    await deployer.requestData(`sys/policies/acl/${role}`, { json: { policy } });
    const bound = { bound_service_account_names: [allowed.account], bound_service_account_namespaces: [namespace] };
    await deployer.requestData(`auth/kubernetes/role/${role}`, {
      json: { ...bound, audience: "vault", token_policies: [role] },
    });
    for (const name of [namespace, otherNamespace]) {
      const labels = servedBy(["secrets-operator"]);
      await kubectl.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
      const metadata = { name: "bibind-ca", namespace: name };
      await kubectl.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { "ca.crt": caCertificate } });
    }
  });

  after(async () => {
    await kubectl.run("delete", "namespace", namespace, otherNamespace, "--timeout=180s");
    await deployer.requestData(`auth/kubernetes/role/${role}`, { method: "DELETE" });
    await deployer.requestData(`sys/policies/acl/${role}`, { method: "DELETE" });
    await deployer.requestData(`kv/metadata/settings/e2e/${role}`, { method: "DELETE" });
    await web.close();
  });

  it("reach a pod whose service account may read them", async () => {
    await sync(allowed);
    await kubectl.apply(reader(allowed));
    await eventually("the pod prints the secret", 120, async () =>
      assert.equal(await kubectl.run("-n", namespace, "logs", "pod/reader"), value),
    );
  });

  for (const [what, given] of Object.entries(refused)) {
    it(`are refused to ${what}`, async () => {
      await sync(given);
      const inNamespace = ["-n", given.namespace] as const;
      await eventually("the operator reports that Vault refuses", 90, async () => {
        const selector = `involvedObject.name=${nameOf(given)},type=Warning`;
        const events = await kubectl.run(...inNamespace, "get", "events", "--field-selector", selector, "-o", "json");
        assert.match(events, /403|permission denied|not authorized|requests tokens for the audience vault only/);
      });
      await assert.rejects(kubectl.run(...inNamespace, "get", "secret", nameOf(given)), /not found/);
    });
  }

  it("do not appear in the audit log, which records accepted and refused logins", async () => {
    const text = await kubectl.run("-n", "iam", "exec", "vault-0", "--", "cat", "/openbao/audit/audit.log");
    const logins = (await auditLog()).filter(({ request }) => request.path === "auth/kubernetes/login");
    const accepted = logins.filter(({ error, auth }) => error === undefined && auth?.display_name?.includes(namespace));
    assert(accepted.length > 0, "the audit log has no accepted login");
    const refusals = logins.filter(({ type, error }) => type === "response" && error !== undefined);
    // Kubernetes refuses the token for another audience, so Vault sees only the other two logins.
    assert(refusals.length >= 2, "the audit log has too few refused logins");
    assert(!text.includes(value), "the value is in the audit log");
  });

  it("cannot be read by the deployer, who may only write them", async () => {
    assert.equal((await deployer.request(`kv/data/settings/e2e/${role}`)).status, 403);
    assert.equal((await deployer.request("kv/data/iam/hydra")).status, 403);
    assert.equal((await deployer.request("database/creds/iam-hydra")).status, 403);
  });
});
