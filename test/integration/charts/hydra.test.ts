import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { find, names, podOf, refusal, rendered, secretVariables } from "./helm.ts";

const base = {
  fullnameOverride: "hydra",
  secret: { enabled: false, nameOverride: "hydra-secrets" },
  maester: { enabled: false },
};

describe("the chart hydra", function () {
  this.timeout(600_000);

  it("makes the objects of the published chart under its names and ports", async () => {
    const paths = [{ path: "/oauth2", pathType: "Prefix" }];
    const all = await rendered("hydra", {
      ...base,
      hydra: { automigration: { enabled: true } },
      ingress: { public: { enabled: true, className: "public", hosts: [{ host: "auth.test", paths }] } },
      pdb: { enabled: true, spec: { maxUnavailable: 1 } },
    });
    assert.deepEqual(names(all), [
      ...["ConfigMap hydra", "ConfigMap hydra-migrate", "Deployment hydra", "Ingress hydra-public"],
      ...["Job hydra-automigrate", "PodDisruptionBudget hydra", "Service hydra-admin", "Service hydra-public"],
      ...["ServiceAccount hydra", "ServiceAccount hydra-job"],
    ]);
    const [server] = podOf(find(all, "Deployment", "hydra")).spec.containers;
    assert.equal(server.image, "oryd/hydra:v2.3.0");
    assert.deepEqual(
      server.ports.map(({ name, containerPort }) => [name, containerPort]),
      [
        ["http-public", 4444],
        ["http-admin", 4445],
      ],
    );
    assert.deepEqual(server.args, ["serve", "all", "--config", "/etc/config/hydra.yaml"]);
  });

  it("takes every secret from the named Secret, and leaves none in the configuration", async () => {
    const all = await rendered("hydra", {
      ...base,
      hydra: { config: { urls: { self: { issuer: "https://auth.test" } } } },
    });
    const [server] = podOf(find(all, "Deployment", "hydra")).spec.containers;
    assert.deepEqual(secretVariables(server).sort(), [
      "DSN: hydra-secrets/dsn",
      "SECRETS_COOKIE: hydra-secrets/secretsCookie",
      "SECRETS_SYSTEM: hydra-secrets/secretsSystem",
    ]);
    const data = z.object({ data: z.record(z.string(), z.string()) }).parse(find(all, "ConfigMap", "hydra")).data;
    const configuration = z.record(z.string(), z.unknown()).parse(parse(data["hydra.yaml"] ?? ""));
    assert.deepEqual(Object.keys(configuration).sort(), ["serve", "urls"]);
  });

  it("migrates before an upgrade in a job, or before each pod", async () => {
    const byJob = await rendered("hydra", { ...base, hydra: { automigration: { enabled: true } } });
    const job = find(byJob, "Job", "hydra-automigrate");
    assert.equal(job.metadata.annotations["helm.sh/hook"], "pre-install, pre-upgrade");
    assert.deepEqual(podOf(job).spec.containers[0].args.slice(0, 2), ["migrate", "sql"]);
    assert.deepEqual(secretVariables(podOf(job).spec.containers[0]), ["DSN: hydra-secrets/dsn"]);
    const byPod = await rendered("hydra", {
      ...base,
      hydra: { automigration: { enabled: true, type: "initContainer" } },
    });
    const [migration] = podOf(find(byPod, "Deployment", "hydra")).spec.initContainers;
    assert.deepEqual(migration?.args.slice(0, 2), ["migrate", "sql"]);
    assert.ok(!names(byPod).includes("Job hydra-automigrate"));
  });

  it("asks for readiness as it is told, which TLS needs", async () => {
    const ask = { httpGet: { path: "/health/ready", port: 4445, scheme: "HTTPS" }, periodSeconds: 2 };
    const all = await rendered("hydra", {
      ...base,
      deployment: { customReadinessProbe: ask, lifecycle: { preStop: { sleep: { seconds: 5 } } } },
    });
    const [server] = podOf(find(all, "Deployment", "hydra")).spec.containers;
    assert.deepEqual(server.readinessProbe, ask);
    assert.deepEqual(server.lifecycle, { preStop: { sleep: { seconds: 5 } } });
    assert.deepEqual(server.startupProbe?.["httpGet"], {
      path: "/health/ready",
      port: 4445,
      httpHeaders: [{ name: "Host", value: "127.0.0.1" }],
    });
  });

  it("starts its pods anew when the configuration changes", async () => {
    const checksum = async (values: object) => {
      const all = await rendered("hydra", { ...base, ...values });
      return podOf(find(all, "Deployment", "hydra")).metadata.annotations?.["checksum/hydra-config"];
    };
    const one = await checksum({});
    assert.equal(await checksum({ replicaCount: 2 }), one);
    assert.notEqual(await checksum({ hydra: { config: { ttl: { access_token: "5m" } } } }), one);
  });

  it("refuses by name what it does not know, and every secret among the values", async () => {
    assert.match(await refusal("hydra", { ...base, deployment: { replica: 2 } }), /'\/deployment'.*'replica'/);
    assert.match(
      await refusal("hydra", { ...base, hydra: { config: { dsn: "postgres://" } } }),
      /\/hydra\/config\/dsn/,
    );
    assert.match(
      await refusal("hydra", { ...base, hydra: { config: { secrets: { system: ["x"] } } } }),
      /\/hydra\/config\/secrets/,
    );
    assert.match(
      await refusal("hydra", { ...base, secret: { enabled: true, nameOverride: "x" } }),
      /\/secret\/enabled/,
    );
    assert.match(await refusal("hydra", { ...base, maester: { enabled: true } }), /\/maester\/enabled/);
  });
});
