import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { loadSettings, type PlatformSettings } from "../../../../stacks/settings/load.ts";
import type { LayerSettings } from "../../../../stacks/settings/deployed-layers.ts";
import { secretString } from "../../../../stacks/settings/secret.ts";
import { distinct, port, rule } from "../../../../stacks/settings/values.ts";
import { settled } from "../../../support/outputs.ts";

const file = "Pulumi.test.yaml";

const foundationSettings = z.strictObject({
  port: port().default(22),
  mode: z.enum(["fast", "safe"]).default("safe"),
  password: secretString("eight letters or more", /^.{8,}$/).optional(),
  ports: distinct(port()).default([]),
  gate: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("open") }),
      z.strictObject({ kind: z.literal("locked"), key: secretString("a key", /^key/), colour: z.string() }),
    ])
    .default({ kind: "open" }),
  rooms: z.record(z.string().regex(/^[a-z]+$/, "lower-case letters"), z.strictObject({ beds: port() })).default({}),
});

const layers = [
  { name: "foundation", needs: [], settings: foundationSettings },
  {
    name: "iam",
    needs: ["foundation"],
    settings: z
      .strictObject({ realm: z.string(), spare: z.string().optional() })
      .check(rule(() => [{ path: ["spare"], message: "is never right" }])),
  },
];

/** The same layers, of which iam accepts any settings. */
const tolerant = layers.map((one) => (one.name === "iam" ? { ...one, settings: z.looseObject({}) } : one));

type Values = Record<string, unknown>;

const load = (values: Values, of: readonly LayerSettings[] = layers): PlatformSettings =>
  loadSettings({ file, values }, of);

/** The lines of the report on these settings, without the name of the file. */
function problems(values: Values): string[] {
  try {
    load(values);
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    const [title = "", ...lines] = error.parts.what.split("\n  ");
    assert.equal(title, lines.length === 1 ? "1 setting is wrong:" : `${lines.length} settings are wrong:`);
    return lines.map((line) => line.replace(` (${file})`, ""));
  }
  return [];
}

const foundation = (settings: unknown): Values => ({ layers: ["foundation"], foundation: settings });

describe("loadSettings", () => {
  it("gives the settings of each deployed layer as the operator wrote them", () => {
    assert.deepEqual(load(foundation({ port: 23 })), {
      upstream: undefined,
      protectData: true,
      layers: new Map([["foundation", { port: 23 }]]),
    });
  });

  it("accepts a layer without settings when the layer has a default for each", () => {
    assert.deepEqual(load({ layers: ["foundation"] }).layers, new Map([["foundation", {}]]));
  });

  it("gives the layers in the order of the platform, whatever the order of the settings", () => {
    assert.deepEqual([...load({ layers: ["iam", "foundation"] }, tolerant).layers.keys()], ["foundation", "iam"]);
  });

  it("leaves out the settings of a layer that the stack does not deploy", () => {
    const values = { layers: ["iam"], upstream: "organization/bibind/ovh", foundation: { port: 23 } };
    assert.deepEqual(load(values, tolerant), {
      upstream: "organization/bibind/ovh",
      protectData: true,
      layers: new Map([["iam", {}]]),
    });
  });

  it("checks the settings of a layer that the stack does not deploy", () => {
    assert.ok(
      problems({ layers: ["iam"], upstream: "ovh", foundation: { port: "abc" } }).includes(
        'bibind:foundation.port: expected a number from 1 to 65535, got "abc"',
      ),
    );
  });

  it("names setting, file, expected value and remedy in the message", () => {
    assert.throws(() => load(foundation({ port: "abc" })), {
      name: "OperatorError",
      message: [
        "1 setting is wrong:",
        '  bibind:foundation.port (Pulumi.test.yaml): expected a number from 1 to 65535, got "abc"',
        "  where:  Pulumi.test.yaml",
        "  remedy: correct the file and run again; docs/reference/settings.md explains every setting",
      ].join("\n"),
    });
  });

  it("names the file when the stack has no settings at all", () => {
    assert.throws(() => load({}), /^OperatorError: the stack has no settings[^]*where: +Pulumi\.test\.yaml/);
  });

  it("reports every problem of every layer at once", () => {
    assert.deepEqual(
      problems({ layers: ["iam", "foundation"], upsteam: "x", foundation: { port: 0, mode: "slow" }, iam: {} }),
      [
        "bibind:foundation.port: expected a number from 1 to 65535, got 0",
        'bibind:foundation.mode: unsupported "slow"; supported: fast, safe',
        "bibind:iam.realm: missing; expected a text",
        "bibind:iam.spare: is never right",
        'bibind:upsteam: unknown setting; did you mean "upstream"?',
      ],
    );
  });
});

describe("secret settings", () => {
  it("reach the layers as secret outputs", async () => {
    const given = load(foundation({ password: "long enough" })).layers.get("foundation");
    const { password } = foundationSettings.parse(given);
    assert.ok(password !== undefined);
    assert.equal(await pulumi.isSecret(password), true);
    assert.equal(await settled(password), "long enough");
  });

  it("are refused in plain text, in the same report as every other problem", () => {
    const values = foundation({ password: "long enough", port: 0 });
    assert.throws(
      () => loadSettings({ file, values, isEncrypted: () => false }, layers),
      /^OperatorError: 2 settings are wrong:\n.*port.*got 0\n.*password.*: a secret in plain text; encrypt it with/,
    );
    assert.doesNotThrow(() =>
      loadSettings({ file, values: foundation({ password: "long enough" }), isEncrypted: () => true }, layers),
    );
  });

  it("are asked for with the exact command", () => {
    assert.deepEqual(problems(foundation({ gate: { kind: "locked", colour: "red" } })), [
      "bibind:foundation.gate.key: missing; give it with: pulumi config set --secret --path 'bibind:foundation.gate.key'",
    ]);
  });

  it("are never shown, whatever is wrong with them or near them", () => {
    const secret = "hush";
    const wrong: Values[] = [
      foundation({ password: secret }),
      foundation({ password: [secret] }),
      foundation({ passwort: secret }),
      foundation({ gate: { kind: "locked", key: secret, colour: "red" } }),
      foundation({ gate: { kind: "shut", key: secret } }),
      foundation({ gate: secret }),
      foundation(secret),
      { ...foundation({}), fundation: { password: secret } },
    ];
    for (const values of wrong) {
      const lines = problems(values);
      assert.notDeepEqual(lines, []);
      assert.doesNotMatch(lines.join("\n"), /hush/);
    }
    assert.deepEqual(problems(foundation({ password: secret })), [
      "bibind:foundation.password: expected eight letters or more; replace it with: pulumi config set --secret --path 'bibind:foundation.password'",
    ]);
  });
});
