import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Properties } from "../../../sandbox/toolchain/plugins/server/plugin.ts";
import { VaultPlugin } from "../../../sandbox/toolchain/plugins/vault/plugin.ts";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/settings.ts";
import { cases, type Case } from "./vault/cases.ts";
import { startVault, type TestVault } from "./vault/openbao.ts";
import { StackOfOne } from "./vault/stack.ts";

/** The server's folder in the place of `FOLDER`. */
function placed(properties: Properties, folder: string): Properties {
  return JSON.parse(JSON.stringify(properties).replaceAll("FOLDER", folder)) as Properties;
}

describe("The vault plugin on a real OpenBao", function () {
  this.timeout(120_000);
  let server: TestVault;
  let plugin: VaultPlugin;
  let vault: Vault;

  before(async () => {
    server = await startVault();
    const { username, password } = server.admin;
    const settings = {
      address: server.address,
      caCertFile: server.caCertFile,
      authLoginUserpass: JSON.stringify({ username, password }),
    };
    plugin = new VaultPlugin();
    await plugin.configure(settings);
    vault = await vaultSession(vaultSettings(settings, {}));
  });

  after(() => server.remove());

  for (const each of cases) {
    describe(`${each.type} ${each.title ?? ""}`.trim(), () => lifeOf(each));
  }

  function lifeOf(each: Case): void {
    let stack: StackOfOne;
    let program: Properties;

    before(async () => {
      stack = new StackOfOne(plugin, each.type);
      program = placed(each.program, server.folder);
      await each.before?.(vault);
    });

    it("is made, and then is as it was made", async () => {
      strictEqual(await stack.up(program), "created");
      strictEqual(await stack.up(program), "same");
      strictEqual(await stack.refresh(), "same");
      strictEqual(await stack.up(program), "same");
      deepStrictEqual(stack.messages, []);
    });

    const { change, replace, hand, remove } = each;
    if (change !== undefined) {
      it("is changed in place", async () => {
        program = { ...program, ...placed(change, server.folder) };
        const { id } = stack.existing;
        strictEqual(await stack.up(program), "updated");
        strictEqual(stack.existing.id, id);
        strictEqual(await stack.refresh(), "same");
        strictEqual(await stack.up(program), "same");
      });

      it("forgets what the program no longer says", async () => {
        const less = Object.fromEntries(
          Object.entries(program).filter(([name]) => name in each.program || name in (replace ?? {})),
        );
        strictEqual((await stack.up(less)) === "created", false);
        strictEqual(await stack.refresh(), "same");
        strictEqual(await stack.up(less), "same");
        await stack.up(program);
      });
    }

    if (replace !== undefined) {
      it("is replaced when a fixed property changes", async () => {
        program = { ...program, ...placed(replace, server.folder) };
        const { inputs } = await plugin.check(stack.context, stack.existing.inputs, program, new Uint8Array());
        strictEqual((await stack.diff(inputs)).deleteBeforeReplace ?? false, each.deletesFirst ?? false);
        strictEqual(await stack.up(program), "replaced");
        strictEqual(await stack.refresh(), "same");
        strictEqual(await stack.up(program), "same");
      });
    }

    if (hand !== undefined) {
      it("shows a change by hand in a refresh, and undoes it", async () => {
        await hand(vault, stack.existing.id);
        strictEqual(await stack.refresh(), "different");
        strictEqual(await stack.up(program), "updated");
        strictEqual(await stack.refresh(), "same");
        strictEqual(await stack.up(program), "same");
      });
    }

    if (remove !== undefined && remove !== false) {
      it("is found gone when it was deleted by hand, and is made again", async () => {
        await remove(vault, stack.existing.id);
        strictEqual(await stack.refresh(), "gone");
        if (each.before !== undefined && each.stays === true) {
          await each.before(vault);
        }
        strictEqual(await stack.up(program), "created");
        strictEqual(await stack.refresh(), "same");
      });
    }

    it("is deleted", async () => {
      const state = stack.existing;
      await stack.destroy();
      const read = await plugin.read(stack.context, state.id, state.inputs, state.outputs);
      strictEqual(read === undefined, each.stays !== true);
    });
  }
});
