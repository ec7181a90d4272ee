import assert from "node:assert/strict";
import { hydraAdminUrl } from "../../../../components/identity/hydra.ts";
import { kratosUrls } from "../../../../components/identity/kratos.ts";
import { SignInPages } from "../../../../components/identity/sign-in-pages.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { namesBehind, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { signInHost } from "../../../support/sign-in-place.ts";

const roles = { operator: ["ops@bibind.test"], auditor: [], developer: ["dev@bibind.test"] };
const recorded = () =>
  record(
    () =>
      new SignInPages(
        "pages",
        { ...signInHost, identity: identityOf("identity"), image: "identity:1", keyringSecret: "identity-keys", roles },
        {},
      ),
  );

function configuration(recording: Recording<SignInPages>): unknown {
  return JSON.parse(String(valueAt(recording.named("pages-config").inputs, ["data", "config.json"])));
}

function pod(recording: Recording<SignInPages>): unknown {
  return valueAt(recording.named("pages-deployment").inputs, ["spec", "template", "spec"]);
}

/** Where a pod mounts the Secret of a name. */
function folderOf(recording: Recording<SignInPages>, secretName: string): unknown {
  const volumes = [valueAt(pod(recording), ["volumes"])].flat();
  const mounts = [valueAt(pod(recording), ["containers", "0", "volumeMounts"])].flat();
  const volume = volumes.find((one) => valueAt(one, ["secret", "secretName"]) === secretName);
  const mount = mounts.find((one) => valueAt(one, ["name"]) === valueAt(volume, ["name"]));
  return valueAt(mount, ["mountPath"]);
}

describe("SignInPages", () => {
  it("take the paths of the sign-in host that nobody else takes", async () => {
    const recording = await recorded();
    assert.deepEqual(valueAt(recording.named("pages-route-ingress").inputs, ["spec", "rules", "0"]), {
      host: "auth.bibind.test",
      http: {
        paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "identity", port: { number: 8443 } } } }],
      },
    });
    assert.equal(await settled(recording.result.url), "https://auth.bibind.test");
  });

  it("are told where Kratos and Hydra are, and who has which role", async () => {
    const config = configuration(await recorded());
    const { public: publicUrl, admin: adminUrl } = kratosUrls("iam");
    assert.deepEqual(valueAt(config, ["kratos"]), { publicUrl, adminUrl });
    assert.deepEqual(valueAt(config, ["hydra"]), { adminUrl: hydraAdminUrl("iam") });
    assert.deepEqual(valueAt(config, ["groups"]), roles);
  });

  it("roll over to a changed configuration, which has another name than the one that the former pods read", async () => {
    const recording = await recorded();
    assert.deepEqual(valueAt(recording.named("pages-config").inputs, ["metadata", "name"]), undefined);
    assert(recording.named("pages-deployment").uses.includes("pages-config"));
  });

  it("find their certificate and the key of their cookies in files, which their configuration only names", async () => {
    const recording = await recorded();
    const config = configuration(recording);
    assert.equal(valueAt(config, ["tls", "certFile"]), `${String(folderOf(recording, "identity-tls"))}/tls.crt`);
    assert.equal(valueAt(config, ["tls", "keyFile"]), `${String(folderOf(recording, "identity-tls"))}/tls.key`);
    assert.equal(valueAt(config, ["cookieSecretFile"]), `${String(folderOf(recording, "identity-keys"))}/cookieSecret`);
  });

  it("run without privileges, without a token, on a file system that they cannot write", async () => {
    const spec = pod(await recorded());
    assert.equal(valueAt(spec, ["automountServiceAccountToken"]), false);
    assert.equal(valueAt(spec, ["securityContext", "runAsNonRoot"]), true);
    assert.equal(valueAt(spec, ["containers", "0", "securityContext", "readOnlyRootFilesystem"]), true);
  });

  it("are asked over TLS whether they are ready, and whether they live", async () => {
    const container = valueAt(pod(await recorded()), ["containers", "0"]);
    for (const [probe, path] of [
      ["readinessProbe", "/health/ready"],
      ["livenessProbe", "/health/alive"],
    ] as const) {
      assert.deepEqual(valueAt(container, [probe, "httpGet"]), { path, port: 8443, scheme: "HTTPS" });
    }
  });

  it("have a Service and a Deployment that find the same pods", async () => {
    const recording = await recorded();
    const labels = valueAt(recording.named("pages-deployment").inputs, ["spec", "template", "metadata", "labels"]);
    assert.deepEqual(valueAt(recording.named("pages-deployment").inputs, ["spec", "selector", "matchLabels"]), labels);
    assert.deepEqual(valueAt(recording.named("pages-service").inputs, ["spec", "selector"]), labels);
    assert.equal(valueAt(labels, ["bibind.com/application"]), "identity");
  });

  it("have a URL once their pods are ready", async () => {
    assert((await namesBehind((await recorded()).result.url)).includes("pages-deployment"));
  });
});
