import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Model } from "../../../../components/kubernetes/model.ts";
import type { LayerModel } from "../../../../stacks/access/layer-model.ts";
import type { Relation } from "../../../../stacks/map/relation.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { charts } from "../../../../stacks/versions.ts";
import { exampleModel, uses, type ModelCase } from "../../../support/example-layer.ts";
import { isSecret, record, secretValue, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

/** Records a program that uses the model of the layer `example`. */
function recordModel<T>(use: (model: LayerModel) => T, given?: ModelCase): Promise<Recording<T>> {
  return record(() => use(exampleModel(given)));
}

const nothing = (): void => undefined;

/** Logical names of the components that these options depend on. */
async function dependenciesOf(build: (model: LayerModel) => pulumi.ComponentResourceOptions): Promise<string[]> {
  const recording = await recordModel(
    (model) => new Model("probe", { model: "probe", caCertificate: "" }, build(model)),
  );
  return [...recording.named("probe").dependsOn];
}

describe("the model of a layer", () => {
  it("is a namespace of the layer's name, with the CA of the cluster-internal certificates", async () => {
    const recording = await recordModel(nothing);
    assert.equal(valueAt(recording.named("example-namespace").inputs, ["metadata", "name"]), "example");
    assert.deepEqual(secretValue(recording.named("example-ca").inputs["stringData"]), {
      "ca.crt": "THE CLUSTER-INTERNAL CA",
    });
  });

  it("has the hosts of the layer's applications, and is served by the operators that its relations name", async () => {
    const { inputs } = (await recordModel(nothing)).named("example-namespace");
    assert.equal(valueAt(inputs, ["metadata", "annotations", "bibind.com/hosts"]), "example.bibind.test");
    assert.equal(valueAt(inputs, ["metadata", "labels", "bibind.com/postgres-operator"]), "serves");
    assert.equal(valueAt(inputs, ["metadata", "labels", "bibind.com/secrets-operator"]), "serves");
  });

  it("reaches the cluster by the kubeconfig of the foundation, which stays secret", async () => {
    const recording = await recordModel(nothing);
    const { inputs } = recording.named("example-kubernetes");
    assert.equal(isSecret(inputs["kubeconfig"]), true);
    const objects = recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.deepEqual([...new Set(objects.map(({ provider }) => provider))], ["example-kubernetes"]);
  });

  it("waits for the required resources of the layers below", async () => {
    const recording = await record(() => exampleModel({ required: [new Namespace("operator")] }));
    for (const name of ["example-kubernetes", "example-namespace", "example-postgres-from-web-policy"]) {
      assert(recording.requirementsOf(name).has("operator"), name);
    }
  });

  it("waits for the PostgreSQL operator only with its PostgreSQL cluster", async () => {
    const recording = await record(() =>
      exampleModel({ requiredOf: { "foundation/postgres-operator": [new Namespace("operator")] } }).postgres({
        instances: 1,
        storageGiB: 1,
        rotationHours: 24,
      }),
    );
    assert(recording.requirementsOf("example-postgres-cluster").has("operator"));
    assert(!recording.requirementsOf("example-namespace").has("operator"));
  });

  it("has every opening of its relations, each after the namespace", async () => {
    const recording = await recordModel(nothing);
    const openings = recording.ofType("bibind:kubernetes:Opening");
    assert.deepEqual(
      openings.map(({ name }) => name),
      [
        "example-postgres-from-foundation-postgres-operator",
        "example-postgres-from-iam-vault",
        "example-web-from-foundation-ingress",
        "example-postgres-from-web",
        "iam-kratos-from-example-web",
        "iam-vault-from-example-web-keyring",
        "example-postgres-from-postgres",
      ],
    );
    for (const { name, dependsOn } of openings) {
      assert.deepEqual(dependsOn, ["example"], name);
    }
  });

  it("puts an opening into the namespace of its endpoint", async () => {
    const recording = await recordModel(nothing);
    const namespaceOf = (name: string): unknown => valueAt(recording.named(name).inputs, ["metadata", "namespace"]);
    assert.equal(namespaceOf("iam-kratos-from-example-web-policy"), "iam");
    assert.equal(namespaceOf("example-web-from-foundation-ingress-policy"), "example");
  });
});

describe("the options of a component in the model", () => {
  it("make it wait for the openings at both ends of the application's relations, and for no others", async () => {
    assert.deepEqual(await dependenciesOf((model) => model.options("example/web")), [
      "example",
      "example-web-from-foundation-ingress",
      "example-postgres-from-web",
      "iam-kratos-from-example-web",
    ]);
    assert.deepEqual(await dependenciesOf((model) => model.options("example/postgres")), [
      "example",
      "example-postgres-from-foundation-postgres-operator",
      "example-postgres-from-iam-vault",
      "example-postgres-from-web",
      "example-postgres-from-postgres",
    ]);
  });

  it("make it wait for the model alone when it belongs to no application", async () => {
    assert.deepEqual(await dependenciesOf((model) => model.options()), ["example"]);
  });
});

describe("a chart of the model", () => {
  const chart = async (foundation: ModelCase["foundation"]): Promise<unknown> => {
    const { result } = await recordModel((model) => model.chart(charts.hydra), { foundation });
    assert.deepEqual([result.chart, result.version], [charts.hydra.chart, charts.hydra.version]);
    return settled(pulumi.output(result.repository));
  };

  it("comes from the published repository when there is no mirror", async () => {
    assert.equal(await chart({ chartRepository: "" }), charts.hydra.repository);
  });

  it("comes from the platform's mirror when there is one", async () => {
    assert.equal(await chart({ chartRepository: "https://charts.example.com/" }), "https://charts.example.com/");
  });
});

describe("the host of an application", () => {
  it("is below the domain of the platform", async () => {
    const { result } = await recordModel((model) => model.host("example/web"));
    assert.equal(await settled(result), "example.bibind.test");
  });

  it("must be declared by the layer: the error names the application", async () => {
    await assert.rejects(
      recordModel((model) => model.host("example/postgres")),
      /^Error: the layer of example\/postgres gives it no host name: add it to "hosts"$/,
    );
  });

  it("has a certificate of the issuer for people", async () => {
    const recording = await recordModel((model) => model.edgeCertificate("example/web").secretName);
    const spec = valueAt(recording.named("example-web-edge-certificate").inputs, ["spec"]);
    assert.equal(recording.result, "web-edge");
    assert.equal(valueAt(spec, ["secretName"]), "web-edge");
    assert.deepEqual(valueAt(spec, ["dnsNames"]), ["example.bibind.test"]);
    assert.equal(valueAt(spec, ["issuerRef", "name"]), "bibind");
  });

  it("shows a Service of the application, with that certificate, at the returned URL", async () => {
    const recording = await recordModel((model) => model.expose("example/web", { service: "front", port: 8443 }));
    assert.equal(await settled(recording.result), "https://example.bibind.test");
    const { inputs } = recording.named("example-web-route-ingress");
    assert.equal(valueAt(inputs, ["metadata", "namespace"]), "example");
    assert.equal(valueAt(inputs, ["spec", "ingressClassName"]), "public");
    assert.deepEqual(valueAt(inputs, ["spec", "tls"]), [{ hosts: ["example.bibind.test"], secretName: "web-edge" }]);
    assert.deepEqual(valueAt(inputs, ["spec", "rules", "0", "http", "paths", "0"]), {
      path: "/",
      pathType: "Prefix",
      backend: { service: { name: "front", port: { number: 8443 } } },
    });
  });
});

describe("the certificate of a Service in the model", () => {
  it("is one of the cluster-internal issuer for the Service's DNS name", async () => {
    const recording = await recordModel((model) => model.internalCertificate("example/web", "front").secretName);
    const spec = valueAt(recording.named("example-web-tls-certificate").inputs, ["spec"]);
    assert.equal(recording.result, "web-tls");
    assert.deepEqual(valueAt(spec, ["dnsNames"]), ["front.example.svc"]);
    assert.equal(valueAt(spec, ["issuerRef", "name"]), "bibind-internal");
  });
});

describe("the PostgreSQL cluster of a layer", () => {
  const settings = { instances: 3, storageGiB: 7, rotationHours: 24 };

  it("has the settings of the layer, and the storage class and the issuer of the foundation", async () => {
    const recording = await recordModel((model) => model.postgres(settings));
    const spec = valueAt(recording.named("example-postgres-cluster").inputs, ["spec"]);
    assert.equal(valueAt(spec, ["instances"]), 3);
    assert.deepEqual(valueAt(spec, ["storage"]), { size: "7Gi", storageClass: "local" });
    const tls = recording.named("example-postgres-tls-certificate").inputs;
    assert.equal(valueAt(tls, ["spec", "issuerRef", "name"]), "bibind-internal");
    assert.equal(recording.result.host, "postgres-rw.example.svc");
  });

  it("has a database for each relation that consumes one of it, and none of another layer", async () => {
    const second: Relation = { ...uses.database, consumer: "example/worker", database: "jobs" };
    const recording = await recordModel((model) => model.postgres(settings), { relations: [uses.database, second] });
    assert.deepEqual(
      recording
        .ofType("kubernetes:postgresql.cnpg.io/v1:Database")
        .map(({ inputs }) => valueAt(inputs, ["spec", "name"])),
      ["example", "jobs"],
    );
  });

  it("waits for the openings of its operator and of Vault", async () => {
    const recording = await recordModel((model) => model.postgres(settings));
    const required = recording.requirementsOf("example-postgres-cluster");
    assert(required.has("example-postgres-from-foundation-postgres-operator-policy"));
    assert(required.has("example-postgres-from-iam-vault-policy"));
  });
});
