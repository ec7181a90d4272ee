import assert from "node:assert/strict";
import { serviceFileKey } from "../../../../components/access/leased-database-user.ts";
import {
  oryDeployment,
  oryPool,
  oryStatefulSet,
  oryTls,
  secretVariable,
} from "../../../../components/identity/ory-chart.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";

const workload = {
  application: "hydra",
  serviceAccount: "hydra",
  tlsSecret: "hydra-tls",
  databaseSecret: "hydra-database",
  internalCaCertificate: "THE CA",
};
const health = { path: "/health/ready", port: 4445 };
const mail = secretVariable("MAIL", "mail", "connection");

describe("the values of Ory's charts", () => {
  it("mount the cluster-internal CA, the certificate and the service file in every pod, read-only", () => {
    for (const values of [oryDeployment(workload, health), oryStatefulSet(workload, [])]) {
      const mounts = [valueAt(values, ["extraVolumeMounts"])].flat();
      assert.deepEqual(mounts, [
        { name: "ca", mountPath: "/etc/bibind-ca", readOnly: true },
        { name: "tls", mountPath: "/etc/tls", readOnly: true },
        { name: "database", mountPath: "/etc/database", readOnly: true },
      ]);
      assert.equal(oryTls.cert.path, "/etc/tls/tls.crt");
      assert.equal(valueAt(values, ["extraVolumes", 0, "secret", "secretName"]), "bibind-ca");
      assert.equal(valueAt(values, ["extraVolumes", 1, "secret", "secretName"]), "hydra-tls");
      assert.equal(valueAt(values, ["extraVolumes", 2, "secret", "secretName"]), "hydra-database");
    }
  });

  it("give the path of the service file to the server and to its migration", () => {
    const values = oryDeployment(workload, health);
    const variable = { name: "PGSERVICEFILE", value: `/etc/database/${serviceFileKey}` };
    for (const path of [["extraEnv"], ["automigration", "extraEnv"]]) {
      assert.deepEqual([valueAt(values, path)].flat()[0], variable);
    }
  });

  it("make Ory's programs trust the cluster-internal CA and no other", () => {
    const variables = [valueAt(oryDeployment(workload, health), ["extraEnv"])].flat();
    assert.deepEqual(
      variables.find((variable) => valueAt(variable, ["name"]) === "SSL_CERT_FILE"),
      { name: "SSL_CERT_FILE", value: "/etc/bibind-ca/ca.crt" },
    );
  });

  it("add the variables of one server to the common ones", () => {
    for (const values of [oryDeployment(workload, health, [mail]), oryStatefulSet(workload, [mail])]) {
      assert.deepEqual([valueAt(values, ["extraEnv"])].flat().at(-1), mail);
    }
  });

  it("probe over TLS, and wait longer for the first start than for a slow answer", () => {
    const values = oryDeployment(workload, health);
    for (const probe of ["customStartupProbe", "customReadinessProbe"]) {
      assert.deepEqual(valueAt(values, [probe, "httpGet"]), { ...health, scheme: "HTTPS" });
    }
    const waited = (probe: string): number =>
      Number(valueAt(values, [probe, "failureThreshold"])) * Number(valueAt(values, [probe, "periodSeconds"]));
    assert(waited("customStartupProbe") > 10 * waited("customReadinessProbe"));
  });

  it("delay the stop of a pod, and end the delay before Kubernetes kills the pod", () => {
    const seconds = Number(valueAt(oryDeployment(workload, health), ["lifecycle", "preStop", "sleep", "seconds"]));
    assert(seconds >= 5 && seconds < 30, String(seconds));
  });

  it("close every database connection long before its user ends", () => {
    assert.match(oryPool.max_conn_lifetime, /^[1-9]\d?s$/);
  });
});
