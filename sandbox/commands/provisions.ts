import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectFolder } from "../builds/folders.ts";
import { chartRepository } from "../charts/build.ts";
import { sandboxHost, type MachineSpec } from "../machine/spec.ts";
import { machineFiles, snapStore } from "../snaps/store.ts";

const committedSettings = z.object({
  config: z.object({
    "bibind:foundation": z.object({
      domain: z.string(),
      welcomePage: z.object({ hostName: z.string().optional() }).optional(),
    }),
  }),
});

/** Names below the platform's domain that the sandbox's host answers to, from the text of Pulumi.sandbox.yaml. */
export function platformNames(settings: string): string[] {
  const foundation = committedSettings.parse(parse(settings)).config["bibind:foundation"];
  return [foundation.domain, `${foundation.welcomePage?.hostName ?? "welcome"}.${foundation.domain}`];
}

async function namesOfThisCheckout(): Promise<string[]> {
  return platformNames(await readFile(join(projectFolder, "Pulumi.sandbox.yaml"), "utf8"));
}

/** The sandbox's host with everything built that it is given; the first time, this takes long. */
export async function provisionedHost(): Promise<MachineSpec> {
  const snaps = await snapStore();
  const charts = await chartRepository();
  return sandboxHost(await namesOfThisCheckout(), { snaps, charts, files: machineFiles() });
}
