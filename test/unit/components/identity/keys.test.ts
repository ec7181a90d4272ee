import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { GeneratedKey } from "../../../../components/access/application-keys.ts";
import { hydraKeys, kratosKeys, signInPagesKeys } from "../../../../components/identity/keys.ts";
import { SignInPages } from "../../../../components/identity/sign-in-pages.ts";
import { pagesConfig } from "../../../../services/identity/pages/config.ts";
import { declaredKeys } from "../../../../services/identity/keyring/keys.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";
import { signInPages } from "../../../support/sign-in-server.ts";

const charts = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "charts");

/** Keys of the Secret that the templates of a chart give to its pods as `SECRETS_…`. */
function keysInChart(chart: string): string[] {
  const folder = join(charts, chart, "templates");
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  return [...new Set([...text.matchAll(/"SECRETS_[A-Z]+" "key" "(\w+)"/g)].map((match) => String(match[1])))].sort();
}

describe("the keys of the sign-in servers", () => {
  for (const [chart, keys] of [
    ["hydra", hydraKeys],
    ["kratos", kratosKeys],
  ] as const) {
    it(`are those that the chart ${chart} reads from the Secret`, () => {
      assert(keysInChart(chart).length > 1);
      assert.deepEqual(Object.keys(keys).sort(), keysInChart(chart));
    });
  }

  it("contain the secret that the sign-in pages read", async () => {
    const recording = await record(() => new SignInPages("pages", signInPages(), {}));
    const text = String(valueAt(recording.named("pages-config").inputs, ["data", "config.json"]));
    const { cookieSecretFile } = pagesConfig.parse(JSON.parse(text));
    assert.deepEqual(Object.keys(signInPagesKeys), [basename(cookieSecretFile)]);
  });

  it("are keys that the keyring can make", () => {
    for (const keys of [hydraKeys, kratosKeys, signInPagesKeys]) {
      assert.deepEqual(declaredKeys.parse(keys), keys);
    }
  });

  it("have the lengths that their programs need: exactly 32 for Kratos' ciphers, at least 32 for the others", () => {
    assert.equal(kratosKeys.secretsCipher.length, 32);
    for (const keys of [hydraKeys, kratosKeys, signInPagesKeys]) {
      for (const { length } of Object.values<GeneratedKey>(keys)) {
        assert(length >= 32);
      }
    }
  });
});
