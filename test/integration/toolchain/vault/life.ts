import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isObject, type Properties, type PropertyValue } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import type { VaultPlugin } from "../../../../sandbox/toolchain/plugins/vault/plugin.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import type { Case } from "./case.ts";
import { StackOfOne } from "./stack.ts";

/** What a test that runs later works with. */
export interface Bench {
  readonly plugin: VaultPlugin;
  /** The server, for changes by hand. */
  readonly vault: Vault;
  /** Values for the placeholders in a case, such as `FOLDER`. */
  readonly places: Readonly<Record<string, string>>;
}

function placed(value: PropertyValue, places: Bench["places"]): PropertyValue {
  if (typeof value === "string") {
    return Object.entries(places).reduce((text, [name, place]) => text.replaceAll(name, place), value);
  }
  return isObject(value) ? placedIn(value, places) : value;
}

export function placedIn(properties: Properties, places: Bench["places"]): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, placed(value, places)]));
}

function withoutChange(program: Properties, each: Case): Properties {
  const first = new Set([...Object.keys(each.program), ...Object.keys(each.replace ?? {})]);
  return Object.fromEntries(Object.entries(program).filter(([name]) => first.has(name)));
}

/** The tests of one resource's life, in the order of its life. */
export function lifeOf(each: Case, bench: () => Bench): void {
  let stack: StackOfOne;
  let program: Properties;
  const { change, replace, hand, remove } = each;

  before(async () => {
    stack = new StackOfOne(bench().plugin, each.type);
    program = placedIn(each.program, bench().places);
    await each.before?.(bench().vault);
  });

  async function isSettled(): Promise<void> {
    strictEqual(await stack.refresh(), "same");
    strictEqual(await stack.up(program), "same");
  }

  it("is made, and then is as it was made", async () => {
    strictEqual(await stack.up(program), "created");
    strictEqual(await stack.up(program), "same");
    await isSettled();
    const warnings = stack.messages.filter((message) => message.startsWith("warning"));
    deepStrictEqual(warnings, []);
  });

  if (change !== undefined) {
    it("is changed in place", async () => {
      program = { ...program, ...placedIn(change, bench().places) };
      const { id } = stack.existing;
      strictEqual(await stack.up(program), "updated");
      strictEqual(stack.existing.id, id);
      await isSettled();
    });

    it("forgets what the program no longer says", async () => {
      const whole = program;
      program = withoutChange(whole, each);
      await stack.up(program);
      await isSettled();
      program = whole;
      await stack.up(program);
    });
  }

  if (replace !== undefined) {
    it("is replaced when a fixed property changes", async () => {
      program = { ...program, ...placedIn(replace, bench().places) };
      const { inputs } = await bench().plugin.check(stack.context, stack.existing.inputs, program, new Uint8Array());
      strictEqual((await stack.diff(inputs)).deleteBeforeReplace, each.deletesFirst ?? false);
      strictEqual(await stack.up(program), "replaced");
      await isSettled();
    });
  }

  if (hand !== undefined) {
    it("shows a change by hand in a refresh, and undoes it", async () => {
      await hand(bench().vault, stack.existing.id);
      strictEqual(await stack.refresh(), "different");
      strictEqual(await stack.up(program), "updated");
      await isSettled();
    });
  }

  if (remove !== undefined) {
    it("is found gone when it was deleted by hand, and is made again", async () => {
      await remove(bench().vault, stack.existing.id);
      strictEqual(await stack.refresh(), "gone");
      if (each.stays === true) {
        await each.before?.(bench().vault);
      }
      strictEqual(await stack.up(program), "created");
      await isSettled();
    });
  }

  it("is deleted", async () => {
    const { id, inputs, outputs } = stack.existing;
    await stack.destroy();
    const read = await bench().plugin.read(stack.context, id, inputs, outputs);
    strictEqual(read !== undefined, each.stays ?? false);
  });
}
