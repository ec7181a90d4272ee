import assert from "node:assert/strict";
import { Hydra } from "../../../../components/identity/hydra.ts";
import { Kratos } from "../../../../components/identity/kratos.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";
import { oryServer, secretOf } from "../../../support/sign-in-server.ts";

function kratos(): Kratos {
  const server = oryServer("kratos");
  const mail = secretOf(server.identity, "mail");
  return new Kratos(
    "server",
    { ...server, domain: "bibind.test", returnHosts: [], mail, mailFrom: { address: "a@b.c", name: "A" } },
    {},
  );
}

const servers = [
  { application: "hydra", recorded: () => record(() => new Hydra("server", oryServer("hydra"), {})) },
  { application: "kratos", recorded: () => record(kratos) },
];

for (const { application, recorded } of servers) {
  describe(`${application} as a server of Ory`, () => {
    it("is the given chart, in the model's namespace", async () => {
      const recording = await recorded();
      const { inputs } = recording.named("server-chart-release");
      assert.deepEqual([inputs["chart"], inputs["version"], inputs["namespace"]], ["server", "0.57.1", "iam"]);
      assert.equal(valueAt(inputs["values"], ["fullnameOverride"]), application);
      assert.equal(await settled(recording.result.appVersion), "1.2.3");
    });

    it("has a cluster-internal certificate, and starts with it", async () => {
      const recording = await recorded();
      const { inputs } = recording.named("server-tls-certificate");
      assert.deepEqual(valueAt(inputs, ["spec", "issuerRef", "name"]), "internal");
      assert.equal(valueAt(inputs, ["metadata", "name"]), `${application}-tls`);
      assert(recording.named("server-chart-release").dependsOn.includes("server-tls"));
    });

    it("depends, with everything below it, on its certificate, its identity, its keys and its database user", async () => {
      const { resources } = await recorded();
      const below = resources.filter(({ name }) => name.startsWith("server-"));
      assert(below.length >= 4);
      for (const { name, dependsOn } of below) {
        for (const required of ["edge", "access", "keys", "database"]) {
          const resource = required === "edge" ? required : `${application}-${required}`;
          assert(dependsOn.includes(resource), `${name} does not depend on ${resource}`);
        }
      }
    });
  });
}
