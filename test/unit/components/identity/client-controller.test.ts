import assert from "node:assert/strict";
import { ClientController } from "../../../../components/identity/client-controller.ts";
import { personRole } from "../../../../components/vault/mounts.ts";
import { clientsConfig } from "../../../../services/identity/clients/command.ts";
import { oauthClientDefinition } from "../../../../services/identity/clients/custom-resource.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { record, type Recording } from "../../../support/mocks.ts";

const recorded = () =>
  record(
    () =>
      new ClientController(
        "controller",
        {
          model: "iam",
          identity: identityOf("oauth-clients"),
          vaultAddress: "https://vault.iam.svc:8200",
          image: "identity:1",
          internalCaCertificate: "THE CLUSTER-INTERNAL CA",
          signIn: {
            clientId: "vault",
            namespace: "iam",
            issuer: "https://auth.bibind.test",
            caCertificate: "THE EDGE CA",
            defaultRole: personRole,
          },
        },
        {},
      ),
  );

/** The configuration that the pod reads, checked by the schema of the program. */
function configuration(recording: Recording<ClientController>) {
  const text = String(valueAt(recording.named("controller-config").inputs, ["data", "config.json"]));
  return clientsConfig.parse(JSON.parse(text));
}

function pod(recording: Recording<ClientController>): unknown {
  return valueAt(recording.named("controller-deployment").inputs, ["spec", "template", "spec"]);
}

/** Folder in which the container mounts a volume. */
function folderOf(recording: Recording<ClientController>, volume: string): unknown {
  const mounts = [valueAt(pod(recording), ["containers", "0", "volumeMounts"])].flat();
  return valueAt(
    mounts.find((mount) => valueAt(mount, ["name"]) === volume),
    ["mountPath"],
  );
}

describe("ClientController", () => {
  it("registers the custom resource that the program reads", async () => {
    const { inputs } = (await recorded()).named("controller-definition");
    assert.equal(valueAt(inputs, ["metadata", "name"]), "oauthclients.bibind.com");
    assert.deepEqual(inputs["spec"], structuredClone(oauthClientDefinition()));
  });

  it("may read and patch OAuthClients and patch their status, in the whole cluster, and nothing else", async () => {
    const recording = await recorded();
    assert.deepEqual(recording.named("controller-role").inputs["rules"], [
      { apiGroups: ["bibind.com"], resources: ["oauthclients"], verbs: ["get", "list", "watch", "patch"] },
      { apiGroups: ["bibind.com"], resources: ["oauthclients/status"], verbs: ["patch"] },
    ]);
    const { inputs } = recording.named("controller-binding");
    assert.deepEqual(inputs["subjects"], [{ kind: "ServiceAccount", name: "oauth-clients", namespace: "iam" }]);
    const name = valueAt(recording.named("controller-role").inputs, ["metadata", "name"]);
    assert.deepEqual(inputs["roleRef"], { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name });
    assert.equal(recording.ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").length, 1);
  });

  it("is configured with its endpoints, the files of its tokens, and the sign-in to Vault", async () => {
    const recording = await recorded();
    const folder = (volume: string): string => String(folderOf(recording, volume));
    assert.deepEqual(configuration(recording), {
      hydra: { adminUrl: "https://hydra-admin.iam.svc:4445" },
      vault: {
        address: "https://vault.iam.svc:8200",
        role: "iam-oauth-clients",
        authMount: "kubernetes",
        kvMount: "kv",
        tokenFile: `${folder("token")}/token`,
      },
      kubernetes: {
        server: "https://kubernetes.default.svc",
        tokenFile: `${folder("kubernetes")}/token`,
        caFile: `${folder("kubernetes")}/ca.crt`,
      },
      healthPort: 8081,
      resyncSeconds: 600,
      signIn: {
        mount: "oidc",
        clientId: "vault",
        namespace: "iam",
        issuer: "https://auth.bibind.test",
        caCertificate: "THE EDGE CA",
        defaultRole: "person",
      },
    });
  });

  it("reads that configuration, and restarts with another one, because a new content gets a new name", async () => {
    const recording = await recorded();
    assert.equal(valueAt(recording.named("controller-config").inputs, ["metadata", "name"]), undefined);
    assert(recording.named("controller-deployment").uses.includes("controller-config"));
    assert.deepEqual(valueAt(pod(recording), ["containers", "0", "args"]), [
      "serve-clients",
      "--config",
      `${String(folderOf(recording, "config"))}/config.json`,
    ]);
  });

  it("runs as one replica, because two could give one client to two OAuthClients", async () => {
    assert.equal(valueAt((await recorded()).named("controller-deployment").inputs, ["spec", "replicas"]), 1);
  });

  it("starts when its custom resource, its rights and its identity exist", async () => {
    const { dependsOn } = (await recorded()).named("controller-deployment");
    for (const required of ["controller-definition", "controller-binding", "oauth-clients-access"]) {
      assert(dependsOn.includes(required), required);
    }
  });

  it("has the label that the openings of its relations select", async () => {
    const { inputs } = (await recorded()).named("controller-deployment");
    const labels = valueAt(inputs, ["spec", "template", "metadata", "labels"]);
    assert.equal(valueAt(labels, ["bibind.com/application"]), "oauth-clients");
    assert.deepEqual(valueAt(inputs, ["spec", "selector", "matchLabels"]), labels);
  });

  it("runs without privileges, on a read-only file system, with no token beside the two that it uses", async () => {
    const spec = pod(await recorded());
    assert.equal(valueAt(spec, ["serviceAccountName"]), "oauth-clients");
    assert.equal(valueAt(spec, ["automountServiceAccountToken"]), false);
    assert.equal(valueAt(spec, ["securityContext", "runAsNonRoot"]), true);
    assert.equal(valueAt(spec, ["containers", "0", "securityContext", "readOnlyRootFilesystem"]), true);
    const volumes = [valueAt(spec, ["volumes"])].flat();
    const projected = volumes.filter((volume) => valueAt(volume, ["projected"]) !== undefined);
    assert.deepEqual(
      projected.map((volume) => valueAt(volume, ["name"])),
      ["token", "kubernetes"],
    );
  });

  it("has a readiness probe and a liveness probe at the port of its configuration", async () => {
    const recording = await recorded();
    const container = valueAt(pod(recording), ["containers", "0"]);
    const port = configuration(recording).healthPort;
    assert.deepEqual(valueAt(container, ["readinessProbe", "httpGet"]), { path: "/health/ready", port });
    assert.deepEqual(valueAt(container, ["livenessProbe", "httpGet"]), { path: "/health/alive", port });
  });
});
