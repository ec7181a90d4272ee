import assert from "node:assert/strict";
import { Certificate } from "../../../../components/kubernetes/certificate.ts";
import { VaultServer, type VaultServerArgs } from "../../../../components/vault/server.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { checkUpdate, isSecret, record, secretValue, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const openbao = { chart: "openbao", repository: "https://charts.example.com/", version: "0.29.2" };
const args: Omit<VaultServerArgs, "edgeCertificate"> = {
  distribution: "openbao",
  chart: openbao,
  model: "iam",
  replicas: 1,
  storageGiB: 2,
  storageClass: "local",
  seal: { kind: "static", key: "cmFuZG9t" },
  host: "vault.bibind.test",
  ingressClass: "public",
  clusterIssuer: "internal",
};
const transit = {
  kind: "transit",
  address: "https://vault.example.com:8200",
  keyName: "bibind",
  mountPath: "transit",
  token: "TOKEN-OF-THE-OTHER-VAULT",
} as const;
const hashicorp = { distribution: "vault", chart: { ...openbao, chart: "vault" }, seal: transit } as const;

const recorded = (more: Partial<VaultServerArgs> = {}) =>
  record(() => {
    const edge = { namespace: "iam", secretName: "vault-edge", dnsNames: [args.host], clusterIssuer: "edge-issuer" };
    return new VaultServer("vault", { ...args, edgeCertificate: new Certificate("edge", edge, {}), ...more }, {});
  });

function value(recording: Recording<VaultServer>, ...path: string[]): unknown {
  return valueAt(recording.named("vault-chart-release").inputs["values"], path);
}

/** Volumes of the pod: the name of each, and its Secret. */
function secretVolumes(recording: Recording<VaultServer>): Record<string, unknown> {
  const volumes = value(recording, "server", "volumes");
  assert(Array.isArray(volumes));
  return Object.fromEntries(
    volumes.map((volume) => [String(valueAt(volume, ["name"])), valueAt(volume, ["secret", "secretName"])]),
  );
}

function configuration(recording: Recording<VaultServer>): unknown {
  return JSON.parse(String(value(recording, "server", "ha", "raft", "config")));
}

/** Folder in which the container mounts each volume. */
function mountedFolders(recording: Recording<VaultServer>): Record<string, string> {
  const mounts = value(recording, "server", "volumeMounts");
  assert(Array.isArray(mounts));
  const pairs = mounts.map(
    (mount) => [String(valueAt(mount, ["name"])), String(valueAt(mount, ["mountPath"]))] as const,
  );
  return Object.fromEntries(pairs);
}

describe("VaultServer", () => {
  it("installs the chart of its distribution, under one name for both", async () => {
    for (const [recording, chart] of [
      [await recorded(), "openbao"],
      [await recorded(hashicorp), "vault"],
    ] as const) {
      const { inputs } = recording.named("vault-chart-release");
      assert.equal(inputs["chart"], chart);
      assert.equal(inputs["name"], "vault");
      assert.equal(inputs["namespace"], "iam");
      assert.equal(value(recording, "fullnameOverride"), "vault");
    }
  });

  it("refuses another size of its volumes, and no other change", async () => {
    const releaseWith = async (more: Partial<VaultServerArgs>) => (await recorded(more)).named("vault-chart-release");
    await assert.rejects(
      async () => checkUpdate(await releaseWith({ storageGiB: 2 }), await releaseWith({ storageGiB: 3 })),
      /the volumes of Vault have 2Gi, .* to 3Gi[^]*set it back to 2;/,
    );
    await checkUpdate(await releaseWith({ storageGiB: 2 }), await releaseWith({ storageGiB: 2, replicas: 3 }));
  });

  it("keeps the key of its seal in a Secret", async () => {
    const data = secretValue((await recorded()).named("vault-seal").inputs["data"]);
    assert.deepEqual(data, { key: "cmFuZG9t" });
  });

  it("gives the chart no secret value, and gives the pod its key as a file", async () => {
    const recording = await recorded();
    assert.equal(isSecret(recording.named("vault-chart-release").inputs["values"]), false);
    assert(!JSON.stringify(recording.named("vault-chart-release").inputs).includes("cmFuZG9t"));
    assert.deepEqual(secretVolumes(recording), { tls: "vault-tls", ca: "bibind-ca", seal: "vault-seal" });
  });

  it("unseals itself by another Vault with a token that only the Secret holds", async () => {
    for (const given of [hashicorp, { seal: transit }]) {
      const recording = await recorded(given);
      assert.deepEqual(secretValue(recording.named("vault-seal").inputs["stringData"]), { token: transit.token });
      assert(!JSON.stringify(recording.named("vault-chart-release").inputs).includes(transit.token));
      assert.deepEqual(value(recording, "server", "extraSecretEnvironmentVars"), [
        { envName: "VAULT_TOKEN", secretName: "vault-seal", secretKey: "token" },
      ]);
      assert.equal(valueAt(configuration(recording), ["seal", 0, "transit", "key_name"]), "bibind");
    }
  });

  it("refuses HashiCorp Vault with a static seal", async () => {
    await assert.rejects(recorded({ ...hashicorp, seal: args.seal }), /no static seal/);
  });

  it("configures the files in the folders in which the pod mounts them", async () => {
    const recording = await recorded();
    const listener = valueAt(configuration(recording), ["listener", 0, "tcp"]);
    const folders = mountedFolders(recording);
    assert.equal(valueAt(listener, ["tls_cert_file"]), `${folders["tls"]}/tls.crt`);
    assert.equal(valueAt(listener, ["tls_key_file"]), `${folders["tls"]}/tls.key`);
    const key = valueAt(configuration(recording), ["seal", 0, "static", "current_key"]);
    assert.equal(key, `file://${folders["seal"]}/key`);
  });

  it("writes the audit log of OpenBao to the audit volume of the chart", async () => {
    const audit = JSON.stringify(valueAt(configuration(await recorded()), ["audit"]));
    assert(audit.includes('"file_path":"/openbao/audit/audit.log"'), audit);
  });

  it("initialises itself as a single server, and lets the deployer of the closed namespace log in", async () => {
    const text = JSON.stringify(configuration(await recorded({ model: "another" })));
    assert(text.includes('"bound_service_account_namespaces":["bibind-deployer"]'));
  });

  it("gives its keys to the group of the server only", async () => {
    const volumes = value(await recorded(), "server", "volumes");
    for (const index of [0, 2]) {
      assert.equal(valueAt(volumes, [index, "secret", "defaultMode"]), 0o440);
    }
  });

  it("joins its peers if there are several servers, and then does not initialise itself", async () => {
    const config = configuration(await recorded({ replicas: 3 }));
    const join = valueAt(config, ["storage", "raft", "retry_join"]);
    assert(Array.isArray(join));
    assert.deepEqual(
      join.map((peer) => valueAt(peer, ["leader_api_addr"])),
      [0, 1, 2].map((index) => `https://vault-${index}.vault-internal:8200`),
    );
    assert.equal(valueAt(config, ["initialize"]), undefined);
  });

  it("gives the address of its first server, for which its certificate is valid", async () => {
    const recording = await recorded({ ...hashicorp, model: "another" });
    assert.equal(recording.result.firstAddress, "https://vault-0.vault-internal.another.svc:8200");
    const names = valueAt(recording.named("vault-tls-certificate").inputs, ["spec", "dnsNames"]);
    assert(Array.isArray(names) && names.includes("*.vault-internal.another.svc"));
  });

  it("mounts every volume of the pod read-only", async () => {
    const recording = await recorded();
    const mounts = value(recording, "server", "volumeMounts");
    assert(Array.isArray(mounts));
    assert.deepEqual(
      mounts.map((mount) => [valueAt(mount, ["name"]), valueAt(mount, ["readOnly"])]),
      Object.keys(secretVolumes(recording)).map((name) => [name, true]),
    );
  });

  it("serves TLS with a certificate that is valid for each of its names", async () => {
    const recording = await recorded();
    const spec = recording.named("vault-tls-certificate").inputs["spec"];
    const names = valueAt(spec, ["dnsNames"]);
    assert(Array.isArray(names));
    assert.equal(recording.result.internalAddress, "https://vault.iam.svc:8200");
    assert(names.includes("vault.iam.svc"), "its Service");
    assert(names.includes("*.vault-internal.iam.svc") && names.includes("*.vault-internal"), "each of its servers");
    assert.deepEqual(valueAt(spec, ["ipAddresses"]), ["127.0.0.1"]);
    assert.equal(value(recording, "global", "tlsDisable"), false);
  });

  it("keeps its data and its audit log on volumes of the given size", async () => {
    const recording = await recorded({ storageGiB: 7 });
    const volume = { enabled: true, size: "7Gi", storageClass: "local" };
    assert.deepEqual(value(recording, "server", "dataStorage"), volume);
    assert.deepEqual(value(recording, "server", "auditStorage"), volume);
  });

  it("stores its data by Raft on the given number of servers", async () => {
    const recording = await recorded({ replicas: 3 });
    assert.equal(value(recording, "server", "ha", "replicas"), 3);
    assert.equal(value(recording, "server", "ha", "raft", "enabled"), true);
  });

  it("leaves out the injector, which would change the pods of other applications", async () => {
    assert.equal(value(await recorded(), "injector", "enabled"), false);
  });

  it("runs within the limits of the model: no root, no privilege, no capability", async () => {
    const recording = await recorded();
    const context = ["server", "statefulSet", "securityContext"];
    assert.equal(value(recording, ...context, "pod", "runAsNonRoot"), true);
    assert.deepEqual(value(recording, ...context, "container"), {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("gives the CA to its own command line, in the variable of the distribution", async () => {
    assert.deepEqual(value(await recorded(), "server", "extraEnvironmentVars"), {
      BAO_CACERT: "/etc/bibind-ca/ca.crt",
    });
    assert.deepEqual(value(await recorded(hashicorp), "server", "extraEnvironmentVars"), {
      VAULT_CACERT: "/etc/bibind-ca/ca.crt",
    });
  });

  it("has the label that the openings of its relations select", async () => {
    assert.deepEqual(value(await recorded(), "server", "extraLabels"), { "bibind.com/application": "vault" });
  });

  it("is known to people by its host, with the certificate of the host", async () => {
    const recording = await recorded();
    assert.equal(await settled(recording.result.address), "https://vault.bibind.test");
    const { inputs } = recording.named("vault-route-ingress");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [{ hosts: ["vault.bibind.test"], secretName: "vault-edge" }]);
  });

  it("starts with its certificates", async () => {
    const { dependsOn } = (await recorded()).named("vault-chart-release");
    assert(dependsOn.includes("edge") && dependsOn.includes("vault-tls"), dependsOn.join());
  });
});
