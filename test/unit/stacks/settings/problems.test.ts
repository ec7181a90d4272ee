import assert from "node:assert/strict";
import { z } from "zod";
import { problemLines } from "../../../../stacks/settings/problems.ts";
import { secretString } from "../../../../stacks/settings/secret.ts";
import { distinct, port } from "../../../../stacks/settings/values.ts";

const file = "Pulumi.test.yaml";

const foundation = z.strictObject({
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
  size: z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .meta({ expected: "1, 3 or 5" })
    .optional(),
  code: z
    .string()
    .min(3)
    .regex(/^[a-z]+$/)
    .optional(),
});
const schema = z.strictObject({ foundation });

/** The report on these settings of the layer foundation, without `bibind:foundation` and the name of the file. */
function problems(given: unknown): string[] {
  const values = { foundation: given };
  const result = schema.safeParse(values);
  const lines = result.success ? [] : problemLines(schema, values, result.error.issues, file);
  return lines.map((line) => line.replace("bibind:foundation", "").replace(` (${file})`, ""));
}

describe("the report on wrong settings", () => {
  it("names the setting and the file in each line", () => {
    const values = { foundation: { port: 0 } };
    assert.deepEqual(problemLines(schema, values, schema.safeParse(values).error?.issues ?? [], file), [
      "bibind:foundation.port (Pulumi.test.yaml): expected a number from 1 to 65535, got 0",
    ]);
  });

  it("shows the value of a setting that has a few possible numbers", () => {
    assert.deepEqual(problems({ size: 2 }), [".size: expected 1, 3 or 5, got 2"]);
    assert.deepEqual(problems({ size: [2] }), [".size: expected 1, 3 or 5, got a list"]);
  });

  it("recognises a setting that was given without --path, and says how to give it", () => {
    const values = { foundation: {}, "foundation.port": "23", "foundation.password": "hush", "foundatoin.port": "23" };
    const lines = problemLines(schema, values, schema.safeParse(values).error?.issues ?? [], file);
    assert.deepEqual(lines, [
      "bibind:foundation.port (Pulumi.test.yaml): was set without --path; remove it with: pulumi config rm 'bibind:foundation.port', and give it with: pulumi config set --path 'bibind:foundation.port' VALUE",
      "bibind:foundation.password (Pulumi.test.yaml): was set without --path; remove it with: pulumi config rm 'bibind:foundation.password', and give it with: pulumi config set --secret --path 'bibind:foundation.password'",
      "bibind:foundatoin.port (Pulumi.test.yaml): unknown setting; known here: foundation",
    ]);
  });

  it("names once a setting that breaks two rules", () => {
    assert.deepEqual(problems({ code: "1" }), ['.code: expected a text, got "1"']);
  });

  it("suggests the known setting that is similar to an unknown one, whatever its case and dashes", () => {
    for (const [near, meant] of Object.entries({
      prt: "port",
      Port: "port",
      ports_: "ports",
      "pass-word": "password",
    })) {
      assert.deepEqual(problems({ [near]: 1 }), [`.${near}: unknown setting; did you mean "${meant}"?`]);
    }
  });

  it("lists the known settings when an unknown one is similar to none", () => {
    assert.deepEqual(problems({ gate: { kind: "open", window: true } }), [
      ".gate.window: unknown setting; known here: kind",
    ]);
  });

  it("writes a path in the form of `pulumi config set --path`", () => {
    assert.deepEqual(problems({ ports: [1, 70000], rooms: { red: { beds: 0 } }, "a.b": 1 }), [
      ".ports[1]: expected a number from 1 to 65535, got 70000",
      ".rooms.red.beds: expected a number from 1 to 65535, got 0",
      '["a.b"]: unknown setting; known here: port, mode, password, ports, gate, rooms, size, code',
    ]);
  });

  it("checks the names in a mapping whose names the operator chooses", () => {
    assert.deepEqual(problems({ rooms: { "9": { beds: 1 } } }), [
      '.rooms["9"]: expected another name: lower-case letters',
    ]);
  });

  it("checks a mapping of several kinds by the given kind", () => {
    assert.deepEqual(problems({ gate: { kind: "locked", key: "key", color: "red" } }), [
      ".gate.colour: missing; expected a text",
      '.gate.color: unknown setting; did you mean "colour"?',
    ]);
    assert.deepEqual(problems({ gate: {} }), [".gate.kind: missing; supported: open, locked"]);
    assert.deepEqual(problems({ gate: { kind: "ajar" } }), ['.gate.kind: unsupported "ajar"; supported: open, locked']);
    assert.deepEqual(problems({ gate: "open" }), [".gate: expected a mapping with kind, got a text"]);
  });

  it("names the kind of a value that is too long or not simple", () => {
    const given = [null, { a: 1 }, [], [1], true, "x".repeat(61)];
    const shown = ["an empty value", "a mapping", "an empty list", "a list", "true", "a text of 61 characters"];
    for (const [index, value] of given.entries()) {
      assert.deepEqual(problems({ port: value }), [
        `.port: expected a number from 1 to 65535, got ${shown[index] ?? ""}`,
      ]);
    }
  });

  it("reports a value that is listed twice", () => {
    assert.deepEqual(problems({ ports: [1, 2, 1] }), [".ports: 1 is listed twice"]);
  });
});
