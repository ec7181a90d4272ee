import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { layers } from "../../stacks/layers.ts";
import { deployPlatform } from "../../stacks/platform.ts";
import type { SettingsSource } from "../../stacks/settings/source.ts";
import { environments, secretsIn, settingsOf, settingsWithHashiCorpVault } from "../support/environments.ts";
import { graphText, resourcesThatShow } from "../support/graph.ts";
import { generatedSecrets, record, type RecordedResource } from "../support/mocks.ts";
import { foundationOutputs, upstreamStack, withUpstream } from "../support/upstream.ts";
import { noSession } from "../support/vault-session.ts";

const upstream = withUpstream({ foundation: foundationOutputs });

async function resourcesOf(source: SettingsSource): Promise<readonly RecordedResource[]> {
  const { resources } = await record(() => deployPlatform(source, noSession, layers), { answer: upstream });
  return resources;
}

/** The settings for a stack of one layer of an environment. The stack reads the other layers from the upstream stack. */
function alone({ file, values }: SettingsSource, layer: string): SettingsSource {
  return { file, values: { ...values, layers: [layer], upstream: upstreamStack } };
}

async function golden(environment: string, layer: string, text: string): Promise<string> {
  const file = join(import.meta.dirname, "golden", environment, `${layer}.json`);
  if (process.env.UPDATE_GOLDEN === "1") {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  assert(existsSync(file), `${file} does not exist: run make golden, then review the new file`);
  return readFile(file, "utf8");
}

const cases: readonly (readonly [environment: string, layer: string, settings: () => SettingsSource])[] = [
  ...environments.flatMap((environment) =>
    layers.map(({ name }) => [environment, name, () => settingsOf(environment)] as const),
  ),
  ["hashicorp-vault", "iam", settingsWithHashiCorpVault],
];

describe("resource graph", function () {
  this.timeout(60_000);

  for (const [environment, layer, settings] of cases) {
    it(`of the layer ${layer} in the environment ${environment} equals its golden file (make golden updates it)`, async () => {
      const text = await graphText(await resourcesOf(alone(settings(), layer)));
      assert.equal(text, await golden(environment, layer, text));
    });
  }

  it("of one stack for all layers has the same resources as one stack for each layer", async () => {
    const names = (resources: readonly RecordedResource[]): string[] =>
      resources
        .map(({ type, name }) => `${type} ${name}`)
        .filter((resource) => !/^pulumi:pulumi:(Stack|StackReference) /.test(resource));
    const settings = settingsOf("sandbox");
    const separate: string[] = [];
    for (const { name } of layers) {
      separate.push(...names(await resourcesOf(alone(settings, name))));
    }
    assert.deepEqual(names(await resourcesOf(settings)).sort(), separate.sort());
  });

  it("of an environment without layers has only the reference to the upstream stack", async () => {
    const resources = await resourcesOf({ file: "Pulumi.team.yaml", values: { layers: [], upstream: upstreamStack } });
    assert.deepEqual(
      resources.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
      ["pulumi:pulumi:StackReference"],
    );
  });

  it("contains a secret only in values that are marked as secret", async () => {
    for (const settings of [
      ...environments.map((environment) => settingsOf(environment)),
      settingsWithHashiCorpVault(),
    ]) {
      const resources = await resourcesOf(settings);
      const secrets = [...secretsIn(settings), ...generatedSecrets];
      assert(secrets.length >= 5);
      for (const secret of secrets) {
        assert.deepEqual(resourcesThatShow(secret, resources), [], `${settings.file}: ${secret}`);
      }
    }
  });
});
