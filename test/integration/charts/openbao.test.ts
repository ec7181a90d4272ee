import assert from "node:assert/strict";
import { z } from "zod";
import { find, names, podOf, refusal, rendered, secretVariables } from "./helm.ts";

const base = { fullnameOverride: "vault", injector: { enabled: false }, global: { tlsDisable: false } };
const raft = { enabled: true, replicas: 3, raft: { enabled: true, setNodeId: true, config: 'storage "raft" {}\n' } };

describe("the chart openbao", function () {
  this.timeout(600_000);

  it("makes the objects of the published chart under its names and ports", async () => {
    assert.deepEqual(names(await rendered("openbao", base)), [
      ...[
        "ClusterRoleBinding vault-server-binding",
        "ConfigMap vault-config",
        "Service vault",
        "Service vault-internal",
      ],
      ...["ServiceAccount vault", "StatefulSet vault"],
    ]);
    const ingress = { enabled: true, ingressClassName: "public", hosts: [{ host: "vault.test" }] };
    const all = await rendered("openbao", {
      ...base,
      server: { ha: raft, ingress, networkPolicy: { enabled: true } },
      ui: { enabled: true },
    });
    assert.deepEqual(names(all), [
      ...["ClusterRoleBinding vault-server-binding", "ConfigMap vault-config", "Ingress vault", "NetworkPolicy vault"],
      ...["PodDisruptionBudget vault", "Role vault-discovery-role", "RoleBinding vault-discovery-rolebinding"],
      ...[
        "Service vault",
        "Service vault-active",
        "Service vault-internal",
        "Service vault-standby",
        "Service vault-ui",
      ],
      ...["ServiceAccount vault", "StatefulSet vault"],
    ]);
    const [server] = podOf(find(all, "StatefulSet", "vault")).spec.containers;
    assert.equal(server.image, "quay.io/openbao/openbao:2.6.2");
    assert.deepEqual(
      server.ports.map(({ name, containerPort }) => [name, containerPort]),
      [
        ["https", 8200],
        ["https-internal", 8201],
        ["https-rep", 8202],
      ],
    );
    assert.deepEqual(server.readinessProbe?.["exec"], { command: ["/bin/sh", "-ec", "bao status -tls-skip-verify"] });
    assert.match(JSON.stringify(find(all, "Ingress", "vault")), /"vault-active"/);
  });

  it("hands the configuration over by ConfigMap, with template expressions put in", async () => {
    const config = 'api_addr = "https://{{ .Release.Namespace }}.test"\n';
    const all = await rendered("openbao", { ...base, server: { standalone: { config } } });
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(find(all, "ConfigMap", "vault-config"));
    assert.equal(data["extraconfig-from-values.hcl"]?.trim(), 'api_addr = "https://iam.test"');
    const [server] = podOf(find(all, "StatefulSet", "vault")).spec.containers;
    assert.ok(server.volumeMounts.some(({ name, mountPath }) => name === "config" && mountPath === "/openbao/config"));
  });

  it("mounts what it is given, and takes secret variables from Secrets", async () => {
    const all = await rendered("openbao", {
      ...base,
      server: {
        volumes: [{ name: "seal", secret: { secretName: "vault-seal" } }],
        volumeMounts: [{ name: "seal", mountPath: "/openbao/seal", readOnly: true }],
        extraSecretEnvironmentVars: [{ envName: "BAO_TOKEN", secretName: "transit", secretKey: "token" }],
        extraEnvironmentVars: { BAO_CACERT: "/openbao/tls/ca.crt" },
        auditStorage: { enabled: true, size: "1Gi" },
      },
    });
    const set = find(all, "StatefulSet", "vault");
    const { spec } = podOf(set);
    assert.ok(spec.volumes.some(({ name }) => name === "seal"));
    const mounts = spec.containers[0].volumeMounts.map(({ mountPath }) => mountPath);
    assert.deepEqual(mounts.sort(), [
      ...["/home/openbao", "/openbao/audit", "/openbao/config", "/openbao/data", "/openbao/seal"],
    ]);
    assert.deepEqual(secretVariables(spec.containers[0]), ["BAO_TOKEN: transit/token"]);
    const { spec: claims } = z
      .object({
        spec: z.object({ volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })) }),
      })
      .parse(set);
    assert.deepEqual(
      claims.volumeClaimTemplates.map(({ metadata }) => metadata.name),
      ["data", "audit"],
    );
  });

  it("refuses by name what it does not know, and servers that would not be one", async () => {
    assert.match(await refusal("openbao", { ...base, server: { replicas: 3 } }), /'\/server'.*'replicas'/);
    assert.match(await refusal("openbao", { fullnameOverride: "vault" }), /\/injector\/enabled/);
    assert.match(
      await refusal("openbao", { ...base, server: { standalone: { enabled: false } } }),
      /there would be no server/,
    );
  });
});
