import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { settingsJsonSchema } from "../../../docs/reference/settings-schema.ts";
import { layers } from "../../../stacks/layers.ts";

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

  it("are those of the environments", () => {
    assert.deepEqual(files.sort(), ["Pulumi.ovh.yaml", "Pulumi.sandbox.yaml"]);
  });

  for (const name of files) {
    const text = readFileSync(join(project, name), "utf8");

    it(`fit the JSON Schema that they name for editors: ${name}`, () => {
      assert.match(text, /^# yaml-language-server: \$schema=docs\/reference\/settings\.schema\.json\n/);
      assert.deepEqual(faults(parse(text)), []);
    });
  }
});

describe("the JSON Schema of a settings file", () => {
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
