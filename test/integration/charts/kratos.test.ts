import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { find, names, podOf, refusal, rendered, secretVariables } from "./helm.ts";

const base = {
  fullnameOverride: "kratos",
  secret: { enabled: false, nameOverride: "kratos-secrets" },
};
const withMail = {
  config: { courier: { smtp: { connection_uri: "smtp://in-the-secret", from_address: "a@b.test" } } },
};

describe("the chart kratos", function () {
  this.timeout(600_000);

  it("makes the objects of the published chart under its names and ports", async () => {
    const all = await rendered("kratos", { ...base, kratos: { automigration: { enabled: true } } });
    assert.deepEqual(names(all), [
      ...["ConfigMap kratos-config", "ConfigMap kratos-migrate", "Deployment kratos", "Job kratos-automigrate"],
      ...["Service kratos-admin", "Service kratos-courier", "Service kratos-public"],
      ...["ServiceAccount kratos", "ServiceAccount kratos-job", "StatefulSet kratos-courier"],
    ]);
    const [server] = podOf(find(all, "Deployment", "kratos")).spec.containers;
    assert.equal(server.image, "oryd/kratos:v1.3.1");
    assert.deepEqual(
      server.ports.map(({ name, containerPort }) => [name, containerPort]),
      [
        ["http-admin", 4434],
        ["http-public", 4433],
      ],
    );
    const ports = z.object({ spec: z.object({ ports: z.tuple([z.object({ port: z.number() }).loose()]) }) });
    assert.equal(ports.parse(find(all, "Service", "kratos-public")).spec.ports[0].port, 80);
  });

  it("takes every secret from the named Secret; a connection_uri only says that the Secret has one", async () => {
    const all = await rendered("kratos", { ...base, kratos: withMail });
    const expected = [
      "COURIER_SMTP_CONNECTION_URI: kratos-secrets/smtpConnectionURI",
      "DSN: kratos-secrets/dsn",
      "SECRETS_CIPHER: kratos-secrets/secretsCipher",
      "SECRETS_COOKIE: kratos-secrets/secretsCookie",
      "SECRETS_DEFAULT: kratos-secrets/secretsDefault",
    ];
    for (const [kind, name] of [
      ["Deployment", "kratos"],
      ["StatefulSet", "kratos-courier"],
    ] as const) {
      assert.deepEqual(secretVariables(podOf(find(all, kind, name)).spec.containers[0]).sort(), expected);
    }
    const data = z
      .object({ data: z.record(z.string(), z.string()) })
      .parse(find(all, "ConfigMap", "kratos-config")).data;
    const configuration = z
      .object({ courier: z.object({ smtp: z.unknown() }) })
      .parse(parse(data["kratos.yaml"] ?? ""));
    assert.deepEqual(configuration.courier.smtp, { from_address: "a@b.test" });
    const without = await rendered("kratos", base);
    assert.ok(!JSON.stringify(without).includes("COURIER_SMTP_CONNECTION_URI"));
  });

  it("puts the schemas of identities beside the configuration, and starts pods anew when one changes", async () => {
    const at = async (schema: object) => {
      const file = JSON.stringify(schema);
      const all = await rendered("kratos", { ...base, kratos: { identitySchemas: { "person.json": file } } });
      const { data } = z
        .object({ data: z.record(z.string(), z.string()) })
        .parse(find(all, "ConfigMap", "kratos-config"));
      assert.equal(data["person.json"], file);
      return ["kratos", "kratos-courier"].map(
        (name) =>
          podOf(find(all, name === "kratos" ? "Deployment" : "StatefulSet", name)).metadata.annotations?.[
            "checksum/kratos-config"
          ],
      );
    };
    const one = await at({ title: "one" });
    assert.deepEqual(await at({ title: "one" }), one);
    const other = await at({ title: "two" });
    assert.deepEqual(
      one.map((checksum, index) => checksum !== undefined && checksum !== other[index]),
      [true, true],
    );
  });

  it("gives the courier what the server has, unless it is given its own", async () => {
    const volume = { name: "ca", configMap: { name: "ca" } };
    const mount = { name: "ca", mountPath: "/ca", readOnly: true };
    const deployment = { extraVolumes: [volume], extraVolumeMounts: [mount] };
    const all = await rendered("kratos", { ...base, deployment, statefulSet: { log: { level: "info" } } });
    const courier = podOf(find(all, "StatefulSet", "kratos-courier"));
    assert.ok(courier.spec.volumes.some(({ name }) => name === "ca"));
    assert.ok(courier.spec.containers[0].volumeMounts.some(({ mountPath }) => mountPath === "/ca"));
    const own = await rendered("kratos", {
      ...base,
      deployment,
      statefulSet: { extraEnv: [{ name: "A", value: "b" }] },
    });
    const { env } = podOf(find(own, "StatefulSet", "kratos-courier")).spec.containers[0];
    assert.equal(env.find(({ name }) => name === "A")?.value, "b");
    assert.ok(
      !names(await rendered("kratos", { ...base, courier: { enabled: false } }))
        .join()
        .includes("courier"),
    );
  });

  it("refuses by name what it does not know, and every secret among the values", async () => {
    assert.match(await refusal("kratos", { ...base, statefulset: {} }), /'statefulset'/);
    assert.match(await refusal("kratos", { ...base, kratos: { emailTemplates: {} } }), /'\/kratos'.*'emailTemplates'/);
    assert.match(
      await refusal("kratos", { ...base, kratos: { config: { dsn: "postgres://" } } }),
      /\/kratos\/config\/dsn/,
    );
    const smtp = { connection_uri: "smtp://user:password@mail.test:25" };
    assert.match(
      await refusal("kratos", { ...base, kratos: { config: { courier: { smtp } } } }),
      /\/kratos\/config\/courier\/smtp\/connection_uri/,
    );
  });
});
