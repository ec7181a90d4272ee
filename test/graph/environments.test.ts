import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployPlatform } from "../../stacks/platform.ts";
import type { SettingsSource } from "../../stacks/settings/source.ts";
import { environments, settingsOf, settingsWithHashiCorpVault } from "../support/environments.ts";
import { graphText } from "../support/graph.ts";
import { hashiCorpVault } from "../support/iam.ts";
import { record } from "../support/mocks.ts";
import { noSession } from "../support/vault-session.ts";

async function golden(name: string, text: string): Promise<string> {
  const file = join(import.meta.dirname, "golden", `${name}.json`);
  if (process.env.UPDATE_GOLDEN === "1") {
    await writeFile(file, text);
  }
  assert(existsSync(file), `there is no golden file of ${name} yet: run make golden and look at what it holds`);
  return readFile(file, "utf8");
}

const cases: readonly (readonly [name: string, settings: () => SettingsSource])[] = [
  ...environments.map((environment) => [environment, () => settingsOf(environment)] as const),
  ["vault", settingsWithHashiCorpVault],
];

describe("resource graph", () => {
  for (const [environment, settings] of cases) {
    it(`of ${environment} is the one that was accepted (make golden accepts another)`, async () => {
      const { resources } = await record(() => deployPlatform(settings(), noSession));
      const text = graphText(resources);
      assert.equal(text, await golden(environment, text));
    });
  }

  it("of an environment that reads its foundation upstream registers the reference and nothing else", async () => {
    const source = { file: "Pulumi.team.yaml", values: { layers: [], upstream: "organization/bibind/sandbox" } };
    const { resources } = await record(() => deployPlatform(source, noSession), {
      answer: () => ({ name: "organization/bibind/sandbox", outputs: {}, secretOutputNames: [] }),
    });
    assert.deepEqual(
      resources.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
      ["pulumi:pulumi:StackReference"],
    );
  });

  it("keeps every secret of the settings out of what is not marked secret", async () => {
    for (const [, settings] of cases) {
      const { resources } = await record(() => deployPlatform(settings(), noSession));
      const text = graphText(resources);
      assert(!text.includes("PRIVATE KEY") && !text.includes(hashiCorpVault.seal.token));
    }
  });
});
