import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { ResourceContext } from "../../../../../../sandbox/toolchain/plugins/server/plugin.ts";
import { unknown } from "../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { VaultPlugin } from "../../../../../../sandbox/toolchain/plugins/vault/plugin.ts";

function preview(type: string): ResourceContext {
  return {
    urn: `urn:pulumi:test::test::${type}::it`,
    type,
    name: "it",
    preview: true,
    timeoutSeconds: 0,
    cancelled: new AbortController().signal,
    log: () => Promise.resolve(),
  };
}

describe("The vault plugin without a server", () => {
  it("refuses a resource type that it does not have, by its token", () => {
    const type = "vault:aws/secretBackend:SecretBackend";
    const refused =
      /the resource type vault:aws\/secretBackend:SecretBackend is not known[^]*use vault:index\/mount:Mount/;
    throws(() => new VaultPlugin().check(preview(type), {}, {}, new Uint8Array()), refused);
  });

  it("previews a program whose server does not exist yet", async () => {
    const plugin = new VaultPlugin();
    plugin.configure({ address: unknown, token: unknown });
    const { outputs } = await plugin.create(preview("vault:index/mount:Mount"), { path: "kv", type: "kv-v2" });
    deepStrictEqual([outputs.path, outputs.accessor, outputs.defaultLeaseTtlSeconds], ["kv", unknown, unknown]);
  });

  it("keeps, in the preview of an update, the values that the update does not change", async () => {
    const before = { path: "kv", type: "kv-v2", accessor: "kv_1", defaultLeaseTtlSeconds: 0 };
    const news = { path: "kv", type: "kv-v2", description: "new" };
    const { outputs } = await new VaultPlugin().update(preview("vault:index/mount:Mount"), "kv", {}, before, news);
    deepStrictEqual(outputs, { ...news, accessor: "kv_1", defaultLeaseTtlSeconds: 0 });
  });

  it("refuses invalid settings before it sends a request", () => {
    throws(() => new VaultPlugin().configure({ address: "https://v", token: "t", tokn: "t" }), /does not know tokn/);
  });

  it("lists the outputs that are always secret", () => {
    const plugin = new VaultPlugin();
    deepStrictEqual(plugin.alwaysSecret("vault:kv/secretV2:SecretV2"), ["dataJson", "dataJsonWo", "data"]);
    strictEqual(
      plugin.alwaysSecret("vault:database/secretBackendConnection:SecretBackendConnection").includes("postgresql"),
      true,
    );
  });
});
