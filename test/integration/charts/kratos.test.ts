import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { sandboxRelease } from "../../support/releases.ts";
import { filesOf, find, names, refusal, rendered, withValue, type Rendered } from "./helm.ts";
import { podOf, secretVariables, type PodTemplate } from "./pods.ts";

const release = await sandboxRelease("kratos");

/** The pods of the server and those of the courier. */
function pods(objects: readonly Rendered[]): { readonly server: PodTemplate; readonly courier: PodTemplate } {
  return {
    server: podOf(find(objects, "Deployment", "kratos")),
    courier: podOf(find(objects, "StatefulSet", "kratos-courier")),
  };
}

describe("the chart kratos", function () {
  this.timeout(600_000);

  it("creates the objects of the published chart, with the service account of a job that it does not create", async () => {
    assert.deepEqual(names(await rendered(release)), [
      ...["ConfigMap kratos-config", "Deployment kratos"],
      ...["Service kratos-admin", "Service kratos-courier", "Service kratos-public"],
      ...["ServiceAccount kratos-job", "StatefulSet kratos-courier"],
    ]);
  });

  it("starts the server with both APIs, and waits an hour for its first pods", async () => {
    const deployment = find(await rendered(release), "Deployment", "kratos");
    assert.deepEqual(podOf(deployment).spec.containers[0].args.slice(0, 2), ["serve", "all"]);
    const { spec } = z.object({ spec: z.object({ progressDeadlineSeconds: z.number() }) }).parse(deployment);
    assert.equal(spec.progressDeadlineSeconds, 3600);
  });

  it("reads every secret from the named Secret, in the server and in the courier", async () => {
    const { server, courier } = pods(await rendered(release));
    for (const { spec } of [server, courier]) {
      assert.deepEqual(secretVariables(spec.containers[0]), [
        "DSN: kratos-keys/dsn",
        "SECRETS_DEFAULT: kratos-keys/secretsDefault",
        "SECRETS_COOKIE: kratos-keys/secretsCookie",
        "SECRETS_CIPHER: kratos-keys/secretsCipher",
        "COURIER_SMTP_CONNECTION_URI: kratos-mail/connection",
      ]);
    }
  });

  it("labels the courier's pods by `statefulSet.labels`, and does not switch off their token", async () => {
    const { server, courier } = pods(await rendered(withValue(release, "statefulSet.labels", { one: "two" })));
    assert.deepEqual([server.metadata.labels?.["one"], courier.metadata.labels?.["one"]], [undefined, "two"]);
    assert.equal(server.spec.automountServiceAccountToken, false);
    assert.equal(courier.spec.automountServiceAccountToken, undefined);
  });

  it("gives the courier the lists of the server that it has not itself", async () => {
    const variables = async (path: string): Promise<string[]> => {
      const none = withValue(withValue(release, "deployment.extraEnv", []), "statefulSet.extraEnv", []);
      const { courier } = pods(await rendered(withValue(none, path, [{ name: "ONE", value: "two" }])));
      return (courier.spec.containers[0].env ?? []).map(({ name }) => name);
    };
    assert((await variables("deployment.extraEnv")).includes("ONE"));
    assert((await variables("statefulSet.extraEnv")).includes("ONE"));
  });

  it("puts the schemas of identities beside the configuration, and restarts pods when one changes", async () => {
    const checksums = async (schema: string): Promise<unknown[]> => {
      const objects = await rendered(withValue(release, "kratos.identitySchemas", { "person.json": schema }));
      assert.equal(filesOf(objects, "kratos-config")["person.json"], schema);
      const { server, courier } = pods(objects);
      return [server, courier].map(({ metadata }) => metadata.annotations?.["checksum/kratos-config"]);
    };
    const [one, other] = [await checksums('{"title":"one"}'), await checksums('{"title":"two"}')];
    assert.equal(one[0], one[1]);
    assert.notEqual(one[0], other[0]);
    assert.notEqual(one[1], other[1]);
  });

  it("puts no secret into the configuration", async () => {
    const configuration: unknown = parse(filesOf(await rendered(release), "kratos-config")["kratos.yaml"] ?? "");
    const sections = Object.keys(z.record(z.string(), z.unknown()).parse(configuration));
    assert(sections.includes("selfservice") && !sections.includes("dsn") && !sections.includes("secrets"));
  });

  it("refuses keys that it does not have or that the published chart ignores, and secrets among the values", async () => {
    const refused: readonly (readonly [path: string, value: unknown, message: RegExp])[] = [
      ["statefulset", {}, /'statefulset'/],
      ["kratos.emailTemplates", {}, /'\/kratos'.*'emailTemplates'/],
      ["statefulSet.podMetadata", {}, /'\/statefulSet'.*'podMetadata'/],
      ["statefulSet.resources", {}, /'\/statefulSet'.*'resources'/],
      ["kratos.config.dsn", "postgres://", /\/kratos\/config\/dsn/],
      ["kratos.config.courier.smtp.connection_uri", "smtp://a:b@mail", /\/courier\/smtp\/connection_uri/],
    ];
    for (const [path, value, message] of refused) {
      assert.match(await refusal(withValue(release, path, value)), message);
    }
  });
});
