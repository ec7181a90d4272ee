import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { secretString } from "../../../../stacks/settings/secret.ts";
import { distinct, port, rule } from "../../../../stacks/settings/values.ts";
import { settled } from "../../../support/outputs.ts";

const file = "Pulumi.test.yaml";

const schemas = {
  foundation: z.strictObject({
    port: port().default(22),
    mode: z.enum(["fast", "safe"]).default("safe"),
    password: secretString("eight letters or more", /^.{8,}$/).optional(),
    ports: distinct(port()).default([]),
    door: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("open") }),
        z.strictObject({ kind: z.literal("locked"), key: secretString("a key", /^key/), colour: z.string() }),
      ])
      .default({ kind: "open" }),
    rooms: z.record(z.string().regex(/^[a-z]+$/, "lower-case letters"), z.strictObject({ beds: port() })).default({}),
  }),
  iam: z
    .strictObject({ realm: z.string(), spare: z.string().optional() })
    .check(rule(() => [{ path: ["spare"], message: "is never right" }])),
};

type Values = Record<string, unknown>;

/** The lines of the report on these settings, without the file's name. */
function problems(values: Values): string[] {
  try {
    loadSettings({ file, values }, schemas);
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
  it("fills in the defaults of a layer for which nothing is given", () => {
    assert.deepEqual(loadSettings({ file, values: { layers: ["foundation"] } }, schemas), {
      layers: ["foundation"],
      foundation: { port: 22, mode: "safe", ports: [], door: { kind: "open" }, rooms: {} },
    });
  });

  it("leaves out the settings of a layer that the stack does not deploy", () => {
    const values = { layers: ["iam"], upstream: "organization/bibind/ovh", foundation: { port: 23 } };
    const { iam } = schemas;
    const calm = { ...schemas, iam: z.strictObject({ ...iam.shape, realm: z.string().default("r") }) };
    const settings = loadSettings({ file, values }, calm);
    assert.deepEqual(settings, { layers: ["iam"], upstream: "organization/bibind/ovh", iam: { realm: "r" } });
  });

  it("checks the settings of a layer that the stack does not deploy", () => {
    assert.ok(
      problems({ layers: ["iam"], upstream: "ovh", foundation: { port: "abc" } }).includes(
        'bibind:foundation.port: expected a number from 1 to 65535, got "abc"',
      ),
    );
  });

  it("tells setting, file, expectation and remedy in the message", () => {
    assert.throws(() => loadSettings({ file, values: foundation({ port: "abc" }) }, schemas), {
      name: "OperatorError",
      message: [
        "1 setting is wrong:",
        '  bibind:foundation.port (Pulumi.test.yaml): expected a number from 1 to 65535, got "abc"',
        "  where:  Pulumi.test.yaml",
        "  remedy: mend them as said and run again; docs/reference/settings.md explains every setting",
      ].join("\n"),
    });
  });

  it("tells every problem of every layer at once", () => {
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

  it("tells once what is wrong in two ways", () => {
    const twice = {
      foundation: z.strictObject({
        code: z
          .string()
          .min(3)
          .regex(/^[a-z]+$/),
      }),
    };
    const values = foundation({ code: "1" });
    assert.throws(
      () => loadSettings({ file, values }, twice),
      /^OperatorError: 1 setting is wrong:\n.*got "1"\n {2}where/,
    );
  });

  it("requires the list of layers", () => {
    assert.deepEqual(problems({}), ["bibind:layers: missing; expected a list out of foundation, iam"]);
    assert.deepEqual(problems({ layers: "foundation" }), [
      "bibind:layers: expected a list out of foundation, iam, got a text",
    ]);
  });

  it("lets a stack deploy nothing of its own when it hands on an upstream stack, and only then", () => {
    assert.deepEqual(problems({ layers: [], upstream: "ovh" }), []);
    assert.deepEqual(problems({ layers: [] }), [
      "bibind:upstream: missing; name the stack that deploys the layer foundation",
    ]);
  });

  it("refuses a layer that is named twice or that the program does not have", () => {
    assert.deepEqual(problems({ layers: ["foundation", "foundation"] }), [
      'bibind:layers: "foundation" is listed twice',
    ]);
    assert.deepEqual(problems({ layers: ["foundation", "jimm"] }), [
      'bibind:layers[1]: unsupported "jimm"; supported: foundation, iam',
    ]);
  });

  it("asks for the upstream stack when the stack does not deploy the foundation", () => {
    assert.ok(
      problems({ layers: ["iam"] }).includes(
        "bibind:upstream: missing; name the stack that deploys the layer foundation",
      ),
    );
  });

  it("suggests the known setting that an unknown one resembles, whatever its case and dashes", () => {
    for (const near of ["prt", "Port", "ports_", "pass-word"]) {
      const meant = near.startsWith("pass") ? "password" : near.startsWith("ports") ? "ports" : "port";
      assert.deepEqual(problems(foundation({ [near]: 1 })), [
        `bibind:foundation.${near}: unknown setting; did you mean "${meant}"?`,
      ]);
    }
  });

  it("lists the known settings when an unknown one resembles none", () => {
    assert.deepEqual(problems(foundation({ door: { kind: "open", window: true } })), [
      "bibind:foundation.door.window: unknown setting; known here: kind",
    ]);
  });

  it("writes a path as `pulumi config set --path` takes it", () => {
    assert.deepEqual(problems(foundation({ ports: [1, 70000], rooms: { red: { beds: 0 } }, "a.b": 1 })), [
      "bibind:foundation.ports[1]: expected a number from 1 to 65535, got 70000",
      "bibind:foundation.rooms.red.beds: expected a number from 1 to 65535, got 0",
      'bibind:foundation["a.b"]: unknown setting; known here: port, mode, password, ports, door, rooms',
    ]);
  });

  it("checks the names in a mapping of the operator's own names", () => {
    assert.deepEqual(problems(foundation({ rooms: { "9": { beds: 1 } } })), [
      'bibind:foundation.rooms["9"]: expected another name: lower-case letters',
    ]);
  });

  it("judges a mapping of several kinds by the kind that was given", () => {
    assert.deepEqual(problems(foundation({ door: { kind: "locked", key: "key", color: "red" } })), [
      "bibind:foundation.door.colour: missing; expected a text",
      'bibind:foundation.door.color: unknown setting; did you mean "colour"?',
    ]);
    assert.deepEqual(problems(foundation({ door: {} })), [
      "bibind:foundation.door.kind: missing; supported: open, locked",
    ]);
    assert.deepEqual(problems(foundation({ door: { kind: "ajar" } })), [
      'bibind:foundation.door.kind: unsupported "ajar"; supported: open, locked',
    ]);
    assert.deepEqual(problems(foundation({ door: "open" })), [
      "bibind:foundation.door: expected a mapping with kind, got a text",
    ]);
  });

  it("names the kind of a value that is too long or not simple", () => {
    const long = "x".repeat(61);
    const given = [null, { a: 1 }, [], [1], true, long];
    const shown = ["an empty value", "a mapping", "an empty list", "a list", "true", "a text of 61 characters"];
    for (const [index, value] of given.entries()) {
      assert.deepEqual(problems(foundation({ port: value })), [
        `bibind:foundation.port: expected a number from 1 to 65535, got ${shown[index] ?? ""}`,
      ]);
    }
  });
});

describe("secret settings", () => {
  it("reach the layers as secret outputs", async () => {
    const settings = loadSettings({ file, values: foundation({ password: "long enough" }) }, schemas);
    const password = settings.foundation?.password;
    assert.ok(password !== undefined);
    assert.equal(await pulumi.isSecret(password), true);
    assert.equal(await settled(password), "long enough");
  });

  it("are asked for with the exact command", () => {
    assert.deepEqual(problems(foundation({ door: { kind: "locked", colour: "red" } })), [
      "bibind:foundation.door.key: missing; give it with: pulumi config set --secret --path 'bibind:foundation.door.key'",
    ]);
  });

  it("are never shown, whatever is wrong with them or around them", () => {
    const secret = "hush";
    const wrong: Values[] = [
      foundation({ password: secret }),
      foundation({ password: [secret] }),
      foundation({ passwort: secret }),
      foundation({ door: { kind: "locked", key: secret, colour: "red" } }),
      foundation({ door: { kind: "shut", key: secret } }),
      foundation({ door: secret }),
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
