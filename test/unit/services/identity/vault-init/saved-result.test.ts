import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";
import { readResult, type SavedResult } from "../../../../../services/identity/vault-init/saved-result.ts";
import { KubernetesSecret } from "../../../../../services/identity/vault-init/kubernetes-secret.ts";

describe("the saved result of an initialisation", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-result-"));
    await writeFile(join(folder, "token"), "the-token");
  });

  after(() => rm(folder, { recursive: true }));

  async function resultIn(values: Readonly<Record<string, string>>): Promise<SavedResult | undefined> {
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")] as const);
    const settings = { server: "https://api.test", tokenFile: join(folder, "token"), caFile: "unused" };
    const answer = Response.json({ kind: "Secret", data: Object.fromEntries(data) });
    const api = new KubernetesApi(settings, () => Promise.resolve(answer));
    return readResult(new KubernetesSecret({ namespace: "iam", name: "vault-init" }, api));
  }

  it("is read in each state", async () => {
    const recoveryKeys = '["a"]';
    const results: readonly SavedResult[] = [
      { state: "initialising" },
      { state: "initialised", recoveryKeys, rootToken: "root" },
      { state: "configured", recoveryKeys, rootToken: "root" },
      { state: "done", recoveryKeys },
    ];
    for (const result of results) {
      assert.deepEqual(await resultIn(result), result);
    }
  });

  it("is refused without its values when it is something else", async () => {
    const others: readonly Readonly<Record<string, string>>[] = [
      {},
      { state: "sealed" },
      { state: "initialised", recoveryKeys: '["s3cr3t"]' },
    ];
    for (const values of others) {
      await assert.rejects(resultIn(values), (error: Error) => {
        assert.match(error.message, /does not contain what an initialisation of Vault writes/);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    }
  });
});
