import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isObject, type Properties, type PropertyValue } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import type { VaultPlugin } from "../../../../sandbox/toolchain/plugins/vault/plugin.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import type { Case } from "./case.ts";
import { SingleResourceStack } from "./stack.ts";

/** The servers and the plugin that a case uses. */
export interface Environment {
  readonly plugin: VaultPlugin;
  /** A session for changes without the plugin. */
  readonly vault: Vault;
  /** Values of the placeholders in a case, such as `POSTGRESPORT`. */
  readonly placeholders: Readonly<Record<string, string>>;
}

function substituted(value: PropertyValue, placeholders: Environment["placeholders"]): PropertyValue {
  if (typeof value === "string") {
    return Object.entries(placeholders).reduce((text, [name, actual]) => text.replaceAll(name, actual), value);
  }
  return isObject(value) ? substitutedIn(value, placeholders) : value;
}

function substitutedIn(properties: Properties, placeholders: Environment["placeholders"]): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, substituted(value, placeholders)]),
  );
}

function withoutChange(program: Properties, each: Case): Properties {
  const first = new Set([...Object.keys(each.program), ...Object.keys(each.replace ?? {})]);
  return Object.fromEntries(Object.entries(program).filter(([name]) => first.has(name)));
}

/** Defines the tests of a case. Each test continues with the state of the previous one. */
export function testLifecycle(each: Case, environment: () => Environment): void {
  let stack: SingleResourceStack;
  let program: Properties;
  const { change, replace, changeByHand, deleteByHand } = each;

  before(async () => {
    stack = new SingleResourceStack(environment().plugin, each.type);
    program = substitutedIn(each.program, environment().placeholders);
    await each.prepare?.(environment().vault);
  });

  async function assertUnchanged(): Promise<void> {
    strictEqual(await stack.refresh(), "same");
    strictEqual(await stack.up(program), "same");
  }

  it("is created, and does not change in a second run", async () => {
    strictEqual(await stack.up(program), "created");
    strictEqual(await stack.up(program), "same");
    await assertUnchanged();
    const warnings = stack.messages.filter((message) => message.startsWith("warning"));
    deepStrictEqual(warnings, []);
  });

  if (change !== undefined) {
    it("is updated in place", async () => {
      program = { ...program, ...substitutedIn(change, environment().placeholders) };
      const { id } = stack.existing;
      strictEqual(await stack.up(program), "updated");
      strictEqual(stack.existing.id, id);
      await assertUnchanged();
    });

    it("clears a property that the program no longer sets", async () => {
      const whole = program;
      program = withoutChange(whole, each);
      await stack.up(program);
      await assertUnchanged();
      program = whole;
      await stack.up(program);
    });
  }

  if (replace !== undefined) {
    it("is replaced when a fixed property changes", async () => {
      program = { ...program, ...substitutedIn(replace, environment().placeholders) };
      const { inputs } = environment().plugin.check(stack.context, stack.existing.inputs, program, new Uint8Array());
      strictEqual(stack.diff(inputs).deleteBeforeReplace, each.deletesFirst ?? false);
      strictEqual(await stack.up(program), "replaced");
      await assertUnchanged();
    });
  }

  if (changeByHand !== undefined) {
    it("differs in a refresh after a change by hand, and the next run reverts the change", async () => {
      await changeByHand(environment().vault, stack.existing.id);
      strictEqual(await stack.refresh(), "different");
      strictEqual(await stack.up(program), "updated");
      await assertUnchanged();
    });
  }

  if (deleteByHand !== undefined) {
    it("is missing in a refresh after a deletion by hand, and the next run creates it again", async () => {
      await deleteByHand(environment().vault, stack.existing.id);
      strictEqual(await stack.refresh(), "missing");
      strictEqual(await stack.up(program), "created");
      await assertUnchanged();
    });
  }

  it("is deleted", async () => {
    const { id, inputs, outputs } = stack.existing;
    await stack.destroy();
    const read = await environment().plugin.read(stack.context, id, inputs, outputs);
    strictEqual(read, undefined);
  });
}
