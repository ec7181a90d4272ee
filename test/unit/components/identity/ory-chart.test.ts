import assert from "node:assert/strict";
import { serviceFileKey } from "../../../../components/access/leased-database-user.ts";
import {
  oryDeployment,
  oryPool,
  oryStatefulSet,
  oryTls,
  secretVariable,
} from "../../../../components/identity/ory-chart.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";

const workload = {
  application: "hydra",
  serviceAccount: "hydra",
  tlsSecret: "hydra-tls",
  databaseSecret: "hydra-database",
};
const health = { path: "/health/ready", port: 4445 };
const mail = secretVariable("MAIL", "mail", "connection");

describe("the values of Ory's charts", () => {
  it("give every pod the platform's CA, its certificate where Ory looks for it, and nothing that can be written", () => {
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

  it("name the service file of the database where it is mounted, to the server and to its migration", () => {
    const values = oryDeployment(workload, health);
    const variable = { name: "PGSERVICEFILE", value: `/etc/database/${serviceFileKey}` };
    for (const path of [["extraEnv"], ["automigration", "extraEnv"]]) {
      assert.deepEqual([valueAt(values, path)].flat()[0], variable);
    }
  });

  it("let Ory's programs trust the platform's CA and no other", () => {
    const variables = [valueAt(oryDeployment(workload, health), ["extraEnv"])].flat();
    assert.deepEqual(
      variables.find((variable) => valueAt(variable, ["name"]) === "SSL_CERT_FILE"),
      { name: "SSL_CERT_FILE", value: "/etc/bibind-ca/ca.crt" },
    );
  });

  it("add the variables of one program to those of both", () => {
    for (const values of [oryDeployment(workload, health, [mail]), oryStatefulSet(workload, [mail])]) {
      assert.deepEqual([valueAt(values, ["extraEnv"])].flat().at(-1), mail);
    }
  });

  it("ask for readiness over TLS, and wait longer for the first start than for a slow answer", () => {
    const values = oryDeployment(workload, health);
    for (const probe of ["customStartupProbe", "customReadinessProbe"]) {
      assert.deepEqual(valueAt(values, [probe, "httpGet"]), { ...health, scheme: "HTTPS" });
    }
    const patience = (probe: string): number =>
      Number(valueAt(values, [probe, "failureThreshold"])) * Number(valueAt(values, [probe, "periodSeconds"]));
    assert(patience("customStartupProbe") > 10 * patience("customReadinessProbe"));
  });

  it("keep a pod for a moment after it was told to go, and not until Kubernetes ends it", () => {
    const seconds = Number(valueAt(oryDeployment(workload, health), ["lifecycle", "preStop", "sleep", "seconds"]));
    assert(seconds >= 5 && seconds < 30, String(seconds));
  });

  it("end every connection long before the user by which it was opened", () => {
    assert.match(oryPool.max_conn_lifetime, /^[1-9]m$/);
  });
});
