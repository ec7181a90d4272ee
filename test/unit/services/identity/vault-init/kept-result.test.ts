import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";
import { readResult, type KeptResult } from "../../../../../services/identity/vault-init/kept-result.ts";
import { KubernetesSecret } from "../../../../../services/identity/vault-init/kubernetes-secret.ts";

describe("the kept result of an initialisation", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-result-"));
    await writeFile(join(folder, "token"), "the-token");
  });

  after(() => rm(folder, { recursive: true }));

  async function held(values: Readonly<Record<string, string>>): Promise<KeptResult | undefined> {
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")] as const);
    const settings = { server: "https://api.test", tokenFile: join(folder, "token"), caFile: "unused" };
    const answer = Response.json({ kind: "Secret", data: Object.fromEntries(data) });
    const api = new KubernetesApi(settings, () => Promise.resolve(answer));
    return readResult(new KubernetesSecret({ namespace: "iam", name: "vault-init" }, api));
  }

  it("is taken as every state leaves it", async () => {
    const recoveryKeys = '["a"]';
    const results: readonly KeptResult[] = [
      { state: "initialising" },
      { state: "initialised", recoveryKeys, rootToken: "root" },
      { state: "configured", recoveryKeys, rootToken: "root" },
      { state: "done", recoveryKeys },
    ];
    for (const result of results) {
      assert.deepEqual(await held(result), result);
    }
  });

  it("is refused, and not told, where it is something else", async () => {
    const others: readonly Readonly<Record<string, string>>[] = [
      {},
      { state: "sealed" },
      { state: "initialised", recoveryKeys: '["s3cr3t"]' },
    ];
    for (const values of others) {
      await assert.rejects(held(values), (error: Error) => {
        assert.match(error.message, /does not hold what an initialisation of Vault writes/);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    }
  });
});
