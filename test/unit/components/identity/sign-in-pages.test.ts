import assert from "node:assert/strict";
import { hydraAdminUrl, kratosUrls } from "../../../../components/identity/endpoints.ts";
import { identitySchemaId } from "../../../../components/identity/identity-schema.ts";
import { SignInPages } from "../../../../components/identity/sign-in-pages.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record, type Recording } from "../../../support/mocks.ts";
import { signInPages } from "../../../support/sign-in-server.ts";

const recorded = () => record(() => new SignInPages("pages", signInPages(), {}));

/** The configuration that the pods read, checked by the schema of the program. */
function configuration(recording: Recording<SignInPages>) {
  const text = String(valueAt(recording.named("pages-config").inputs, ["data", "config.json"]));
  return pagesConfig.parse(JSON.parse(text));
}

function pod(recording: Recording<SignInPages>): unknown {
  return valueAt(recording.named("pages-deployment").inputs, ["spec", "template", "spec"]);
}

/** Folder in which a pod mounts a Secret. */
function folderOf(recording: Recording<SignInPages>, secretName: string): unknown {
  const volumes = [valueAt(pod(recording), ["volumes"])].flat();
  const mounts = [valueAt(pod(recording), ["containers", "0", "volumeMounts"])].flat();
  const volume = volumes.find((one) => valueAt(one, ["secret", "secretName"]) === secretName);
  const mount = mounts.find((one) => valueAt(one, ["name"]) === valueAt(volume, ["name"]));
  return valueAt(mount, ["mountPath"]);
}

describe("SignInPages", () => {
  it("get the paths of the sign-in host that no other route has, and the host of the start page", async () => {
    const { inputs } = (await recorded()).named("pages-route-ingress");
    const backend = { service: { name: "identity", port: { number: 8443 } } };
    const http = { paths: [{ path: "/", pathType: "Prefix", backend }] };
    assert.deepEqual(valueAt(inputs, ["spec", "rules"]), [
      { host: "auth.bibind.test", http },
      { host: "welcome.bibind.test", http },
    ]);
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [
      { hosts: ["auth.bibind.test"], secretName: "identity-edge" },
      { hosts: ["welcome.bibind.test"], secretName: "welcome-edge" },
    ]);
  });

  it("lead the second host to the start page", async () => {
    assert.equal(configuration(await recorded()).startHost, "welcome.bibind.test");
  });

  it("know the endpoints of Kratos and Hydra, and the members of each role", async () => {
    const config = configuration(await recorded());
    const { public: publicUrl, admin: adminUrl } = kratosUrls("iam");
    assert.equal(config.publicUrl, "https://auth.bibind.test");
    assert.deepEqual(config.kratos, { publicUrl, adminUrl, schema: identitySchemaId });
    assert.deepEqual(config.hydra, { adminUrl: hydraAdminUrl("iam") });
    assert.deepEqual(config.groups, { operator: ["ops@bibind.test"], auditor: [], developer: ["dev@bibind.test"] });
  });

  it("know how many they are, because each allows its part of a limit", async () => {
    const recording = await recorded();
    const replicas = valueAt(recording.named("pages-deployment").inputs, ["spec", "replicas"]);
    assert.equal(replicas, 2);
    assert.equal(configuration(recording).replicas, replicas);
  });

  it("are replaced one by one when their configuration changes, because a new content gets a new name", async () => {
    const recording = await recorded();
    assert.deepEqual(valueAt(recording.named("pages-config").inputs, ["metadata", "name"]), undefined);
    assert(recording.named("pages-deployment").uses.includes("pages-config"));
  });

  it("read their certificate and the secret of their cookies from files, which the configuration names", async () => {
    const recording = await recorded();
    const { tls, cookieSecretFile } = configuration(recording);
    const folder = String(folderOf(recording, "identity-tls"));
    assert.deepEqual(tls, { certFile: `${folder}/tls.crt`, keyFile: `${folder}/tls.key` });
    assert.equal(cookieSecretFile, `${String(folderOf(recording, "identity-keys"))}/cookieSecret`);
  });

  it("run without privileges and without a token, on a read-only file system", async () => {
    const spec = pod(await recorded());
    assert.equal(valueAt(spec, ["automountServiceAccountToken"]), false);
    assert.equal(valueAt(spec, ["securityContext", "runAsNonRoot"]), true);
    assert.equal(valueAt(spec, ["containers", "0", "securityContext", "readOnlyRootFilesystem"]), true);
  });

  it("have a readiness probe and a liveness probe, both over TLS", async () => {
    const container = valueAt(pod(await recorded()), ["containers", "0"]);
    for (const [probe, path] of [
      ["readinessProbe", "/health/ready"],
      ["livenessProbe", "/health/alive"],
    ] as const) {
      assert.deepEqual(valueAt(container, [probe, "httpGet"]), { path, port: 8443, scheme: "HTTPS" });
    }
  });

  it("have a Service and a Deployment that select the same pods", async () => {
    const recording = await recorded();
    const labels = valueAt(recording.named("pages-deployment").inputs, ["spec", "template", "metadata", "labels"]);
    assert.deepEqual(valueAt(recording.named("pages-deployment").inputs, ["spec", "selector", "matchLabels"]), labels);
    assert.deepEqual(valueAt(recording.named("pages-service").inputs, ["spec", "selector"]), labels);
    assert.equal(valueAt(labels, ["bibind.com/application"]), "identity");
  });

  it("serve the certificate of the Service's cluster-internal name", async () => {
    const recording = await recorded();
    assert.deepEqual(valueAt(recording.named("pages-tls-certificate").inputs, ["spec", "dnsNames"]), [
      "identity.iam.svc",
    ]);
    assert(recording.named("pages-deployment").dependsOn.includes("pages-tls"));
  });

  it("start with their Secrets and their identity", async () => {
    const { dependsOn } = (await recorded()).named("pages-deployment");
    for (const required of ["edge", "start", "identity-access", "identity-keys"]) {
      assert(dependsOn.includes(required), required);
    }
  });
});
