import assert from "node:assert/strict";
import { execa } from "execa";
import { servedBy } from "../../components/kubernetes/operator-guard.ts";
import { listPods, readinessOf } from "../../sandbox/commands/pods.ts";
import { openbao } from "../../sandbox/toolchain/openbao/openbao.ts";
import { foundationOutputs, Kubectl, sandboxSucceeds } from "../support/sandbox.ts";
import { eventually } from "../support/eventually.ts";

const namespace = "e2e-data";
/** Address of a Vault that runs outside of the machine, on the gateway of the sandbox's network. */
const vaultAddress = "172.30.0.1:8200";
const row = `written at ${Date.now()}`;

function database(storageClass: string): object {
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name: "db", namespace },
    spec: {
      instances: 1,
      imageName: "ghcr.io/cloudnative-pg/postgresql:17-minimal-trixie",
      storage: { size: "1Gi", storageClass },
    },
  };
}

const volumeUser = (storageClass: string): object[] => [
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "notes", namespace },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: "1Gi" } },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "notes", namespace },
    spec: {
      selector: { matchLabels: { app: "notes" } },
      template: {
        metadata: { labels: { app: "notes" } },
        spec: {
          terminationGracePeriodSeconds: 1,
          volumes: [{ name: "notes", persistentVolumeClaim: { claimName: "notes" } }],
          containers: [
            {
              name: "shell",
              image: "docker.io/library/busybox:1.37",
              command: ["sleep", "86400"],
              volumeMounts: [{ name: "notes", mountPath: "/notes" }],
            },
          ],
        },
      },
    },
  },
];

describe("data on the sandbox", function () {
  this.timeout(900_000);
  let kubectl: Kubectl;

  const sql = (statement: string): Promise<string> =>
    kubectl.run("-n", namespace, "exec", "db-1", "-c", "postgres", "--", "psql", "-qAtc", statement);
  const shell = (...command: readonly string[]): Promise<string> =>
    kubectl.run("-n", namespace, "exec", "deployment/notes", "--", ...command);
  const assertRow = async (): Promise<void> => assert.equal(await sql("SELECT text FROM note"), row);

  before(async () => {
    await sandboxSucceeds("up");
    kubectl = await Kubectl.ofSandbox();
    const { storageClass } = await foundationOutputs();
    const labels = servedBy(["postgres-operator", "secrets-operator"]);
    await kubectl.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } });
    await kubectl.apply(database(storageClass));
    for (const manifest of volumeUser(storageClass)) {
      await kubectl.apply(manifest);
    }
  });

  after(async () => {
    await kubectl.run("delete", "namespace", namespace, "--wait=true", "--timeout=180s");
  });

  it("is stored in a PostgreSQL cluster that the operator creates", async () => {
    await eventually("PostgreSQL accepts a write", 240, () => sql("CREATE TABLE IF NOT EXISTS note (text text)"));
    await sql(`INSERT INTO note VALUES ('${row}')`);
    await assertRow();
  });

  it("stays in PostgreSQL when its pod is deleted", async () => {
    await kubectl.run("-n", namespace, "delete", "pod", "db-1", "--wait=true", "--timeout=120s");
    await eventually("the row can be read again", 180, assertRow);
  });

  it("is stored in a volume that a pod claims", async () => {
    await eventually("the pod with the volume runs", 120, () => shell("sh", "-c", `echo '${row}' >/notes/note; sync`));
    const phase = await kubectl.run("-n", namespace, "get", "pvc", "notes", "-o", "jsonpath={.status.phase}");
    assert.equal(phase, "Bound");
  });

  it("can come from a Vault that a VaultConnection names", async () => {
    const vault = execa(
      await openbao(),
      ["server", "-dev", "-dev-no-store-token", "-dev-listen-address", vaultAddress],
      {
        stdio: "ignore",
        reject: false,
      },
    );
    await kubectl.apply({
      apiVersion: "secrets.hashicorp.com/v1beta1",
      kind: "VaultConnection",
      metadata: { name: "vault", namespace },
      spec: { address: `http://${vaultAddress}` },
    });
    try {
      await eventually("the operator reports that the VaultConnection is valid", 120, async () => {
        const path = "jsonpath={.status.valid}";
        assert.equal(await kubectl.run("-n", namespace, "get", "vaultconnection", "vault", "-o", path), "true");
      });
    } finally {
      await kubectl.run("-n", namespace, "delete", "vaultconnection", "vault", "--timeout=60s");
      vault.kill();
      await vault;
    }
  });

  it("stays in the volume and in PostgreSQL when the machine restarts", async () => {
    await sandboxSucceeds("down");
    await sandboxSucceeds("up");
    assert.deepEqual(readinessOf((await listPods()) ?? "").waiting, []);
    await eventually("the note can be read again", 240, async () =>
      assert.equal(await shell("cat", "/notes/note"), row),
    );
    await eventually("the row can be read again", 240, assertRow);
  });
});
