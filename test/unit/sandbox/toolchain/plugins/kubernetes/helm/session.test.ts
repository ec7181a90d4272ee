import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReleaseRecord } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/record.ts";
import { HelmSession } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/session.ts";
import { readSettings } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings.ts";
import { Target } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/target.ts";
import { FakeApiServer, type Answer, type ReceivedRequest } from "../api-server.ts";

const inputs = { name: "web", namespace: "shop", chart: "nginx" };
const context = {
  urn: "urn:pulumi:test::bibind::kubernetes:helm.sh/v3:Release::web",
  type: "kubernetes:helm.sh/v3:Release",
  name: "web",
  preview: false,
  timeoutSeconds: 0,
  cancelled: new AbortController().signal,
  log: () => Promise.resolve(),
};

function release(status: string): ReleaseRecord {
  return {
    ...{ name: "web", namespace: "shop", revision: 2, status, owner: "o", values: {}, manifest: "" },
    chart: { name: "nginx", version: "1.2.3", appVersion: "1" },
    hooks: [
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}",
    ],
  };
}

/** A cluster with the Job of a hook. */
function withJob(): (request: ReceivedRequest) => Answer {
  let isDeleted = false;
  return ({ method, path }) => {
    if (path === "/apis/batch/v1") {
      return [200, { resources: [{ name: "jobs", kind: "Job", namespaced: true }] }];
    }
    if (path !== "/apis/batch/v1/namespaces/shop/jobs/migrate" || isDeleted) {
      return [404, {}];
    }
    isDeleted = method === "DELETE";
    return [200, { kind: "Job", metadata: { name: "migrate" } }];
  };
}

describe("a session of helm", () => {
  let folder: string;
  let server: FakeApiServer;
  let session: HelmSession;
  const configured = process.env.BIBIND_HELM;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-fake-helm-"));
    const helm = join(folder, "helm");
    await writeFile(helm, `#!/bin/sh\n[ "$1" = version ] && echo v3.19.0 && exit\necho "$1 $2 $3" >>${folder}/calls\n`);
    await chmod(helm, 0o755);
    process.env.BIBIND_HELM = helm;
    server = await FakeApiServer.start(withJob());
    const cluster = {
      api: server.api,
      connection: server.connection,
      kubeconfig: { text: "", folder, origin: "the test" },
    };
    session = new HelmSession(context, inputs, new Target(readSettings({})), cluster);
  });

  afterEach(async () => {
    server.stop();
    await rm(folder, { recursive: true });
    if (configured === undefined) {
      delete process.env.BIBIND_HELM;
    } else {
      process.env.BIBIND_HELM = configured;
    }
  });

  const calls = () => readFile(join(folder, "calls"), "utf8");
  const deletions = () => server.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);

  it("deletes the Jobs of hooks before it uninstalls an interrupted release", async () => {
    await session.uninstall(release("uninstalling"));
    assert.deepEqual(deletions(), ["/apis/batch/v1/namespaces/shop/jobs/migrate"]);
    assert.match(await calls(), /^uninstall web /);
  });

  it("deletes the Jobs of hooks before it rolls back an interrupted release", async () => {
    await session.rollback(release("pending-upgrade"), 1);
    assert.deepEqual(deletions(), ["/apis/batch/v1/namespaces/shop/jobs/migrate"]);
    assert.match(await calls(), /^rollback web 1/);
  });

  it("uninstalls any other release without touching its hooks", async () => {
    await session.uninstall(release("deployed"));
    assert.deepEqual(deletions(), []);
    assert.match(await calls(), /^uninstall web /);
  });
});
