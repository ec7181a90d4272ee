import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { getFileInfo } from "prettier";
import { parse } from "yaml";
import { settingsJsonSchema } from "../../../docs/reference/settings-schema.ts";
import { layers } from "../../../stacks/layers.ts";
import { environments } from "../../support/environments.ts";

const project = join(import.meta.dirname, "..", "..", "..");
const isValid = new Ajv({ allErrors: true }).compile(settingsJsonSchema(layers));

/** What the schema finds wrong with a settings file. */
function faults(file: unknown): string[] {
  void isValid(file);
  return (isValid.errors ?? []).map(({ dataPath, message }) => `${dataPath}: ${message ?? ""}`);
}

const secure = { secure: "v1:encrypted" };
const mail = (connection: unknown) => ({
  config: { "bibind:layers": ["iam"], "bibind:iam": { mail: { connection, fromAddress: "no-reply@bibind.test" } } },
});

describe("the settings files in the repository", () => {
  const files = readdirSync(project).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const textOf = (name: string): string => readFileSync(join(project, name), "utf8");

  // An operator adds files of further environments.
  for (const name of new Set([...environments.map((environment) => `Pulumi.${environment}.yaml`), ...files])) {
    it(`fit the JSON Schema: ${name}`, () => assert.deepEqual(faults(parse(textOf(name))), []));

    it(`are not formatted, because \`pulumi config set\` writes its own format: ${name}`, async () => {
      const { ignored } = await getFileInfo(join(project, name), { ignorePath: join(project, ".prettierignore") });
      assert.equal(ignored, true);
    });
  }

  for (const environment of environments) {
    it(`name the JSON Schema for editors: Pulumi.${environment}.yaml`, () => {
      const header = "# yaml-language-server: $schema=docs/reference/settings.schema.json\n";
      assert(textOf(`Pulumi.${environment}.yaml`).startsWith(header));
    });
  }
});

describe("the JSON Schema of a settings file", () => {
  it("accepts what `pulumi config set` adds beside the settings", () => {
    assert.deepEqual(faults({ encryptionsalt: "v1:salt", ...mail(secure) }), []);
  });

  it("accepts a secret in its encrypted form", () => {
    assert.deepEqual(faults(mail(secure)), []);
  });

  it("accepts a mail server in clear only without a credential", () => {
    assert.deepEqual(faults(mail("smtp://172.30.0.2:1025/?disable_starttls=true")), []);
    assert.notDeepEqual(faults(mail("smtps://user:password@mail.example.com:465")), []);
  });

  it("refuses any other secret in clear", () => {
    const config = { "bibind:layers": [], "bibind:foundation": { cluster: { kubeconfig: "clusters: []" } } };
    assert(faults({ config }).some((fault) => /cluster\.kubeconfig: should be object/.test(fault)));
  });

  it("refuses an unknown setting, and requires what no command gives", () => {
    const config = { "bibind:layers": ["foundation"], "bibind:foundation": { domian: "bibind.test" } };
    assert.deepEqual(
      faults({ config }).map((fault) => fault.replace(/^.*: /, "")),
      [
        "should NOT have additional properties",
        "should have required property 'domain'",
        "should have required property 'certificates'",
      ],
    );
  });
});
