import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { layers } from "../../stacks/layers.ts";
import { hostNames } from "../../stacks/settings/host-names.ts";
import { projectFolder } from "../builds/folders.ts";
import { chartRepository } from "../charts/build.ts";
import { sandboxHost, type MachineSpec } from "../machine/spec.ts";
import { machineFiles, snapStore } from "../snaps/store.ts";
import { goTool } from "../toolchain/go/build.ts";

const committedSettings = z.object({ config: z.record(z.string(), z.unknown()) });
const foundation = z.object({ domain: z.string() });

/** Host name of the machine's mail catcher. */
const mailHost = "mail";

/** The platform's domain and the names below it, from the text of Pulumi.sandbox.yaml. */
export function platformNames(settings: string): string[] {
  const { config } = committedSettings.parse(parse(settings));
  const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^bibind:/, ""), value]));
  const { domain } = foundation.parse(values["foundation"]);
  return [
    domain,
    ...[...hostNames(layers, values).map(({ name }) => name), mailHost].map((host) => `${host}.${domain}`),
  ];
}

async function namesOfThisCheckout(): Promise<string[]> {
  return platformNames(await readFile(join(projectFolder, "Pulumi.sandbox.yaml"), "utf8"));
}

/** The sandbox's host with everything built that it is given; the first time, this takes long. */
export async function provisionedHost(): Promise<MachineSpec> {
  const [snaps, charts, mail] = await Promise.all([snapStore(), chartRepository(), goTool("mailpit")]);
  return sandboxHost(await namesOfThisCheckout(), { snaps, charts, mail, files: machineFiles() });
}
