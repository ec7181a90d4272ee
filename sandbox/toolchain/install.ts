import { createHash } from "node:crypto";
import { join } from "node:path";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder, projectFolder } from "../builds/folders.ts";
import { goTool } from "./go/build.ts";
import { layHome } from "./home.ts";
import { downloadVendor, installedVendor } from "./vendor.ts";

/** An engine with everything it needs to run our programs. */
export interface Toolchain {
  /** Path of the `pulumi` command. */
  readonly pulumi: string;
  /** What `PULUMI_HOME` must be: the plugins are there. */
  readonly home: string;
  /** `vendor`: engine and plugins of the vendor; `built`: engine from its Go module, plugins and language host ours. */
  readonly origin: "vendor" | "built";
}

/**
 * The Pulumi toolchain: the vendor's when all of it is installed on this machine, else ours.
 *
 * `BIBIND_TOOLCHAIN=vendor` downloads the vendor's if it is not installed; `BIBIND_TOOLCHAIN=built` takes ours in any
 * case. The first build takes some minutes, later calls some tenths of a second.
 *
 * @throws OperatorError when `BIBIND_TOOLCHAIN` has another value, or what it asks for cannot be had
 */
export async function installToolchain(): Promise<Toolchain> {
  const wanted = process.env.BIBIND_TOOLCHAIN ?? "";
  if (!["", "vendor", "built"].includes(wanted)) {
    throw new OperatorError({
      what: `BIBIND_TOOLCHAIN is ${JSON.stringify(wanted)}`,
      where: "environment variable BIBIND_TOOLCHAIN",
      remedy: "set it to vendor or built, or leave it unset",
    });
  }
  const vendor = wanted === "built" ? undefined : await installedVendor();
  if (vendor !== undefined) {
    return { ...vendor, origin: "vendor" };
  }
  if (wanted === "vendor") {
    return { ...(await downloadVendor(cacheFolder("vendor-pulumi-home"))), origin: "vendor" };
  }
  return builtToolchain();
}

async function builtToolchain(): Promise<Toolchain> {
  // One for each checkout: two of them, at different versions, would change each other's plugins while these work.
  const home = cacheFolder("pulumi-home", createHash("sha256").update(projectFolder).digest("hex").slice(0, 8));
  const [engine, helm] = await Promise.all([goTool("pulumi"), goTool("helm")]);
  await layHome(home, { helm: join(helm, "helm") });
  return { pulumi: join(engine, "pulumi"), home, origin: "built" };
}
