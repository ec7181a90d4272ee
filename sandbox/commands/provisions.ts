import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectFolder } from "../builds/folders.ts";
import { chartRepository } from "../charts/build.ts";
import { sandboxHost, type MachineSpec } from "../machine/spec.ts";
import { machineFiles, snapStore } from "../snaps/store.ts";
import { goTool } from "../toolchain/go/build.ts";

const committedSettings = z.object({
  config: z.object({
    "bibind:foundation": z.object({
      domain: z.string(),
      welcomePage: z.object({ hostName: z.string().optional() }).optional(),
    }),
  }),
});

/** Sign-in, Vault, and the mail that the machine caught. */
const services = ["auth", "vault", "mail"];

/** The platform's domain and names below it that the sandbox's host answers to, from the text of Pulumi.sandbox.yaml. */
export function platformNames(settings: string): string[] {
  const { domain, welcomePage } = committedSettings.parse(parse(settings)).config["bibind:foundation"];
  const hosts = [welcomePage?.hostName ?? "welcome", ...services];
  return [domain, ...hosts.map((host) => `${host}.${domain}`)];
}

async function namesOfThisCheckout(): Promise<string[]> {
  return platformNames(await readFile(join(projectFolder, "Pulumi.sandbox.yaml"), "utf8"));
}

/** The sandbox's host with everything built that it is given; the first time, this takes long. */
export async function provisionedHost(): Promise<MachineSpec> {
  const snaps = await snapStore();
  const charts = await chartRepository();
  const mail = await goTool("mailpit");
  return sandboxHost(await namesOfThisCheckout(), { snaps, charts, mail, files: machineFiles() });
}
