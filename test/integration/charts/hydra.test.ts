import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { sandboxRelease } from "../../support/releases.ts";
import { filesOf, find, names, refusal, rendered, withValue, type Rendered } from "./helm.ts";
import { podOf, secretVariables, type PodTemplate } from "./pods.ts";

const release = await sandboxRelease("hydra");

const podsOfServer = (objects: readonly Rendered[]): PodTemplate => podOf(find(objects, "Deployment", "hydra"));

describe("the chart hydra", function () {
  this.timeout(600_000);

  it("creates the objects of the published chart, with the service accounts of jobs that it does not create", async () => {
    const objects = await rendered(release);
    assert.deepEqual(names(objects), [
      ...["ConfigMap hydra", "Deployment hydra", "Service hydra-admin", "Service hydra-public"],
      ...["ServiceAccount hydra-cronjob-janitor", "ServiceAccount hydra-job"],
    ]);
    for (const account of ["hydra-cronjob-janitor", "hydra-job"]) {
      const { metadata } = find(objects, "ServiceAccount", account);
      assert.equal(metadata.annotations?.["helm.sh/hook"], "pre-install, pre-upgrade");
    }
  });

  it("reads every secret from the named Secret, and puts none into the configuration", async () => {
    const objects = await rendered(release);
    const { containers, initContainers } = podsOfServer(objects).spec;
    assert.deepEqual(secretVariables(containers[0]), [
      "DSN: hydra-keys/dsn",
      "SECRETS_SYSTEM: hydra-keys/secretsSystem",
      "SECRETS_COOKIE: hydra-keys/secretsCookie",
    ]);
    assert.deepEqual((initContainers ?? []).flatMap(secretVariables), ["DSN: hydra-keys/dsn"]);
    const configuration: unknown = parse(filesOf(objects, "hydra")["hydra.yaml"] ?? "");
    const sections = Object.keys(z.record(z.string(), z.unknown()).parse(configuration));
    assert(sections.includes("urls") && !sections.includes("dsn") && !sections.includes("secrets"), sections.join());
  });

  it("gives the init container its own security context, and never that of the server", async () => {
    const contexts = async (path: string, value: object): Promise<unknown[]> => {
      const bare = withValue(release, "deployment.initContainerSecurityContext", {});
      const { containers, initContainers } = podsOfServer(await rendered(withValue(bare, path, value))).spec;
      return [containers[0], ...(initContainers ?? [])].map((container) => container.securityContext?.["runAsUser"]);
    };
    assert.deepEqual(await contexts("deployment.securityContext", { runAsUser: 7 }), [7, undefined]);
    assert.deepEqual(await contexts("deployment.initContainerSecurityContext", { runAsUser: 7 }), [65534, 7]);
  });

  it("restarts its pods when the configuration changes, and for no other value", async () => {
    const checksum = async (path: string, value: unknown): Promise<string> => {
      const { metadata } = podsOfServer(await rendered(withValue(release, path, value)));
      return metadata.annotations?.["checksum/hydra-config"] ?? "";
    };
    const one = await checksum("replicaCount", 1);
    assert.match(one, /^[0-9a-f]{64}$/);
    assert.equal(await checksum("replicaCount", 2), one);
    assert.notEqual(await checksum("hydra.config.ttl.access_token", "5m"), one);
  });

  it("refuses keys that it does not have, and secrets among the values", async () => {
    const refused: readonly (readonly [path: string, value: unknown, message: RegExp])[] = [
      ["deployment.replica", 2, /'\/deployment'.*'replica'/],
      ["hydra.config.dsn", "postgres://", /\/hydra\/config\/dsn/],
      ["hydra.config.secrets", { system: ["x"] }, /\/hydra\/config\/secrets/],
      ["secret.enabled", true, /\/secret\/enabled/],
      ["maester.enabled", true, /\/maester\/enabled/],
    ];
    for (const [path, value, message] of refused) {
      assert.match(await refusal(withValue(release, path, value)), message);
    }
  });
});
