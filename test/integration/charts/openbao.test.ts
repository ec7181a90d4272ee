import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { sandboxRelease } from "../../support/releases.ts";
import { filesOf, find, names, refusal, rendered, withValue } from "./helm.ts";
import { podOf, secretVariables, type Container } from "./pods.ts";

const release = await sandboxRelease("openbao");

async function server(path: string, value: unknown): Promise<Container> {
  const objects = await rendered(withValue(release, path, value));
  return podOf(find(objects, "StatefulSet", "vault")).spec.containers[0];
}

describe("the chart openbao", function () {
  this.timeout(600_000);

  it("creates the objects of the published chart", async () => {
    assert.deepEqual(names(await rendered(release)), [
      ...["ClusterRoleBinding vault-server-binding", "ConfigMap vault-config", "PodDisruptionBudget vault"],
      ...["Service vault", "Service vault-active", "Service vault-internal", "Service vault-standby"],
      ...["ServiceAccount vault", "StatefulSet vault"],
    ]);
  });

  it("gives its servers a role for all pods of the namespace, unless the platform has one of its own", async () => {
    const discovery = withValue(release, "server.serviceAccount.serviceDiscovery.enabled", true);
    const roles = names(await rendered(discovery)).filter((name) => name.includes("discovery"));
    assert.deepEqual(roles, ["Role vault-discovery-role", "RoleBinding vault-discovery-rolebinding"]);
  });

  it("says in every Service that its port speaks HTTPS", async () => {
    const service = z.object({
      spec: z.object({ ports: z.array(z.object({ name: z.string(), appProtocol: z.string().optional() })) }),
    });
    const services = (await rendered(release)).filter(({ kind }) => kind === "Service");
    for (const each of services) {
      const { ports } = service.parse(each).spec;
      assert.equal(ports.find(({ name }) => name === "https")?.appProtocol, "HTTPS", each.metadata.name);
    }
  });

  it("starts the server by the entry point of the image, which the sandbox's image has", async () => {
    const [script = ""] = (await server("server.ha.replicas", 1)).args;
    const [, entryPoint = ""] = /^(\S+) bao server -config=/m.exec(script) ?? [];
    assert.equal(entryPoint, "/usr/local/bin/docker-entrypoint.sh");
    const root = join(projectFolder, "sandbox", "images", "openbao", "root");
    assert((await readdir(root, { recursive: true })).includes(entryPoint.slice(1)));
  });

  it("passes the configuration in a ConfigMap, and evaluates its template expressions", async () => {
    const text = 'api_addr = "https://{{ .Release.Namespace }}.test"\n';
    const files = filesOf(await rendered(withValue(release, "server.ha.raft.config", text)), "vault-config");
    assert.equal(files["extraconfig-from-values.hcl"]?.trim(), 'api_addr = "https://iam.test"');
  });

  it("mounts the given volumes, and reads secret variables from Secrets", async () => {
    const token = { envName: "BAO_TOKEN", secretName: "transit", secretKey: "token" };
    const container = await server("server.extraSecretEnvironmentVars", [token]);
    assert.deepEqual(secretVariables(container), ["BAO_TOKEN: transit/token"]);
    assert.deepEqual(
      (container.volumeMounts ?? []).map(({ name, mountPath }) => `${name} ${mountPath}`),
      [
        ...["audit /openbao/audit", "data /openbao/data", "config /openbao/config"],
        ...["tls /etc/vault-tls", "ca /etc/bibind-ca", "seal /etc/vault-seal", "home /home/openbao"],
      ],
    );
  });

  it("lets as many servers stop at once as leave a majority", async () => {
    const budget = z.object({ spec: z.object({ maxUnavailable: z.number() }) });
    for (const [replicas, maxUnavailable] of [
      [1, 0],
      [3, 1],
      [5, 2],
    ]) {
      const objects = await rendered(withValue(release, "server.ha.replicas", replicas));
      assert.equal(budget.parse(find(objects, "PodDisruptionBudget", "vault")).spec.maxUnavailable, maxUnavailable);
    }
  });

  it("refuses keys that it does not have, and other servers than those of the platform", async () => {
    const refused: readonly (readonly [path: string, value: unknown, message: RegExp])[] = [
      ["server.replicas", 3, /'\/server'.*'replicas'/],
      ["injector.enabled", true, /\/injector\/enabled/],
      ["global.tlsDisable", true, /\/global\/tlsDisable/],
      ["server.ha.enabled", false, /\/server\/ha\/enabled/],
    ];
    for (const [path, value, message] of refused) {
      assert.match(await refusal(withValue(release, path, value)), message);
    }
  });
});
